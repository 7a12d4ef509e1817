/**
 * The tag writer's traffic on the exact bucket of a plan, on simulated time: the writer's own requests of 1,000 points
 * side by side, through the Admin client, recorded before the next, while pages ask in its own process and in another
 * one. At least 95 % of what the bucket restores is spent while writes wait, under 0.1 % of the requests are refused,
 * and no page waits behind background work.
 *
 * That the measures bite is shown by a writer that comes a fifth too slowly (points are lost over the full bucket) and one
 * whose clock runs too fast (it takes points for restored that are not).
 */
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../app/clock.ts';
import type { ShopId } from '../../app/db/tenancy.server.ts';
import { POINTS_PER_MUTATION } from '../../app/activation/tags/choose-way.ts';
import type { PlannedWrite } from '../../app/activation/tags/claim-batch.server.ts';
import { pushSingle } from '../../app/activation/tags/push-single.server.ts';
import { REQUESTS } from '../../app/activation/tags/push-tags.server.ts';
import { MAX_MUTATIONS } from '../../app/activation/tags/tag-mutation.ts';
import type { AdminClient } from '../../app/shopify/admin-client.ts';
import { createAdminClient } from '../../app/shopify/admin-clients.server.ts';
import type { Timer } from '../../app/shopify/throttle.ts';
import { exactBucket, simulation } from '../support/bucket-in-time.ts';
import { silentLog } from '../support/silent-log.ts';

const SHOP = 'bucket.myshopify.com';
const PAGE = 'query Page { shop { name } }';
const PAGE_COST = 12;
const NETWORK_MS = 40;
/** What the writer claims at a time: one mutation a customer. */
const ROUND: PlannedWrite[] = Array.from({ length: REQUESTS * MAX_MUTATIONS }, (_, index) => ({
  customerId: String(index + 1),
  generation: '1',
  add: ['regulars-best'],
  remove: [],
  removeFirst: false,
  after: 'done',
}));
/** A hundred aliases take Shopify a while, and recording them takes us one. */
const PLANS = [
  ['Standard', { size: 2_000, rate: 100, answerMs: 1_800, recordMs: 400 }],
  ['Plus', { size: 20_000, rate: 1_000, answerMs: 1_800, recordMs: 400 }],
] as const;

interface Pace {
  seconds?: number;
  /** Milliseconds between the beginnings of two rounds, at least. */
  everyMs?: number;
  /** What the app's clock makes of the time. */
  clockOf?: (timer: Timer) => Timer;
}

describe.each(PLANS)('%s', (_plan, { answerMs, recordMs, ...plan }) => {
  async function run({ seconds = 3_600, everyMs = 0, clockOf = (timer) => timer }: Pace = {}) {
    const timer = simulation();
    const bucket = exactBucket(timer, plan);
    const pages = { refused: 0, waits: [] as number[] };

    /** Shopify: the bucket says yes or no when the request arrives. */
    async function answer(body: string): Promise<Response> {
      const { query, variables } = JSON.parse(body) as { query: string; variables: { asked?: number } };
      const page = query === PAGE;
      if (page) pages.waits.push(timer.now() - Number(variables.asked));
      const cost = page ? PAGE_COST : (query.match(/: tagsAdd\(/g) ?? []).length * POINTS_PER_MUTATION;
      await timer.sleep(NETWORK_MS);
      const { granted, status } = bucket.take(cost);
      if (page && !granted) pages.refused += 1;
      await timer.sleep(page ? 120 : answerMs);
      const extensions = { cost: { requestedQueryCost: cost, throttleStatus: status } };
      const refused = [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }];
      return Response.json(granted ? { data: {}, extensions } : { errors: refused, extensions });
    }
    const client = () =>
      createAdminClient(
        {
          clock: systemClock,
          log: silentLog(),
          tokens: { accessToken: () => Promise.resolve('token') },
          fetch: (_address, init) => answer(String(init?.body)),
          timer: clockOf(timer),
        },
        SHOP,
      );
    const [worker, web] = [client(), client()];
    const ctx = {
      admin: worker,
      clock: systemClock,
      log: silentLog(),
      // Recording takes its time, which is all that the bucket sees of it.
      db: {
        inShop: async () => {
          await timer.sleep(recordMs);
          return undefined as never;
        },
        outsideShops: () => Promise.reject(new Error('not asked here')),
        pool: undefined as never,
      },
      fetchResult: () => Promise.reject(new Error('no files here')),
      uploadFile: () => Promise.reject(new Error('no files here')),
    };
    async function writer() {
      const { signal } = new AbortController();
      for (;;) {
        await Promise.all([pushSingle(ctx, '1' as ShopId, 'w', ROUND, signal), timer.sleep(everyMs)]);
      }
    }
    async function merchant(admin: AdminClient, every: number) {
      for (let turn = 0; ; turn++) {
        await timer.sleep(every + (turn % 7) * 450);
        await admin.requestComposed(PAGE, { asked: timer.now() }, { priority: 'page', cost: PAGE_COST });
      }
    }
    void writer();
    void merchant(worker, 3_000);
    void merchant(web, 5_000);
    await timer.runUntil(seconds * 1_000);
    const { told } = bucket;
    return {
      told,
      pages,
      used: (told.spent - plan.size) / (plan.rate * seconds),
      refused: told.refused / told.requests,
    };
  }

  test('uses the rate, is not refused, and lets pages go first', async () => {
    const { used, refused, pages } = await run();
    expect(used, 'the writer wanted more than there was').toBeGreaterThan(0.95);
    expect(refused).toBeLessThan(0.001);
    expect(pages.waits.length).toBeGreaterThan(1_000);
    expect(pages.refused).toBe(0);
    // The first page may meet a bucket of which nothing is known; after that there is always room for one.
    expect(Math.max(...pages.waits.slice(1))).toBe(0);
  });

  test('a writer that comes a fifth too slowly does not use the rate', async () => {
    const roundCost = ROUND.length * POINTS_PER_MUTATION;
    const { used } = await run({
      seconds: 900,
      everyMs: ((1.2 * roundCost) / plan.rate) * 1_000,
    });
    expect(used).toBeGreaterThan(0.75);
    expect(used).toBeLessThan(0.95);
  });

  test('a writer whose clock runs too fast is refused', async () => {
    const { refused } = await run({
      seconds: 900,
      clockOf: ({ now, after }) => ({
        now: () => 10 * now(),
        after: (milliseconds, run) => after(milliseconds / 3, run),
      }),
    });
    expect(refused).toBeGreaterThan(0.01);
  });
});
