/** Metafields are switched on again before everything of them was out of the store: every value is there again. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { switchMetafields } from '../../../app/activation/metafields/switch-metafields.server.ts';
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
const turn = (on: boolean) => reach.in((tx) => switchMetafields(tx, on, reach.now()));

test('some definitions were deleted with their values, then Shopify refused one', async () => {
  await turn(true);
  await reach.writeMetafields();
  const before = values();
  expect(before.length).toBeGreaterThan(400);
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
