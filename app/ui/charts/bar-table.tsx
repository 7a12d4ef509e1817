/** A table whose rows carry a bar: the chart of a distribution that is its own table, at any width. */
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
    <table className="rg-bars">
      <caption className="rg-hidden">{caption}</caption>
      <thead>
        <tr>
          {head.map((words) => (
            <th key={words} scope="col">
              {words}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} data-strong={row.strong}>
            <th scope="row">{row.name}</th>
            <td className="rg-bar-cell">
              <span
                className="rg-bar"
                aria-hidden="true"
                style={{ '--rg-bar': `${Math.round(row.bar * 1000) / 10}%` } as CSSProperties}
              />
              <span>{row.value}</span>
            </td>
            {row.cells.map((cell, i) => (
              <td key={i}>
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
