import { sql } from '../../db/sql.ts';

/**
 * Of `offer_holder h`: they hold it, or it ended for good (used, taken, excluded), so they get it no second time. Who
 * left its segment and comes back does.
 */
export const HELD_OR_OVER_FOR_GOOD = sql`(h.ended_at IS NULL OR h.end_cause NOT IN ('left', 'lapsed'))`;
