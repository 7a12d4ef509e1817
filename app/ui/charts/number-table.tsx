/** A table of numbers that scrolls sideways by itself where it is wider than its place, by keyboard too. */
import type { CSSProperties, ReactNode } from 'react';

export interface NumberCell {
  text: ReactNode;
  /** 0 to 1: how dark; it says the same as the number. */
  shade?: number;
  /** Written in italics: of a month that is not over. */
  running?: boolean;
}

export interface NumberTableProps {
  caption: string;
  head: readonly ReactNode[];
  /** Words may go on the next line: for few columns, so that a phone needs no scrolling. */
  wrap?: boolean;
  rows: readonly {
    key: string;
    head: ReactNode;
    cells: readonly (NumberCell | string)[];
    strong?: boolean;
  }[];
}

export function NumberTable({ caption, head, wrap, rows }: NumberTableProps) {
  return (
    // A region that scrolls must be reachable by keyboard.
    <div className="rg-scroll" role="region" aria-label={caption} tabIndex={0}>
      <table className="rg-numbers" data-wrap={wrap}>
        <caption className="rg-hidden">{caption}</caption>
        <thead>
          <tr>
            {head.map((words, i) => (
              <th key={i} scope="col">
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} data-strong={row.strong}>
              <th scope="row">{row.head}</th>
              {row.cells.map((cell, i) => {
                const { text, shade, running }: NumberCell = typeof cell === 'string' ? { text: cell } : cell;
                return (
                  <td
                    key={i}
                    data-running={running}
                    style={
                      shade === undefined
                        ? undefined
                        : ({ '--rg-shade': `${Math.round(shade * 45)}%` } as CSSProperties)
                    }
                  >
                    {text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
