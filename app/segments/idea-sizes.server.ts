/**
 * The ideas of a store with their counts. In a large store they are worked out in the background, with the sizes of drafts
 * (draft-sizes.server.ts), and the page shows the last ones with their time.
 */
import { sql } from '../db/sql.ts';
import { AT_ONCE, wakeUnlessDue } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { hasMoreCustomers } from '../history/has-more-customers.server.ts';
import { COUNTED_AT_ONCE } from './draft-sizes.server.ts';
import {
  readIdeas,
  withSegments,
  workOutIdeas,
  type CountedIdea,
  type ShownIdea,
} from './presets-read-ideas.server.ts';

export interface ShownIdeas {
  ideas: ShownIdea[];
  /** Business time; null: just now. */
  countedAt: Date | null;
  /** Nothing was worked out yet: it is, in the background. */
  counting: boolean;
}

const FRESH_MS = 15 * 60_000;
/** In the background nobody waits: as long as a statement of a mass act may take. */
const LIMIT_MS = 240_000;

export async function readShownIdeas(
  tx: ShopTx,
  now: Date,
  { atOnce = COUNTED_AT_ONCE }: { atOnce?: number } = {},
): Promise<ShownIdeas> {
  if (!(await hasMoreCustomers(tx, atOnce))) {
    return { ideas: await readIdeas(tx, now), countedAt: null, counting: false };
  }
  const { rows } = await tx.query<{ at: Date; ideas: CountedIdea[] }>(sql`
    SELECT at, ideas FROM idea_snapshot WHERE shop_id = ${tx.shopId}`);
  const [known] = rows;
  if (!known || now.getTime() - known.at.getTime() > FRESH_MS) {
    await wakeUnlessDue(tx, tx.shopId, 'segment-sizes', AT_ONCE);
  }
  if (!known) return { ideas: [], countedAt: null, counting: true };
  return { ideas: await withSegments(tx, known.ideas), countedAt: known.at, counting: false };
}

/** Works them out and keeps them, where a page would not. @returns how many */
export async function storeIdeas(
  tx: ShopTx,
  now: Date,
  { atOnce = COUNTED_AT_ONCE }: { atOnce?: number } = {},
): Promise<number> {
  if (!(await hasMoreCustomers(tx, atOnce))) return 0;
  const ideas = await workOutIdeas(tx, now, LIMIT_MS);
  await tx.query(sql`
    INSERT INTO idea_snapshot (shop_id, at, ideas) VALUES (${tx.shopId}, ${now}, ${JSON.stringify(ideas)}::jsonb)
    ON CONFLICT (shop_id) DO UPDATE SET at = excluded.at, ideas = excluded.ideas`);
  return ideas.length;
}
