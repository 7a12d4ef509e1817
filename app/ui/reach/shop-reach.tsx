/** What all segments do outside of the app besides tags: segments in Shopify, metafields, Flow. */
import { Form, useNavigation } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Button,
  Card,
  FormLayout,
  InlineStack,
  Link,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import type { ShopReach } from '../../activation/read-shop-reach.server.ts';
import { NumberTable } from '../charts/number-table.tsx';
import { countOf, formatCount, formatInstant } from '../format.ts';
import { differenceWords, flowRunWords, hoursWords } from './reach-words.ts';

/** As it comes through JSON. */
type Shown<T> = T extends Date ? Date | string : T extends object ? { [K in keyof T]: Shown<T[K]> } : T;

export function NativeList({ segments, full }: Shown<Pick<ShopReach, 'segments'>> & { full: boolean }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Segments in Shopify
        </Text>
        {segments.length === 0 ? (
          <Text as="p" tone="subdued">
            None yet. On the page of a segment that is on, under “Shopify and Flow”, you can have it as a
            segment in Shopify.
          </Text>
        ) : (
          <NumberTable
            caption="Segments in Shopify"
            head={['Segment', 'In Shopify', 'Here', 'Why they differ']}
            rows={segments.map(({ key, name, members, expected, difference, failure }) => ({
              key,
              head: <Link url={`/app/segments/${key}/reach`}>{name}</Link>,
              cells: [
                members === null ? '–' : formatCount(members),
                expected === null ? '–' : formatCount(expected),
                failure ?? differenceWords(difference) ?? '',
              ],
            }))}
          />
        )}
        {full ? (
          <Text as="p" tone="critical">
            Shopify takes at most 6,000 segments in a store. Delete one in Shopify to make room.
          </Text>
        ) : null}
      </BlockStack>
    </Card>
  );
}

export function MetafieldSection({
  metafields,
  error,
}: Shown<Pick<ShopReach, 'metafields'>> & { error: string | undefined }) {
  const busy = useNavigation().formData?.get('intent') === 'switch_metafields';
  const { state, waiting, failure, names } = metafields;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Customer metafields
        </Text>
        <Text as="p" tone="subdued">
          {`With metafields, Shopify Email, your theme and other tools can use what Regulars knows about a customer: ${names.join(', ').toLowerCase()}. Other apps that may read customers can see them too. They hold no names or addresses.`}
        </Text>
        {failure ? (
          <Banner tone="warning" title="Metafields cannot be written">
            <p>{failure}</p>
          </Banner>
        ) : null}
        {error === undefined ? null : (
          <Banner tone="critical" title="Metafields were not switched on">
            <p>{error}</p>
          </Banner>
        )}
        <Text as="p">
          {state === 'on'
            ? waiting === 0
              ? 'On. Everything is written.'
              : `On. ${countOf(waiting, 'customer')} ${waiting === 1 ? 'is' : 'are'} still to be compared; tags go first.`
            : state === 'removing'
              ? 'They are being taken out of your store.'
              : 'Off. Nothing is written.'}
        </Text>
        <Form method="post">
          <input type="hidden" name="intent" value="switch_metafields" />
          <input type="hidden" name="on" value={state === 'on' ? 'false' : 'true'} />
          <Button
            submit
            loading={busy}
            disabled={state === 'removing'}
            variant={state === 'on' ? undefined : 'primary'}
            tone={state === 'on' ? 'critical' : undefined}
          >
            {state === 'on' ? 'Switch off and remove them' : 'Switch on'}
          </Button>
        </Form>
      </BlockStack>
    </Card>
  );
}

export function FlowStatus({
  flow,
  timeZone,
  errors,
}: Shown<Pick<ShopReach, 'flow'>> & { timeZone: string; errors: { hours?: string } }) {
  const { formData } = useNavigation();
  const busy = formData?.get('intent');
  const [from, setFrom] = useState(String(flow.hours.from));
  const [to, setTo] = useState(String(flow.hours.to));
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            Automations in Shopify Flow
          </Text>
          <Text as="p">
            {flow.sent + flow.waiting + flow.givenUp === 0
              ? 'Flow has not been told anything yet. Workflows start with “Customer entered segment”, “Customer left segment” or “Regulars needs attention”.'
              : `In the last 30 days: ${formatCount(flow.sent)} told to Flow, ${formatCount(flow.waiting)} waiting, ${formatCount(flow.dropped)} not told: no longer true when their time came, or discarded.`}
          </Text>
          {flow.givenUp > 0 ? (
            <Banner tone="warning" title={`${countOf(flow.givenUp, 'event')} could not be told to Flow`}>
              <p>{`Shopify did not take them for three days, or refused them. The last reason: ${flow.lastError ?? 'none was given'}`}</p>
            </Banner>
          ) : null}
          {flow.runs.map((run) => (
            <InlineStack key={run.id} gap="300" blockAlign="center">
              <Text as="p">{flowRunWords(run, formatInstant(run.startedAt, timeZone))}</Text>
              {run.state === 'running' ? (
                <Form method="post">
                  <input type="hidden" name="intent" value="stop_run" />
                  <input type="hidden" name="id" value={run.id} />
                  <Button submit tone="critical" loading={busy === 'stop_run'}>
                    Stop
                  </Button>
                </Form>
              ) : null}
            </InlineStack>
          ))}
        </BlockStack>
        <Form method="post">
          <input type="hidden" name="intent" value="set_hours" />
          <FormLayout>
            <Text as="h3" variant="headingSm">
              Contact hours
            </Text>
            <Text as="p" tone="subdued">
              {`Now ${hoursWords(flow.hours)}, in your store’s time. Automations that start because a day has passed wait for these hours.`}
            </Text>
            <FormLayout.Group>
              <TextField
                label="From (hour)"
                name="from"
                type="number"
                min={0}
                max={23}
                autoComplete="off"
                value={from}
                onChange={setFrom}
                error={errors.hours}
              />
              <TextField
                label="To (hour)"
                name="to"
                type="number"
                min={1}
                max={24}
                autoComplete="off"
                value={to}
                onChange={setTo}
              />
            </FormLayout.Group>
            <Button submit loading={busy === 'set_hours'}>
              Save the hours
            </Button>
          </FormLayout>
        </Form>
      </BlockStack>
    </Card>
  );
}
