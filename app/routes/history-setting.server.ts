/** "Keep it for N months": what a lower number deletes is said before it is saved. */
import type { AppContext } from '../context.server.ts';
import type { ShopId } from '../db/tenancy.server.ts';
import { withinLimit } from '../segments/analysis/within-limit.server.ts';
import {
  firstKept,
  HISTORY_BOUNDS,
  reviewHistoryMonths,
  storeHistoryMonths,
} from '../segments/keep-history.server.ts';
import type { LookedHistory } from '../ui/settings/history-section.tsx';

const COUNT_LIMIT_MS = 3_000;

export type HistoryAnswer =
  | { outcome: 'refused'; message: string }
  | { outcome: 'looked'; history: LookedHistory }
  | { outcome: 'saved' };

/** @param look only say what it would delete; when that is nothing it is saved at once */
export async function setHistory(
  app: Pick<AppContext, 'db' | 'log'>,
  shopId: ShopId,
  { given, look, now }: { given: string; look: boolean; now: Date },
): Promise<HistoryAnswer> {
  const { least, most } = HISTORY_BOUNDS;
  const months = Number(given.trim());
  if (!/^\d{1,3}$/.test(given.trim()) || months < least || months > most) {
    return { outcome: 'refused', message: `Enter a whole number from ${least} to ${most}.` };
  }
  return app.db.inShop(shopId, async (tx): Promise<HistoryAnswer> => {
    if (look) {
      const counted = await withinLimit(tx, COUNT_LIMIT_MS, () => reviewHistoryMonths(tx, months, now));
      const deleted = counted.state === 'here' ? counted.value : null;
      if (deleted !== 0) {
        return { outcome: 'looked', history: { months, from: firstKept(now, months), deleted } };
      }
    }
    await storeHistoryMonths(tx, months);
    app.log.info({ shopId, months }, 'how long history is kept was set');
    return { outcome: 'saved' };
  });
}
