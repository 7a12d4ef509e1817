/** A store with a few products and a customer at the sandbox's checkout. */
import path from 'node:path';
import { expect } from 'vitest';
import type { CheckoutResult } from '../../../sandbox/checkout/checkout.ts';
import { addCustomer } from '../../unit/sandbox/make-store.ts';
import { at, openSandbox } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';

export const APP_CONFIG = path.resolve(import.meta.dirname, '../../../shopify.app.toml');

export interface World extends Caller {
  anna: string;
  tea: string;
  bag: string;
  card: string;
  bags: string;
}

/** Tea at 10, a bag at 40 in a collection, a gift card at 50; Anna carries the tag vip. */
export async function open(appConfig = APP_CONFIG): Promise<World> {
  const caller = await openSandbox({ appConfig });
  const { sandbox, store } = caller;
  sandbox.access.setScopes(store.shop.domain, [
    'write_customers',
    'write_discounts',
    'write_orders',
    'read_products',
  ]);
  const at0 = '2026-01-01T00:00:00.000Z';
  const product = (title: string, productType: string, priceMinor: number) => {
    const id = store.newId('product');
    const variants = [{ id: store.newId('other'), title: 'Default Title', sku: null, priceMinor }];
    store.putProduct({
      id,
      title,
      handle: title.toLowerCase(),
      vendor: 'x',
      productType,
      status: 'ACTIVE',
      tags: [],
      createdAt: at0,
      updatedAt: at0,
      variants,
    });
    return id;
  };
  const [tea, bag, card] = [
    product('Tea', 'Tea', 1000),
    product('Bag', 'Bags', 4000),
    product('Card', 'Gift cards', 5000),
  ];
  const bags = store.newId('other');
  store.collections.put({
    id: bags,
    title: 'Bags',
    handle: 'bags',
    descriptionHtml: '',
    sortOrder: 'MANUAL',
    productIds: [bag],
    updatedAt: at0,
  });
  const anna = addCustomer(store, { email: 'anna@example.com', tags: ['vip'] }).id;
  return { ...caller, anna, tea, bag, card, bags };
}

export async function post(
  { sandbox }: Caller,
  route: string,
  body: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${sandbox.url}/control/${route}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export async function checkout(world: Caller, body: object): Promise<CheckoutResult> {
  const answer = await post(world, 'checkout', body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as unknown as CheckoutResult;
}

export async function merchant(world: Caller, body: object): Promise<string> {
  const answer = await post(world, 'create-discount', body);
  expect(answer).toMatchObject({ status: 200 });
  return String(at(answer.body, 'result', 'id'));
}

export const reasons = ({ notApplied }: CheckoutResult) =>
  Object.fromEntries(notApplied.map(({ title, reason }) => [title, reason]));
export const titles = ({ discounts }: CheckoutResult) => discounts.map(({ title }) => title);

export async function segmentDiscount(world: World): Promise<void> {
  await post(world, 'create-segment', { name: 'VIPs', query: "customer_tags CONTAINS 'vip'" });
  await merchant(world, { title: 'VIP 15', percent: 15, segment: 'VIPs' });
}
