/** Metafields are switched on again before everything of them was out of the store: every value is there again. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { switchMetafields } from '../../../app/activation/metafields/switch-metafields.server.ts';
import { METAFIELD_KEYS } from '../../../app/activation/metafields/metafield-definitions.ts';
import { sql } from '../../../app/db/sql.ts';
import { startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';

let reach: ReachWorld;
beforeEach(async () => {
  reach = await createReachWorld();
}, 120_000);
afterEach(() => reach.close());

const values = () =>
  [...reach.world.store.metafields.all()]
    .map(({ ownerId, key, value }) => `${ownerId} ${key} ${value}`)
    .sort();
const receipts = async () => {
  const found = await reach.rows<{ act: string; n: number }>(sql`
    SELECT act, count(*)::int AS n FROM reach_write WHERE kind = 'definition' GROUP BY act`);
  return Object.fromEntries(found.map(({ act, n }) => [act, n]));
};
const ALL = METAFIELD_KEYS.length;
const turn = (on: boolean) => reach.in((tx) => switchMetafields(tx, on, reach.now()));

test('some definitions were deleted with their values, then Shopify refused one', async () => {
  await turn(true);
  await reach.writeMetafields();
  const before = values();
  expect(before.length).toBeGreaterThan(400);
  expect(await receipts()).toEqual({ create: ALL });
  await turn(false);
  await reach.fault({
    fault: 'user-errors',
    field: 'metafieldDefinitionDelete',
    after: 3,
    count: 1,
    message: 'Not now',
  });
  await reach.writeMetafields();
  expect(await reach.happened('user-errors')).toBe(1);
  const left = values().length;
  expect(left, 'some values are gone').toBeLessThan(before.length);
  await turn(true);
  for (let next: Date | null = new Date(0), rounds = 0; next !== null && rounds < 10; rounds += 1) {
    next = await reach.writeMetafields();
  }
  expect(values()).toEqual(before);
  const gone = 3;
  expect(await receipts(), 'what was there is not made').toEqual({ create: ALL + gone, delete: gone });
});

test('refused, lost and tried again: what is made is said to be made, once, and what is refused is not', async () => {
  await turn(true);
  await reach.fault({
    fault: 'user-errors',
    field: 'metafieldDefinitionCreate',
    after: 2,
    count: 1,
    message: 'No',
  });
  await reach.writeMetafields();
  expect(await reach.happened('user-errors')).toBe(1);
  expect(await receipts()).toEqual({ create: 2 });
  // The answer is lost after Shopify has made it.
  await reach.fault({ fault: 'reset', field: 'metafieldDefinitionCreate', when: 'after', count: 1 });
  await reach.writeMetafields();
  expect(await reach.happened('reset')).toBe(1);
  expect(await receipts()).toEqual({ create: ALL });
  expect(values().length).toBeGreaterThan(400);
  // A worker that died before it could say that all of them are there.
  await reach.rows(sql`UPDATE reach_settings SET metafields_defined = false WHERE shop_id = ${reach.shopId}`);
  await reach.writeMetafields();
  expect(await receipts()).toEqual({ create: ALL });
  // What nobody knows to have made was there already.
  await reach.rows(sql`DELETE FROM reach_write WHERE title = 'Tier'`);
  await reach.rows(sql`UPDATE reach_settings SET metafields_defined = false WHERE shop_id = ${reach.shopId}`);
  await reach.writeMetafields();
  expect(await receipts()).toEqual({ create: ALL - 1, find: 1 });
});

test('who should no longer have a value has none, though it was switched off and on in between', async () => {
  await turn(true);
  await reach.writeMetafields();
  const segments = () => values().filter((one) => one.startsWith(`${reach.idOf(160)} segments `));
  expect(segments()).toEqual([`${reach.idOf(160)} segments ["VIP"]`]);
  await reach.goTo(startOfDay('2026-11-28' as LocalDate, 'Europe/Berlin'));
  await reach.world.push(reach.shopId);
  await turn(false);
  await turn(true);
  for (let next: Date | null = new Date(0), rounds = 0; next !== null && rounds < 10; rounds += 1) {
    next = await reach.writeMetafields();
  }
  expect(segments()).toEqual([]);
});
