import type { ShopTx } from '../db/tenancy.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { queueAgedMetafields } from './metafields/queue-metafields.server.ts';
import { wakeNativeSegments } from './native-segments/wake-native-segments.server.ts';
import { queueRefusedRemovals } from './tags/queue-refused-removals.server.ts';

/**
 * Each night: life-cycle groups that changed with the day, tags that Shopify did not take off, and Shopify's segments
 * compared with ours.
 */
export async function wakeNightlyReach(tx: ShopTx, now: Date): Promise<void> {
  const { day, cutPoints } = await readRuleDay(tx, now);
  await queueAgedMetafields(tx, { rhythmDays: cutPoints.rhythmDays, today: day.today, now });
  await queueRefusedRemovals(tx, now);
  await wakeNativeSegments(tx);
}
