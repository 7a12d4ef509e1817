/** Shops in which every change of segments is a large one, and what a person does in them. */
import { afterAll, beforeAll, expect } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { approveChange } from '../../../app/pipeline/decide-change.server.ts';
import { goOnWithChange } from '../../../app/pipeline/go-on-with-change.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { planChange } from '../../../app/pipeline/plan-change.server.ts';
import { readChangeRun } from '../../../app/segments/change-run.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { reviewChange, reviewOf } from '../../../app/segments/review-change.server.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import { ARITHMETIC_NOON } from '../../support/arithmetic-store.ts';
import { type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { createRichAwayShop } from '../../support/rich-away-shop.ts';

export const KEYS = ['rich', 'away', 'recent', 'rich-and-away'];
export const TURN_ON: SegmentChange = { act: 'turn_on', keys: KEYS };
/** Every store is large here, and many steps are needed. */
export const LARGE = { atOnce: 10 };
export const CHUNK = 17;

/** Registers the hooks of the file that calls it. @returns how to make a shop */
export function largeChanges(): () => Promise<SegmentShop> {
  let t: TestDb;
  beforeAll(async () => {
    t = await createTestDb();
  });
  afterAll(() => t.close());
  return async () => {
    const shop = await createRichAwayShop(t);
    const member = (segment: string) => ({ field: 'member_of', op: 'eq', value: true, with: { segment } });
    const rule = { v: 1, where: { all: [member('rich'), member('away')] } };
    const made = await shop.in((tx) =>
      createSegment(tx, { name: 'Rich and away', rule, actor: 'test', now: ARITHMETIC_NOON }),
    );
    expect(made.outcome).toBe('done');
    return shop;
  };
}

export const run = (shop: SegmentShop) => shop.in(readChangeRun);
export const goOn = (shop: SegmentShop) => goOnWithChange(shop.ctx, shop.shopId, { chunk: CHUNK });

export async function start(shop: SegmentShop, change: SegmentChange, fingerprint?: string) {
  const now = shop.clock.now();
  return applyChange(shop.ctx, shop.shopId, { change, fingerprint, actor: '42', now }, LARGE);
}

export async function shown(shop: SegmentShop) {
  const found = await run(shop);
  if (!found?.review) throw new Error(`nothing to review: ${found?.state}`);
  const review = found.review;
  return shop.in(async (tx) => {
    const planned = await planChange(tx, found.change, shop.clock.now());
    if (planned.outcome === 'not_ready') throw new Error(planned.reason);
    return { id: found.id, review: reviewOf({ act: found.change.act, ...planned }, review) };
  });
}

export async function approve(shop: SegmentShop, { startAutomations = false } = {}) {
  const { id, review } = await shown(shop);
  return approveChange(shop.ctx, shop.shopId, {
    id,
    fingerprint: review.fingerprint,
    startAutomations,
    actor: '42',
    now: shop.clock.now(),
  });
}

export async function turnOnAtOnce(shop: SegmentShop) {
  const now = shop.clock.now();
  const { fingerprint } = await shop.in((tx) => reviewChange(tx, { change: TURN_ON, now }));
  const done = await applyChange(shop.ctx, shop.shopId, { change: TURN_ON, fingerprint, actor: '42', now });
  expect(done.outcome).toBe('done');
}

/** All that a change leaves behind, but ids. */
export async function stateOf(shop: SegmentShop): Promise<Record<string, unknown[]>> {
  return shop.in(async (tx) => {
    const read = async (statement: ReturnType<typeof sql>) => (await tx.query(statement)).rows;
    const { shopId } = shop;
    return {
      segments: await read(sql`
        SELECT key, status, rule_version, live_since, set_rank FROM segment WHERE shop_id = ${shopId} ORDER BY 1`),
      memberships: await read(sql`
        SELECT g.key, m.customer_id, m.since, m.cause, m.rule_version, m.evidence, m.held_until FROM membership m
          JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id WHERE m.shop_id = ${shopId} ORDER BY 1, 2`),
      history: await read(sql`
        SELECT g.key, m.customer_id, c.kind, c.at, c.cause, c.rule_version, c.members FROM mass_member m
          JOIN mass_change c ON c.shop_id = m.shop_id AND c.id = m.change_id
          JOIN segment g ON g.shop_id = c.shop_id AND g.id = c.segment_id
         WHERE m.shop_id = ${shopId} ORDER BY 1, 4, 3, 2`),
      headers: await read(sql`
        SELECT g.key, c.kind, c.at, c.members FROM mass_change c
          JOIN segment g ON g.shop_id = c.shop_id AND g.id = c.segment_id
         WHERE c.shop_id = ${shopId} ORDER BY 1, 3, 2`),
      events: await read(sql`
        SELECT g.key, e.customer_id, e.kind, e.cause FROM membership_event e
          JOIN segment g ON g.shop_id = e.shop_id AND g.id = e.segment_id
         WHERE e.shop_id = ${shopId} ORDER BY 1, 2, 3`),
      reviews: await read(sql`
        SELECT customer_id, next_review_at FROM profile WHERE shop_id = ${shopId} ORDER BY 1`),
      outbox: await read(sql`SELECT customer_id FROM tag_outbox WHERE shop_id = ${shopId} ORDER BY 1`),
      left: await read(sql`
        SELECT g.key, l.customer_id, l.left_on FROM membership_left l
          JOIN segment g ON g.shop_id = l.shop_id AND g.id = l.segment_id WHERE l.shop_id = ${shopId} ORDER BY 1, 2`),
    };
  });
}

export const moves = (shop: SegmentShop) =>
  shop.in(async (tx) => {
    const { rows } = await tx.query<{ n: number }>(sql`
      SELECT (SELECT count(*) FROM segment_move WHERE shop_id = ${shop.shopId})::int
           + (SELECT count(*) FROM segment_move_again WHERE shop_id = ${shop.shopId})::int AS n`);
    return rows[0]?.n;
  });
/** A large order of each of them comes in. */
export const spendMore = (shop: SegmentShop, customers: readonly number[]) =>
  shop.in(async (tx) => {
    await tx.query(sql`
      UPDATE orders SET net_payment_minor = 40000
       WHERE shop_id = ${shop.shopId} AND customer_id = ANY(${[...customers]}::bigint[])`);
    const touched = new Map(customers.map((id) => [String(id), 'order' as const]));
    await refresh(tx, { touched, now: shop.clock.now() });
  });
export const asAtOnce = (shop: SegmentShop) =>
  shop.in((tx) => reviewChange(tx, { change: TURN_ON, now: shop.clock.now() }));
export const SOME = Array.from({ length: 40 }, (_, i) => i + 1);

/** Steps until the run is in this state. @throws when it is */
export async function stepUntil(shop: SegmentShop, state: string, stop: AbortController): Promise<void> {
  const db = {
    ...shop.ctx.db,
    inShop: async (id: typeof shop.shopId, work: Parameters<typeof shop.ctx.db.inShop>[1]) => {
      const answer = await shop.ctx.db.inShop(id, work);
      if ((await run(shop))?.state === state) stop.abort(new Error('stopped'));
      return answer;
    },
  } as typeof shop.ctx.db;
  await goOnWithChange({ ...shop.ctx, db }, shop.shopId, { chunk: CHUNK, signal: stop.signal });
}
