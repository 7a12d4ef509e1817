/**
 * How good the predictions would have been: the model, fitted up to a day, against what happened after it, and
 * against two forecasts that need no model.
 */
import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';
import type { BackTest } from '../../value/models/back-test.ts';
import type { DecileRow } from '../../value/models/calibration-deciles.ts';
import type { CumulativePoint } from '../../value/models/cumulative-orders.ts';
import type { ForecastErrors } from '../../value/models/forecast-errors.ts';
import { dateOfDay } from '../../value/models/purchase-history.ts';
import { LineChart } from '../charts/line-chart.tsx';
import { NumberTable } from '../charts/number-table.tsx';
import { PairedBars } from '../charts/paired-bars.tsx';
import { axisTo, percentOf } from '../charts/scale.ts';
import { countOf, formatCount, formatDay } from '../format.ts';
import { formatNumber, formatPercent, frequencyName } from './value-words.ts';

export function BackTestCard({
  holdout,
  deciles = [],
  cumulative,
}: {
  holdout: BackTest | null;
  deciles?: readonly DecileRow[];
  cumulative: readonly CumulativePoint[];
}) {
  return (
    <Card>
      <BlockStack gap="600">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Tested on your own past
          </Text>
          <Text as="p">{holdout ? verdict(holdout) : NO_TEST}</Text>
        </BlockStack>
        {holdout ? (
          <>
            <Errors holdout={holdout} />
            <InlineGrid columns={{ xs: 1, md: 2 }} gap="600">
              <ByFrequency holdout={holdout} />
              <Calibration holdout={holdout} />
            </InlineGrid>
            {deciles.length > 0 ? <Deciles rows={deciles} /> : null}
          </>
        ) : null}
        {cumulative.length > 1 ? <Cumulative points={cumulative} /> : null}
      </BlockStack>
    </Card>
  );
}

const NO_TEST =
  'There is no back-test: the first two thirds of your store’s time hold too few customers or repeat orders to fit a model to. It comes by itself as your store grows.';

function verdict(holdout: BackTest): string {
  const total = (of: 'actual' | 'expected') =>
    holdout.byFrequency.reduce((sum, row) => sum + row.customers * (row[of] ?? 0), 0);
  const [actual, expected] = [total('actual'), total('expected')];
  const customers = holdout.byFrequency.reduce((sum, row) => sum + row.customers, 0);
  const off = actual > 0 ? expected / actual - 1 : null;
  const said =
    off === null
      ? ''
      : Math.abs(off) < 0.005
        ? ', as many as came'
        : `, ${formatPercent(Math.abs(off))} ${off > 0 ? 'more' : 'fewer'} than came`;
  return `The model was fitted to everything but the last ${countOf(holdout.days, 'day')} and asked about those: of ${countOf(customers, 'customer')} it expected ${formatCount(Math.round(expected))} repeat orders${said}. In fact there were ${formatCount(Math.round(actual))}.`;
}

const COLUMNS = [
  { key: 'mae', name: 'Mean error (MAE)', better: 'low' },
  { key: 'rmse', name: 'Root mean square error (RMSE)', better: 'low' },
  { key: 'bias', name: 'Bias', better: 'zero' },
  { key: 'topDecileCapture', name: 'Orders found in the top tenth', better: 'high' },
] as const;

function Errors({ holdout }: { holdout: BackTest }) {
  const rows: { key: string; head: string; errors: ForecastErrors }[] = [
    { key: 'model', head: 'The model', errors: holdout },
    { key: 'rate', head: 'Same rate as before', errors: holdout.baselines.sameRate },
    { key: 'class', head: 'Mean of the frequency class', errors: holdout.baselines.frequencyClassMean },
  ];
  const best = COLUMNS.map(({ key, better }) => {
    const sizes = rows.map(({ errors }) => errors[key] ?? NaN);
    return better === 'high' ? Math.max(...sizes) : Math.min(...sizes.map(Math.abs));
  });
  return (
    <BlockStack gap="200">
      <NumberTable
        caption="Errors of the model and of two rules of thumb"
        wrap
        head={['Forecast by', ...COLUMNS.map(({ name }) => name)]}
        rows={rows.map(({ key, head, errors }) => ({
          key,
          head,
          strong: key === 'model',
          cells: COLUMNS.map((column, i) => {
            const value = errors[column.key];
            if (value === null) return '–';
            const text = column.better === 'high' ? formatPercent(value) : formatNumber(value);
            return Math.abs(Math.abs(value) - (best[i] ?? NaN)) < 1e-12 ? `${text} (best)` : text;
          }),
        }))}
      />
      <Text as="p" tone="subdued" variant="bodySm">
        Errors are in orders per customer, counted in days with an order. A bias above 0 means that too many
        were expected. The last column is the share of all repeat orders that came from the tenth of customers
        who were expected to order most. If a rule of thumb is better, believe it.
      </Text>
    </BlockStack>
  );
}

