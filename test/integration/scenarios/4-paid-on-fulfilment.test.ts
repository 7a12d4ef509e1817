/** The store takes the money when it sends the goods: orders authorised, cancelled, pending and paid. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arithmeticEmail } from '../../support/arithmetic-export.ts';
import { BANDS } from '../../support/offer-world.ts';
import { createMerchant, type Merchant } from './merchant.ts';

let one: Merchant;
beforeAll(async () => {
  one = await createMerchant();
  await one.turnOn(BANDS);
}, 120_000);
afterAll(() => one?.close());

const MINUTE = 60_000;
const winBack = (k: number) => one.tagsOf(k).filter((tag) => tag.startsWith('regulars-win-back'));
/** What the store does, until all that follows is in Shopify; it took less than a minute. */
async function does(route: string, body: Record<string, unknown>): Promise<{ id: string }> {
  const began = Date.now();
  const { result } = (await one.control(route, body)) as { result: { id: string } };
  await one.settle();
  expect(Date.now() - began).toBeLessThan(MINUTE);
  return result;
}
const buys = (k: number, status: string) =>
  does('place-order', { customer: arithmeticEmail(k), amount: '50.00', status });

test('c045, 90 days quiet, is in the band 90-179 with 150.00 in 3 orders', async () => {
  expect(winBack(45)).toEqual(['regulars-win-back-90-179']);
  expect(await one.ordersOf(45)).toEqual({ orders: 3, spent: '15000' });
});

test('an authorised order of 50.00: out of the win-back, 200.00 in 4; cancelled: back, 150.00 in 3', async () => {
  const { id } = await buys(45, 'authorised');
  expect(winBack(45)).toEqual([]);
  expect(await one.ordersOf(45)).toEqual({ orders: 4, spent: '20000' });
  expect(await one.moved(one.now())).toContain('c045 left win-back-90-179 (an order)');
  await does('cancel-order', { order: id });
  expect(winBack(45)).toEqual(['regulars-win-back-90-179']);
  expect(await one.ordersOf(45)).toEqual({ orders: 3, spent: '15000' });
}, 120_000);

test('captured when it is fulfilled, it counts what it counted before', async () => {
  const { id } = await buys(50, 'authorised');
  const before = await one.ordersOf(50);
  expect(before).toEqual({ orders: 4, spent: '20000' });
  await does('pay-order', { order: id });
  await does('fulfil-order', { order: id });
  expect(await one.ordersOf(50)).toEqual(before);
  expect(winBack(50)).toEqual([]);
}, 120_000);

test('had it been pending: out of the win-back, 150.00 in 3 until it is paid', async () => {
  const { id } = await buys(45, 'pending');
  expect(winBack(45)).toEqual([]);
  expect(await one.ordersOf(45)).toEqual({ orders: 3, spent: '15000' });
  await does('pay-order', { order: id });
  expect(winBack(45)).toEqual([]);
  expect(await one.ordersOf(45)).toEqual({ orders: 4, spent: '20000' });
}, 120_000);

test('a pending order that is cancelled takes her back to where she was', async () => {
  const { id } = await buys(55, 'pending');
  expect(winBack(55)).toEqual([]);
  await does('cancel-order', { order: id });
  expect(winBack(55)).toEqual(['regulars-win-back-90-179']);
  expect(await one.ordersOf(55)).toEqual({ orders: 3, spent: '15000' });
}, 120_000);
