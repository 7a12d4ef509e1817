import type { AdminClient, Priority } from '../../shopify/admin-client.ts';
import { READ_DISCOUNTS } from '../../shopify/documents/discounts.ts';
import { readStoreDiscount, type StoreDiscount } from './store-discount.ts';

/** All discounts of the store, of anybody; those of a kind that is new to us are left out. @throws AppError as the Admin client */
export async function readStoreDiscounts(
  admin: AdminClient,
  options: { priority: Priority; signal?: AbortSignal },
): Promise<StoreDiscount[]> {
  const found: StoreDiscount[] = [];
  for (let after: string | null = null; ;) {
    const { data }: Awaited<ReturnType<typeof page>> = await page(admin, after, options);
    for (const node of data.discountNodes.nodes) {
      const one = readStoreDiscount(node);
      if (one) found.push(one);
    }
    const { hasNextPage, endCursor } = data.discountNodes.pageInfo;
    if (!hasNextPage) return found;
    after = endCursor ?? null;
  }
}

function page(
  admin: AdminClient,
  after: string | null,
  options: { priority: Priority; signal?: AbortSignal },
) {
  return admin.request(READ_DISCOUNTS, { after }, options);
}

/** Those that count against Shopify's limit: automatic ones, in force or planned. */
export function countActiveAutomatic(discounts: readonly StoreDiscount[]): number {
  return discounts.filter(({ automatic, shown }) => automatic && shown.status !== 'EXPIRED').length;
}
