/** Size over time, and who entered and left for which cause, over the days of a period. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { LocalDate } from '../../local-date.ts';
import { addDays, startOfDay } from '../../local-date.ts';
import { readSegmentHistory } from '../read-segment-history.server.ts';
import { withinLimit, type Timed } from './within-limit.server.ts';
import { byCause, sizeOverTime, type CauseTotal, type Moves, type SizeOfDay } from './size-over-time.ts';

export interface Growth {
  /** One a day, oldest first. */
  days: SizeOfDay[];
  causes: CauseTotal[];
  entered: number;
  left: number;
}

const LIMIT_MS = 10_000;

/** Of a segment that keeps members. The history reaches back 25 months and no further. */
export async function readGrowth(
  tx: ShopTx,
  period: { key: string; from: LocalDate; today: LocalDate; timeZone: string },
): Promise<Timed<Growth>> {
  const { key, from, today, timeZone } = period;
  return withinLimit(tx, LIMIT_MS, async () => {
    const moved = await readSegmentHistory(tx, {
      key,
      from: startOfDay(from, timeZone),
      to: startOfDay(addDays(today, 1), timeZone),
      timeZone,
    });
    const { rows } = await tx.query<{ size: number }>(sql`
      SELECT count(*)::int AS size FROM membership m JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id
       WHERE m.shop_id = ${tx.shopId} AND s.key = ${key}`);
    const days = new Map<LocalDate, Moves>();
    for (const { day, kind, customers } of moved) {
      const move = days.get(day) ?? { day, entered: 0, left: 0 };
      move[kind] += customers;
      days.set(day, move);
    }
    const causes = byCause(moved);
    return {
      days: sizeOverTime(rows[0]?.size ?? 0, [...days.values()], from, today),
      causes,
      entered: causes.reduce((sum, one) => sum + one.entered, 0),
      left: causes.reduce((sum, one) => sum + one.left, 0),
    };
  });
}
