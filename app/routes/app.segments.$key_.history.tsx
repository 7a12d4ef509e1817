/** How a segment grew, who entered and left and why, and what its members bought while they were in it. */
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { BlockStack, Button, ButtonGroup, Card, InlineStack, Text } from '@shopify/polaris';
import { shareText } from '../activation/control/control-share.ts';
import { readLift } from '../activation/control/read-lift.server.ts';
import { addDays } from '../local-date.ts';
import { readGrowth } from '../segments/analysis/read-growth.server.ts';
import { readPerformance } from '../segments/analysis/read-performance.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { readSegmentEvents } from '../segments/read-segment-events.server.ts';
import { readSegmentHead } from '../segments/read-segment-head.server.ts';
import { causeWords } from '../ui/cause-words.ts';
import { NumberTable } from '../ui/charts/number-table.tsx';
import { CustomerName } from '../ui/customer-name.tsx';
import {
  averageMinor,
  capital,
  countOf,
  formatCount,
  formatInstant,
  formatMinor,
  formatShare,
} from '../ui/format.ts';
import { SegmentPage } from '../ui/segments/segment-page.tsx';
import { SizeChart } from '../ui/segments/size-chart.tsx';
import { LiftCard } from '../ui/tags/lift-card.tsx';
import { StatCard, StatCards } from '../ui/stat-card.tsx';
import { CustomerNamesProvider, useCustomerNames } from '../ui/use-customer-names.ts';
import { noSuchSegment } from './no-such-segment.server.ts';
import { pageRequest } from './page-request.server.ts';

const PERIODS = [30, 90, 365, 760] as const;
const EVENTS = 50;

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `History of ${data?.head.name ?? 'a segment'} · Regulars` },
];

export function loader(args: LoaderFunctionArgs) {
  const key = args.params['key'] ?? '';
  const asked = Number(new URL(args.request.url).searchParams.get('days'));
  const days = PERIODS.find((one) => one === asked) ?? 90;
  return pageRequest(args, async ({ app, shopId, settings, now, today }) => {
    const read = await app.db.inShop(shopId, async (tx) => {
      const ruleDay = await readRuleDay(tx, now);
      const head = await readSegmentHead(tx, ruleDay, key);
      if (!head) throw noSuchSegment();
      const { timeZone } = settings;
      return {
        head,
        day: ruleDay.day,
        events: await readSegmentEvents(tx, key, EVENTS),
        growth: await readGrowth(tx, { key, from: addDays(today, -days), today, timeZone }),
      };
    });
    const from = new Date(now.getTime() - days * 86_400_000);
    const performance =
      read.head.status === 'draft'
        ? null
        : await app.db.inShop(shopId, (tx) =>
            readPerformance(tx, read.day, { segmentId: read.head.id, from, to: now }),
          );
    const lift = await app.db.inShop(shopId, (tx) => readLift(tx, read.day, read.head.id));
    const { head, events, growth } = read;
    return {
      head,
      events,
      growth,
      performance,
      lift: lift?.state === 'here' ? { ...lift.value, share: shareText(lift.value.buckets) } : null,
      days,
      currency: settings.currency,
      timeZone: settings.timeZone,
    };
  });
}

