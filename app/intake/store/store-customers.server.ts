/**
 * incoming_customer -> customer. Each group is taken when its stamp is later than the stored one; a delete
 * wins for ever and leaves an empty row. Rows of merged and of redacted customers are passed over: the merge
 * itself had the kept customer read again.
 */
import { raw, sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../facts.ts';
import {
  anyOf,
  columnList,
  contradicts,
  later,
  moves,
  rowsOfRound,
  setGroups,
  type FieldGroup,
} from './field-groups.server.ts';
import { dropUnpicked, storeMetafields } from './store-metafields.server.ts';

const CONSENT_GROUPS: readonly FieldGroup[] = [
  { stamp: 'email_consent_stamp', columns: ['email_consent'] },
  { stamp: 'sms_consent_stamp', columns: ['sms_consent'] },
];

const EDIT_GROUPS: readonly FieldGroup[] = [
  { stamp: 'core_stamp', columns: ['created_at', 'updated_at', 'state', 'verified_email'] },
  { stamp: 'locale_stamp', columns: ['locale'] },
  { stamp: 'address_stamp', columns: ['country_code', 'province_code', 'city'] },
  { stamp: 'shopify_totals_stamp', columns: ['shopify_orders', 'shopify_spent_minor'] },
  {
    stamp: 'shopify_rfm_stamp',
    columns: ['shopify_rfm_group', 'shopify_spend_tier', 'subscriber_status'],
  },
  { stamp: 'tags_stamp', columns: ['tags'] },
  { stamp: 'zip_stamp', columns: ['zip'] },
];

const GROUPS = [...EDIT_GROUPS, ...CONSENT_GROUPS];
const COLUMNS = GROUPS.flatMap((group) => [...group.columns, group.stamp]);

export interface CustomerEffect {
  id: ShopifyId;
  /** Null: nothing that anybody could see has changed. */
  cause: 'edit' | 'consent' | null;
  /** Same times, other content. */
  conflict: boolean;
}

export async function storeCustomers(tx: ShopTx): Promise<CustomerEffect[]> {
  const { rows } = await tx.query<{ rounds: number }>(sql`
    SELECT coalesce(max(n), 0)::int AS rounds
      FROM (SELECT count(*) AS n FROM incoming_customer GROUP BY id) AS counted`);
  const effects: CustomerEffect[] = [];
  const picked = await dropUnpicked(tx);
  for (let round = 1; round <= (rows[0]?.rounds ?? 0); round += 1) {
    effects.push(...(await examine(tx, round)));
    await upsert(tx, round);
  }
  await bury(tx);
  if (picked) effects.push(...(await storeMetafields(tx)));
  return effects;
}

const storable = raw(
  `EXISTS (SELECT 1 FROM customer_ref r WHERE r.id = i.id AND r.kept_id = r.id AND NOT r.blocked)`,
);

/** What the round will change, before it does. A removed customer is empty, so nothing moves it any more. */
async function examine(tx: ShopTx, round: number): Promise<CustomerEffect[]> {
  const { rows } = await tx.query<CustomerEffect>(sql`
    SELECT id, conflict,
           CASE WHEN removed THEN 'edit' WHEN gone THEN NULL WHEN consent THEN 'consent' WHEN edit THEN 'edit' END AS cause
      FROM (
        SELECT i.id,
               c.deleted_at IS NOT NULL AS gone,
               i.deleted_at IS NOT NULL AND c.deleted_at IS NULL AS removed,
               c.deleted_at IS NULL AND ${anyOf(GROUPS.map((g) => contradicts('i', 'c', g)))} AS conflict,
               ${anyOf(CONSENT_GROUPS.map((g) => moves('i', 'c', g)))} AS consent,
               c.id IS NULL OR ${anyOf(EDIT_GROUPS.map((g) => moves('i', 'c', g)))} AS edit
          FROM ${rowsOfRound('incoming_customer')} AS i
          LEFT JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = i.id
         WHERE i.round = ${round} AND ${storable}
      ) AS judged
     WHERE conflict OR removed OR (NOT gone AND (consent OR edit))`);
  return rows;
}

async function upsert(tx: ShopTx, round: number): Promise<void> {
  await tx.query(sql`
    INSERT INTO customer AS c (shop_id, id, ${columnList(COLUMNS)})
    SELECT ${tx.shopId}, id, ${raw(COLUMNS.map((name) => (name === 'tags' ? `coalesce(tags, '{}')` : name)).join(', '))}
      FROM ${rowsOfRound('incoming_customer')} AS i
     WHERE i.round = ${round} AND ${storable}
     ORDER BY id
    ON CONFLICT (shop_id, id) DO UPDATE SET ${setGroups('c', GROUPS)}
     WHERE c.deleted_at IS NULL AND ${anyOf(GROUPS.map((g) => later('excluded', 'c', g)))}`);
}

/** A tombstone keeps the earliest time of its removal and nothing else. */
async function bury(tx: ShopTx): Promise<void> {
  const emptied = COLUMNS.map((name) => (name === 'tags' ? `tags = '{}'` : `${name} = NULL`)).join(', ');
  await tx.query(sql`
    INSERT INTO customer AS c (shop_id, id, deleted_at)
    SELECT ${tx.shopId}, i.id, min(i.deleted_at) FROM incoming_customer i
     WHERE i.deleted_at IS NOT NULL AND ${storable}
     GROUP BY i.id ORDER BY i.id
    ON CONFLICT (shop_id, id) DO UPDATE
      SET deleted_at = least(c.deleted_at, excluded.deleted_at), ${raw(emptied)}
     WHERE c.deleted_at IS NULL OR c.deleted_at > excluded.deleted_at`);
}
