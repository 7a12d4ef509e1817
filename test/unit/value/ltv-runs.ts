/** `npm run ltv` on orders that a test writes down. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runLtv } from '../../../scripts/ltv-command.ts';
import { csv, row, withFile, type Row } from '../export/export-file.ts';

export interface Answer {
  input: Record<string, number | string | null>;
  models: Record<
    string,
    { params: Record<string, number> | null; logLikelihood: number; converged: boolean; n?: number }
  >;
  predictedBy: string;
  holdout: {
    days: number;
    byFrequency: { x: number | string; customers: number; actual: number | null }[];
  } | null;
  totals: { expectedOrders: number; expectedValue: number };
  warnings: string[];
}

export async function ltv(rows: readonly Row[] | string | Buffer, ...options: string[]) {
  const content = Array.isArray(rows) ? csv(rows as Row[]) : (rows as string | Buffer);
  return withFile(content, async (file) => {
    const said = { out: '', err: '' };
    const code = await runLtv(['--orders', file, '--customers', 'out.csv', ...options], {
      from: path.dirname(file),
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
    });
    const table = await readFile(path.join(path.dirname(file), 'out.csv'), 'utf8').catch(() => '');
    const [header, ...lines] = table.trimEnd().split('\n');
    const customers = new Map(
      lines.map((line) => [line.split(',')[0] ?? '', line.split(',').slice(1).map(Number)]),
    );
    return { code, ...said, header, customers, answer: (code === 0 ? JSON.parse(said.out) : null) as Answer };
  });
}

let next = 0;
/** An order at noon UTC, `day` days after 2025-01-01. */
export function order(email: string, day: number, total = '50.00', more: Row = {}): Row {
  const at = new Date(Date.UTC(2025, 0, 1 + day, 12)).toISOString();
  next += 1;
  return row({
    Name: `#${next}`,
    Email: email,
    Total: total,
    'Created at': `${at.slice(0, 10)} ${at.slice(11, 19)} +0000`,
    ...more,
  });
}

/** 60 people over 200 days, of whom every third comes back, some of them often. */
export function store(): Row[] {
  return Array.from({ length: 60 }, (_, i) => {
    const first = (i * 3) % 150;
    const orders = [order(`p${i}@x.com`, first, `${20 + (i % 7) * 10}.00`)];
    for (let n = 1; n <= (i % 3 === 0 ? 1 + (i % 5) : 0); n++) {
      orders.push(order(`p${i}@x.com`, first + n * (5 + (i % 11)), `${25 + ((i * n) % 9) * 7}.00`));
    }
    return orders;
  }).flat();
}

export const table = (result: Awaited<ReturnType<typeof ltv>>, email: string) => {
  const [x, tx, T, zbar] = result.customers.get(email) ?? [];
  return { x, tx, T, zbar };
};
