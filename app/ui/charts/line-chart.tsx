/** Lines over a number: each has a colour, a dash pattern and a name in the legend, so colour is never alone. */
import { ChartFrame, type ChartFrameProps } from './chart-frame.tsx';
import { percentOf } from './scale.ts';

export interface Line {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
  /** Which of the patterns; the same number looks the same everywhere. */
  look: number;
  /** The one to look at first. */
  strong?: boolean;
  /** Dots at the points, and no line between them. */
  dots?: boolean;
}

/** 3 : 1 against white at least; told apart by their dashes as well. */
const LOOKS = [
  { colour: '#1a7558', dash: undefined },
  { colour: '#1f5199', dash: '7 4' },
  { colour: '#8a4b0f', dash: '2 4' },
  { colour: '#7a2e8a', dash: '10 3 2 3' },
  { colour: '#b3261e', dash: '5 2' },
  { colour: '#4a4a4a', dash: '1 3' },
] as const;

export type LineChartProps = Omit<ChartFrameProps, 'children' | 'legend'> & {
  lines: readonly Line[];
  /** The end of the x axis. */
  xMax: number;
};

export function LineChart({ lines, xMax, ...frame }: LineChartProps) {
  const look = (line: Line) => LOOKS[line.look % LOOKS.length] ?? LOOKS[0];
  return (
    <ChartFrame
      {...frame}
      legend={
        lines.length < 2
          ? []
          : lines.map((line) => ({
              name: line.name,
              sample: line.dots ? (
                <circle cx="14" cy="6" r="4.5" fill={look(line).colour} />
              ) : (
                <line x1="0" x2="28" y1="6" y2="6" {...stroke(line)} />
              ),
            }))
      }
    >
      {lines.map((line) => (
        <path
          key={line.name}
          d={pathOf(line)}
          fill="none"
          vectorEffect="non-scaling-stroke"
          {...stroke(line)}
        />
      ))}
    </ChartFrame>
  );

  function stroke(line: Line) {
    const { colour, dash } = look(line);
    return line.dots
      ? { stroke: colour, strokeWidth: 9, strokeLinecap: 'round' as const }
      : { stroke: colour, strokeDasharray: dash, strokeWidth: line.strong ? 3 : 1.75 };
  }

  /** A dot is a line of no length with a round end: it stays round where the drawing is stretched. */
  function pathOf({ points, dots }: Line): string {
    return points
      .map(([x, y], i) => {
        const at = `${percentOf(x, xMax)} ${100 - percentOf(y, frame.y.max)}`;
        return dots ? `M${at}h0.001` : `${i === 0 ? 'M' : 'L'}${at}`;
      })
      .join('');
  }
}
