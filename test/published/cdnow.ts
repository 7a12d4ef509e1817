/**
 * The public CDNOW sample (Fader, Hardie and Lee), as a Shopify order export. The file is not part of the project:
 * it is looked for beside it, or where CDNOW_ORDERS says. Tests that need it name it in their title and are
 * reported as skipped where it is absent.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';
import { readCountedOrders } from '../../scripts/ltv-orders.ts';
import { dayNumberOf, summarise, type PurchaseSummary } from '../../app/value/models/purchase-history.ts';
import type { LocalDate } from '../../app/local-date.ts';
import { groupCustomers, type GroupedCustomers } from '../../app/value/models/grouped-customers.ts';

const FILE = 'cdnow.orders_export.csv.gz';

export const CDNOW =
  [process.env['CDNOW_ORDERS'], path.resolve(import.meta.dirname, '../../../shared/data', FILE)].find(
    (file) => file !== undefined && existsSync(file),
  ) ?? null;

/** A test that needs the file. */
export const testOnCdnow = (title: string, run: () => void | Promise<void>, timeout?: number) =>
  test.skipIf(CDNOW === null)(`${title}${CDNOW === null ? ` [needs ${FILE}]` : ''}`, run, timeout);

export const CALIBRATION_END = dayNumberOf('1997-09-30' as LocalDate);

/** All customers, zero orders counted, as of 1997-09-30. */
export async function readCalibration(): Promise<PurchaseSummary[]> {
  const { customers } = await readCountedOrders(CDNOW as string, { timeZone: 'UTC', countZeroOrders: true });
  return customers.map(({ purchases }) => summarise(purchases, CALIBRATION_END) as PurchaseSummary);
}

/** In weeks from whole days. */
export function weekly(summaries: readonly PurchaseSummary[]): GroupedCustomers {
  return groupCustomers(
    {
      x: summaries.map((one) => one.x),
      txDays: summaries.map((one) => one.txDays),
      TDays: summaries.map((one) => one.TDays),
    },
    'week',
  ).groups;
}

/** In weeks at two decimals, as the published summary has them. (Grouped in "days", which here are weeks.) */
export function publishedSummary(summaries: readonly PurchaseSummary[]): GroupedCustomers {
  const weeks = (days: number) => Math.round((days / 7) * 100) / 100;
  return groupCustomers(
    {
      x: summaries.map((one) => one.x),
      txDays: summaries.map((one) => weeks(one.txDays)),
      TDays: summaries.map((one) => weeks(one.TDays)),
    },
    'day',
  ).groups;
}
