/**
 * What every chart has around its marks: a heading, a legend, axes, and the same numbers as a table. The marks are an
 * SVG that stretches to its place (lines keep their width), the words are HTML: so text has the size of the page's
 * text at any width, and the server draws the whole chart without knowing the width.
 *
 * To a screen reader a chart is one picture with a title and a description; the table says the rest.
 */
import { useId, type CSSProperties, type ReactNode } from 'react';
import { NumberTable, type NumberTableProps } from './number-table.tsx';
import { percentOf, type Axis } from './scale.ts';

export interface AxisLabel {
  /** Percent from the beginning of the axis. */
  at: number;
  text: string;
  /** Left out where there is little room. */
  minor?: boolean;
}

export interface ChartFrameProps {
  title: string;
  /** What the picture shows, in one or two sentences. */
  description: string;
  y: Axis;
  formatY: (value: number) => string;
  /** What is counted upwards. */
  yLabel: string;
  x: readonly AxisLabel[];
  xLabel: string;
  /** Centred under bars; at the ends of a line chart labels stay inside. */
  centred?: boolean;
  legend: readonly { name: string; sample: ReactNode }[];
  table: NumberTableProps;
  /** SVG in a square of 100 by 100, y downwards. */
  children: ReactNode;
}

export function ChartFrame(props: ChartFrameProps) {
  const id = useId();
  const { title, description, y, formatY, yLabel, x, xLabel, centred, legend, table, children } = props;
  const labels = y.ticks.map(formatY);
  const left = Math.max(...labels.map((label) => label.length));
  return (
    <figure className="rg-chart" aria-labelledby={`${id}caption`}>
      <figcaption id={`${id}caption`} className="rg-chart-title">
        {title}
      </figcaption>
      {legend.length > 0 ? (
        <ul className="rg-chart-legend" aria-hidden="true">
          {legend.map(({ name, sample }) => (
            <li key={name}>
              <svg viewBox="0 0 28 12" width="28" height="12">
                {sample}
              </svg>
              {name}
            </li>
          ))}
        </ul>
      ) : null}
      <div className="rg-chart-grid" style={{ '--rg-chart-left': `${left * 0.56 + 0.6}em` } as CSSProperties}>
        <span className="rg-chart-y-label" aria-hidden="true">
          {yLabel}
        </span>
        <div className="rg-chart-y" aria-hidden="true">
          {y.ticks.map((tick, i) => (
            <span key={tick} style={{ bottom: `${percentOf(tick, y.max)}%` }}>
              {labels[i]}
            </span>
          ))}
        </div>
        <svg
          className="rg-chart-plot"
          role="img"
          aria-labelledby={`${id}title`}
          aria-describedby={`${id}desc`}
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
        >
          <title id={`${id}title`}>{title}</title>
          <desc id={`${id}desc`}>{description}</desc>
          {y.ticks.map((tick) => (
            <line
              key={tick}
              className={tick === 0 ? 'rg-chart-base' : 'rg-chart-rule'}
              x1="0"
              x2="100"
              y1={100 - percentOf(tick, y.max)}
              y2={100 - percentOf(tick, y.max)}
            />
          ))}
          {children}
        </svg>
        <div className="rg-chart-x" aria-hidden="true" data-centred={centred}>
          {x.map(({ at, text, minor }) => (
            <span
              key={at}
              data-minor={minor}
              data-edge={centred ? undefined : at === 0 ? 'start' : at === 100 ? 'end' : undefined}
              style={{ left: `${at}%` }}
            >
              {text}
            </span>
          ))}
        </div>
        <span className="rg-chart-x-label" aria-hidden="true">
          {xLabel}
        </span>
      </div>
      <details className="rg-chart-numbers">
        <summary>
          Numbers of this chart<span className="rg-hidden">: {title}</span>
        </summary>
        <NumberTable {...table} />
      </details>
    </figure>
  );
}
