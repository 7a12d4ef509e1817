import type { ShopTx } from '../db/tenancy.server.ts';
import { readShopDay, type ShopDay } from '../history/read-shop-day.server.ts';
import { readCutPointsInForce } from '../value/cut-points.server.ts';
import type { CutPoints } from '../value/cut-points.ts';
import type { RuleContext } from './field.ts';
import type { PrintOptions } from './print-rule.ts';

export interface RuleDay {
  day: ShopDay;
  cutPoints: CutPoints;
  /** What rules are compiled with. */
  context: RuleContext;
  /** What rules are written out with: the numbers in force once there are any. */
  print: PrintOptions;
}

/** Everything that pages need to evaluate and to print rules as of `now`. */
export async function readRuleDay(tx: ShopTx, now: Date): Promise<RuleDay> {
  const day = await readShopDay(tx, now);
  const cutPoints = await readCutPointsInForce(tx, day);
  return {
    day,
    cutPoints,
    context: { today: day.today, timeZone: day.timeZone, cutPoints },
    print: { currency: day.currency, ...(cutPoints.version > 0 ? { cutPoints } : {}) },
  };
}
