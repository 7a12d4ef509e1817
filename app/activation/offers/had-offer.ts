import { sql } from '../../db/sql.ts';

/**
 * Of `offer_holder h`: they hold it, or it is over for them for good (used, taken by hand, excluded from the segment,
 * gone from the store, ended with the offer), so they get it no second time. Who left its segment, with days to keep it
 * (`lapsed`) or without (`left`), and comes back does.
 */
export const HELD_OR_OVER_FOR_GOOD = sql`(h.ended_at IS NULL OR h.end_cause NOT IN ('left', 'lapsed'))`;
