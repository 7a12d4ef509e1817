/** What is so now: the three views, who and what is left out, and what counted before. */
import { Form, useNavigate } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import type { OrderPolicy } from '../../history/order-policy.ts';
import type { LeftOut, ThreeViews } from '../../history/read-views.server.ts';
import { CustomerName } from '../customer-name.tsx';
import { countOf, formatInstant, formatMinor } from '../format.ts';
import { CustomerSearch } from '../segments/customer-search.tsx';
import { CustomerNamesProvider, useCustomerNames } from '../use-customer-names.ts';
import { ThreeViewsTable } from './three-views.tsx';

/** Of the store and one customer, who can be another. */
export function ViewsOf({
  views,
  customerId,
  currency,
}: {
  views: { store: ThreeViews; customer: ThreeViews | null } | null;
  customerId: string | null;
  currency: string;
}) {
  const names = useCustomerNames(customerId === null ? [] : [customerId]);
  const navigate = useNavigate();
  if (views === null) {
    return (
      <Text as="p" tone="subdued">
        Your store has too many orders to add them up while you wait. What a change does is counted in the
        background, with these sums before and after.
      </Text>
    );
  }
  const known = names.state === 'ready' && customerId !== null ? names.names[customerId] : undefined;
  const customer =
    customerId !== null && views.customer
      ? { name: known ?? `Customer ${customerId}`, views: views.customer }
      : null;
  return (
    <BlockStack gap="300">
      <ThreeViewsTable store={views.store} customer={customer} currency={currency} />
      <CustomerSearch
        label="Another customer"
        chosen={[]}
        onChange={([one]) => {
          if (one) void navigate(`/app/settings/orders?customer=${one.id}`, { preventScrollReset: true });
        }}
      />
    </BlockStack>
  );
}

/** Null: too many orders to add up. */
export function LeftOutNow({ leftOut, currency }: { leftOut: LeftOut | null; currency: string }) {
  if (leftOut === null) return null;
  const money = (minor: string) => formatMinor(minor, currency);
  const { people, peopleMinor, orders, ordersMinor } = leftOut;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          Left out now
        </Text>
        <Text as="p">
          {people + orders === 0
            ? 'Nobody and nothing is left out.'
            : `${countOf(people, 'person', 'people')}, ${money(peopleMinor)}, and ${countOf(orders, 'order')} of others, ${money(ordersMinor)}, left out.`}
        </Text>
      </BlockStack>
    </Card>
  );
}

export function PeopleByHand({
  people,
  busy,
}: {
  people: readonly { id: string; at: Date | string }[];
  busy: boolean;
}) {
  const names = useCustomerNames(people.map(({ id }) => id));
  if (people.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          People left out by hand
        </Text>
        <CustomerNamesProvider value={names}>
          <ul className="rg-found" aria-label="People left out by hand">
            {people.map(({ id }) => (
              <li key={id}>
                <CustomerName id={id} link />
                <Form method="post">
                  <input type="hidden" name="intent" value="count_again" />
                  <input type="hidden" name="customer" value={id} />
                  <Button
                    submit
                    size="slim"
                    disabled={busy}
                    accessibilityLabel={`Count again: customer ${id}`}
                  >
                    Count again
                  </Button>
                </Form>
              </li>
            ))}
          </ul>
        </CustomerNamesProvider>
      </BlockStack>
    </Card>
  );
}

export function EarlierPolicies({
  earlier,
  timeZone,
  busy,
}: {
  earlier: readonly { version: number; policy: OrderPolicy; at: Date | string }[];
  timeZone: string;
  busy: boolean;
}) {
  if (earlier.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Before
        </Text>
        <Text as="p" tone="subdued">
          To go back, look at what counted then: what it changes is shown first.
        </Text>
        {earlier.map(({ version, policy, at }) => (
          <Form method="post" key={version}>
            <input type="hidden" name="intent" value="look" />
            <input type="hidden" name="policy" value={JSON.stringify(policy)} />
            <InlineStack gap="200" align="space-between" blockAlign="center">
              <Text as="span">{`Until ${formatInstant(at, timeZone)}`}</Text>
              <Button
                submit
                size="slim"
                disabled={busy}
                accessibilityLabel={`Look at it: what counted until ${formatInstant(at, timeZone)}`}
              >
                Look at it
              </Button>
            </InlineStack>
          </Form>
        ))}
      </BlockStack>
    </Card>
  );
}
