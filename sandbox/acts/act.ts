/**
 * What every act shares: input is checked before anything changes, an act is one action (its webhooks carry
 * one event id), and what an act touches gets a later `updatedAt`.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parseMinor } from '../../app/money.ts';
import type { Id, Instant, SandboxCustomer, SandboxOrder, SandboxProduct } from '../store/model.ts';
import type { Store } from '../store/store.ts';

/** An act that cannot be done, in a sentence for whoever asked for it. */
export class ActError extends Error {}

/** @throws ActError that names every fault of the input */
export function checkInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const path = issue.path.join('.');
    return path ? `${path}: ${issue.message}` : issue.message;
  });
  throw new ActError(faults.join('; '));
}

const actions = new WeakMap<Store, string>();

/** Everything emitted inside belongs to one action. Acts may call acts: the outermost counts. */
export function asOneAction<Result>(store: Store, run: () => Result): Result {
  if (actions.has(store)) return run();
  actions.set(store, randomUUID());
  try {
    return run();
  } finally {
    actions.delete(store);
  }
}

/** The event id of the action that is going on; undefined outside of one. */
export function currentAction(store: Store): string | undefined {
  return actions.get(store);
}

/** The machine's time, but always later than `before`: remote times of one object never repeat. */
export function laterThan(before: Instant | null, store: Store): Instant {
  const now = store.clock.machineNow().getTime();
  return new Date(before === null ? now : Math.max(now, Date.parse(before) + 1)).toISOString();
}

/** "12.50" or 12.5 as minor units of the shop. @throws ActError when it is no amount */
export function amountOf(value: string | number, store: Store, label: string): number {
  const minor = parseMinor(String(value).replace(',', '.'), store.shop.currency);
  if (minor === undefined) throw new ActError(`${label} must be an amount such as 12.50`);
  return Number(minor);
}

export const amountInput = z.union([z.string().trim().min(1), z.number()]);
/** An id, a gid, or an e-mail address. */
export const customerRef = z.string().trim().min(1, 'names no customer');
/** An id, a gid, or a name such as #1001. */
export const orderRef = z.string().trim().min(1, 'names no order');
/** Text that may be emptied. */
export const optionalText = z
  .string()
  .trim()
  .max(255)
  .nullish()
  .transform((text) => (text === undefined ? undefined : text || null));

function idOf(reference: string, kind: string): Id {
  const match = new RegExp(`^(?:gid://shopify/${kind}/)?(\\d+)$`).exec(reference);
  return match?.[1] ?? '';
}

/** @throws ActError */
export function findCustomer(store: Store, reference: string): SandboxCustomer {
  const customer = reference.includes('@')
    ? store.customerByEmail(reference)
    : store.customer(idOf(reference, 'Customer'));
  if (!customer) throw new ActError(`There is no customer ${reference}`);
  return customer;
}

/** @throws ActError */
export function findOrder(store: Store, reference: string): SandboxOrder {
  const order = store.order(idOf(reference, 'Order')) ?? store.orderByName(reference);
  if (order) return order;
  throw new ActError(`There is no order ${reference}`);
}

/** @throws ActError */
export function findProduct(store: Store, reference: string): SandboxProduct {
  const product = store.product(idOf(reference, 'Product'));
  if (!product) throw new ActError(`There is no product ${reference}`);
  return product;
}

/** Puts a customer back with a later `updatedAt` and says so. */
export function touchCustomer(store: Store, customer: SandboxCustomer): void {
  customer.updatedAt = laterThan(customer.updatedAt, store);
  store.putCustomer(customer);
  store.emit({ kind: 'customer_updated', customerId: customer.id });
}

/** What an order's change does to its customer: touched, and Shopify's totals told. Guests: nothing. */
export function touchBuyer(store: Store, customerId: Id | null): void {
  const customer = customerId === null ? undefined : store.customer(customerId);
  if (!customer) return;
  touchCustomer(store, customer);
  store.emit({ kind: 'customer_purchasing_summary', customerId: customer.id });
}

/** Puts an order back with a later `updatedAt` and says so. */
export function touchOrder(store: Store, order: SandboxOrder): void {
  order.updatedAt = laterThan(order.updatedAt, store);
  store.putOrder(order);
}