export default function History() {
  const { head, events, growth, performance, lift, days, currency, timeZone } =
    useLoaderData<typeof loader>();
  const names = useCustomerNames(events.flatMap(({ customerId }) => customerId ?? []));
  return (
    <SegmentPage head={head} tab="history">
      <InlineStack align="end">
        <ButtonGroup variant="segmented">
          {PERIODS.map((one) => (
            <Button key={one} pressed={one === days} url={`/app/segments/${head.key}/history?days=${one}`}>
              {one === 365 ? '1 year' : one === 760 ? '25 months' : `${one} days`}
            </Button>
          ))}
        </ButtonGroup>
      </InlineStack>
      {head.status === 'draft' && events.length === 0 ? (
        <Card>
          <Text as="p" tone="subdued">
            A draft keeps no members, so it has no history. It begins when the segment is turned on.
          </Text>
        </Card>
      ) : (
        <>
          {performance?.state === 'here' ? (
            <Performance performance={performance.value} currency={currency} days={days} />
          ) : null}
          {lift ? <LiftCard lift={lift} currency={currency} timeZone={timeZone} /> : null}
          {growth.state === 'here' ? (
            <>
              <Card>
                <SizeChart days={growth.value.days} />
              </Card>
              <Card>
                <BlockStack gap="300">
                  <Text as="h2" variant="headingMd">
                    {`${countOf(growth.value.entered, 'customer')} came in, ${countOf(growth.value.left, 'customer')} went out`}
                  </Text>
                  {growth.value.causes.length === 0 ? (
                    <Text as="p" tone="subdued">
                      Nobody moved in this time.
                    </Text>
                  ) : (
                    <NumberTable
                      caption="Who came in and went out, by cause"
                      head={['Because of', 'Came in', 'Went out']}
                      wrap
                      rows={growth.value.causes.map(({ cause, entered, left }) => ({
                        key: cause,
                        head: capital(causeWords(cause)),
                        cells: [formatCount(entered), formatCount(left)],
                      }))}
                    />
                  )}
                </BlockStack>
              </Card>
            </>
          ) : (
            <Card>
              <Text as="p">The size over time took too long to count. Choose a shorter time.</Text>
            </Card>
          )}
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                The last changes
              </Text>
              {events.length === 0 ? (
                <Text as="p" tone="subdued">
                  Nothing yet.
                </Text>
              ) : (
                <CustomerNamesProvider value={names}>
                  <ol className="rg-history">
                    {events.map((event) => (
                      <li key={event.id}>
                        <time dateTime={new Date(event.at).toISOString()}>
                          {formatInstant(event.at, timeZone)}
                        </time>
                        <span>
                          {event.customerId ? (
                            <CustomerName id={event.customerId} link />
                          ) : (
                            countOf(event.customers, 'customer')
                          )}
                          {` ${event.kind}`}
                          <Text as="span" tone="subdued">{` because of: ${causeWords(event.cause)}`}</Text>
                        </span>
                      </li>
                    ))}
                  </ol>
                </CustomerNamesProvider>
              )}
              {events.length >= EVENTS ? (
                <Text as="p" tone="subdued" variant="bodySm">{`The last ${EVENTS} are shown.`}</Text>
              ) : null}
            </BlockStack>
          </Card>
        </>
      )}
    </SegmentPage>
  );
}

function Performance({
  performance: { members, buyers, repeatBuyers, orders, spentMinor, step },
  currency,
  days,
}: {
  performance: {
    members: number;
    buyers: number;
    repeatBuyers: number;
    orders: number;
    spentMinor: string;
    step: number;
  };
  currency: string;
  days: number;
}) {
  const each = averageMinor(spentMinor, members);
  const order = averageMinor(spentMinor, orders);
  return (
    <BlockStack gap="200">
      <Text as="h2" variant="headingMd">
        {`What members bought while they were in it, last ${days} days`}
      </Text>
      <StatCards>
        <StatCard
          label="Members in that time"
          value={formatCount(members)}
          help={`${formatCount(buyers)} of them ordered`}
        />
        <StatCard label="Orders" value={formatCount(orders)} />
        <StatCard label="Spent" value={formatMinor(spentMinor, currency)} help="after refunds" />
        <StatCard
          label="An order"
          value={order === undefined ? '–' : formatMinor(order, currency)}
          help="on average"
        />
        <StatCard
          label="A member"
          value={each === undefined ? '–' : formatMinor(each, currency)}
          help="on average"
        />
        <StatCard
          label="Repeat rate"
          value={formatShare(repeatBuyers, buyers)}
          help={`${formatCount(repeatBuyers)} ordered twice or more`}
        />
      </StatCards>
      {step > 1 ? (
        <Text as="p" tone="subdued" variant="bodySm">
          {`Estimated from about one member in ${formatCount(step)}.`}
        </Text>
      ) : null}
    </BlockStack>
  );
}
