import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { FactList } from './fact-list.tsx';
import { COUNT_LIMIT } from '../intake/count-limit.ts';
import { countOf, formatCount, formatInstant } from './format.ts';

export interface SyncCardProps {
  timeZone: string;
  lastSyncedAt: Date | null;
  lastImportAt: Date | null;
  inboxWaiting: number;
  toRead: number;
  couldNotRead: number;
  tagCustomersWaiting: number;
  tagCustomersTryingAgain: number;
  tagsFailed: number;
  /** The merchant stopped writing; the banner of the page says so and leads on. */
  writesStopped: boolean;
}

/** Whether the app is in step with Shopify, and what is still to be done. */
export function SyncCard(props: SyncCardProps) {
  const { timeZone, lastSyncedAt, lastImportAt } = props;
  const still = props.inboxWaiting + props.toRead + props.tagCustomersWaiting;
  const when = (instant: Date | null) => (instant ? formatInstant(instant, timeZone) : 'not yet');
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            In step with Shopify
          </Text>
          <Text as="span" tone={still > 0 ? undefined : 'subdued'}>
            <span role="status">{still > 0 ? 'Working' : 'Nothing to do'}</span>
          </Text>
        </InlineStack>
        <FactList
          facts={[
            { name: 'Last sync', value: when(lastSyncedAt) },
            { name: 'Last import', value: when(lastImportAt) },
            { name: 'Messages waiting', value: bounded(props.inboxWaiting) },
            { name: 'To be read again', value: bounded(props.toRead) },
            {
              name: 'Customers whose tags are to be written',
              value: formatCount(props.tagCustomersWaiting),
              note:
                props.tagCustomersTryingAgain > 0
                  ? `${countOf(props.tagCustomersTryingAgain, 'customer')} after a failed try`
                  : undefined,
            },
            {
              name: 'Could not read',
              value: bounded(props.couldNotRead),
              note: props.couldNotRead > 0 ? 'Kept for 7 days, with the reason in the log' : undefined,
            },
            {
              name: 'Tags given up, last 7 days',
              value: formatCount(props.tagsFailed),
              note: props.tagsFailed > 0 ? 'Shopify refused them; see the customer’s page' : undefined,
            },
          ]}
        />
        {props.writesStopped ? null : (
          <InlineStack>
            <Button variant="plain" tone="critical" url="/app/writes">
              Stop all writes
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

const bounded = (count: number) =>
  count >= COUNT_LIMIT ? `${formatCount(COUNT_LIMIT)} or more` : formatCount(count);
