import { sql } from '../../db/sql.ts';
import type { ShopId } from '../../db/tenancy.server.ts';

/** Tags of an earlier installation stand still until they are removed, or their segment is turned on. */
export const leftoverTags = {
  desired: () => sql`SELECT NULL::bigint AS customer_id, NULL::text AS tag WHERE false`,
  frozen: (shopId: ShopId) => sql`
    SELECT name AS tag FROM leftover
     WHERE shop_id = ${shopId} AND kind = 'tag' AND state IN ('asked', 'adopted')`,
};
