/**
 * Changes of segments in a store that is too large to evaluate at once: worked out while everything stays as it is,
 * approved, followed in steps; given up without a trace; met by orders, days and other changes meanwhile.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { approveChange, cancelChange } from '../../../app/pipeline/decide-change.server.ts';
import { goOnWithChange } from '../../../app/pipeline/go-on-with-change.server.ts';
import { nightly } from '../../../app/pipeline/nightly.server.ts';
import { renewChange } from '../../../app/pipeline/renew-change.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { planChange } from '../../../app/pipeline/plan-change.server.ts';
import { turnOff } from '../../../app/pipeline/turn-off.server.ts';
import { storeAskAbove } from '../../../app/segments/ask-above.server.ts';
import { readChangeRun } from '../../../app/segments/change-run.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { readDraftSizes, storeDraftSizes } from '../../../app/segments/draft-sizes.server.ts';
import { reviewChange, reviewOf } from '../../../app/segments/review-change.server.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { createArithmeticShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const KEYS = ['rich', 'away', 'recent', 'rich-and-away'];
const TURN_ON: SegmentChange = { act: 'turn_on', keys: KEYS };
/** Every store is large here, and many steps are needed. */
const LARGE = { atOnce: 10 };
const CHUNK = 17;

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

async function createShop(): Promise<SegmentShop> {
  const shop = await createArithmeticShop(t);
  await shop.in(async (tx) => {
    const make = async (name: string, rule: unknown, settings: unknown = {}) => {
      const made = await createSegment(tx, { name, rule, settings, actor: 'test', now: ARITHMETIC_NOON });
      expect(made.outcome).toBe('done');
    };
    await make('Rich', { v: 1, where: { field: 'spent', op: 'gte', value: 15_000 } }, { minimumStayDays: 5 });
    await make('Away', { v: 1, where: { field: 'days_since_last_activity', op: 'gte', value: 90 } });
    await make(
      'Recent',
      { v: 1, where: { field: 'days_since_last_activity', op: 'lte', value: 60 } },
      { rejoinAfterDays: 30 },
    );
    await make('Rich and away', {
      v: 1,
      where: {
        all: [
          { field: 'member_of', op: 'eq', value: true, with: { segment: 'rich' } },
          { field: 'member_of', op: 'eq', value: true, with: { segment: 'away' } },
        ],
      },
    });
  });
  return shop;
}

const run = (shop: SegmentShop) => shop.in(readChangeRun);
const goOn = (shop: SegmentShop) => goOnWithChange(shop.ctx, shop.shopId, { chunk: CHUNK });

async function start(shop: SegmentShop, change: SegmentChange, fingerprint?: string) {
  const now = shop.clock.now();
  return applyChange(shop.ctx, shop.shopId, { change, fingerprint, actor: '42', now }, LARGE);
}

async function shown(shop: SegmentShop) {
  const found = await run(shop);
  if (!found?.review) throw new Error(`nothing to review: ${found?.state}`);
  const review = found.review;
  return shop.in(async (tx) => {
    const planned = await planChange(tx, found.change, shop.clock.now());
    if (planned.outcome === 'not_ready') throw new Error(planned.reason);
    return { id: found.id, review: reviewOf({ act: found.change.act, ...planned }, review) };
  });
}

async function approve(shop: SegmentShop, { startAutomations = false } = {}) {
  const { id, review } = await shown(shop);
  return approveChange(shop.ctx, shop.shopId, {
    id,
    fingerprint: review.fingerprint,
    startAutomations,
    actor: '42',
    now: shop.clock.now(),
  });
}

async function turnOnAtOnce(shop: SegmentShop) {
  const now = shop.clock.now();
  const { fingerprint } = await shop.in((tx) => reviewChange(tx, { change: TURN_ON, now }));
  const done = await applyChange(shop.ctx, shop.shopId, { change: TURN_ON, fingerprint, actor: '42', now });
  expect(done.outcome).toBe('done');
}

