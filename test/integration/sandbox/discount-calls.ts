/** An app that may make discounts, and its calls. */
import path from 'node:path';
import { expect } from 'vitest';
import { at, openSandbox } from './call-sandbox.ts';
import type { Answer, Caller } from './call-sandbox.ts';

const APP_CONFIG = path.resolve(import.meta.dirname, '../../../shopify.app.toml');
const SCOPES = ['write_customers', 'write_discounts', 'read_products', 'write_orders'];

export async function open(): Promise<Caller> {
  const caller = await openSandbox({ appConfig: APP_CONFIG });
  caller.sandbox.access.setScopes(caller.store.shop.domain, SCOPES);
  return caller;
}

export const BASIC =
  'mutation($d: DiscountAutomaticBasicInput!) { discountAutomaticBasicCreate(automaticBasicDiscount: $d) { automaticDiscountNode { id } userErrors { field message code extraInfo } } }';
export const UPDATE =
  'mutation($id: ID!, $d: DiscountAutomaticBasicInput!) { discountAutomaticBasicUpdate(id: $id, automaticBasicDiscount: $d) { automaticDiscountNode { id } userErrors { field message code } } }';
export const CODE =
  'mutation($d: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $d) { codeDiscountNode { id } userErrors { field message code } } }';
export const APP =
  'mutation($d: DiscountAutomaticAppInput!) { discountAutomaticAppCreate(automaticAppDiscount: $d) { automaticAppDiscount { discountId title status discountClasses appDiscountType { functionId title } } userErrors { field message code } } }';
export const START = '2026-11-22T00:00:00.000Z';
export const basic = (more: object = {}) => ({
  title: 'VIP 10%',
  startsAt: START,
  customerGets: { value: { percentage: 0.1 }, items: { all: true } },
  ...more,
});

export async function createBasic({ ask }: Caller, more: object = {}): Promise<string> {
  const { data } = await ask(BASIC, { d: basic(more) });
  expect(at(data, 'discountAutomaticBasicCreate', 'userErrors')).toEqual([]);
  return String(at(data, 'discountAutomaticBasicCreate', 'automaticDiscountNode', 'id'));
}

export function errorsOf({ data }: Answer): { field: string[]; message: string; code: string }[] {
  const [payload] = Object.values(data) as { userErrors: never[] }[];
  return payload?.userErrors ?? [];
}

export async function segment(caller: Caller): Promise<string> {
  const { data } = await caller.ask(
    'mutation { segmentCreate(name: "VIP", query: "customer_tags CONTAINS \'vip\'") { segment { id } } }',
  );
  return String(at(data, 'segmentCreate', 'segment', 'id'));
}
