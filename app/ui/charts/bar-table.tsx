/**
 * A table whose rows carry a bar: the chart of a distribution that is its own table, at any width. The roles are
 * written out because a phone's style sheet lays the rows out as blocks, which would take them away.
 */
import type { CSSProperties, ReactNode } from 'react';

export interface BarTableProps {
  caption: string;
  /** The first is over the names, the second over the bars and their numbers. */
  head: readonly string[];
  rows: readonly {
    key: string;
    name: ReactNode;
    /** Length of the bar: a share of the longest, 0 to 1. */
    bar: number;
    value: string;
    /** Further columns. */
    cells: readonly string[];
    strong?: boolean;
  }[];
}

export function BarTable({ caption, head, rows }: BarTableProps) {
  return (
    <table className="rg-bars" role="table">
      <caption className="rg-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {head.map((words) => (
            <th key={words} scope="col" role="columnheader">
              {words}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={row.key} role="row" data-strong={row.strong}>
            <th scope="row" role="rowheader">
              {row.name}
            </th>
            <td className="rg-bar-cell" role="cell">
              <span
                className="rg-bar"
                aria-hidden="true"
                style={{ '--rg-bar': `${Math.round(row.bar * 1000) / 10}%` } as CSSProperties}
              />
              <span>{row.value}</span>
            </td>
            {row.cells.map((cell, i) => (
              <td key={i} role="cell">
                <span className="rg-bar-head" aria-hidden="true">
                  {head[i + 2]}
                </span>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
