/**
 * Words about tags of many customers: the database moves them, so no list of them grows with the store in the app's
 * memory. Watched at every statement: how many values it is given, how many rows it gives back.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { advanceRename } from '../../../app/activation/rename/advance-rename.server.ts';
import { endControl } from '../../../app/activation/control/set-control.server.ts';
import { decideFound } from '../../../app/activation/tags/found-tags.server.ts';
import { decideLeftovers } from '../../../app/activation/leftovers/decide-leftovers.server.ts';
import { startRename } from '../../../app/activation/rename/rename-tags.server.ts';
import { decideAlert } from '../../../app/activation/tags/tag-alerts.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { Db, ShopTx } from '../../../app/db/tenancy.server.ts';
import { range, startTagWorld, type TagWorld } from '../../support/tag-world.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const MANY = 5_000;
/** What is read and written in portions is so. */
const PORTION = 2_000;
const NOW = new Date('2026-11-22T11:00:00Z');
const word = { actor: '42', now: NOW };

let t: TestDb;
let one: TagWorld;
/** The most values of one parameter, and the most rows of one answer. */
let most: number;
let watched: Db;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
beforeEach(async () => {
  one = await startTagWorld(t);
  most = 0;
  watched = {
    ...t.db,
    inShop: (shopId, work) => t.db.inShop(shopId, (tx) => work(watch(tx))),
  };
  await one.customers(range(1, MANY));
  return () => one.shop.close();
});

function watch(tx: ShopTx): ShopTx {
  const query: ShopTx['query'] = async (statement) => {
    const values: unknown[] = typeof statement === 'string' ? [] : [...statement.values];
    const result = await tx.query(statement as Parameters<ShopTx['query']>[0]);
    for (const value of values) if (Array.isArray(value)) most = Math.max(most, value.length);
    most = Math.max(most, result.rows.length);
    return result as never;
  };
  return { ...tx, query };
}
const inShop = <T>(work: (tx: ShopTx) => Promise<T>) => watched.inShop(one.shopId, work);
const queued = async () => (await one.outbox()).length;
/** Everybody's tag of "a" as if it had been written. */
const owned = (more = sql`NULL::bigint`) =>
  one.rows(sql`
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at, lost_in)
    SELECT shop_id, id, 'regulars-a', 'regulars-a', ${NOW}, ${more} FROM customer WHERE shop_id = ${one.shopId}`);
const found = () =>
  one.rows(sql`
    INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, found_at)
    SELECT shop_id, id, 'regulars-a', 'regulars-a', ${NOW} FROM customer WHERE shop_id = ${one.shopId}`);
const forget = () => one.rows(sql`DELETE FROM tag_outbox WHERE shop_id = ${one.shopId}`);

test('another tag, and its last step; another prefix, of which there are many tags already', async () => {
  await one.segment('a', range(1, MANY));
  await owned();
  await forget();
  expect(await inShop((tx) => startRename(tx, { what: 'tag', key: 'a', to: 'b' }, word))).toMatchObject({
    outcome: 'started',
  });
  expect(await queued()).toBe(MANY);
  await forget();
  await one.rows(sql`UPDATE tag_rename SET state = 'verifying' WHERE shop_id = ${one.shopId}`);
  expect(await advanceRename({ ...one.ctx, db: watched }, one.shopId, [])).toBe('write');
  expect(await queued()).toBe(MANY);
  expect(most).toBeLessThan(100);

  await one.rows(sql`UPDATE tag_rename SET state = 'done' WHERE shop_id = ${one.shopId}`);
  await one.rows(sql`UPDATE customer SET tags = '{VIP,shop-x}' WHERE shop_id = ${one.shopId} AND id <> 7`);
  expect(await inShop((tx) => startRename(tx, { what: 'prefix', to: 'shop-' }, word))).toMatchObject({
    outcome: 'started',
  });
  expect(await one.rows(sql`SELECT 1 FROM tag_found WHERE shop_id = ${one.shopId}`)).toHaveLength(MANY - 1);
  expect(most).toBeLessThanOrEqual(PORTION);
});

test.each([
  ['put_back', MANY],
  ['left_off', 0],
] as const)('an alert about everybody: %s', async (decision, compared) => {
  const [alert] = await one.rows<{ id: string }>(sql`
    INSERT INTO tag_alert (shop_id, at, noticed_at, removed) VALUES (${one.shopId}, ${NOW}, ${NOW}, ${MANY}) RETURNING id`);
  await owned(sql`${alert?.id}::bigint`);
  expect(await inShop((tx) => decideAlert(tx, { id: alert?.id ?? '', decision, ...word }))).toBe(MANY);
  expect(await queued()).toBe(compared);
  expect(await one.rows(sql`SELECT 1 FROM tag_edit WHERE kind = ${decision}`)).toHaveLength(MANY);
  expect(most).toBeLessThan(100);
});

test('the end of a control group of everybody', async () => {
  const id = await one.segment('a', range(1, MANY));
  await forget();
  await one.rows(sql`
    INSERT INTO control_group (shop_id, segment_id, buckets, since, actor) VALUES (${one.shopId}, ${id}::bigint, 9999, ${NOW}, '42')`);
  await one.rows(sql`
    INSERT INTO tag_held_out (shop_id, segment_id, customer_id, at)
    SELECT shop_id, segment_id, customer_id, ${NOW} FROM membership WHERE shop_id = ${one.shopId}`);
  const end = (shown: number) => inShop((tx) => endControl(tx, { key: 'a', shown, ...word }));
  expect(await end(MANY - 1)).toEqual({ outcome: 'changed' });
  expect(await end(MANY)).toEqual({ outcome: 'done', released: MANY });
  expect(await queued()).toBe(MANY);
  expect(most).toBeLessThan(100);
});

test('tags that were there before, of everybody: adopted and removed', async () => {
  await found();
  const decide = (decision: 'adopt' | 'remove') =>
    inShop((tx) => decideFound(tx, { key: 'regulars-a', decision, ...word }));
  await one.segment('a', [], 'draft');
  expect(await decide('adopt')).toBe(MANY);
  expect(await queued(), 'for a draft: as they are').toBe(0);
  expect(await decide('remove')).toBe(MANY);
  expect(await queued()).toBe(MANY);
  expect(await one.owned()).toHaveLength(MANY);
  expect(await decide('remove'), 'they are on their way out').toBeNull();
  expect(most).toBeLessThan(100);
});

test('what an earlier installation left, of everybody: removed', async () => {
  await owned();
  await one.rows(sql`
    INSERT INTO leftover (shop_id, kind, ref, name, state, sure, found_at)
    VALUES (${one.shopId}, 'tag', 'regulars-a', 'regulars-a', 'asked', true, ${NOW})`);
  expect(await inShop((tx) => decideLeftovers(tx, { kind: 'tag', decision: 'remove', ...word }))).toBe(1);
  expect(await queued()).toBe(MANY);
  expect(most).toBeLessThan(100);
});
