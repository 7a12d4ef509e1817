/** Size over time, one point a day, and the same as a table. */
import { LineChart } from '../charts/line-chart.tsx';
import { axisTo } from '../charts/scale.ts';
import { countOf, formatCount, formatDay } from '../format.ts';

export interface SizeDay {
  day: string;
  size: number;
  entered: number;
  left: number;
}

export function SizeChart({ days }: { days: readonly SizeDay[] }) {
  const last = days.length - 1;
  const [first, now] = [days[0], days[last]];
  if (!first || !now || last < 1) return null;
  const moved = days.filter(({ entered, left }) => entered + left > 0).reverse();
  return (
    <LineChart
      title="Size over time"
      description={`From ${countOf(first.size, 'customer')} on ${formatDay(first.day)} to ${countOf(now.size, 'customer')} on ${formatDay(now.day)}.`}
      y={axisTo(Math.max(...days.map(({ size }) => size)))}
      formatY={formatCount}
      yLabel="customers"
      x={[0, 0.25, 0.5, 0.75, 1].map((share, i) => ({
        at: 100 * share,
        text: formatDay(days[Math.round(share * last)]?.day ?? ''),
        minor: i % 2 === 1,
      }))}
      xLabel=""
      xMax={last}
      lines={[
        { name: 'Customers', look: 0, strong: true, points: days.map(({ size }, i) => [i, size] as const) },
      ]}
      table={{
        caption: 'Days on which somebody came or went',
        head: ['Day', 'Came in', 'Went out', 'Size at its end'],
        rows: moved.map(({ day, entered, left, size }) => ({
          key: day,
          head: formatDay(day),
          cells: [formatCount(entered), formatCount(left), formatCount(size)],
        })),
      }}
    />
  );
}
