import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { readTurnOffReview } from '../../../app/activation/read-turn-off-review.server.ts';
import { turnOff } from '../../../app/pipeline/turn-off.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { countDrafts } from '../../../app/segments/count-drafts.server.ts';
import { installPresets } from '../../../app/segments/install-presets.server.ts';
import { PRESETS, PRESET_KEYS } from '../../../app/segments/presets.ts';
import { REVIEW_BOUND } from '../../../app/segments/review-bound.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { ARITHMETIC_NOON } from '../../support/arithmetic-store.ts';
import { putOrders } from '../../support/insert-facts.ts';
import {
  createArithmeticShop,
  createSegmentShop,
  putSegments,
  type SegmentShop,
} from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const NOW = ARITHMETIC_NOON;
let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
beforeEach(async () => {
  shop = await createArithmeticShop(t);
  await shop.in((tx) => installPresets(tx, NOW));
});
afterAll(() => t.close());

const review = (keys: readonly string[]) => shop.in((tx) => reviewTurnOn(tx, { keys, now: NOW }));
const act = async (keys: readonly string[], fingerprint?: string) =>
  turnOn(shop.ctx, shop.shopId, {
    keys,
    fingerprint: fingerprint ?? (await review(keys)).fingerprint,
    actor: '42',
    now: NOW,
  });
const off = async (keys: readonly string[], fingerprint?: string) =>
  turnOff(shop.ctx, shop.shopId, {
    keys,
    fingerprint:
      fingerprint ?? (await shop.in((tx) => readTurnOffReview(tx, keys, shop.clock.now()))).fingerprint,
    actor: '43',
    now: NOW,
  });
/** So many customers place an order, the first ones of those that are in One-time buyers. */
const buyAgain = async (customers: number) =>
  shop.in(async (tx) => {
    await waitForShop(tx, shop.shopId);
    const { rows } = await tx.query<{ id: string }>(
      sql`SELECT customer_id AS id FROM profile WHERE orders = 1 ORDER BY customer_id LIMIT ${customers}`,
    );
    await putOrders(tx, rows.map(({ id }) => ({ id: `99${id}`, customerId: id, processedAt: NOW }))); // prettier-ignore
    await refresh(tx, { touched: new Map(rows.map(({ id }) => [id, 'order'])), now: NOW });
  });
const count = async (table: 'membership' | 'tag_outbox' | 'approval' | 'mass_member') => {
  const { rows } = await shop.in((tx) =>
    tx.query<{ n: number }>({ text: `SELECT count(*)::int AS n FROM ${table}`, values: [] }),
  );
  return rows[0]?.n;
};

test('presets are installed once, as drafts, in their order', async () => {
  expect(await shop.in((tx) => installPresets(tx, NOW))).toBe(0);
  const { rows } = await shop.in((tx) =>
    tx.query<{ key: string }>('SELECT key, name, status, tag_name AS tag FROM segment ORDER BY position'),
  );
  expect(rows).toEqual(PRESETS.map(({ key, name }) => ({ key, name, status: 'draft', tag: key })));
});

test("the review's counts are what turning on then does, for every preset", async () => {
  const sizes = await shop.in((tx) => countDrafts(tx, NOW));
  const shown = await review(PRESET_KEYS);
  expect(shown.segments.map(({ key, size }) => [key, size])).toEqual([...sizes]);
  const done = await act(PRESET_KEYS, shown.fingerprint);
  expect(done).toMatchObject({
    outcome: 'done',
    entered: shown.tagAdditions,
    queued: shown.customersAffected,
  });
  expect(shown.customersAffected).toBe(200);
  expect(await count('membership')).toBe(shown.tagAdditions);
  const { rows } = await shop.in((tx) =>
    tx.query<{ key: string; n: number; causes: string[]; live: Date }>(`
      SELECT g.key, count(m.customer_id)::int AS n, array_agg(DISTINCT m.cause) AS causes, g.live_since AS live
        FROM segment g LEFT JOIN membership m ON m.segment_id = g.id GROUP BY g.key, g.live_since, g.position ORDER BY g.position`),
  );
  expect(rows.map(({ key, n }) => [key, n])).toEqual([...sizes]);
  for (const { causes, n, live } of rows) {
    expect(live).toEqual(NOW);
    if (n > 0) expect(causes).toEqual(['activation']);
  }
});

