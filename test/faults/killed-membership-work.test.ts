/**
 * A process is killed with SIGKILL at random instants of a mass change (at once, in the background, given up), a pass
 * over due customers, a rebuild and a drain, and the work is done again: memberships, their history and what is due are those of a run that nobody disturbed.
 * KILLS is how often each is killed (3; the long run takes more).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../app/db/sql.ts';
import { startOfDay, type LocalDate } from '../../app/local-date.ts';
import { editSegment } from '../../app/segments/edit-segment.server.ts';
import { ARITHMETIC_TIME_ZONE } from '../support/arithmetic-store.ts';
import { membershipState } from '../support/membership-state.ts';
import { createRichAwayShop } from '../support/rich-away-shop.ts';
import type { SegmentShop } from '../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../support/test-db.ts';
import { putOrderMessages } from './order-messages.ts';
import { doMembershipWork, type MembershipWork } from './membership-work.ts';

const KILLS = Number(process.env['KILLS'] ?? 3);

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

/** @returns whether it was killed before it was done */
async function killed(shop: SegmentShop, work: MembershipWork, afterMs: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [
      path.join(import.meta.dirname, 'membership-child.ts'),
      t.url,
      shop.shopId,
      work,
      shop.clock.now().toISOString(),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  // One that cannot even begin ends by itself.
  await Promise.race([once(child.stdout, 'data'), ended]);
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  const [code] = (await ended) as [number | null];
  clearTimeout(timer);
  if (code !== null && code !== 0) throw new Error(`${work}: the process ended with ${code}`);
  return !said.includes('done');
}

/** With the facts, and what is left to do. */
async function stateOf(shop: SegmentShop): Promise<Record<string, unknown[]>> {
  return shop.in(async (tx) => {
    const read = async (statement: ReturnType<typeof sql>) => (await tx.query(statement)).rows;
    return {
      ...(await membershipState(tx)),
      orders: await read(sql`
        SELECT id, net_payment_minor FROM orders WHERE shop_id = ${shop.shopId} ORDER BY 1`),
      inbox: await read(sql`
        SELECT state, count(*)::int AS n FROM inbox WHERE shop_id = ${shop.shopId} GROUP BY 1`),
      moves: await read(sql`
        SELECT count(*)::int AS n FROM segment_move WHERE shop_id = ${shop.shopId}`),
    };
  });
}

test('killed at random instants and done again, it ends as if nobody had', async () => {
  const [calm, stormy] = [await createRichAwayShop(t), await createRichAwayShop(t)];
  const delays = fc.sample(fc.integer({ min: 5, max: 700 }), { numRuns: KILLS * 6 });
  const steps: { work: MembershipWork; before: (shop: SegmentShop) => Promise<unknown> }[] = [
    { work: 'mass change', before: () => Promise.resolve() },
    {
      work: 'due pass',
      before: (shop) =>
        Promise.resolve(shop.clock.set(startOfDay('2026-12-30' as LocalDate, ARITHMETIC_TIME_ZONE))),
    },
    {
      work: 'rebuild',
      before: (shop) =>
        shop.in((tx) =>
          tx.query(
            sql`UPDATE orders SET net_payment_minor = 9000 WHERE shop_id = ${shop.shopId} AND id % 3 = 0`,
          ),
        ),
    },
    { work: 'drain', before: (shop) => shop.in((tx) => putOrderMessages(tx, shop.clock.now())) },
    {
      work: 'large change',
      before: (shop) =>
        shop.in((tx) =>
          editSegment(tx, {
            key: 'rich',
            rule: { v: 1, where: { field: 'spent', op: 'gte', value: 9_000 } },
            actor: 'test',
            now: shop.clock.now(),
          }),
        ),
    },
    { work: 'change given up', before: () => Promise.resolve() },
  ];
  let kills = 0;
  for (const { work, before } of steps) {
    for (const shop of [calm, stormy]) await before(shop);
    await doMembershipWork(calm.ctx, calm.shopId, work);
    for (let i = 0; i < KILLS; i++) {
      if (await killed(stormy, work, delays.pop() ?? 100)) kills += 1;
    }
    await doMembershipWork(stormy.ctx, stormy.shopId, work);
    const [ended, undisturbed] = [await stateOf(stormy), await stateOf(calm)];
    expect(ended, work).toEqual(undisturbed);
    if (work === 'drain') expect(ended['inbox']).toEqual([{ state: 'done', n: 107 }]);
  }
  expect(kills).toBeGreaterThan(0);
}, 300_000);
