/** The store takes on another currency or time zone: no amount is made of another, and dates follow at once. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { raiseAttention } from '../../../app/activation/flow/raise-attention.server.ts';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { storeOfferGap } from '../../../app/activation/offers/offer-gap.server.ts';
import { readOpenOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { formOf } from '../../../app/activation/offers/read-surroundings.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { handleSyncShop } from '../../../app/jobs/handlers/sync-shop.server.ts';
import type { AdminClient } from '../../../app/shopify/admin-client.ts';
import { offerNamed, sayTerms } from '../../support/banded-offers.ts';
import { BANDS, createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeEach(async () => {
  one = await createOfferWorld();
  await one.turnOn(BANDS);
  await one.inShop((tx) => storeOfferGap(tx, 0));
}, 240_000);
afterEach(() => one?.close());

const job = () => ({ data: { shopId: one.shopId }, signal: new AbortController().signal });
/** Shopify says so of the shop from now on. */
async function shopIs(said: { currencyCode?: string; ianaTimezone?: string }): Promise<void> {
  const admin = await one.world.ctx.adminFor(one.shopId);
  const changed: AdminClient = {
    ...admin,
    async request(document, variables, options) {
      const answer = await admin.request(document, variables, options);
      if ('shop' in (answer.data as object)) Object.assign((answer.data as { shop: object }).shop, said);
      return answer;
    },
  };
  await one.inShop((tx) => tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${one.shopId}`));
  await handleSyncShop({ ...one.world.ctx, adminFor: () => Promise.resolve(changed) }, job());
  const { rows } = await one.inShop((tx) =>
    tx.query<{ work: string }>(sql`
      SELECT work FROM shop_due WHERE shop_id = ${one.shopId} AND work IN ('offers', 'offer-day') AND due_at <= ${new Date(0)}
       ORDER BY work`),
  );
  expect(rows.map(({ work }) => work)).toEqual(['offer-day', 'offers']);
  await one.sync();
}
const states = async () =>
  Object.fromEntries((await one.inShop(readOpenOffers)).map(({ name, state }) => [name, state]));
const inStore = () => [...one.world.store.discounts.all()].map(({ id, title }) => [id, title]).sort();
async function matters(): Promise<unknown[]> {
  await one.inShop((tx) => raiseAttention(tx, one.now()));
  const { rows } = await one.inShop((tx) =>
    tx.query<{ subject: string }>(
      sql`SELECT subject FROM attention WHERE shop_id = ${one.shopId} ORDER BY subject`,
    ),
  );
  return rows.map(({ subject }) => subject);
}
const paused = (name: string) => `The offer “${name}” is paused: your store has another currency`;

test('offers with amounts are paused and told; a percentage and free shipping without a minimum go on', async () => {
  const offers: [string, Partial<OfferForm>][] = [
    ['win-back-30-59', { name: 'Ten off', kind: 'amount', amount: '10.00' }],
    ['win-back-60-89', { name: 'From fifty', percent: '15', minimumKind: 'subtotal', minimum: '50.00', way: 'function' }],
    ['win-back-90-179', { name: 'Bounded', percent: '20', mostCost: '1000.00' }],
    ['win-back-180-364', { name: 'Plain', percent: '25' }],
    ['win-back-365', { name: 'Shipping', kind: 'free_shipping', combineShipping: '', way: 'code', code: 'SHIP' }],
  ]; // prettier-ignore
  for (const [segment, form] of offers) {
    expect(await one.offer(segment, form)).toMatchObject({ outcome: 'done' });
  }
  await one.settle();
  const before = inStore().filter(([, title]) => !title?.startsWith('Segment offers'));
  const holders = one.tagged('regulars-offer-win-back-60-89');
  expect(holders).toBe(15);

  await shopIs({ currencyCode: 'JPY' });
  expect(await states()).toEqual({
    'Ten off': 'paused',
    'From fifty': 'paused',
    Bounded: 'paused',
    Plain: 'running',
    Shipping: 'running',
  });
  expect(inStore(), 'none is made anew in another currency').toEqual(before);
  expect(one.tagged('regulars-offer-win-back-60-89'), 'holders stay').toBe(holders);
  expect(await matters()).toEqual([paused('Bounded'), paused('From fifty'), paused('Ten off')]);

  // It goes on only with amounts of the new currency, which a person gives.
  const { id, ...offer } = await offerNamed(one, 'Ten off');
  const resume = () =>
    changeOfferState(one.world.ctx, one.shopId, { offerId: id, step: 'resume', actor: '42', now: one.now() });
  expect(formOf({ id, ...offer }, 'JPY').amount, 'as it was given').toBe('10.00');
  expect(await resume()).toBeNull();
  await sayTerms(one, 'Ten off', { kind: 'amount', amount: '1500', endsOn: '2026-12-20' });
  expect(await resume()).toBeGreaterThan(0);
  expect(await states()).toMatchObject({ 'Ten off': 'running' });
  expect(await matters()).toEqual([paused('Bounded'), paused('From fifty')]);
});

test('another time zone: discounts begin and end by it at once', async () => {
  await one.offer('win-back-60-89', { name: 'Zone', percent: '15', endsOn: '2026-11-24' });
  await one.settle();
  const endsAt = () =>
    [...one.world.store.discounts.all()].map((discount) => new Date(discount.endsAt ?? 0).toISOString());
  expect(endsAt()).toEqual(['2026-11-24T22:59:59.000Z']);
  await shopIs({ ianaTimezone: 'America/Los_Angeles' });
  expect(endsAt()).toEqual(['2026-11-25T07:59:59.000Z']);
});

test('a name of 243 characters of two units each: the segment’s name is cut between characters', async () => {
  const name = '😀'.repeat(243);
  expect(await one.offer('win-back-30-59', { name, percent: '5' })).toMatchObject({ outcome: 'done' });
  await one.settle();
  expect([...one.world.store.segments.all()].map((segment) => segment.name)).toEqual([
    `Regulars offer: ${'😀'.repeat(239)}`,
  ]);
  expect([...one.world.store.discounts.all()].map(({ title }) => title)).toEqual([`${name} (Regulars)`]);
});
