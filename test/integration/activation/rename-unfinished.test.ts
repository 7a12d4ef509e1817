/** Old tags that Shopify does not take off: they are tried again, and a rename that cannot have them ends without them. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { advanceRename } from '../../../app/activation/rename/advance-rename.server.ts';
import { readTagsLeft } from '../../../app/activation/rename/read-tags-left.server.ts';
import { readRename, startRename } from '../../../app/activation/rename/rename-tags.server.ts';
import { wakeNightlyReach } from '../../../app/activation/wake-nightly-reach.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { pauseSegment } from '../../../app/pipeline/pause-segment.server.ts';
import { noFaults } from '../../support/banded-offers.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

const KEY = 'win-back-60-89';
const OLD = 'regulars-win-back-60-89';
const NEW = 'regulars-quiet';
/** c030 ... c044 are in the band. */
const MEMBERS = 15;
const SAID = '1 old tag could not be removed. Shopify refused it: The customer is being edited';

let one: OfferWorld;
beforeEach(async () => {
  one = await createOfferWorld();
  await one.turnOn([KEY, 'win-back-30-59']);
  expect(await start(KEY, 'quiet')).toMatchObject({ outcome: 'started' });
  await one.world.push(one.shopId);
  expect(await advance()).toBe('write');
}, 180_000);
afterEach(() => one?.close());

const word = () => ({ actor: '42', now: one.now() });
const advance = async () =>
  advanceRename({ ...one.world.ctx, admin: await one.world.ctx.adminFor(one.shopId) }, one.shopId);
const start = (key: string, to: string) =>
  one.inShop((tx) => startRename(tx, { what: 'tag', key, to }, word()));
const tags = () => [one.tagged(OLD), one.tagged(NEW)];
const refuse = (count: number) =>
  one.control('faults', {
    fault: 'user-errors',
    message: 'The customer is being edited',
    field: 'tagsRemove',
    count,
  });
/** Its back-off is over. */
async function tryAgain(): Promise<void> {
  await one.inShop((tx) =>
    tx.query(sql`UPDATE tag_outbox SET not_before = ${new Date(0)} WHERE shop_id = ${one.shopId}`),
  );
  await one.world.push(one.shopId);
}

test('one that is refused once is tried again, and the rename ends with all of them gone', async () => {
  await refuse(1);
  await one.world.push(one.shopId);
  await noFaults(one);
  expect(tags()).toEqual([1, MEMBERS]);
  expect(await advance()).toBe('wait');
  expect(await one.inShop(readRename)).toMatchObject({ state: 'removing', message: SAID, oldLeft: 1 });
  expect(await advance(), 'it is on its way').toBe('wait');
  expect(await one.inShop(readRename)).toMatchObject({ tries: 1 });
  await tryAgain();
  expect(tags()).toEqual([0, MEMBERS]);
  expect(await advance()).toBe('none');
  expect(await one.inShop(readRename)).toBeNull();
  expect(await one.inShop(readTagsLeft)).toBeNull();
});

test('one that is refused each time ends the rename after some tries, with the reason; the nights go on trying', async () => {
  await refuse(1);
  await one.world.push(one.shopId);
  for (let tries = 0; tries < 5; tries++) {
    expect(await advance()).toBe('wait');
    await refuse(1);
    await tryAgain();
  }
  expect(await advance()).toBe('none');
  expect(await one.inShop(readRename)).toBeNull();
  expect(await one.inShop(readTagsLeft)).toEqual({ from: 'win-back-60-89', to: 'quiet', message: SAID });
  expect(tags()).toEqual([1, MEMBERS]);

  await noFaults(one);
  await one.inShop((tx) => wakeNightlyReach(tx, one.now()));
  await one.settle();
  expect(tags()).toEqual([0, MEMBERS]);
  expect(await one.inShop(readTagsLeft)).toBeNull();
  expect(await start('win-back-30-59', 'other')).toMatchObject({ outcome: 'started' });
});

test('those of a segment that stands still are waited for, not given up', async () => {
  await one.inShop((tx) => tx.query(sql`DELETE FROM tag_outbox WHERE shop_id = ${one.shopId}`));
  await pauseSegment(one.world.ctx, one.shopId, { key: KEY, ...word() });
  await one.world.push(one.shopId);
  expect(await advance()).toBe('wait');
  expect(await one.inShop(readRename)).toMatchObject({ tries: 0, oldLeft: MEMBERS });
});
