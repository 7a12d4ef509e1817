import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { readShopDay, type ShopDay } from '../history/read-shop-day.server.ts';
import { readCutPointsInForce } from '../value/cut-points.server.ts';
import type { CutPoints } from '../value/cut-points.ts';
import { readPredictionsInForce } from '../value/read-predictions-in-force.server.ts';
import type { RuleContext } from './field.ts';
import type { PrintOptions } from './print-rule.ts';

export interface RuleDay {
  day: ShopDay;
  cutPoints: CutPoints;
  /** Version of the fit that segments may rest on; null: prediction fields are not available. */
  predictions: number | null;
  /** What rules are compiled with. */
  context: RuleContext;
  /** What rules are written out with: the numbers in force once there are any. */
  print: PrintOptions;
}

/** Everything that pages need to evaluate and to print rules as of `now`. */
export async function readRuleDay(tx: ShopTx, now: Date): Promise<RuleDay> {
  const day = await readShopDay(tx, now);
  const cutPoints = await readCutPointsInForce(tx, day);
  const predictions = await readPredictionsInForce(tx, day.currency);
  return {
    day,
    cutPoints,
    predictions,
    context: {
      today: day.today,
      timeZone: day.timeZone,
      currency: day.currency,
      policy: day.policy,
      salt: await readSalt(tx),
      cutPoints,
    },
    print: {
      currency: day.currency,
      predictions: predictions !== null,
      ...(cutPoints.version > 0 ? { cutPoints } : {}),
    },
  };
}

/** The shop's salt, for draws that must not change. */
export async function readSalt(tx: ShopTx): Promise<string> {
  const { rows } = await tx.query<{ salt: string }>(
    sql`SELECT salt FROM shop_settings WHERE shop_id = ${tx.shopId}`,
  );
  return rows[0]?.salt ?? '';
}
