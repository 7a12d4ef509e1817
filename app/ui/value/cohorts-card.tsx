/** Cohorts by month of the first order: who comes back when, and what a customer has spent by then. */
import { BlockStack, Card, Text } from '@shopify/polaris';
import {
  averageCohort,
  groupCohorts,
  type AverageMonth,
  type Cohort,
  type Month,
} from '../../value/cohorts.ts';
import { LineChart, type Line } from '../charts/line-chart.tsx';
import { NumberTable, type NumberCell } from '../charts/number-table.tsx';
import { axisTo, percentOf } from '../charts/scale.ts';
import { countOf, formatCount } from '../format.ts';
import { formatMean, formatMonth, formatMonths, formatPercent } from './value-words.ts';
import { CardHead } from '../card-head.tsx';

interface View {
  title: string;
  help: string;
  yLabel: string;
  /** The figure of one month of one cohort, and of the average. */
  of: (month: { active: number; spentMinor: string }, customers: number) => number;
  ofAverage: (month: AverageMonth) => number;
  /** A round number of an axis, and any number of a table. */
  tick: (value: number) => string;
  text: (value: number) => string;
  /** Month 0 of retention is everybody: it would flatten the rest. */
  from: number;
}

export interface CohortsCardProps {
  cohorts: readonly Cohort[];
  /** The running month. */
  current: Month;
  currency: string;
}

export function CohortsCard({ cohorts, current, currency }: CohortsCardProps) {
  const average = averageCohort(cohorts);
  const views: View[] = [
    {
      title: 'Who comes back',
      help: 'Of the customers who first ordered in a month, the share who ordered again in each month after it.',
      yLabel: 'of the cohort ordered in that month',
      of: ({ active }, customers) => (100 * active) / customers,
      ofAverage: ({ active, customers }) => (100 * active) / customers,
      tick: (value) => `${value} %`,
      text: (value) => formatPercent(value / 100),
      from: 1,
    },
    {
      title: 'What a customer has spent by then',
      help: 'Everything spent by all customers of a cohort up to the end of a month, divided by all of them, after refunds. “All” adds up, month by month, what those who completed the month spent in it.',
      yLabel: 'spent per customer so far',
      of: ({ spentMinor }, customers) => Number(spentMinor) / customers,
      ofAverage: ({ spentPerCustomerMinor }) => spentPerCustomerMinor,
      tick: (value) => formatMean(value, currency).replace(/[.]0+$/, ''),
      text: (value) => formatMean(value, currency),
      from: 0,
    },
  ];
  return (
    <Card>
      <BlockStack gap="600">
        <CardHead title="Cohorts">
          Customers by the month of their first order, and what became of them. Figures of the running month
          are in italics: it is not over, so averages and lines leave it out.
        </CardHead>
        {views.map((view) => (
          <CohortView key={view.title} view={view} cohorts={cohorts} current={current} average={average} />
        ))}
      </BlockStack>
    </Card>
  );
}

function CohortView({
  view,
  cohorts,
  current,
  average,
}: {
  view: View;
  cohorts: readonly Cohort[];
  current: Month;
  average: readonly AverageMonth[];
}) {
  const lines = linesOf(view, cohorts, average, current);
  const months = Math.max(1, ...cohorts.map((cohort) => cohort.months.length)) - 1;
  const y = axisTo(Math.max(0, ...lines.flatMap((line) => line.points.map(([, value]) => value))));
  const last = average.at(-1);
  return (
    <BlockStack gap="300">
      <BlockStack gap="100">
        <Text as="h3" variant="headingSm">
          {view.title}
        </Text>
        <Text as="p" tone="subdued">
          {view.help}
        </Text>
      </BlockStack>
      {average.length - view.from >= 2 && last ? (
        <LineChart
          title={`${view.title}, by months since the first order`}
          description={describe(view, average)}
          y={y}
          formatY={view.tick}
          yLabel={view.yLabel}
          x={ticks(last.index, view.from)}
          xLabel="months since the first order"
          xMax={last.index - view.from}
          lines={lines.map((line) => ({
            ...line,
            points: line.points.map(([x, value]) => [x - view.from, value] as const),
          }))}
          table={{
            caption: `${view.title}: the lines of the chart`,
            head: ['Customers since', ...monthHeads(last.index, view.from)],
            rows: lines.map((line) => ({
              key: line.name,
              head: line.name,
              cells: monthCells(line, last.index, view),
            })),
          }}
        />
      ) : (
        <Text as="p" tone="subdued">
          A chart needs two complete months. The table grows with each.
        </Text>
      )}
      <NumberTable
        caption={`${view.title}, by month of the first order`}
        head={['First order in', 'Customers', ...monthHeads(months, 0)]}
        rows={[
          ...cohorts.map((cohort) => ({
            key: cohort.month ?? 'earlier',
            head: cohort.month === null ? 'Earlier' : formatMonth(cohort.month),
            cells: [formatCount(cohort.customers), ...cells(view, cohort, y.max, months)],
          })),
          ...(average.length > 0 ? [averageRow(view, average, months)] : []),
        ]}
      />
    </BlockStack>
  );
}

