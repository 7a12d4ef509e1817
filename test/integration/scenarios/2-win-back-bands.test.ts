/** The win-back bands are turned on, and days pass: Shopify agrees, tag by tag. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { BANDS } from '../../support/offer-world.ts';
import { createMerchant, type Merchant } from './merchant.ts';

let one: Merchant;
beforeAll(async () => {
  one = await createMerchant();
}, 120_000);
afterAll(() => one?.close());

const midnight = (date: string) => startOfDay(date as LocalDate, 'Europe/Berlin');
const sizes = () => BANDS.map((key) => one.taggedAs(`regulars-${key}`).length);
const bandsOf = (k: number) => one.tagsOf(k).filter((tag) => tag.startsWith('regulars-win-back'));

test('15, 15, 45, 93, 18 people, 186 in all, each in one; Shopify agrees per tag', async () => {
  const review = await one.inShop((tx) => reviewTurnOn(tx, { keys: BANDS, now: one.now() }));
  expect(review.segments.map(({ size }) => size)).toEqual([15, 15, 45, 93, 18]);
  expect(review.customersAffected).toBe(186);
  expect(sizes()).toEqual([0, 0, 0, 0, 0]);
  await one.turnOn(BANDS);
  expect(sizes()).toEqual([15, 15, 45, 93, 18]);
  const everybody = Array.from({ length: 200 }, (_, i) => bandsOf(i + 1).length);
  expect(everybody.filter((n) => n === 1)).toHaveLength(186);
  expect(everybody.filter((n) => n > 1)).toEqual([]);
}, 60_000);

test('at 23 November 00:00 only c182 moves', async () => {
  await one.until(new Date(midnight('2026-11-23').getTime() - 1).toISOString());
  expect(sizes()).toEqual([15, 15, 45, 93, 18]);
  await one.until(midnight('2026-11-23').toISOString());
  expect(await one.moved(one.now())).toEqual([
    'c182 entered win-back-365 (date)',
    'c182 left win-back-180-364 (date)',
  ]);
  expect(bandsOf(182)).toEqual(['regulars-win-back-365']);
  expect(sizes()).toEqual([15, 15, 45, 92, 19]);
}, 60_000);

test('at 24 November exactly four: c014 comes in; c029, c044, c089 move one band on', async () => {
  await one.until(midnight('2026-11-24').toISOString());
  expect(await one.moved(one.now())).toEqual([
    'c014 entered win-back-30-59 (date)',
    'c029 entered win-back-60-89 (date)',
    'c029 left win-back-30-59 (date)',
    'c044 entered win-back-90-179 (date)',
    'c044 left win-back-60-89 (date)',
    'c089 entered win-back-180-364 (date)',
    'c089 left win-back-90-179 (date)',
  ]);
  expect([14, 29, 44, 89].map(bandsOf)).toEqual([
    ['regulars-win-back-30-59'],
    ['regulars-win-back-60-89'],
    ['regulars-win-back-90-179'],
    ['regulars-win-back-180-364'],
  ]);
  expect(sizes()).toEqual([15, 15, 45, 93, 19]);
}, 60_000);
