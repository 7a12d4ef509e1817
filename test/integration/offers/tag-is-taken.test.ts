/** The tag of an offer is no segment's: who is given it gets the discount without anybody having looked at it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRename } from '../../../app/activation/rename/rename-tags.server.ts';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import { readAllOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { readTakenNames } from '../../../app/segments/read-taken-names.server.ts';
import { renameSegment } from '../../../app/segments/rename-segment.server.ts';
import { saveSegment } from '../../../app/segments/save-segment.server.ts';
import { importSegments } from '../../../app/segments/transfer/import-segments.server.ts';
import { readTransfer } from '../../../app/segments/transfer/read-transfer.server.ts';
import { reviewImport } from '../../../app/segments/transfer/review-import.server.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
const OFFER_KEY = 'offer-win-back-60-89';
const message = 'is the tag of an offer: everybody in the segment would get its discount';
const rule = { v: 1, where: { field: 'days_since_last_order', op: 'between', value: [1, 12] } };
beforeAll(async () => {
  one = await createOfferWorld();
  await one.turnOn(['win-back-60-89']);
  await one.offer('win-back-60-89', { name: 'Come back', percent: '15', endsOn: '2026-12-20', once: '' });
  await one.settle();
  await create('Others', 'others');
}, 240_000);
afterAll(() => one?.close());

const create = (name: string, tag?: string) =>
  one.inShop((tx) => createSegment(tx, { name, ...(tag === undefined ? {} : { tag }), rule, actor: '42', now: one.now() })); // prettier-ignore
const word = () => ({ actor: '42', now: one.now() });

test('a new segment is refused it, whatever its case is', async () => {
  expect(await create('Offer win back 60 89')).toEqual({ outcome: 'invalid', faults: [{ path: 'tag', message }] }); // prettier-ignore
  expect(await create('Something else', OFFER_KEY)).toMatchObject({ outcome: 'invalid' });
  const form = { name: 'Something else', tag: OFFER_KEY, rule, note: '' };
  const saved = await saveSegment(one.world.testDb.db, one.shopId, {
    key: null,
    form,
    actor: '42',
    now: one.now(),
  });
  expect(JSON.stringify(saved)).toContain(message);
});

test('an edit, and a change of one tag', async () => {
  const wish = { key: 'others', name: 'Others', tag: OFFER_KEY };
  expect(await one.inShop((tx) => renameSegment(tx, wish))).toEqual({ outcome: 'invalid', faults: [{ path: 'tag', message }] }); // prettier-ignore
  for (const key of ['others', 'win-back-60-89']) {
    const started = await one.inShop((tx) => startRename(tx, { what: 'tag', key, to: OFFER_KEY }, word()));
    expect(started).toEqual({ outcome: 'invalid', message: `The tag ${message}.` });
  }
});

test('another prefix that makes a segment’s tag the same', async () => {
  const started = await one.inShop((tx) =>
    startRename(tx, { what: 'prefix', to: 'regulars-offer-' }, word()),
  );
  expect(started).toMatchObject({
    outcome: 'invalid',
    message: expect.stringMatching(/would be regulars-offer-win-back-60-89, which is the tag of an offer: everybody/),
  }); // prettier-ignore
});

test('a file of another store: a segment with the tag is faulty, a copy is given another', async () => {
  const file = await one.inShop(readTransfer);
  const [others] = file.segments.filter(({ key }) => key === 'others');
  if (!others) throw new Error('no such segment');
  const wish = (segments: (typeof file)['segments']) => ({ ...file, segments, sets: [] });
  const brought = wish([{ ...others, key: 'theirs', name: 'Theirs', tag: OFFER_KEY }]);
  const review = await one.inShop((tx) => reviewImport(tx, brought, one.now()));
  expect(review.plan.segments[0]).toMatchObject({
    verdict: 'faulty',
    faults: [{ path: 'segments.0.tag', message }],
  });
  // "offer-win-back-60-89-2" is the tag of a second offer.
  await one.offer('win-back-60-89', { name: 'Come back soon', percent: '5' });
  await create('Numbers', 'numbers');
  await one.inShop((tx) =>
    tx.query(sql`UPDATE segment SET key = ${OFFER_KEY} WHERE shop_id = ${tx.shopId} AND key = 'numbers'`),
  );
  const other = { v: 1, where: { field: 'orders', op: 'gte', value: 3 } } as typeof others.rule;
  const copied = wish([{ ...others, key: OFFER_KEY, name: 'Numbers', rule: other }]);
  const imported = await one.inShop(async (tx) => {
    const { fingerprint } = await reviewImport(tx, copied, one.now());
    return importSegments(tx, { file: copied, fingerprint, conflicts: { [OFFER_KEY]: 'copy' }, ...word() });
  });
  expect(imported).toMatchObject({ segments: [{ did: 'made', as: `${OFFER_KEY}-3` }] });
});

test('an offer that keeps the tag of an older prefix, and one that has ended while its tag is in the store', async () => {
  const taken = async () => (await one.inShop((tx) => readTakenNames(tx))).taken.offers;
  const all = [`regulars-${OFFER_KEY}`, `regulars-${OFFER_KEY}-2`];
  const at = new Date(one.now().getTime() + 1);
  await one.inShop(async (tx) => {
    await tx.query(sql`
      INSERT INTO tag_rename (shop_id, what, from_name, to_name, started_at, actor, state)
      VALUES (${tx.shopId}, 'prefix', 'regulars-', 'club-', ${at}, '42', 'done')`);
    await tx.query(sql`UPDATE shop_settings SET tag_prefix = 'club-' WHERE shop_id = ${tx.shopId}`);
  });
  expect(await taken()).toEqual(all);
  const made = await create('Under the new prefix', 'offer-win-back-60-89');
  expect(made).toMatchObject({ outcome: 'done' });
  const offers = await one.inShop(readAllOffers);
  for (const { id } of offers) {
    await changeOfferState(one.world.ctx, one.shopId, { offerId: id, step: 'end', ...word() });
  }
  // Nobody was given the second one.
  expect(await taken(), 'not removed yet').toEqual([all[0]]);
  await one.settle();
  expect(one.tagged(`regulars-${OFFER_KEY}`)).toBe(0);
  expect(await taken()).toEqual([]);
}, 120_000);
