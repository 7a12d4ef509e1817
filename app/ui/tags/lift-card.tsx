/** What the segment's tag changes: who got it against the control group, with the interval of each difference. */
import { BlockStack, Card, Text } from '@shopify/polaris';
import { CardHead } from '../card-head.tsx';
import { NumberTable } from '../charts/number-table.tsx';
import { averageMinor, countOf, formatCount, formatInstant, formatMinor, formatShare } from '../format.ts';

interface Side {
  people: number;
  buyers: number;
  orders: number;
  spentMinor: string;
}
interface Interval {
  from: number;
  to: number;
}

export interface LiftShown {
  /** "10" */
  share: string;
  since: Date | string;
  endedAt: Date | string | null;
  given: Side;
  control: Side;
  ordered: { difference: Interval | null; clear: boolean };
  spent: { difference: Interval | null; clear: boolean };
}

export function LiftCard({
  lift,
  currency,
  timeZone,
}: {
  lift: LiftShown;
  currency: string;
  timeZone: string;
}) {
  const { given, control, ordered, spent } = lift;
  const each = (side: Side) => {
    const mean = averageMinor(side.spentMinor, side.people);
    return mean === undefined ? '–' : formatMinor(mean, currency);
  };
  const cells = (side: Side) => [
    formatCount(side.people),
    formatShare(side.buyers, side.people),
    formatCount(side.orders),
    each(side),
  ];
  return (
    <Card>
      <BlockStack gap="300">
        <CardHead title="What the segment changes">
          {`Who came in since ${formatInstant(lift.since, timeZone)}${lift.endedAt ? `, until ${formatInstant(lift.endedAt, timeZone)}` : ''}: ${lift.share} % were drawn as control group and got nothing. Everybody counts on the side they were drawn for, from the moment they came in, whether they are still in or not.`}
        </CardHead>
        <NumberTable
          caption="Those who got the tag and the control group"
          head={['', 'Customers', 'Ordered', 'Orders', 'Spent a customer']}
          rows={[
            { key: 'given', head: 'Got the tag', cells: cells(given) },
            { key: 'control', head: 'Control group', cells: cells(control) },
          ]}
        />
        <Text as="p">{orderedWords(ordered)}</Text>
        <Text as="p">{spentWords(spent, currency)}</Text>
        {control.people === 0 || given.people === 0 ? (
          <Text as="p" tone="subdued">
            {`${countOf(given.people + control.people, 'customer')} came in so far: there is nothing to compare yet.`}
          </Text>
        ) : null}
      </BlockStack>
    </Card>
  );
}

function orderedWords({ difference, clear }: LiftShown['ordered']): string {
  if (difference === null) return 'Ordered: not to be said yet.';
  const [from, to] = [points(difference.from), points(difference.to)];
  return `Ordered: the difference is between ${from} and ${to} percentage points (95 %). ${verdict(clear, difference)}`;
}

function spentWords({ difference, clear }: LiftShown['spent'], currency: string): string {
  if (difference === null) return 'Spent a customer: it takes ten customers on each side to say.';
  const amount = (minor: number) => {
    const text = formatMinor(String(Math.abs(Math.round(minor))), currency);
    return `${Math.round(minor) < 0 ? '−' : '+'}${text}`;
  };
  return `Spent a customer: the difference is between ${amount(difference.from)} and ${amount(difference.to)} (95 %). ${verdict(clear, difference)}`;
}

const points = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)}`;

function verdict(clear: boolean, { from }: Interval): string {
  if (!clear) return 'It may be chance.';
  return from > 0 ? 'More with the tag than chance explains.' : 'Less with the tag than chance explains.';
}
