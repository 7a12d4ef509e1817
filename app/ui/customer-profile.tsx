/** What a customer has bought, in numbers. */
import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';
import type { CustomerProfile as CustomerProfileData } from '../history/read-customer.server.ts';
import { daysBetween, type LocalDate } from '../local-date.ts';
import { FactList } from './fact-list.tsx';
import { averageMinor, countOf, daysAgo, formatDay, formatMinor } from './format.ts';

export function CustomerProfile({
  customer,
  currency,
  today,
}: {
  customer: CustomerProfileData;
  currency: string;
  today: string;
}) {
  const average = averageMinor(customer.spentMinor, customer.orders);
  const money = (minor: string | bigint) => formatMinor(minor, currency);
  const day = (on: string | null) =>
    on ? `${formatDay(on)}, ${daysAgo(daysBetween(on as LocalDate, today as LocalDate))}` : '–';
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Purchase history
        </Text>
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap={{ xs: '200', sm: '800' }}>
          <FactList
            facts={[
              { name: 'Orders', value: customer.orders },
              { name: 'Spent', value: money(customer.spentMinor), note: 'after refunds' },
              { name: 'An order', value: average === undefined ? '–' : money(average) },
              { name: 'Biggest order', value: customer.orders > 0 ? money(customer.biggestOrderMinor) : '–' },
            ]}
          />
          <FactList
            facts={[
              { name: 'First order', value: day(customer.firstOrderOn) },
              { name: 'Last order', value: day(customer.lastOrderOn) },
              ...(customer.lastActivityOn && customer.lastActivityOn !== customer.lastOrderOn
                ? [{ name: 'Last activity', value: day(customer.lastActivityOn) }]
                : []),
              {
                name: 'Refunded',
                value: money(customer.refundedMinor),
                note:
                  customer.fullyRefundedOrders > 0
                    ? `${countOf(customer.fullyRefundedOrders, 'order')} in full`
                    : undefined,
              },
            ]}
          />
        </InlineGrid>
      </BlockStack>
    </Card>
  );
}
