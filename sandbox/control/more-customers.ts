/**
 * More generated customers for a store that lives already: a store of their own is generated beside it, with ids
 * that follow the living store's, and moved over. Nobody is told, as of all seeding.
 */
import { generateStore } from '../seed/generate-store.ts';
import type { SandboxProduct } from '../store/model.ts';
import { Store } from '../store/store.ts';

export const MOST_MORE = 100_000;

export function addCustomers(
  store: Store,
  options: { customers: number; seed: number },
): { customers: number; orders: number } {
  const beside = new Store(store.shop, store.clock);
  const free = store.freeIds();
  for (const kind of ['customer', 'order', 'other'] as const) {
    beside.reserveIds(kind, [String(free[kind] - 1)]);
  }
  generateStore(beside, options);
  store.reserveIds('other', [String(beside.freeIds().other - 1)]);

  // The same catalogue is not there twice.
  const known = new Map([...store.products()].map((product) => [product.title, product]));
  const replacements = new Map<string, SandboxProduct>();
  for (const product of beside.products()) {
    const same = known.get(product.title) ?? { ...structuredClone(product), id: store.newId('product') };
    if (!known.has(product.title)) store.putProduct(same);
    replacements.set(product.id, same);
  }
  return move(beside, store, replacements);
}

function move(beside: Store, store: Store, replacements: ReadonlyMap<string, SandboxProduct>) {
  const emails = new Map<string, string>();
  let customers = 0;
  for (const customer of beside.customers()) {
    const email = customer.email === null ? null : freeEmail(store, customer.email);
    if (customer.email !== null && email !== null) emails.set(customer.email, email);
    store.putCustomer({ ...structuredClone(customer), email });
    customers += 1;
  }
  let orders = 0;
  for (const order of beside.orders()) {
    const number = store.newOrderNumber();
    const lines = order.lines.map((line) => {
      const product = line.productId === null ? undefined : replacements.get(line.productId);
      return product
        ? { ...line, productId: product.id, variantId: product.variants[0]?.id ?? null }
        : { ...line };
    });
    const email = order.email === null ? null : (emails.get(order.email) ?? order.email);
    store.putOrder({ ...structuredClone(order), lines, email, number, name: `#${number}` });
    orders += 1;
  }
  return { customers, orders };
}

function freeEmail(store: Store, email: string): string {
  let free = email;
  for (let number = 2; store.customerByEmail(free); number += 1) {
    free = email.replace('@', `.${number}@`);
  }
  return free;
}
