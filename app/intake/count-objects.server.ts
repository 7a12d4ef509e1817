/** How many customers, orders or products Shopify shows this app, exactly. */
import type { AdminClient, AdminRequestOptions } from '../shopify/admin-client.ts';
import type { BulkKind } from '../shopify/documents/bulk-queries.ts';
import { COUNT_CUSTOMERS, COUNT_ORDERS, COUNT_PRODUCTS } from '../shopify/documents/read-pages.ts';

/** @param search by ids or times only (the count of customers knows no other filters); null: all */
export async function countObjects(
  admin: AdminClient,
  kind: BulkKind,
  search: string | null,
  options: AdminRequestOptions,
): Promise<number> {
  const variables = { search };
  switch (kind) {
    case 'customers':
      return (await admin.request(COUNT_CUSTOMERS, variables, options)).data.customersCount?.count ?? 0;
    case 'orders':
      return (await admin.request(COUNT_ORDERS, variables, options)).data.ordersCount?.count ?? 0;
    case 'products':
      return (await admin.request(COUNT_PRODUCTS, variables, options)).data.productsCount?.count ?? 0;
  }
}
