/**
 * Applies what lies in the incoming tables (createFactTables) to the facts, in the order of the stamps: any
 * permutation and any duplication of the same rows ends the same. Locks the shop for the transaction.
 */
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../facts.ts';
import { queueRereads, UNKNOWN_CUSTOMER, type RereadWish } from './queue-rereads.server.ts';
import { resolveCustomers } from './resolve-customers.server.ts';
import { storeCustomers } from './store-customers.server.ts';
import { storeOrders } from './store-orders.server.ts';
import { storeCollections } from './store-collections.server.ts';
import { storeProducts } from './store-products.server.ts';
import { touchBuyers } from './touch-buyers.server.ts';
import { touch, type Touched } from './touched.ts';

export { touch, type Touched } from './touched.ts';

export interface StoreOptions {
  /** Machine time. */
  now: Date;
  redactionKey: Buffer;
  /**
   * Read again what contradicts itself, and customers known only from an order? An import says no: its own
   * customers are on their way, and it never repeats a stamp.
   */
  rereads: boolean;
}

const UNKNOWN_CUSTOMER_WAIT_MS = 60_000;

export async function storeIncoming(tx: ShopTx, options: StoreOptions): Promise<Touched> {
  await waitForShop(tx, tx.shopId);
  await resolveCustomers(tx, options.redactionKey);
  const there = await whatIsThere(tx);
  const customers = there.customers ? await storeCustomers(tx) : [];
  const { effects: orders, newCustomers } = there.orders
    ? await storeOrders(tx)
    : { effects: [], newCustomers: [] };
  const products = there.products ? await storeProducts(tx) : [];
  const collections =
    there.products || there.collections ? await storeCollections(tx) : { products: [], conflicts: [] };

  const touched: Touched = new Map();
  for (const { id, cause } of customers) touch(touched, id, cause);
  for (const { beforeId, afterId, cause } of orders) {
    touch(touched, beforeId, cause);
    touch(touched, afterId, cause);
  }

  if (options.rereads) {
    const changed = products.filter((effect) => effect.changed).map(({ id }) => id);
    await touchBuyers(tx, [...changed, ...collections.products], touched);
    const again = (object: RereadWish['object'], id: ShopifyId): RereadWish => ({
      object,
      id,
      reason: 'two states of the same time',
      notBefore: options.now,
    });
    const later = new Date(options.now.getTime() + UNKNOWN_CUSTOMER_WAIT_MS);
    await queueRereads(
      tx,
      [
        ...customers.filter((effect) => effect.conflict).map(({ id }) => again('customer', id)),
        ...orders.filter((effect) => effect.conflict).map(({ orderId }) => again('order', orderId)),
        ...products.filter((effect) => effect.conflict).map(({ id }) => again('product', id)),
        ...collections.conflicts.map((id) => again('collection', id)),
        // No message says that a product has come to match a collection's conditions.
        ...products
          .filter((effect) => effect.askCollections)
          .map(({ id }) => ({
            object: 'product' as const,
            id,
            reason: 'collections of a product',
            notBefore: options.now,
          })),
        ...newCustomers.map((id) => ({
          object: 'customer' as const,
          id,
          reason: UNKNOWN_CUSTOMER,
          notBefore: later,
        })),
      ],
      options.now,
    );
    await forgetNeedlessRereads(tx);
  }
  return touched;
}

/** Most batches hold one kind of thing: what is not there costs no statement. */
async function whatIsThere(tx: ShopTx) {
  const { rows } = await tx.query<Record<'customers' | 'orders' | 'products' | 'collections', boolean>>(sql`
    SELECT EXISTS (SELECT 1 FROM incoming_customer) AS customers,
           EXISTS (SELECT 1 FROM incoming_order) OR EXISTS (SELECT 1 FROM incoming_order_line) AS orders,
           EXISTS (SELECT 1 FROM incoming_product) AS products,
           EXISTS (SELECT 1 FROM incoming_collection) OR EXISTS (SELECT 1 FROM incoming_product_collection)
             AS collections`);
  return rows[0] ?? { customers: true, orders: true, products: true, collections: true };
}

/** The customer's own message came, so nobody has to ask. */
async function forgetNeedlessRereads(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    DELETE FROM reread r USING incoming_customer i
     WHERE r.shop_id = ${tx.shopId} AND r.kind = 'customer' AND r.object_id = i.id
       AND r.reason = ${UNKNOWN_CUSTOMER} AND (i.core_stamp IS NOT NULL OR i.deleted_at IS NOT NULL)`);
}
