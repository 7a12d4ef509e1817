/** Two bars a class: what came is filled, what was expected is an outline, so that they differ without colour. */
import { ChartFrame, type ChartFrameProps } from './chart-frame.tsx';
import { percentOf } from './scale.ts';

export interface BarPair {
  name: string;
  actual: number;
  expected: number;
}

export type PairedBarsProps = Omit<ChartFrameProps, 'children' | 'legend' | 'x' | 'centred'> & {
  pairs: readonly BarPair[];
  names: { actual: string; expected: string };
};

const FILLED = { fill: '#2f9e78' };
const OUTLINED = {
  fill: '#ffffff',
  stroke: '#1f2124',
  strokeWidth: 1.5,
  vectorEffect: 'non-scaling-stroke',
} as const;

export function PairedBars({ pairs, names, ...frame }: PairedBarsProps) {
  const width = 100 / Math.max(1, pairs.length);
  const bar = (value: number, left: number) => {
    const height = percentOf(value, frame.y.max);
    return { x: left, y: 100 - height, width: width * 0.34, height };
  };
  return (
    <ChartFrame
      {...frame}
      centred
      x={pairs.map(({ name }, i) => ({ at: (i + 0.5) * width, text: name }))}
      legend={[
        { name: names.actual, sample: <rect x="6" y="0.5" width="16" height="11" {...FILLED} /> },
        { name: names.expected, sample: <rect x="6" y="1" width="16" height="10" {...OUTLINED} /> },
      ]}
    >
      {pairs.map(({ name, actual, expected }, i) => (
        <g key={name}>
          <rect {...bar(actual, (i + 0.15) * width)} {...FILLED} />
          <rect {...bar(expected, (i + 0.51) * width)} {...OUTLINED} />
        </g>
      ))}
    </ChartFrame>
  );
}
