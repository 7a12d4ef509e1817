/** Two segments, or one and everybody else: what differs, and what was bought. */
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, useLoaderData, useNavigation } from '@remix-run/react';
import { BlockStack, Button, Card, InlineGrid, Page, Select, Text } from '@shopify/polaris';
import { useState } from 'react';
import { readShopDay } from '../history/read-shop-day.server.ts';
import { readComparison } from '../segments/analysis/read-comparison.server.ts';
import { readPerformance, readStorePerformance } from '../segments/analysis/read-performance.server.ts';
import { loadSegments } from '../segments/load-segments.server.ts';
import { countOf, formatCount } from '../ui/format.ts';
import { NothingHere } from '../ui/nothing-here.tsx';
import { ComparisonCard } from '../ui/segments/insights/comparison-card.tsx';
import { PerformanceTable } from '../ui/segments/insights/performance-table.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Compare segments · Regulars' }];

const DAYS = 90;
/** Everybody who is not in the first. No segment has such a key. */
const OTHERS = '*';

export function loader(args: LoaderFunctionArgs) {
  const { searchParams } = new URL(args.request.url);
  const asked = { a: searchParams.get('a'), b: searchParams.get('b') };
  return pageRequest(args, async ({ app, shopId, settings, now }) => {
    const segments = await app.db.inShop(shopId, (tx) => loadSegments(tx, { statuses: ['live', 'paused'] }));
    const choices = segments.map(({ key, name }) => ({ key, name }));
    const find = (key: string | null) => segments.find((one) => one.key === key) ?? null;
    const [a, b] = [find(asked.a), find(asked.b)];
    const common = { choices, asked, currency: settings.currency };
    if (!a || (!b && asked.b !== OTHERS) || a.key === b?.key) return { ...common, compared: null };
    const period = { from: new Date(now.getTime() - DAYS * 86_400_000), to: now };
    const compared = await app.db.inShop(shopId, async (tx) => {
      const day = await readShopDay(tx, now);
      return {
        sides: await readComparison(tx, day, { a: a.id, b: b?.id ?? null }),
        bought: {
          a: await readPerformance(tx, day, { segmentId: a.id, ...period }),
          b: b ? await readPerformance(tx, day, { segmentId: b.id, ...period }) : null,
          store: await readStorePerformance(tx, day, period),
        },
      };
    });
    return { ...common, compared: { ...compared, names: { a: a.name, b: b?.name ?? 'Everybody else' } } };
  });
}

type Compared = NonNullable<Awaited<ReturnType<typeof loader>>['compared']>;

export default function Compare() {
  const { choices, asked, compared, currency } = useLoaderData<typeof loader>();
  return (
    <Page title="Compare segments" backAction={{ content: 'Segments', url: '/app/segments' }}>
      <BlockStack gap="400">
        {choices.length === 0 ? (
          <Card>
            <NothingHere
              heading="No segment is on"
              action={{ content: 'Go to Segments', url: '/app/segments' }}
            >
              <p>
                Turn one on: its members can then be compared with those of another, or with everybody else.
              </p>
            </NothingHere>
          </Card>
        ) : (
          <Choice choices={choices} asked={asked} />
        )}
        {compared ? (
          <Result compared={compared} currency={currency} />
        ) : asked.a !== null && choices.length > 0 ? (
          <Card>
            <Text as="p">Choose two different segments that are on.</Text>
          </Card>
        ) : null}
      </BlockStack>
    </Page>
  );
}

function Choice({
  choices,
  asked,
}: {
  choices: readonly { key: string; name: string }[];
  asked: { a: string | null; b: string | null };
}) {
  const [a, setA] = useState(asked.a ?? choices[0]?.key ?? '');
  const [b, setB] = useState(asked.b ?? OTHERS);
  const options = choices.map(({ key, name }) => ({ value: key, label: name }));
  const busy = useNavigation().state !== 'idle';
  return (
    <Card>
      <Form method="get">
        <BlockStack gap="300">
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <Select label="This segment" name="a" options={options} value={a} onChange={setA} />
            <Select
              label="Compared with"
              name="b"
              options={[{ value: OTHERS, label: 'Everybody else' }, ...options]}
              value={b}
              onChange={setB}
            />
          </InlineGrid>
          <div>
            <Button submit variant="primary" loading={busy}>
              Compare
            </Button>
          </div>
        </BlockStack>
      </Form>
    </Card>
  );
}

function Result({ compared: { sides, bought, names }, currency }: { compared: Compared; currency: string }) {
  const value = <T,>(timed: { state: 'here'; value: T } | { state: 'too_slow' } | null) =>
    timed?.state === 'here' ? timed.value : null;
  return (
    <>
      {sides.state === 'too_slow' ? (
        <Card>
          <Text as="p">The comparison took too long. Try again in a minute.</Text>
        </Card>
      ) : sides.value.looked.a === 0 || sides.value.looked.b === 0 ? (
        <Card>
          <Text as="p">
            {sides.value.looked.a === 0
              ? `Nobody is in ${names.a}, so there is nothing to compare.`
              : `Everybody in ${names.b} is in ${names.a} too, so there is nothing to compare.`}
          </Text>
        </Card>
      ) : (
        <>
          <Card>
            <Text as="p">{whoIsCompared(sides.value, names)}</Text>
          </Card>
          <ComparisonCard comparison={sides.value.comparison} names={names} currency={currency} />
        </>
      )}
      <PerformanceTable
        days={DAYS}
        currency={currency}
        rows={[
          { key: 'a', name: names.a, performance: value(bought.a) },
          ...(bought.b ? [{ key: 'b', name: names.b, performance: value(bought.b) }] : []),
          { key: 'store', name: 'The whole store', performance: value(bought.store) },
        ]}
      />
    </>
  );
}

function whoIsCompared(
  { members, looked }: { members: { a: number; b: number; both: number }; looked: { a: number; b: number } },
  names: { a: string; b: string },
): string {
  const rest = members.b - members.both;
  const sampled = looked.a < members.a || looked.b < rest;
  return [
    `${names.a}: ${countOf(members.a, 'customer')}. ${names.b}: ${countOf(members.b, 'customer')}.`,
    members.both > 0
      ? `${formatCount(members.both)} are in both and are on the side of ${names.a} only, so that nobody is compared with themselves.`
      : '',
    sampled ? `A sample of ${formatCount(looked.a)} and ${formatCount(looked.b)} was looked at.` : '',
    'Bold: the difference is larger than chance explains, 19 times in 20. Of twenty lines without any difference one is bold all the same.',
  ]
    .filter(Boolean)
    .join(' ');
}