function ByFrequency({ holdout }: { holdout: BackTest }) {
  const rows = holdout.byFrequency.filter(({ customers }) => customers > 0);
  const pairs = rows.map(({ x, actual, expected }) => ({
    name: String(x),
    actual: actual ?? 0,
    expected: expected ?? 0,
  }));
  return (
    <PairedBars
      title="Expected against actual, by repeat orders before"
      description={`Mean repeat orders of a customer in the ${holdout.days} days of the test. ${rows
        .map(
          ({ x, actual, expected }) =>
            `${frequencyName(x)} before: ${formatNumber(actual ?? 0, 2)} came, ${formatNumber(expected ?? 0, 2)} expected`,
        )
        .join('; ')}.`}
      y={axisTo(Math.max(0, ...pairs.flatMap(({ actual, expected }) => [actual, expected])))}
      formatY={String}
      yLabel="orders per customer in the test"
      xLabel="repeat orders before the test"
      pairs={pairs}
      names={{ actual: 'Came', expected: 'Expected' }}
      table={{
        caption: 'Expected against actual, by repeat orders before',
        head: ['Repeat orders before', 'Customers', 'Came', 'Expected'],
        rows: rows.map(({ x, customers, actual, expected }) => ({
          key: String(x),
          head: frequencyName(x),
          cells: [formatCount(customers), formatNumber(actual ?? 0), formatNumber(expected ?? 0)],
        })),
      }}
    />
  );
}

function Calibration({ holdout }: { holdout: BackTest }) {
  const points = holdout.byFrequency.flatMap(({ x, customers, actual, expected }) =>
    customers > 0 && actual !== null && expected !== null ? [{ x, customers, actual, expected }] : [],
  );
  const axis = axisTo(Math.max(0, ...points.flatMap(({ actual, expected }) => [actual, expected])));
  const above = points.filter(({ actual, expected }) => actual > expected).length;
  return (
    <LineChart
      title="Calibration"
      description={`One dot for each class of customers: orders expected across, orders that came upwards. On the line the two are equal. ${above} of ${points.length} classes ordered more than expected.`}
      y={axis}
      formatY={String}
      yLabel="orders that came, per customer"
      x={axis.ticks.map((tick, i) => ({
        at: percentOf(tick, axis.max),
        text: String(tick),
        minor: i % 2 === 1 && axis.ticks.length > 4,
      }))}
      xLabel="orders expected, per customer"
      xMax={axis.max}
      lines={[
        { name: 'As expected', look: 5, points: [[0, 0], [axis.max, axis.max]] },
        {
          name: 'A class of customers',
          look: 0,
          dots: true,
          points: points.map(({ expected, actual }) => [expected, actual] as const),
        },
      ]} // prettier-ignore
      table={{
        caption: 'Calibration',
        head: ['Repeat orders before', 'Expected', 'Came', 'Came for each expected'],
        rows: points.map(({ x, actual, expected }) => ({
          key: String(x),
          head: frequencyName(x),
          cells: [
            formatNumber(expected),
            formatNumber(actual),
            expected > 0 ? formatNumber(actual / expected, 2) : '–',
          ],
        })),
      }}
    />
  );
}

function Deciles({ rows }: { rows: readonly DecileRow[] }) {
  const most = rows.at(-1);
  return (
    <PairedBars
      title="Expected against actual, by what was expected"
      description={`Customers in ten equal parts, from those of whom fewest orders were expected to those of whom most were. Mean repeat orders in the test. ${rows
        .map(
          ({ decile, actual, expected }) =>
            `Part ${decile}: ${formatNumber(actual, 2)} came, ${formatNumber(expected, 2)} expected`,
        )
        .join('; ')}.`}
      y={axisTo(Math.max(0, ...rows.flatMap(({ actual, expected }) => [actual, expected])))}
      formatY={String}
      yLabel="orders per customer in the test"
      xLabel={`tenths of customers, by orders expected${most ? ` (up to ${formatNumber(most.expected, 2)})` : ''}`}
      pairs={rows.map(({ decile, actual, expected }) => ({ name: String(decile), actual, expected }))}
      names={{ actual: 'Came', expected: 'Expected' }}
      table={{
        caption: 'Expected against actual, by what was expected',
        head: ['Tenth', 'Customers', 'Came', 'Expected'],
        rows: rows.map(({ decile, customers, actual, expected }) => ({
          key: String(decile),
          head: String(decile),
          cells: [formatCount(Math.round(customers)), formatNumber(actual), formatNumber(expected)],
        })),
      }}
    />
  );
}

function Cumulative({ points }: { points: readonly CumulativePoint[] }) {
  const from = points[0]?.day ?? 0;
  const last = points.at(-1);
  const span = Math.max(1, (last?.day ?? 1) - from);
  const day = (point: CumulativePoint) => formatDay(dateOfDay(point.day));
  return (
    <LineChart
      title="Repeat orders of all customers, added up"
      description={
        last
          ? `Up to ${day(last)} there were ${formatCount(Math.round(last.actual))} repeat orders; the model, fitted to the same time, expects ${formatCount(Math.round(last.expected))}.`
          : ''
      }
      y={axisTo(Math.max(0, ...points.flatMap(({ actual, expected }) => [actual, expected])))}
      formatY={formatCount}
      yLabel="repeat orders so far"
      x={[0, 0.25, 0.5, 0.75, 1].map((share, i) => ({
        at: 100 * share,
        text: formatDay(dateOfDay(Math.round(from + share * span) as CumulativePoint['day'])),
        minor: i % 2 === 1,
      }))}
      xLabel=""
      xMax={span}
      lines={[
        {
          name: 'Came',
          look: 0,
          strong: true,
          points: points.map((point) => [point.day - from, point.actual] as const),
        },
        {
          name: 'Expected',
          look: 5,
          points: points.map((point) => [point.day - from, point.expected] as const),
        },
      ]}
      table={{
        caption: 'Repeat orders of all customers, added up',
        head: ['Up to', 'Came', 'Expected'],
        rows: points.map((point) => ({
          key: String(point.day),
          head: day(point),
          cells: [formatCount(point.actual), formatCount(Math.round(point.expected))],
        })),
      }}
    />
  );
}
