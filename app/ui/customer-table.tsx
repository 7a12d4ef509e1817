import { IndexTable, Pagination, Text, useBreakpoints, BlockStack, InlineStack } from '@shopify/polaris';
import { useNavigate } from '@remix-run/react';
import { CustomerName } from './customer-name.tsx';
import { countOf, formatDay, formatMinor } from './format.ts';
import { CustomerNamesProvider, useCustomerNames } from './use-customer-names.ts';

export interface CustomerRow {
  id: string;
  orders: number;
  spentMinor: string;
  /** Local date, or null for customers without a counted order. */
  lastOrderOn: string | null;
  /** Life-cycle group by name; absent when the table does not show it. */
  group?: string;
}

export interface CustomerTableProps {
  rows: readonly CustomerRow[];
  currency: string;
  showGroup: boolean;
  /** Addresses of the neighbouring pages; null at the ends. */
  previous: string | null;
  next: string | null;
}

/** Customers with their numbers from our data; names follow from Shopify. */
export function CustomerTable({ rows, currency, showGroup, previous, next }: CustomerTableProps) {
  const names = useCustomerNames(rows.map((row) => row.id));
  const { smDown } = useBreakpoints();
  const navigate = useNavigate();
  const headings = [
    { title: 'Customer' },
    ...(showGroup ? [{ title: 'Group' }] : []),
    { title: 'Last order' },
    { title: 'Orders', alignment: 'end' as const },
    { title: 'Spent', alignment: 'end' as const },
  ];
  return (
    <CustomerNamesProvider value={names}>
      <IndexTable
        resourceName={{ singular: 'customer', plural: 'customers' }}
        itemCount={rows.length}
        selectable={false}
        condensed={smDown}
        headings={headings as [(typeof headings)[0], ...typeof headings]}
      >
        {rows.map((row, position) => (
          <IndexTable.Row id={row.id} key={row.id} position={position}>
            {smDown ? (
              <PhoneRow row={row} currency={currency} />
            ) : (
              <>
                <IndexTable.Cell>
                  <CustomerName id={row.id} link />
                </IndexTable.Cell>
                {showGroup ? <IndexTable.Cell>{row.group ?? '–'}</IndexTable.Cell> : null}
                <IndexTable.Cell>{lastOrder(row)}</IndexTable.Cell>
                <IndexTable.Cell>
                  <Text as="span" alignment="end" numeric>
                    {row.orders}
                  </Text>
                </IndexTable.Cell>
                <IndexTable.Cell>
                  <Text as="span" alignment="end" numeric>
                    {formatMinor(row.spentMinor, currency)}
                  </Text>
                </IndexTable.Cell>
              </>
            )}
          </IndexTable.Row>
        ))}
      </IndexTable>
      {previous || next ? (
        <div className="rg-pagination">
          <Pagination
            hasPrevious={previous !== null}
            hasNext={next !== null}
            previousTooltip="Previous page"
            nextTooltip="Next page"
            accessibilityLabel="Pages of customers"
            onPrevious={() => previous && navigate(previous)}
            onNext={() => next && navigate(next)}
          />
        </div>
      ) : null}
    </CustomerNamesProvider>
  );
}

function PhoneRow({ row, currency }: { row: CustomerRow; currency: string }) {
  return (
    <div className="rg-phone-row">
      <BlockStack gap="050">
        <InlineStack align="space-between" gap="200" wrap={false}>
          <CustomerName id={row.id} link />
          <Text as="span" numeric>
            {formatMinor(row.spentMinor, currency)}
          </Text>
        </InlineStack>
        <Text as="span" tone="subdued" variant="bodySm">
          {[
            row.group,
            countOf(row.orders, 'order'),
            row.lastOrderOn ? `last ${formatDay(row.lastOrderOn)}` : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </BlockStack>
    </div>
  );
}

const lastOrder = (row: CustomerRow) => (row.lastOrderOn ? formatDay(row.lastOrderOn) : '–');
