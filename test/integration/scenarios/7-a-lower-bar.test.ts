/** VIP from 1,000.00 to 100.00: counted before, done when approved, and one click back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { reviewChange } from '../../../app/segments/review-change.server.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { createMerchant, type Merchant } from './merchant.ts';
import { EIGHT_VIPS, vipRule } from './vip.ts';

let one: Merchant;
let approval: string;
beforeAll(async () => {
  one = await createMerchant();
  for (const k of [1, 5, 20])
    await one.control('set-tags', { customer: arithmeticEmail(k), tags: ['wholesale'] });
  await one.settle();
  await one.make('VIP', vipRule(1_000));
  await one.turnOn(['vip', 'repeat-buyers']);
}, 120_000);
afterAll(() => one?.close());

const vips = () => one.taggedAs('regulars-vip');
const others = () =>
  [...one.world.store.customers()].map(({ email, tags }) => [
    email,
    tags.filter((tag) => tag !== 'regulars-vip'),
  ]);
let before: unknown;

test('62 gain, 0 lose, 70 in all; nothing is written until I approve', async () => {
  before = others();
  expect(vips()).toEqual(EIGHT_VIPS);
  const edit = { key: 'vip', rule: vipRule(100), actor: '42', now: one.now() };
  expect(await one.inShop((tx) => editSegment(tx, edit))).toEqual({ outcome: 'waiting' });
  const review = await one.inShop((tx) =>
    reviewChange(tx, { change: { act: 'change', key: 'vip' }, now: one.now() }),
  );
  expect(review.segments).toMatchObject([{ gains: 62, loses: 0, size: 70 }]);
  expect(review).toMatchObject({ tagAdditions: 62, tagRemovals: 0 });
  await one.settle();
  expect(vips()).toEqual(EIGHT_VIPS);
}, 60_000);

test('approved: 70 have the tag; "start automations for the 62" is off, and Flow gets no trigger', async () => {
  approval = await one.approve({ act: 'change', key: 'vip' });
  expect(vips()).toHaveLength(70);
  await one.until('2026-11-22T16:00:00+01:00');
  expect(await one.flow()).toEqual([]);
}, 60_000);

test('one click back: Shopify has exactly the earlier 8, and no other tag touched', async () => {
  await one.approve({ act: 'undo', approvalId: approval });
  expect(vips()).toEqual(EIGHT_VIPS);
  expect(others()).toEqual(before);
  await one.until('2026-11-22T18:00:00+01:00');
  expect(await one.flow()).toEqual([]);
}, 60_000);
