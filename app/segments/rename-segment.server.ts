import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { loadSegment } from './load-segments.server.ts';
import { readTakenNames } from './read-taken-names.server.ts';
import { checkNames, type NameFault } from './segment-names.ts';

export type RenamedSegment =
  | { outcome: 'done' }
  | { outcome: 'invalid'; faults: NameFault[] }
  /** Its tag is in the store: it is turned off before the tag is changed. */
  | { outcome: 'tag_in_use' }
  | { outcome: 'unknown' };

/**
 * Another name at any time; another tag while the segment is a draft. The key stays: rules and links name it. With the
 * shop's lock held, so that no tag is changed of a segment that is turned on meanwhile.
 */
export async function renameSegment(
  tx: ShopTx,
  { key, name, tag }: { key: string; name: string; tag?: string },
): Promise<RenamedSegment> {
  await waitForShop(tx, tx.shopId);
  const segment = await loadSegment(tx, key);
  if (!segment) return { outcome: 'unknown' };
  const newTag = tag ?? segment.tagName;
  // A preset's tag may be older than the rules for new ones: what stays as it is is not looked at.
  const faults = checkNames({ key, name, tag: newTag }, await readTakenNames(tx, key)).filter(
    ({ path }) => path === 'name' || (path === 'tag' && newTag !== segment.tagName),
  );
  if (faults.length > 0) return { outcome: 'invalid', faults };
  const { rowCount } = await tx.query(sql`
    UPDATE segment SET name = ${name.trim()}, tag_name = ${newTag}
     WHERE shop_id = ${tx.shopId} AND key = ${key} AND (status = 'draft' OR tag_name = ${newTag})`);
  return { outcome: rowCount === 1 ? 'done' : 'tag_in_use' };
}