test('tags that are there already are not counted as gained', async () => {
  await shop.in(async (tx) => {
    await tx.query(
      sql`UPDATE customer SET tags = '{REGULARS-NEW,other}' WHERE shop_id = ${shop.shopId} AND id IN (2, 3)`,
    );
    await tx.query(sql`
      INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at, suppressed_at) VALUES
        (${shop.shopId}, 4, 'regulars-new', 'regulars-new', ${NOW}, ${NOW}),
        (${shop.shopId}, 100, 'regulars-new', 'regulars-new', ${NOW}, NULL)`);
    await tx.query(
      sql`UPDATE customer SET tags = '{regulars-new}' WHERE shop_id = ${shop.shopId} AND id = 100`,
    );
  });
  // New: c002, c003, c004, c007, c008, c009, c012, c013, c014.
  const { segments, customersAffected, sample } = await review(['new']);
  expect(segments).toMatchObject([
    { key: 'new', name: 'New', tag: 'regulars-new', size: 9, gains: 6, loses: 1, warning: null },
  ]);
  expect([customersAffected, sample]).toEqual([7, ['7', '8', '9', '12', '13', '14', '100']]);
});

test('an approval names person, act and counts, and no customer', async () => {
  await act(['new']);
  await shop.in((tx) =>
    tx.query(sql`INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
      SELECT ${shop.shopId}, customer_id, 'regulars-new', 'regulars-new', ${NOW} FROM membership`),
  );
  await off(['new']);
  const { rows } = await shop.in((tx) =>
    tx.query('SELECT actor, act, cardinality(segment_ids) AS n, review FROM approval ORDER BY id'),
  );
  expect(rows).toMatchObject([
    {
      actor: '42',
      act: 'turn_on',
      n: 1,
      review: {
        reviewed: [{ key: 'new', gains: 9, loses: 0 }],
        done: { customersAffected: 9, tagAdditions: 9, tagRemovals: 0, segments: [{ tag: 'regulars-new' }] },
        ruleVersions: { new: 1 },
      },
    },
    {
      actor: '43',
      act: 'turn_off',
      n: 1,
      review: {
        reviewed: [{ key: 'new', gains: 0, loses: 9 }],
        done: { customersAffected: 9, tagAdditions: 0, tagRemovals: 9, segments: [{ tag: 'regulars-new' }] },
      },
    },
  ]);
  expect(JSON.stringify(rows)).not.toContain('sample');
});

test('a busy store can be approved: within the bound the counts of the instant are done, and both are kept', async () => {
  const keys = ['one-time-buyers', 'repeat-buyers'];
  const old = await review(keys);
  const [once = 0, often = 0] = old.segments.map(({ gains }) => gains);
  await buyAgain(REVIEW_BOUND.customers);
  expect(await act(keys, old.fingerprint)).toMatchObject({
    outcome: 'done',
    review: { segments: [{ gains: once - 10 }, { gains: often + 10 }] },
  });
  const { rows } = await shop.in((tx) => tx.query('SELECT review FROM approval'));
  expect(rows).toMatchObject([
    {
      review: {
        reviewed: [{ gains: once }, { gains: often }],
        done: { segments: [{ gains: once - 10 }, { gains: often + 10 }] },
      },
    },
  ]);
});

