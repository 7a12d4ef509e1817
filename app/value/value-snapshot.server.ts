/**
 * What the Value page shows of all orders, counted once a night and kept: at a million customers it takes the database
 * many seconds, and a page may take one. It says as of which day it was counted; another policy, currency or time zone
 * makes it void at once, and the page counts for itself until the next night.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';
import type { LocalDate } from '../local-date.ts';
import { monthOf, type Cohort, type Month } from './cohorts.ts';
import { readCohorts } from './read-cohorts.server.ts';
import { readPredictedTotals, type PredictedTotals } from './read-predicted-totals.server.ts';
import {
  readValueByChannel,
  readValueByFirstProduct,
  type OriginValue,
} from './read-value-by-origin.server.ts';
import { readValueDistribution, type ValueDistribution } from './read-value-distribution.server.ts';

export interface ValueOfOrders {
  /** Counted from the orders up to this day. */
  asOf: LocalDate;
  /** The running month then. */
  current: Month;
  cohorts: Cohort[];
  channels: OriginValue[];
  products: OriginValue[];
}

export interface ValueSnapshot extends ValueOfOrders {
  /** Null without buyers. */
  spread: ValueDistribution | null;
  predicted: PredictedTotals | null;
}

/** Reads every order: seconds in a large store. */
export async function readValueOfOrders(tx: ShopTx, day: ShopDay): Promise<ValueOfOrders> {
  return {
    asOf: day.today,
    current: monthOf(day.today),
    cohorts: await readCohorts(tx, day),
    channels: await readValueByChannel(tx, day),
    products: await readValueByFirstProduct(tx, day),
  };
}

export async function storeValueSnapshot(tx: ShopTx, day: ShopDay): Promise<void> {
  const { asOf, ...orders } = await readValueOfOrders(tx, day);
  const content = {
    ...orders,
    spread: await readValueDistribution(tx),
    predicted: await readPredictedTotals(tx),
  };
  await tx.query(sql`
    INSERT INTO value_snapshot (shop_id, as_of, computed_at, basis, content)
    VALUES (${tx.shopId}, ${asOf}::date, ${day.now}, ${basisOf(day)}, ${JSON.stringify(content)}::jsonb)
    ON CONFLICT (shop_id) DO UPDATE
      SET as_of = excluded.as_of, computed_at = excluded.computed_at, basis = excluded.basis,
          content = excluded.content`);
}

/** Null: there is none, or it was counted by other settings. */
export async function readValueSnapshot(tx: ShopTx, day: ShopDay): Promise<ValueSnapshot | null> {
  const { rows } = await tx.query<{ asOf: LocalDate; content: Omit<ValueSnapshot, 'asOf'> }>(sql`
    SELECT as_of AS "asOf", content FROM value_snapshot
     WHERE shop_id = ${tx.shopId} AND basis = ${basisOf(day)}`);
  const [row] = rows;
  return row ? { asOf: row.asOf, ...row.content } : null;
}

function basisOf({ policy, currency, timeZone }: ShopDay): string {
  return JSON.stringify([currency, timeZone, policy]);
}
