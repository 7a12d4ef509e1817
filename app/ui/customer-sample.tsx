import { BlockStack, Card, InlineStack, Text } from '@shopify/polaris';
import { CustomerName } from './customer-name.tsx';
import { countOf } from './format.ts';
import { CustomerNamesProvider, useCustomerNames } from './use-customer-names.ts';

/** A few of those affected, by name, so that the numbers have faces. */
export function CustomerSample({ ids, total }: { ids: readonly string[]; total: number }) {
  const names = useCustomerNames(ids);
  if (ids.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {ids.length < total ? `${ids.length} of the ${countOf(total, 'customer')}` : 'The customers'}
        </Text>
        <CustomerNamesProvider value={names}>
          <ul className="rg-sample">
            {ids.map((id) => (
              <li key={id}>
                <InlineStack>
                  <CustomerName id={id} link />
                </InlineStack>
              </li>
            ))}
          </ul>
        </CustomerNamesProvider>
      </BlockStack>
    </Card>
  );
}
