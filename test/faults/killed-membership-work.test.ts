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
import { createSegment } from '../../app/segments/create-segment.server.ts';
import { editSegment } from '../../app/segments/edit-segment.server.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE } from '../support/arithmetic-store.ts';
import { createArithmeticShop, type SegmentShop } from '../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../support/test-db.ts';
import { putOrderMessages } from './order-messages.ts';
import { doMembershipWork, type MembershipWork } from './membership-work.ts';

const KILLS = Number(process.env['KILLS'] ?? 3);

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

async function createShop(): Promise<SegmentShop> {
  const shop = await createArithmeticShop(t);
  await shop.in(async (tx) => {
    const make = (name: string, rule: unknown, settings: unknown = {}) =>
      createSegment(tx, { name, rule, settings, actor: 'test', now: ARITHMETIC_NOON });
    await make('Rich', { v: 1, where: { field: 'spent', op: 'gte', value: 15_000 } }, { minimumStayDays: 5 });
    await make('Away', { v: 1, where: { field: 'days_since_last_activity', op: 'gte', value: 90 } });
    await make(
      'Recent',
      { v: 1, where: { field: 'days_since_last_activity', op: 'lte', value: 60 } },
      { rejoinAfterDays: 30 },
    );
  });
  return shop;
}

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

/** All but the ids, which a rolled back transaction uses up. */
async function stateOf(shop: SegmentShop): Promise<unknown[]> {
  return shop.in(async (tx) => {
    const read = async (statement: ReturnType<typeof sql>) => (await tx.query(statement)).rows;
    return [
      await read(sql`
        SELECT g.key, m.customer_id, m.since, m.cause, m.evidence, m.held_until FROM membership m
          JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
         WHERE m.shop_id = ${shop.shopId} ORDER BY 1, 2`),
      await read(sql`
        SELECT g.key, e.customer_id, e.kind, e.at, e.cause FROM membership_event e
          JOIN segment g ON g.shop_id = e.shop_id AND g.id = e.segment_id
         WHERE e.shop_id = ${shop.shopId} ORDER BY 1, 2, 4, 3`),
      await read(sql`
        SELECT g.key, m.customer_id, c.kind, c.at, c.cause FROM mass_member m
          JOIN mass_change c ON c.shop_id = m.shop_id AND c.id = m.change_id
          JOIN segment g ON g.shop_id = c.shop_id AND g.id = c.segment_id
         WHERE m.shop_id = ${shop.shopId} ORDER BY 1, 2, 4, 3`),
      await read(sql`
        SELECT id, net_payment_minor FROM orders WHERE shop_id = ${shop.shopId} ORDER BY 1`),
      await read(sql`
        SELECT state, count(*)::int AS n FROM inbox WHERE shop_id = ${shop.shopId} GROUP BY 1`),
      await read(sql`
        SELECT count(*)::int AS n FROM segment_move WHERE shop_id = ${shop.shopId}`),
      await read(
        sql`SELECT customer_id, next_review_at FROM profile WHERE shop_id = ${shop.shopId} ORDER BY 1`,
      ),
      await read(sql`SELECT customer_id FROM tag_outbox WHERE shop_id = ${shop.shopId} ORDER BY 1`),
      await read(
        sql`SELECT segment_id IS NULL AS odd, customer_id, left_on FROM membership_left WHERE shop_id = ${shop.shopId} ORDER BY 2`,
      ),
    ];
  });
}

test('killed at random instants and done again, it ends as if nobody had', async () => {
  const [calm, stormy] = [await createShop(), await createShop()];
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
    if (work === 'drain') expect(ended).toContainEqual([{ state: 'done', n: 107 }]);
  }
  expect(kills).toBeGreaterThan(0);
}, 300_000);
