/** VIP with a return period: a new customer's order counts on 22 December if it is kept. It is not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { previewRule } from '../../../app/segments/preview-rule.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { createMerchant, type Merchant } from './merchant.ts';
import { EIGHT_VIPS, vipRule } from './vip.ts';

let one: Merchant;
/** Whether the new customer has ever had the tag in Shopify. */
let everTagged = false;
beforeAll(async () => {
  one = await createMerchant();
  await one.make('VIP', vipRule(1_000, 30));
  await one.turnOn(['vip', 'never-bought', 'returned-everything']);
}, 120_000);
afterAll(() => one?.close());

const NEW = 201;
const until = async (instant: string) => {
  await one.until(instant);
  everTagged ||= one.tagsOf(NEW).includes('regulars-vip');
};

test('8 VIPs, none reachable by e-mail', async () => {
  expect(one.taggedAs('regulars-vip')).toEqual(EIGHT_VIPS);
  const rule: Rule = {
    v: 1,
    where: {
      all: [
        { field: 'member_of', with: { segment: 'vip' }, op: 'eq', value: true },
        { field: 'email_consent', op: 'eq', value: 'SUBSCRIBED' },
      ],
    },
  };
  expect(await one.inShop((tx) => previewRule(tx, { key: null, rule, now: one.now() }))).toMatchObject({
    size: 0,
  });
});

test('her order of 1,000.00 shows "VIP on 22 December if kept"', async () => {
  await one.control('create-customer', { email: arithmeticEmail(NEW), firstName: 'New', lastName: 'One' });
  await one.settle();
  expect(one.tagsOf(NEW)).toEqual(['regulars-never-bought']);
  await one.control('place-order', { customer: arithmeticEmail(NEW), amount: '1000.00' });
  await one.settle();
  expect(await one.reads(NEW, 'vip')).toBe('VIP on 22 December if kept');
  expect(one.tagsOf(NEW)).toEqual([]);
}, 60_000);

test('fully refunded on 5 December: never the tag; in "Returned everything", not "Never bought"', async () => {
  await until('2026-12-05T12:00:00+01:00');
  expect(await one.reads(NEW, 'vip')).toBe('VIP on 22 December if kept');
  const order = [...one.world.store.orders()].find(({ totalMinor }) => totalMinor === 100_000);
  await one.control('refund-order', { order: order?.id });
  await one.settle();
  expect(one.tagsOf(NEW)).toEqual(['regulars-returned-everything']);
  expect(await one.reads(NEW, 'vip')).toBeNull();
  for (const day of ['21', '22', '23', '24']) await until(`2026-12-${day}T00:00:00+01:00`);
  expect(one.tagsOf(NEW)).toEqual(['regulars-returned-everything']);
  expect(everTagged).toBe(false);
  const tags = one.world.store.customers();
  expect([...tags].filter((customer) => customer.tags.includes('regulars-never-bought'))).toEqual([]);
}, 120_000);

test('had she kept it, 22 December would have been the day', async () => {
  await one.control('create-customer', {
    email: arithmeticEmail(NEW + 1),
    firstName: 'Other',
    lastName: 'One',
  });
  await one.control('place-order', { customer: arithmeticEmail(NEW + 1), amount: '1000.00' });
  await one.settle();
  expect(await one.reads(NEW + 1, 'vip')).toBe('VIP on 23 January 2027 if kept');
  await one.until('2027-01-22T23:59:59+01:00');
  expect(one.taggedAs('regulars-vip')).not.toContain(NEW + 1);
  await one.until('2027-01-23T00:00:00+01:00');
  expect(one.taggedAs('regulars-vip')).toContain(NEW + 1);
}, 120_000);