test('beyond the bound nothing is done and the new review comes back', async () => {
  const keys = ['new', 'one-time-buyers'];
  const old = await review(keys);
  await buyAgain(REVIEW_BOUND.customers + 1);
  const result = await act(keys, old.fingerprint);
  expect(result).toMatchObject({ outcome: 'changed' });
  for (const table of ['membership', 'tag_outbox', 'approval'] as const) expect(await count(table)).toBe(0);
  if (result.outcome !== 'changed') throw new Error('expected changed');
  expect(await act(keys, result.review.fingerprint)).toMatchObject({ outcome: 'done' });
});

test('turning off is held to what was shown in the same way', async () => {
  await act(['repeat-buyers']);
  const own = (first: number, last: number) =>
    shop.in((tx) =>
      tx.query(sql`INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
        SELECT ${shop.shopId}, id, 'regulars-repeat-buyers', 'regulars-repeat-buyers', ${NOW}
          FROM generate_series(${first}::int, ${last}::int) AS id`),
    );
  await own(1, 20);
  const old = await shop.in((tx) => readTurnOffReview(tx, ['repeat-buyers'], shop.clock.now()));
  await own(21, 31);
  expect(await off(['repeat-buyers'], old.fingerprint)).toMatchObject({
    outcome: 'changed',
    review: { tagRemovals: 31 },
  });
  expect(await count('approval')).toBe(1);
  await shop.in((tx) => tx.query('DELETE FROM tag_owned WHERE customer_id = 31'));
  expect(await off(['repeat-buyers'], old.fingerprint)).toMatchObject({
    outcome: 'done',
    review: { tagRemovals: 30 },
  });
});

test('an approval on another day is of something else', async () => {
  const { fingerprint } = await review(['new']);
  const tomorrow = new Date(NOW.getTime() + 24 * 3_600_000);
  expect(
    await turnOn(shop.ctx, shop.shopId, { keys: ['new'], fingerprint, actor: '42', now: tomorrow }),
  ).toMatchObject({ outcome: 'changed' });
});

test.each([
  ['another rule', sql`UPDATE segment SET rule_version = 2 WHERE key = 'new'`],
  ['another prefix', sql`UPDATE shop_settings SET tag_prefix = 'x-'`],
  [
    'new numbers in force',
    sql`INSERT INTO cut_points SELECT shop_id, version + 1, computed_at, published_at, as_of, buyers,
     frequency, monetary_minor, recency_days, rhythm_days, gaps, spent_percentiles FROM cut_points`,
  ],
])('%s makes a review old', async (_name, change) => {
  const old = await review(['new']);
  await shop.in((tx) => tx.query(change));
  expect(await act(['new'], old.fingerprint)).toMatchObject({ outcome: 'changed' });
});

test('nothing can be turned on before the first import, or twice, or that is not there', async () => {
  const empty = await createSegmentShop(t, {
    now: NOW,
    timeZone: 'UTC',
    store: { customers: [], orders: [] },
  });
  await empty.in(async (tx) => {
    await installPresets(tx, NOW);
    await tx.query('DELETE FROM cut_points');
  });
  expect(
    await turnOn(empty.ctx, empty.shopId, { keys: ['new'], fingerprint: '', actor: 'demo', now: NOW }),
  ).toEqual({ outcome: 'not_ready', reason: 'not_imported' });
  await act(['new']);
  expect(await act(['new', 'nothing'])).toEqual({ outcome: 'not_ready', reason: 'nothing_to_turn_on' });
});

