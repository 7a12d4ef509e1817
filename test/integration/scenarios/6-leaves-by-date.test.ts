/** VIP is left by a date: foreseen, done at midnight in Shopify, told to Flow when people are awake; and with a hold. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMerchant, type Merchant } from './merchant.ts';
import { EIGHT_VIPS, vipRule } from './vip.ts';

let one: Merchant;
beforeAll(async () => {
  one = await createMerchant();
  await one.make('VIP', vipRule(1_000, 30));
  await one.make('VIP with a hold', vipRule(1_000, 30), { hold: { for: 'end_of_this_year' } });
  await one.turnOn(['vip', 'vip-with-a-hold']);
}, 120_000);
afterAll(() => one?.close());

const vips = () => one.taggedAs('regulars-vip');
const held = () => one.taggedAs('regulars-vip-with-a-hold');

test('on c160 I read when and why', async () => {
  expect(vips()).toEqual(EIGHT_VIPS);
  expect(await one.reads(160, 'vip')).toBe('leaves VIP on 28 November (1,200.00 becomes 800.00)');
  expect(await one.reads(140, 'vip')).toBe('leaves VIP on 7 January 2027 (1,200.00 becomes 800.00)');
  expect(await one.reads(160, 'vip-with-a-hold')).toBe('kept until 31 December by the hold');
});

test('at 2026-11-28 00:00 in Berlin Shopify shows 7 VIP tags within 60 s, because of the date', async () => {
  await one.until('2026-11-27T23:59:59+01:00');
  expect(vips()).toEqual(EIGHT_VIPS);
  const began = Date.now();
  await one.until('2026-11-28T00:00:00+01:00');
  expect(Date.now() - began).toBeLessThan(60_000);
  expect(vips()).toEqual(EIGHT_VIPS.filter((k) => k !== 160));
  expect(await one.moved(one.now())).toEqual(['c160 left vip (date)']);
  expect(held()).toEqual(EIGHT_VIPS);
}, 90_000);

test("Flow's “left segment” arrives at 09:00, not before", async () => {
  expect(await one.flow()).toEqual([]);
  await one.until('2026-11-28T08:59:59+01:00');
  expect(await one.flow()).toEqual([]);
  await one.until('2026-11-28T09:00:00+01:00');
  expect(await one.flow()).toEqual(['customer-left-segment c160 VIP date']);
}, 60_000);

test('with a hold to the end of the year c160 stays until 31 December', async () => {
  await one.until('2026-12-31T23:59:59+01:00');
  expect(held()).toEqual(EIGHT_VIPS);
  await one.until('2027-01-01T00:00:00+01:00');
  expect(held()).toEqual(EIGHT_VIPS.filter((k) => k !== 160));
}, 60_000);

test('the next exit is c140 on 7 January 2027', async () => {
  await one.until('2027-01-06T23:59:59+01:00');
  expect(vips()).toHaveLength(7);
  await one.until('2027-01-07T00:00:00+01:00');
  expect(await one.moved(one.now())).toContain('c140 left vip (date)');
  expect(vips()).toEqual(EIGHT_VIPS.filter((k) => k < 140));
}, 60_000);
