/**
 * The tag writer's traffic on the exact bucket of a plan, on simulated time: as many requests of 1,000 points side by
 * side as it sends, recorded before the next, while pages ask in its own process and in another one. At least 95 % of
 * what the bucket restores is used, under 0.1 % of the requests are refused, and no page waits behind background work.
 *
 * That the bucket bites is shown by a writer without the throttle: of the same traffic a hundred times as much is refused.
 */
import { describe, expect, test } from 'vitest';
import { POINTS_PER_MUTATION } from '../../app/activation/tags/choose-way.ts';
import { REQUESTS } from '../../app/activation/tags/push-tags.server.ts';
import { MAX_MUTATIONS } from '../../app/activation/tags/tag-mutation.ts';
import type { Priority } from '../../app/shopify/admin-client.ts';
import { createThrottle, type Throttle } from '../../app/shopify/throttle.ts';
import { exactBucket, simulation } from '../support/bucket-in-time.ts';

const COST = MAX_MUTATIONS * POINTS_PER_MUTATION;
const PAGE_COST = 12;
const SECONDS = 3_600;
/** A hundred aliases take Shopify a while, and recording them takes us one. */
const PLANS = [
  ['Standard', { size: 2_000, rate: 100, answerMs: 1_800, recordMs: 400 }],
  ['Plus', { size: 20_000, rate: 1_000, answerMs: 1_800, recordMs: 400 }],
] as const;

describe.each(PLANS)('%s', (_plan, { answerMs, recordMs, ...plan }) => {
  async function hour(throttleFor: (timer: ReturnType<typeof simulation>) => Throttle) {
    const timer = simulation();
    const bucket = exactBucket(timer, plan);
    const [worker, web] = [throttleFor(timer), throttleFor(timer)];
    const pages = { waits: [] as number[], refused: 0 };
    async function request(throttle: Throttle, cost: number, priority: Priority, milliseconds: number) {
      const asked = timer.now();
      const lease = await throttle.acquire(cost, priority);
      const waited = timer.now() - asked;
      await timer.sleep(40);
      const { granted, status } = bucket.take(cost);
      await timer.sleep(milliseconds);
      lease.settle(status);
      if (priority === 'background') return;
      pages.waits.push(waited);
      if (!granted) pages.refused += 1;
    }
    async function writer() {
      for (;;) {
        await Promise.all(
          Array.from({ length: REQUESTS }, () => request(worker, COST, 'background', answerMs)),
        );
        await timer.sleep(recordMs);
      }
    }
    async function merchant(throttle: Throttle, every: number) {
      for (let turn = 0; ; turn++) {
        await timer.sleep(every + (turn % 7) * 450);
        await request(throttle, PAGE_COST, 'page', 120);
      }
    }
    void writer();
    void merchant(worker, 3_000);
    void merchant(web, 5_000);
    await timer.runUntil(SECONDS * 1_000);
    return { told: bucket.told, pages };
  }

  test('uses the rate, is not refused, and lets pages go first', async () => {
    const { told, pages } = await hour(createThrottle);
    const restored = plan.rate * SECONDS;
    expect(told.spent, 'the writer wanted more than there was').toBeGreaterThan(restored * 0.95);
    expect((told.spent - plan.size) / restored).toBeGreaterThan(0.95);
    expect(told.refused / told.requests).toBeLessThan(0.001);
    expect(pages.waits.length).toBeGreaterThan(1_000);
    expect(pages.refused).toBe(0);
    // The first page may meet a bucket of which nothing is known; after that there is always room for one.
    expect(Math.max(...pages.waits.slice(1))).toBe(0);
  });

  test('without the throttle the same traffic is refused', async () => {
    const { told } = await hour((timer) => ({
      ...createThrottle(timer),
      acquire: () => Promise.resolve({ settle: () => undefined }),
    }));
    expect(told.refused / told.requests).toBeGreaterThan(0.1);
  });
});