test('turning off takes memberships and queues everybody who may bear the tag; others are left alone', async () => {
  await act(['new', 'one-time-buyers']);
  await shop.in(async (tx) => {
    await tx.query('DELETE FROM tag_outbox');
    await tx.query(sql`INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
      VALUES (${shop.shopId}, 100, 'regulars-new', 'regulars-new', ${NOW})`);
  });
  expect(await off(['new', 'best-lost'])).toMatchObject({ outcome: 'done', left: 9, queued: 10 });
  expect(new Set((await shop.memberships()).map((one) => one.split(' ')[1]))).toEqual(
    new Set(['one-time-buyers']),
  );
  // No rule is left that depends on time: those who were evaluated again are not due any more.
  const { rows } = await shop.in((tx) =>
    tx.query<{ id: string }>(
      'SELECT customer_id AS id FROM profile WHERE next_review_at IS NULL AND customer_id < 16 ORDER BY 1',
    ),
  );
  expect(rows.map(({ id }) => id)).toEqual(['2', '3', '4', '7', '8', '9', '12', '13', '14']);
  expect(await off(['new'])).toEqual({ outcome: 'nothing_to_turn_off' });
  expect(await act(['new'])).toMatchObject({ outcome: 'done', entered: 9 });
});

test('a paused segment that goes on is compared for all its members', async () => {
  await shop.in(async (tx) => {
    await putSegments(tx, {
      paused: { rule: { v: 1, where: { field: 'orders', op: 'eq', value: 3 } }, status: 'paused' },
    });
    await waitForShop(tx, shop.shopId);
    await refresh(tx, { touched: new Map([['5', 'order'], ['10', 'order']]), now: NOW }); // prettier-ignore
  });
  expect(await count('tag_outbox')).toBe(0);
  expect(await act(['paused'])).toMatchObject({ outcome: 'done', entered: 38, queued: 40 });
});

test('a tag with other letters than ASCII is the same tag in every spelling, as Shopify compares them', async () => {
  const KEY = 'one-time-buyers';
  await shop.in(async (tx) => {
    await tx.query(sql`UPDATE shop_settings SET tag_prefix = 'ÄÖ-' WHERE shop_id = ${tx.shopId}`);
  });
  const before = (await review([KEY])).segments[0];
  const tag = before?.tag ?? '';
  expect(tag).toMatch(/^ÄÖ-/);
  expect(before?.gains).toBeGreaterThan(2);
  // Two have it already, in lower case and with decomposed letters.
  await shop.in(async (tx) => {
    for (const [n, spelling] of [tag.toLowerCase(), tag.normalize('NFD')].entries()) {
      await tx.query(sql`
        UPDATE customer SET tags = tags || ${[spelling]}::text[] WHERE shop_id = ${tx.shopId} AND id =
          (SELECT customer_id FROM profile WHERE shop_id = ${tx.shopId} AND orders = 1
            ORDER BY customer_id OFFSET ${n} LIMIT 1)`);
    }
  });
  expect((await review([KEY])).segments[0]?.gains).toBe((before?.gains ?? 0) - 2);
  expect(await act([KEY])).toMatchObject({ outcome: 'done' });
  // One who is no member has it from us: before it is turned off, and again when it is turned on.
  const outsider = await shop.in(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(sql`
      SELECT customer_id AS id FROM profile WHERE shop_id = ${tx.shopId} AND orders > 1
       ORDER BY customer_id LIMIT 1`);
    const id = rows[0]?.id as string;
    await tx.query(sql`
      INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
      VALUES (${tx.shopId}, ${id}, ${tag.toLowerCase()}, ${tag}, ${NOW})`);
    await tx.query(sql`DELETE FROM tag_outbox WHERE shop_id = ${tx.shopId}`);
    return id;
  });
  const queued = () =>
    shop.in(async (tx) => {
      const { rows } = await tx.query<{ id: string }>(sql`
        DELETE FROM tag_outbox WHERE shop_id = ${tx.shopId} RETURNING customer_id AS id`);
      return rows.map(({ id }) => id);
    });
  const offered = await shop.in((tx) => readTurnOffReview(tx, [KEY], shop.clock.now()));
  expect(offered).toMatchObject({ tagRemovals: 1, sample: [outsider] });
  expect(await off([KEY])).toMatchObject({ outcome: 'done' });
  expect(await queued()).toContain(outsider);
  expect(await act([KEY])).toMatchObject({ outcome: 'done' });
  expect(await queued()).toContain(outsider);
});
