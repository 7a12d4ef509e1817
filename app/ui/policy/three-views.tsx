/** What the store and one customer are worth in three views, so that a merchant can choose between them. */
import { BlockStack, Text } from '@shopify/polaris';
import type { ThreeViews } from '../../history/read-views.server.ts';
import { NumberTable } from '../charts/number-table.tsx';
import { countOf, formatMinor } from '../format.ts';

export function ThreeViewsTable({
  store,
  customer,
  currency,
}: {
  store: ThreeViews;
  customer: { name: string; views: ThreeViews } | null;
  currency: string;
}) {
  const shown = [store, ...(customer ? [customer.views] : [])];
  const money = (minor: string | null) => (minor === null ? '–' : formatMinor(minor, currency));
  const rows: { key: string; head: string; of: (views: ThreeViews) => string }[] = [
    { key: 'total', head: 'All that was paid', of: ({ totalMinor }) => money(totalMinor) },
    { key: 'products', head: 'Products only', of: ({ productsMinor }) => money(productsMinor) },
    { key: 'shopify', head: 'Shopify’s amount spent', of: ({ shopifyMinor }) => money(shopifyMinor) },
  ];
  return (
    <BlockStack gap="200">
      <NumberTable
        caption="Three views of what was spent"
        wrap
        head={['', 'Your store', ...(customer ? [customer.name] : [])]}
        rows={rows.map(({ key, head, of }) => ({ key, head, cells: shown.map(of) }))}
      />
      <Text as="p" tone="subdued" variant="bodySm">
        {`${countOf(store.orders, 'order')} of yours count here; Shopify counts ${store.shopifyOrders === null ? 'none yet' : countOf(store.shopifyOrders, 'order')} for the same customers. Shopify takes nobody out and does not take returns off in the same way, so its sum is another.`}
      </Text>
    </BlockStack>
  );
}
