/**
 * Offers on the pages and at the checkout, over HTTP: what the review says that a member pays beside the discounts that
 * the store has planned is what the checkout says on those days; the app's discount that somebody deleted in Shopify is
 * said in one sentence with one button, and that button puts the prices right.
 */
import { beforeAll, expect, test } from 'vitest';
import { storeOfferGap } from '../../../app/activation/offers/offer-gap.server.ts';
import { emptyOfferForm, type OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { readOpenOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { parseLocalDate } from '../../../app/local-date.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { formatMinor } from '../../../app/ui/format.ts';
import { BANDS } from '../../support/offer-world.ts';
import { offerPages, type OfferPages } from '../../support/offer-pages.ts';
import { formInit, textOf } from '../../support/page-calls.ts';
import { WORLD_DOMAIN } from '../../support/worker-world.ts';

let { one, app } = {} as OfferPages;
offerPages(BANDS, (made) => void ({ one, app } = made));
beforeAll(() => one.inShop((tx) => storeOfferGap(tx, 0)));

const html = async (path: string) => (await app.open(WORLD_DOMAIN, path)).text();
const pays = async (k: number, price = '100.00') => (await one.checkout(k, price)).total;
const idOf = async (name: string) => (await one.inShop(readOpenOffers)).find((offer) => offer.name === name)?.id; // prettier-ignore

/** What Shopify tells goes to the app's own endpoint; the worker does its part. */
async function told(): Promise<void> {
  for (const { headers, rawBody } of await one.world.caught()) {
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...kept } = headers;
    const answer = await fetch(`${app.appUrl}/webhooks`, {
      method: 'POST',
      headers: kept as Record<string, string>,
      body: new Uint8Array(rawBody),
    });
    expect(answer.status).toBe(200);
  }
  await one.world.drainAll(one.shopId);
  const { rowCount } = await one.inShop((tx) =>
    tx.query(sql`SELECT 1 FROM shop_due WHERE shop_id = ${one.shopId} AND work = 'offers'`),
  );
  expect(rowCount, 'the discounts are looked at because of it').toBe(1);
  await one.sync();
}

/** The text of the review of an offer for the band, as the page shows it. */
async function review(form: Partial<OfferForm>): Promise<string> {
  const today = parseLocalDate('2026-11-22');
  if (!today) throw new Error('no day');
  const whole = {
    ...emptyOfferForm(today, 'quiet'),
    name: 'Come back',
    percent: '15',
    endsOn: '2026-12-06',
    ...form,
  };
  const answer = await app.call(WORLD_DOMAIN, '/app/offers/edit?segment=win-back-60-89', formInit({ ...whole, intent: 'review' })); // prettier-ignore
  expect(answer.status).toBe(200);
  return textOf(await answer.text());
}

/** The answer to a form that is wrong. */
async function refused(segment: string, form: Partial<OfferForm>): Promise<[status: number, text: string]> {
  const today = parseLocalDate('2026-11-22');
  if (!today) throw new Error('no day');
  const whole = { ...emptyOfferForm(today, 'quiet'), name: 'Come back', percent: '15', endsOn: '2026-12-06', ...form }; // prettier-ignore
  const answer = await app.call(WORLD_DOMAIN, `/app/offers/edit?segment=${segment}`, formInit({ ...whole, intent: 'review' })); // prettier-ignore
  return [answer.status, textOf(await answer.text())];
}

test('a name with a character that nobody can see, and a segment without members: a sentence beside the field', async () => {
  expect(await refused('win-back-60-89', { name: 'Come\u0000back' })).toEqual([422, expect.stringContaining('The name holds a character that cannot be shown')]); // prettier-ignore
  const nobody = { v: 1, where: { field: 'orders', op: 'gte', value: 1_000 } };
  await one.inShop((tx) => createSegment(tx, { name: 'Nobody', rule: nobody, actor: '42', now: one.now() }));
  await one.turnOn(['nobody']);
  expect(await refused('nobody', {})).toEqual([
    422,
    expect.stringContaining('Nobody is in this segment now'),
  ]);
  expect(await refused('nobody', { percent: '120', endsOn: '2026-11-01' })).toEqual([422, expect.stringContaining('100')]); // prettier-ignore
});

test('text that cannot be stored anywhere else is refused in words too, not as a fault of ours', async () => {
  const answer = await app.call(WORLD_DOMAIN, '/app/offers/edit?segment=a%00b', { method: 'GET' });
  expect(answer.status).toBe(422);
  expect(textOf(await answer.text())).toContain('A text holds a character that cannot be stored');
});

test('a price is said of a cart only under the condition that it has', async () => {
  const typical = `typical cart of ${formatMinor('8281', 'EUR')}`;
  const costs = `costs a member ${formatMinor('7039', 'EUR')}.`;
  const onOne = { on: 'products', items: '1' };
  const pieces = { minimumKind: 'quantity', minimum: '3' };
  expect(await review({})).toContain(`A ${typical} ${costs}`);
  expect(await review(onOne)).toContain(`If everything in it is on offer, a ${typical} ${costs}`);
  expect(await review(pieces)).toContain(`From 3 pieces on, a ${typical} ${costs}`);
  expect(await review({ ...onOne, ...pieces })).toContain(`If everything in it is on offer, from 3 pieces on, a ${typical} ${costs}`); // prettier-ignore
}, 60_000);

test('beside what the store has planned, the review says what a member pays then, and the checkout agrees', async () => {
  const planned = (title: string, more: Record<string, unknown>) =>
    one.control('create-discount', { title, startsAt: '2026-11-27T00:00:00+01:00', endsAt: '2026-11-28T23:59:59+01:00', ...more }); // prettier-ignore
  await planned('Black Friday', { percent: 40 });
  await planned('Advent', {
    percent: 10,
    combines: true,
    startsAt: '2026-12-01T00:00:00+01:00',
    endsAt: '2026-12-24T23:59:59+01:00',
  });
  await planned('Next year', { percent: 60, startsAt: '2027-01-01T00:00:00+01:00', endsAt: '2027-01-31T00:00:00+01:00' }); // prettier-ignore
  await one.control('create-discount', { title: 'Small thanks', percent: 5 });

  // 26,500.00 in 320 orders.
  const form = { combineOrder: 'yes', way: 'native' };
  const said = await review(form);
  const money = (minor: number) => formatMinor(String(minor), 'EUR');
  const [cart, alone, friday, advent] = [8_281, 7_039, 4_969, 6_211].map(money);
  expect(said).toContain(`A typical cart of ${cart} costs a member ${alone}.`);
  expect(said).toContain(`Black Friday (planned) Only the better of the two ${friday}`);
  expect(said).toContain(`Advent (planned) Both apply ${advent}`);
  expect(said).toContain(`Small thanks Only the better of the two ${alone}`);
  expect(said, 'the offer has ended by then').not.toContain('Next year');
  expect(said).toContain(`With what else the store has running: ${friday}`);

  expect(await one.offer('win-back-60-89', { name: 'Come back', percent: '15', endsOn: '2026-12-06', ...form })).toMatchObject({ outcome: 'done' }); // prettier-ignore
  await one.settle();
  const typical = async () => formatMinor(String(Math.round(Number(await pays(40, '82.81')) * 100)), 'EUR');
  expect(await typical(), 'today').toBe(alone);
  one.world.sandbox.clock.set(new Date('2026-11-27T12:00:00+01:00'));
  expect(await typical(), 'on Black Friday').toBe(friday);
  one.world.sandbox.clock.set(new Date('2026-12-01T12:00:00+01:00'));
  expect(await typical(), 'in Advent').toBe(advent);
  one.world.sandbox.clock.set(new Date('2026-11-22T12:00:00+01:00'));
  for (const title of ['Black Friday', 'Advent', 'Next year', 'Small thanks']) {
    await one.control('delete-discount', { discount: title });
  }
}, 180_000);

test('the app’s discount is deleted by hand: one sentence, one button, and the prices are right again', async () => {
  for (const [band, percent] of [['win-back-90-179', '20'], ['win-back-180-364', '30']] as const) {
    await one.offer(band, { name: `Shared ${percent}`, percent, way: 'function' });
  } // prettier-ignore
  await one.settle();
  expect([await pays(50), await pays(100), await pays(44)]).toEqual(['80.00', '70.00', '85.00']);
  const path = `/app/offers/${await idOf('Shared 20')}`;
  expect(textOf(await html(path))).not.toContain('Somebody');

  await one.control('delete-discount', { discount: 'Segment offers (Regulars)' });
  expect([await pays(50), await pays(100), await pays(44)]).toEqual(['100.00', '100.00', '85.00']);
  await told();
  const page = await html(path);
  const sentence = 'Somebody deleted the app’s discount in Shopify: 2 offers, this one too, take nothing off until it is repaired.'; // prettier-ignore
  expect(textOf(page).split(sentence)).toHaveLength(2);
  expect(page.match(/name="step"/g)).toHaveLength(1);
  expect(page).toMatch(/name="step" value="repair"/);
  for (const words of ['Accept', 'Nothing is undone', 'did not take']) {
    expect(textOf(page)).not.toContain(words);
  }
  // The other one says so too; the one with a discount of its own does not.
  expect(textOf(await html(`/app/offers/${await idOf('Shared 30')}`))).toContain(sentence);
  expect(textOf(await html(`/app/offers/${await idOf('Come back')}`))).not.toContain('Somebody');
  // Nothing is undone by itself.
  await one.sync();
  expect(await pays(50)).toBe('100.00');

  const answer = await app.call(WORLD_DOMAIN, `${path}.data`, formInit({ step: 'repair' }));
  expect(answer.status).toBeLessThan(400);
  await one.settle();
  expect([await pays(50), await pays(100), await pays(44)]).toEqual(['80.00', '70.00', '85.00']);
  expect([...one.world.store.discounts.all()].filter(({ kind }) => kind === 'app')).toHaveLength(1);
  expect(textOf(await html(path))).not.toContain('Somebody');
}, 180_000);

test('with 25 automatic discounts in force a 26th is refused beside the field, and the app’s discount is proposed', async () => {
  for (let n = 1; n <= 25; n++) await one.control('create-discount', { title: `Sale ${n}`, percent: 5 }).catch(() => undefined); // prettier-ignore
  const [status, text] = await refused('win-back-60-89', { way: 'native', name: 'One more' });
  expect(status).toBe(422);
  expect(text).toContain('The store has 25 automatic discounts, Shopify’s limit is 25');
  const proposed = textOf(await html('/app/offers/edit?segment=win-back-60-89'));
  expect(proposed).toContain('Chosen for you: the app’s discount');
});