/** All that a change leaves behind, but ids. */
async function stateOf(shop: SegmentShop): Promise<Record<string, unknown[]>> {
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

const moves = (shop: SegmentShop) =>
  shop.in(async (tx) => {
    const { rows } = await tx.query<{ n: number }>(sql`
      SELECT (SELECT count(*) FROM segment_move WHERE shop_id = ${shop.shopId})::int
           + (SELECT count(*) FROM segment_move_again WHERE shop_id = ${shop.shopId})::int AS n`);
    return rows[0]?.n;
  });

test('worked out in steps, reviewed as at once, approved: it ends as a change that is made at once', async () => {
  const [large, small] = [await createShop(), await createShop()];
  const before = await stateOf(large);
  expect(await start(large, TURN_ON)).toMatchObject({ outcome: 'started' });
  await goOn(large);
  expect(await run(large)).toMatchObject({ state: 'ready', done: 200, total: 200 });
  // Nothing that anybody reads has changed.
  expect(await stateOf(large)).toEqual(before);
  const atOnce = await small.in((tx) => reviewChange(tx, { change: TURN_ON, now: small.clock.now() }));
  const { review } = await shown(large);
  expect({ ...review, fingerprint: '' }).toEqual({ ...atOnce, fingerprint: '' });
  expect(await approve(large)).toEqual({ outcome: 'approved' });
  await goOn(large);
  await turnOnAtOnce(small);
  expect(await stateOf(large)).toEqual(await stateOf(small));
  expect(await run(large)).toMatchObject({ state: 'done', entered: (await large.memberships()).length });
  expect(await moves(large)).toBe(0);

  // Off again, and the history has it as one change a segment.
  for (const shop of [large, small]) shop.clock.set(new Date(ARITHMETIC_NOON.getTime() + 60_000));
  const off = (shop: SegmentShop, options?: { atOnce: number }) =>
    turnOff(
      shop.ctx,
      shop.shopId,
      { keys: ['rich', 'recent'], fingerprint: '', actor: '42', now: shop.clock.now() },
      options,
    );
  expect(await off(large, LARGE)).toMatchObject({ outcome: 'started' });
  await goOn(large);
  expect(await approve(large)).toEqual({ outcome: 'approved' });
  await goOn(large);
  const asked = await off(small);
  if (asked.outcome !== 'changed') throw new Error(asked.outcome);
  await turnOff(small.ctx, small.shopId, {
    keys: ['rich', 'recent'],
    fingerprint: asked.review.fingerprint,
    actor: '42',
    now: small.clock.now(),
  });
  const [one, other] = [await stateOf(large), await stateOf(small)];
  for (const what of ['segments', 'memberships', 'headers', 'reviews', 'left']) expect(one[what], what).toEqual(other[what]); // prettier-ignore
  expect(one['outbox']).toEqual(other['outbox']);
});

test('given up before it is in force, everything is as it was', async () => {
  const shop = await createShop();
  await turnOnAtOnce(shop);
  await shop.in((tx) =>
    editSegment(tx, {
      key: 'rich',
      rule: { v: 1, where: { field: 'spent', op: 'gte', value: 5_000 } },
      actor: '42',
      now: shop.clock.now(),
    }),
  );
  const before = await stateOf(shop);
  expect(await start(shop, { act: 'change', key: 'rich' })).toMatchObject({ outcome: 'started' });
  // Other changes wait; the same one goes on.
  expect(await start(shop, { act: 'turn_on', keys: ['away'] })).toMatchObject({ outcome: 'busy' });
  await goOn(shop);
  const found = await run(shop);
  expect(found).toMatchObject({ state: 'ready' });
  expect(await moves(shop)).toBeGreaterThan(0);
  const cancel = () =>
    cancelChange(shop.ctx, shop.shopId, { id: found?.id ?? '', actor: '42', now: shop.clock.now() });
  expect(await cancel()).toBe(true);
  await goOn(shop);
  expect(await run(shop)).toMatchObject({ state: 'cancelled' });
  expect(await moves(shop)).toBe(0);
  expect(await stateOf(shop)).toEqual(before);
  expect(await cancel()).toBe(false);
  expect(await start(shop, { act: 'change', key: 'rich' })).toMatchObject({ outcome: 'started' });
});

test('orders that come in while it is worked out are part of it; a new day begins it anew', async () => {
  const [large, small] = [await createShop(), await createShop()];
  await start(large, TURN_ON);
  await goOn(large);
  const order = async (shop: SegmentShop) => {
    await shop.in(async (tx) => {
      await tx.query(sql`
        UPDATE orders SET net_payment_minor = 40000 WHERE shop_id = ${shop.shopId} AND customer_id IN (3, 150)`);
      await refresh(tx, { touched: new Map([['3', 'order'], ['150', 'order']]), now: shop.clock.now() }); // prettier-ignore
    });
  };
  await order(large);
  await order(small);
  expect(await approve(large)).toEqual({ outcome: 'approved' });
  await goOn(large);
  await turnOnAtOnce(small);
  const [one, other] = [await stateOf(large), await stateOf(small)];
  expect(one).toEqual(other);

  const late = await createShop();
  await start(late, TURN_ON);
  await goOn(late);
  late.clock.set(startOfDay('2026-11-24' as LocalDate, ARITHMETIC_TIME_ZONE));
  expect(await approve(late)).toEqual({ outcome: 'changed' });
  await goOn(late);
  expect(await run(late)).toMatchObject({ state: 'ready', message: 'changed' });
  expect(await approve(late)).toEqual({ outcome: 'approved' });
  await goOn(late);
  const fresh = await createShop();
  fresh.clock.set(late.clock.now());
  await turnOnAtOnce(fresh);
  expect(await late.memberships()).toEqual(await fresh.memberships());
});

/** A large order of each of them comes in. */
const spendMore = (shop: SegmentShop, customers: readonly number[]) =>
  shop.in(async (tx) => {
    await tx.query(sql`
      UPDATE orders SET net_payment_minor = 40000
       WHERE shop_id = ${shop.shopId} AND customer_id = ANY(${[...customers]}::bigint[])`);
    const touched = new Map(customers.map((id) => [String(id), 'order' as const]));
    await refresh(tx, { touched, now: shop.clock.now() });
  });
const asAtOnce = (shop: SegmentShop) =>
  shop.in((tx) => reviewChange(tx, { change: TURN_ON, now: shop.clock.now() }));
const SOME = Array.from({ length: 40 }, (_, i) => i + 1);

test('the review counts those who change while it is worked out, and nobody twice', async () => {
  const shop = await createShop();
  await start(shop, TURN_ON);
  const before = await asAtOnce(shop);
  await expect(stepUntil(shop, 'working', new AbortController())).rejects.toThrow();
  expect(await run(shop)).toMatchObject({ state: 'working', done: CHUNK });
  await spendMore(shop, SOME);
  await goOn(shop);
  const { review } = await shown(shop);
  expect(review).toEqual(await asAtOnce(shop));
  expect(review.tagAdditions).toBeGreaterThan(before.tagAdditions);
});

test('when it would do more by now than what was approved, nothing is done and the new numbers are shown', async () => {
  const shop = await createShop();
  await start(shop, TURN_ON);
  await goOn(shop);
  const old = await shown(shop);
  const before = (await stateOf(shop))['segments'];
  expect(await approve(shop)).toEqual({ outcome: 'approved' });
  // Before the switch.
  await spendMore(shop, SOME);
  await goOn(shop);
  expect(await run(shop)).toMatchObject({ state: 'ready', ask: true, message: 'changed' });
  expect((await stateOf(shop))['segments']).toEqual(before);
  const fresh = await shown(shop);
  expect(fresh.review).toEqual(await asAtOnce(shop));
  // A page that shows the old numbers approves nothing.
  const { id, review } = old;
  const stale = { id, fingerprint: review.fingerprint, startAutomations: false, actor: '42', now: shop.clock.now() }; // prettier-ignore
  expect(await approveChange(shop.ctx, shop.shopId, stale)).toEqual({ outcome: 'changed' });
  expect(await run(shop)).toMatchObject({ state: 'ready' });
  expect(await approve(shop)).toEqual({ outcome: 'approved' });
  await goOn(shop);
  expect(await run(shop)).toMatchObject({ state: 'done' });
  const other = await createShop();
  await spendMore(other, SOME);
  await turnOnAtOnce(other);
  expect(await shop.memberships()).toEqual(await other.memberships());
});

test('what few enough people would notice asks when it became more than that before the switch', async () => {
  const shop = await createShop();
  await turnOnAtOnce(shop);
  const now = shop.clock.now();
  await shop.in(async (tx) => {
    // One customer more, and everybody who spends a lot from now on.
    const where = { any: [{ field: 'spent', op: 'gte', value: 39_000 }, { field: 'days_since_last_activity', op: 'gte', value: 88 }] }; // prettier-ignore
    await editSegment(tx, { key: 'away', rule: { v: 1, where }, actor: '42', now });
  });
  await shop.in(async (tx) => {
    const { customersAffected } = await reviewChange(tx, { change: { act: 'change', key: 'away' }, now });
    await storeAskAbove(tx, customersAffected);
  });
  expect(await start(shop, { act: 'change', key: 'away' })).toMatchObject({ outcome: 'started' });
  await expect(stepUntil(shop, 'working', new AbortController())).rejects.toThrow();
  // All of them were looked at before.
  await spendMore(shop, SOME.slice(0, CHUNK));
  await goOn(shop);
  expect(await run(shop)).toMatchObject({ state: 'ready', ask: true });
});

test('who orders while it is followed is brought over first: the change is not taken for their own doing', async () => {
  const shop = await createShop();
  await start(shop, TURN_ON);
  await goOn(shop);
  await approve(shop);
  // In force, and nobody is followed yet.
  const stop = new AbortController();
  await expect(stepUntil(shop, 'applying', stop)).rejects.toThrow();
  expect(await run(shop)).toMatchObject({ state: 'applying', done: 0 });
  // c100 is rich and away already; the order takes them out of "away".
  await shop.in(async (tx) => {
    await tx.query(sql`
      UPDATE orders SET processed_at = ${shop.clock.now()} WHERE shop_id = ${shop.shopId} AND id = (
        SELECT max(id) FROM orders WHERE shop_id = ${shop.shopId} AND customer_id = 100)`);
    await refresh(tx, { touched: new Map([['100', 'order']]), now: shop.clock.now() });
  });
  const told = async () =>
    (await stateOf(shop))['events']?.map((row) => row as { key: string; kind: string; cause: string });
  expect(await told()).toEqual([
    expect.objectContaining({ key: 'away', kind: 'left', cause: 'order' }),
    expect.objectContaining({ key: 'recent', kind: 'entered', cause: 'order' }),
    expect.objectContaining({ key: 'rich-and-away', kind: 'left', cause: 'order' }),
  ]);
  await goOn(shop);
  const before = await shop.memberships();
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  expect(await shop.memberships()).toEqual(before);
  expect(await told()).toHaveLength(3);
  // Whoever was due while it was followed is reviewed, and nothing was missed.
  shop.clock.set(startOfDay('2026-12-30' as LocalDate, ARITHMETIC_TIME_ZONE));
  await reviewDue(shop.ctx, shop.shopId);
  const reviewed = await shop.memberships();
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  expect(await shop.memberships()).toEqual(reviewed);
});

test('who is deleted while it is followed enters nothing, but leaves what they were in', async () => {
  const shop = await createShop();
  await start(shop, TURN_ON);
  await goOn(shop);
  await approve(shop);
  await expect(stepUntil(shop, 'applying', new AbortController())).rejects.toThrow();
  const { rows: entering } = await shop.in((tx) =>
    tx.query<{ id: string }>(sql`
      SELECT DISTINCT customer_id AS id FROM segment_move WHERE shop_id = ${shop.shopId} AND kind = 'entered' LIMIT 1`),
  );
  const id = entering[0]?.id ?? '';
  await shop.in(async (tx) => {
    await tx.query(sql`
      UPDATE customer SET deleted_at = ${shop.clock.now()} WHERE shop_id = ${shop.shopId} AND id = ${id}::bigint`);
    await refresh(tx, { touched: new Map([[id, 'edit']]), now: shop.clock.now() });
  });
  await goOn(shop);
  const after = await stateOf(shop);
  for (const what of ['memberships', 'history', 'events', 'outbox']) {
    expect(
      after[what]?.filter((row) => (row as { customer_id: string }).customer_id === id),
      what,
    ).toEqual([]);
  }
  expect(await moves(shop)).toBe(0);
});

test('adopted tags and metafields follow in the steps, for those who stay in a segment too', async () => {
  const shop = await createShop();
  await turnOnAtOnce(shop);
  const now = shop.clock.now();
  await shop.in(async (tx) => {
    await tx.query(sql`
      INSERT INTO reach_settings (shop_id, metafields) VALUES (${shop.shopId}, 'on')
      ON CONFLICT (shop_id) DO UPDATE SET metafields = 'on'`);
    await tx.query(sql`
      INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, state, found_at)
      SELECT ${shop.shopId}::bigint, id, 'regulars-recent', 'regulars-recent', 'adopted', ${now}::timestamptz
        FROM customer WHERE shop_id = ${shop.shopId} AND id IN (3, 190)`);
    await tx.query(sql`DELETE FROM metafield_outbox WHERE shop_id = ${shop.shopId}`);
    const where = { field: 'days_since_last_activity', op: 'lte', value: 75 };
    await editSegment(tx, { key: 'recent', rule: { v: 1, where }, actor: '42', now });
  });
  await start(shop, { act: 'change', key: 'recent' });
  await goOn(shop);
  if ((await run(shop))?.state === 'ready') await approve(shop);
  await goOn(shop);
  expect(await run(shop)).toMatchObject({ state: 'done' });
  const ids = (statement: ReturnType<typeof sql>) =>
    shop.in(async (tx) => (await tx.query<{ id: string }>(statement)).rows.map(({ id }) => id));
  expect(await ids(sql`SELECT customer_id AS id FROM tag_found WHERE shop_id = ${shop.shopId}`)).toEqual([]);
  expect(
    await ids(
      sql`SELECT customer_id AS id FROM tag_owned WHERE shop_id = ${shop.shopId} AND tag_key = 'regulars-recent' ORDER BY 1`,
    ),
  ).toEqual(['3', '190']);
  const members = await ids(sql`
    SELECT m.customer_id AS id FROM membership m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
     WHERE m.shop_id = ${shop.shopId} AND g.key = 'recent' ORDER BY 1`);
  expect(members.length).toBeGreaterThan(CHUNK);
  expect(
    await ids(sql`SELECT customer_id AS id FROM metafield_outbox WHERE shop_id = ${shop.shopId} ORDER BY 1`),
  ).toEqual(members);
});

test('the night works a change that waits out anew for the day', async () => {
  const shop = await createShop();
  await start(shop, TURN_ON);
  await goOn(shop);
  expect(await renewChange(shop.ctx, shop.shopId, shop.clock.now())).toBe(false);
  shop.clock.set(startOfDay('2026-11-24' as LocalDate, ARITHMETIC_TIME_ZONE));
  await nightly(shop.ctx, shop.shopId);
  await goOn(shop);
  expect((await shown(shop)).review).toEqual(await asAtOnce(shop));
  expect(await approve(shop)).toEqual({ outcome: 'approved' });
});

/** Steps until the run is in this state. @throws when it is */
async function stepUntil(shop: SegmentShop, state: string, stop: AbortController): Promise<void> {
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

test('a set is arranged in the background as at once; a small change of a rule needs nobody', async () => {
  const [large, small] = [await createShop(), await createShop()];
  for (const shop of [large, small]) await turnOnAtOnce(shop);
  const set = { name: 'One of them', kind: 'exclusive' as const, settings: {}, keys: ['rich', 'away'] };
  const arrange: SegmentChange = { act: 'arrange_set', set };
  await start(large, arrange);
  await goOn(large);
  expect(await approve(large)).toEqual({ outcome: 'approved' });
  await goOn(large);
  const now = small.clock.now();
  const { fingerprint } = await small.in((tx) => reviewChange(tx, { change: arrange, now }));
  await applyChange(small.ctx, small.shopId, { change: arrange, fingerprint, actor: '42', now });
  expect(await large.memberships()).toEqual(await small.memberships());
  expect((await stateOf(large))['history']).toEqual((await stateOf(small))['history']);

  await large.in((tx) =>
    editSegment(tx, {
      key: 'recent',
      rule: { v: 1, where: { field: 'days_since_last_activity', op: 'lte', value: 62 } },
      actor: '42',
      now,
    }),
  );
  expect(await start(large, { act: 'change', key: 'recent' })).toMatchObject({ outcome: 'started' });
  await goOn(large);
  expect(await run(large)).toMatchObject({ state: 'done', entered: 1, left: 0 });
});

test('drafts of a large store are counted in the background; what is shown names its time', async () => {
  const shop = await createShop();
  const now = shop.clock.now();
  const read = (at = now) => shop.in((tx) => readDraftSizes(tx, at, undefined, LARGE));
  const asked = () =>
    t.db.outsideShops(async (tx) => {
      const { rowCount } = await tx.query(
        sql`DELETE FROM shop_due WHERE shop_id = ${shop.shopId} AND work = 'segment-sizes'`,
      );
      return rowCount === 1;
    });
  expect((await read()).size).toBe(0);
  expect(await asked()).toBe(true);
  await shop.in((tx) => storeDraftSizes(tx, now));
  const atOnce = await shop.in((tx) => readDraftSizes(tx, now));
  const stored = await read();
  expect([...stored].map(([key, { size }]) => [key, size])).toEqual(
    [...atOnce].map(([key, { size }]) => [key, size]),
  );
  expect(stored.get('rich')?.countedAt).toEqual(now);
  expect(atOnce.get('rich')?.countedAt).toBeNull();
  expect(await asked()).toBe(false);
  await read(new Date(now.getTime() + 16 * 60_000));
  expect(await asked()).toBe(true);
});