function linesOf(
  view: View,
  cohorts: readonly Cohort[],
  average: readonly AverageMonth[],
  current: Month,
): Line[] {
  const all: Line = {
    name: 'All customers',
    look: 0,
    strong: true,
    points: average.slice(view.from).map((one) => [one.index, view.ofAverage(one)] as const),
  };
  const groups = groupCohorts(cohorts, current).map(({ from, to, customers, months }, i): Line => ({
    name: from === null || to === null ? 'Earlier' : formatMonths(from, to),
    look: i + 1,
    points: months.slice(view.from).map((one) => [one.index, view.of(one, customers)] as const),
  }));
  return [all, ...(groups.length > 1 ? groups.filter(({ points }) => points.length > 1).slice(-5) : [])];
}

function cells(view: View, { customers, months }: Cohort, max: number, last: number): NumberCell[] {
  return Array.from({ length: last + 1 }, (_, index) => {
    const month = months[index];
    if (!month) return { text: '' };
    return {
      text: view.text(view.of(month, customers)),
      running: !month.complete,
      ...(index >= view.from ? { shade: percentOf(view.of(month, customers), max) / 100 } : {}),
    };
  });
}

function averageRow(view: View, average: readonly AverageMonth[], last: number) {
  return {
    key: 'all',
    head: 'All',
    strong: true,
    cells: [
      formatCount(average[0]?.customers ?? 0),
      ...Array.from({ length: last + 1 }, (_, index) => {
        const month = average[index];
        return month ? view.text(view.ofAverage(month)) : '';
      }),
    ],
  };
}

function monthCells({ points }: Line, last: number, view: View): string[] {
  const at = new Map(points.map(([x, value]) => [x, value]));
  return Array.from({ length: last + 1 - view.from }, (_, i) => {
    const value = at.get(i + view.from);
    return value === undefined ? '' : view.text(value);
  });
}

function monthHeads(last: number, from: number) {
  return Array.from({ length: last + 1 - from }, (_, i) => (
    <span key={i}>
      <span className="rg-hidden">{i + from === 0 ? 'in the first month: ' : 'after months: '}</span>
      {i + from}
    </span>
  ));
}

/** Every month where there are few, else every third; phones leave out every second of them. */
function ticks(last: number, from: number) {
  const step = last - from <= 12 ? 1 : 3;
  const span = Math.max(1, last - from);
  return Array.from({ length: last + 1 }, (_, index) => index)
    .filter((index) => index === from || (index > from && index % step === 0))
    .map((index, i) => ({ at: percentOf(index - from, span), text: String(index), minor: i % 2 === 1 }));
}

function describe(view: View, average: readonly AverageMonth[]): string {
  const at = (index: number) => {
    const one = average[index];
    return one ? `${view.text(view.ofAverage(one))} after ${countOf(index, 'month')}` : undefined;
  };
  const points = [1, 3, 6, 12, 23].flatMap((index) => at(index) ?? []);
  return `Over all customers whose months are complete: ${points.join(', ')}.`;
}
