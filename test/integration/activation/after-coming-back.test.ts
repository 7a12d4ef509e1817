/** The app was removed in the middle of something and comes back: what was under way is over, and nothing stands in the way. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { raiseAttention } from '../../../app/activation/flow/raise-attention.server.ts';
import { readLeaving } from '../../../app/activation/leaving/read-leaving.server.ts';
import { decideLeftovers } from '../../../app/activation/leftovers/decide-leftovers.server.ts';
import { readLeftovers } from '../../../app/activation/leftovers/read-leftovers.server.ts';
import { storeOfferGap } from '../../../app/activation/offers/offer-gap.server.ts';
import { advanceRename } from '../../../app/activation/rename/advance-rename.server.ts';
import { readRename, startRename } from '../../../app/activation/rename/rename-tags.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { ensureShop } from '../../../app/intake/ensure-shop.server.ts';
import { handleImport } from '../../../app/jobs/handlers/import.server.ts';
import { handleSortLeftovers } from '../../../app/jobs/handlers/sort-leftovers.server.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { approveChange } from '../../../app/pipeline/decide-change.server.ts';
import { goOnWithChange } from '../../../app/pipeline/go-on-with-change.server.ts';
import { readChangeReview } from '../../../app/pipeline/read-change-review.server.ts';
import { uninstallShop } from '../../../app/privacy/uninstall-shop.server.ts';
import { readChangeRun } from '../../../app/segments/change-run.server.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';
import { WORLD_DOMAIN } from '../../support/worker-world.ts';

const KEY = 'win-back-60-89';
const OLD = 'regulars-win-back-60-89';
const NEW = 'regulars-quiet';
/** c030 ... c044 are in the band. */
const MEMBERS = 15;
let one: OfferWorld;
beforeEach(async () => {
  one = await createOfferWorld();
  await one.turnOn([KEY]);
  await one.inShop((tx) => storeOfferGap(tx, 0));
}, 180_000);
afterEach(() => one?.close());

const job = () => ({ data: { shopId: one.shopId }, signal: new AbortController().signal });
const lookAround = () => handleSortLeftovers(one.world.ctx, job());
const start = (key: string, to: string) =>
  one.inShop((tx) => startRename(tx, { what: 'tag', key, to }, { actor: '42', now: one.now() }));
const advance = async () =>
  advanceRename({ ...one.world.ctx, admin: await one.world.ctx.adminFor(one.shopId) }, one.shopId);
const askedDiscounts = async () =>
  (await one.inShop(readLeftovers)).filter(({ kind, state }) => kind === 'discount' && state === 'asked');
const tags = () => [one.tagged(OLD), one.tagged(NEW)];

async function turnOnInSteps(): Promise<void> {
  const { ctx } = one.world;
  const word = { actor: '42', now: one.now() };
  const goOn = () => goOnWithChange(ctx, one.shopId, { chunk: 50 });
  const change = { act: 'turn_on', keys: [KEY] } as const;
  await applyChange(ctx, one.shopId, { change, fingerprint: undefined, ...word }, { atOnce: 10 });
  await goOn();
  const review = await one.inShop((tx) => readChangeReview(tx, one.now()));
  const { id = '' } = (await one.inShop(readChangeRun)) ?? {};
  const fingerprint = review?.fingerprint ?? '';
  expect(await approveChange(ctx, one.shopId, { id, fingerprint, startAutomations: false, ...word })).toEqual(
    { outcome: 'approved' },
  );
  await goOn();
  await one.settle();
}

/** Each act of a second of its own: what was removed before an installation is not taken for its end. */
async function comeBack(): Promise<void> {
  const at = new Date(Date.now() + 1_000);
  await one.inShop((tx) => uninstallShop(tx, { at, now: at }));
  await one.world.caught();
  const { rows } = await one.inShop((tx) =>
    tx.query<{ domain: string }>(sql`SELECT domain FROM shop WHERE id = ${one.shopId}`),
  );
  const domain = rows[0]?.domain ?? WORLD_DOMAIN;
  await ensureShop(one.world.ctx.db, { domain, now: new Date(at.getTime() + 1_000) });
  await one.inShop((tx) =>
    tx.query(sql`
      UPDATE shop_settings SET iana_timezone = 'Europe/Berlin', currency = 'EUR' WHERE shop_id = ${one.shopId}`),
  );
  await handleImport(one.world.ctx, job());
  await one.settle();
  await lookAround();
}

test.each([
  ['at once', () => one.turnOn([KEY])],
  ['in steps, as in a large store', turnOnInSteps],
])(
  'in the middle of a rename: taken over and turned on %s everybody has one tag, and another rename can begin',
  async (_how, turnOn) => {
    expect(await start(KEY, 'quiet')).toMatchObject({ outcome: 'started' });
    await one.settle();
    expect(tags()).toEqual([MEMBERS, MEMBERS]);
    await comeBack();
    expect(await one.inShop(readRename)).toBeNull();
    await one.inShop((tx) => decideLeftovers(tx, { kind: 'tag', decision: 'adopt', actor: '42', now: one.now() })); // prettier-ignore
    await turnOn();
    expect(tags(), 'one tag each').toEqual([0, MEMBERS]);
    expect((await one.inShop(readLeftovers)).filter(({ kind }) => kind === 'tag')).toEqual([]);

    expect(await start(KEY, 'silent')).toMatchObject({ outcome: 'started' });
    for (let turns = 0; turns < 10; turns++) {
      await one.settle();
      if ((await advance()) === 'none') break;
    }
    expect(await one.inShop(readRename)).toBeNull();
    expect([...tags(), one.tagged('regulars-silent')]).toEqual([0, 0, MEMBERS]);
  },
);

test('a discount of before that the merchant deletes by hand is forgotten, and nobody is asked about it', async () => {
  await one.offer(KEY, { name: 'Before', percent: '15', way: 'function' });
  await one.settle();
  await comeBack();
  const discounts = async () => (await one.inShop(readLeaving)).ours.discounts;
  expect(await askedDiscounts()).toHaveLength(1);
  expect(await discounts()).toBe(1);

  for (const { id } of [...one.world.store.discounts.all()]) one.world.store.discounts.delete(id);
  await one.sync();
  await one.inShop((tx) => raiseAttention(tx, one.now()));
  const { rows: matters } = await one.inShop((tx) =>
    tx.query(sql`SELECT subject FROM attention WHERE shop_id = ${one.shopId}`),
  );
  expect(matters).toEqual([]);
  await lookAround();
  expect(await askedDiscounts()).toEqual([]);
  expect(await discounts()).toBe(0);
});

test('an offer by the app’s discount gives its price although the one of before is still a question', async () => {
  await one.offer(KEY, { name: 'Before', percent: '15', way: 'function' });
  await one.settle();
  expect((await one.checkout(30, '100.00')).total).toBe('85.00');
  await comeBack();
  await one.turnOn(['win-back-180-364']);
  await one.inShop((tx) => storeOfferGap(tx, 0));
  const after = { name: 'After', percent: '20', way: 'function' };
  expect(await one.offer('win-back-180-364', after)).toMatchObject({ outcome: 'done' });
  await one.settle();
  expect((await one.checkout(100, '100.00')).total).toBe('80.00');
  expect(await askedDiscounts()).toHaveLength(1);
});
