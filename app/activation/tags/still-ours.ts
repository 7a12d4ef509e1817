import { sql } from '../../db/sql.ts';

/**
 * Of `tag_owned o`: ours and in the store as far as we know, so neither removed by hand nor among those that went all at
 * once and wait for a person's word.
 */
export const STILL_OURS = sql`(o.suppressed_at IS NULL AND o.lost_in IS NULL)`;
