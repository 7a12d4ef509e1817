/**
 * incoming_order (with its lines and refunds) -> orders, order_line, order_refund. The core is taken as a
 * whole when its stamp is later, and its lines and refunds with it; a delete wins for ever. The customer is
 * whoever the named one is today; every customer that an order names gets a row, if only an empty one.
 */
import { raw, sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../facts.ts';
import {
  anyOf,
  changes,
  columnList,
  contradicts,
  later,
  rowsOfRound,
  setGroups,
  type FieldGroup,
} from './field-groups.server.ts';
import { storeLooseLines, storeOwnedLines } from './store-order-lines.server.ts';

const CORE_COLUMNS = [
  'name', 'customer_id', 'created_at', 'processed_at', 'updated_at', 'cancelled_at', 'test', 'financial_status', 'currency',
  'presentment_currency', 'total_minor', 'current_total_minor', 'net_payment_minor', 'refunded_minor', 'subtotal_minor',
  'tax_minor', 'shipping_minor', 'discount_minor', 'gift_card_minor', 'company_order', 'source_name', 'staff_created', 'tags', 'discount_codes',
] as const; // prettier-ignore
const CORE: FieldGroup = { stamp: 'core_stamp', columns: CORE_COLUMNS };
/** Groups beside the core: a message carries them or leaves them as they are. */
const SIDE_GROUPS: readonly FieldGroup[] = [
  {
    stamp: 'journey_stamp',
    columns: [
      'journey_first_source', 'journey_last_source', 'journey_campaign', 'journey_first_utm_source',
      'journey_first_utm_medium', 'journey_first_utm_content', 'journey_first_utm_term', 'journey_last_utm_source',
      'journey_last_utm_medium', 'journey_last_utm_campaign', 'journey_last_utm_content', 'journey_last_utm_term',
    ],
  },
  { stamp: 'channel_stamp', columns: ['channel'] },
  { stamp: 'location_stamp', columns: ['location_id'] },
  { stamp: 'care_stamp', columns: ['return_open', 'dispute_lost'] },
]; // prettier-ignore
/** What a removed order no longer says besides its core. */
const SIDE_EMPTIED = [
  ...SIDE_GROUPS.flatMap((group) => [...group.columns, group.stamp]).map((name) => `${name} = NULL`),
  'selling_plan = false',
  'subscription = NULL',
].join(', ');
/** Shopify's source names of orders that a subscription made: subscription_contract, subscription_contract_checkout_one. */
const RENEWAL_SOURCES = 'subscription!_contract%';

export interface OrderEffect {
  orderId: ShopifyId;
  /** The customer before and after; null = guest. */
  beforeId: ShopifyId | null;
  afterId: ShopifyId | null;
  /** Null: nothing that anybody could see has changed. */
  cause: 'order' | 'refund' | 'edit' | null;
  conflict: boolean;
}

export async function storeOrders(
  tx: ShopTx,
): Promise<{ effects: OrderEffect[]; newCustomers: ShopifyId[] }> {
  const { rows } = await tx.query<{ rounds: number }>(sql`
    SELECT coalesce(max(n), 0)::int AS rounds
      FROM (SELECT count(*) AS n FROM incoming_order GROUP BY id) AS counted`);
  const newCustomers = await ensureCustomers(tx);
  const effects: OrderEffect[] = [];
  for (let round = 1; round <= (rows[0]?.rounds ?? 0); round += 1) {
    effects.push(...(await examine(tx, round)));
    await upsertCores(tx, round);
    await updateSides(tx, round);
    await bury(tx, round);
    await keepSellingPlans(tx);
    await storeOwnedLines(tx);
  }
  await storeLooseLines(tx);
  await storeSubscriptions(tx);
  effects.push(...(await storeLocations(tx)));
  return { effects, newCustomers };
}

/** A customer that an order names exists, even when its own message is late. */
async function ensureCustomers(tx: ShopTx): Promise<ShopifyId[]> {
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    INSERT INTO customer (shop_id, id)
    SELECT DISTINCT ${tx.shopId}::bigint, r.kept_id
      FROM incoming_order i JOIN customer_ref r ON r.id = i.customer_id
     WHERE NOT r.blocked
     ORDER BY r.kept_id
    ON CONFLICT (shop_id, id) DO NOTHING
    RETURNING id`);
  return rows.map((row) => row.id);
}

/** What the round will do with each order, worked out before it is done, into order_step. */
async function examine(tx: ShopTx, round: number): Promise<OrderEffect[]> {
  await tx.query('DELETE FROM order_step');
  const sideCause = sql`CASE WHEN o.core_stamp <> '' AND (${anyOf(SIDE_GROUPS.map((g) => changes('i', 'o', g)))}
                                  OR (i.selling_plan AND NOT o.selling_plan)) THEN 'edit' END`;
  const { rows } = await tx.query<OrderEffect>(sql`
    INSERT INTO order_step
    SELECT i.id,
           i.deleted_at IS NULL AND o.deleted_at IS NULL AND ${later('i', 'o', CORE)} IS TRUE,
           i.deleted_at IS NOT NULL,
           i.core_stamp,
           i.has_lines,
           CASE WHEN i.deleted_at IS NULL AND NOT r.blocked THEN r.kept_id END,
           o.customer_id,
           CASE
             WHEN o.deleted_at IS NOT NULL THEN NULL
             WHEN i.deleted_at IS NOT NULL THEN 'edit'
             WHEN ${later('i', 'o', CORE)} IS NOT TRUE THEN ${sideCause}
             WHEN o.id IS NULL OR o.core_stamp = '' THEN 'order'
             WHEN right(i.core_stamp, 16) = right(o.core_stamp, 16) COLLATE "C" THEN ${sideCause}
             WHEN i.refunded_minor > o.refunded_minor THEN 'refund'
             WHEN (i.financial_status, i.cancelled_at) IS DISTINCT FROM (o.financial_status, o.cancelled_at) THEN 'order'
             ELSE 'edit'
           END,
           o.deleted_at IS NULL AND ${contradicts('i', 'o', CORE)}
      FROM ${rowsOfRound('incoming_order')} AS i
      LEFT JOIN orders o ON o.shop_id = ${tx.shopId} AND o.id = i.id
      LEFT JOIN customer_ref r ON r.id = i.customer_id
     WHERE i.round = ${round}
    RETURNING id AS "orderId", before_customer_id AS "beforeId", customer_id AS "afterId", cause, conflict`);
  return rows.filter((row) => row.cause !== null || row.conflict);
}

async function upsertCores(tx: ShopTx, round: number): Promise<void> {
  // The step knows whose order it is today; gift cards of loose lines are worked out when the lines are there.
  const values = CORE_COLUMNS.map((name) => {
    if (name === 'customer_id') return 's.customer_id';
    if (name === 'gift_card_minor') return 'CASE WHEN i.has_lines THEN i.gift_card_minor ELSE 0 END';
    return `i.${name}`;
  });
  await tx.query(sql`
    INSERT INTO orders AS o (shop_id, id, ${columnList(CORE_COLUMNS)}, core_stamp)
    SELECT ${tx.shopId}, i.id, ${raw(values.join(', '))}, i.core_stamp
      FROM ${rowsOfRound('incoming_order')} AS i JOIN order_step s ON s.id = i.id AND s.fresh
     WHERE i.round = ${round}
     ORDER BY i.id
    ON CONFLICT (shop_id, id) DO UPDATE SET ${setGroups('o', [CORE])} WHERE o.deleted_at IS NULL`);
}

async function updateSides(tx: ShopTx, round: number): Promise<void> {
  await tx.query(sql`
    UPDATE orders o SET ${setGroups('o', SIDE_GROUPS, 'i')}
      FROM ${rowsOfRound('incoming_order')} AS i
     WHERE o.shop_id = ${tx.shopId} AND o.id = i.id AND i.round = ${round}
       AND o.deleted_at IS NULL AND ${anyOf(SIDE_GROUPS.map((g) => later('i', 'o', g)))}`);
}

/** Lines that are about to be replaced may have said so, and those that replace them may not. */
async function keepSellingPlans(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    UPDATE orders o SET selling_plan = true
      FROM order_step s
     WHERE o.shop_id = ${tx.shopId} AND o.id = s.id AND s.fresh AND o.deleted_at IS NULL AND NOT o.selling_plan
       AND EXISTS (SELECT 1 FROM order_line l
                    WHERE l.shop_id = ${tx.shopId} AND l.order_id = s.id AND l.selling_plan)`);
}

/** Which orders start a subscription, and which were made by one. */
async function storeSubscriptions(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    UPDATE orders o SET selling_plan = a.plan, subscription = a.subscription
      FROM (
        SELECT o.id, p.plan,
               CASE WHEN o.source_name LIKE ${RENEWAL_SOURCES} ESCAPE '!' THEN 'renewal'
                    WHEN p.plan THEN 'first' END AS subscription
          FROM (SELECT id FROM incoming_order
                UNION SELECT order_id FROM incoming_order_line WHERE core_stamp IS NULL) AS named
          JOIN orders o ON o.shop_id = ${tx.shopId} AND o.id = named.id AND o.deleted_at IS NULL
          LEFT JOIN (SELECT id, bool_or(selling_plan) AS told FROM incoming_order GROUP BY id) AS i ON i.id = o.id
          LEFT JOIN (SELECT order_id, bool_or(selling_plan) AS told FROM order_line
                      WHERE shop_id = ${tx.shopId}
                        AND order_id IN (SELECT id FROM incoming_order UNION SELECT order_id FROM incoming_order_line)
                      GROUP BY order_id) AS l ON l.order_id = o.id
         CROSS JOIN LATERAL (SELECT o.selling_plan OR coalesce(i.told, false) OR coalesce(l.told, false) AS plan) AS p
      ) AS a
     WHERE o.shop_id = ${tx.shopId} AND o.id = a.id
       AND (o.selling_plan, o.subscription) IS DISTINCT FROM (a.plan, a.subscription)`);
}

const NAME_STAMP = raw(`to_char(location_name_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

/** Every location that an order names, and its name where a read was allowed to see it (rules compare names). */
async function storeLocations(tx: ShopTx): Promise<OrderEffect[]> {
  const { rows: renamed } = await tx.query<{ id: string }>(sql`
    SELECT DISTINCT l.id FROM incoming_order i JOIN location l ON l.shop_id = ${tx.shopId} AND l.id = i.location_id
     WHERE i.location_name <> l.name AND ${NAME_STAMP} > coalesce(l.name_stamp, '') COLLATE "C"`);
  await tx.query(sql`
    INSERT INTO location AS l (shop_id, id, name, name_stamp)
    SELECT DISTINCT ON (location_id) ${tx.shopId}::bigint, location_id, coalesce(location_name, ''),
           ${NAME_STAMP}
      FROM incoming_order WHERE location_id IS NOT NULL
     ORDER BY location_id, location_name_at DESC NULLS LAST, location_name
    ON CONFLICT (shop_id, id) DO UPDATE SET name = excluded.name, name_stamp = excluded.name_stamp
     WHERE excluded.name_stamp > coalesce(l.name_stamp, '') COLLATE "C"`);
  if (renamed.length === 0) return [];
  const { rows } = await tx.query<OrderEffect>(sql`
    SELECT id AS "orderId", customer_id AS "beforeId", customer_id AS "afterId", 'edit' AS cause, false AS conflict
      FROM orders
     WHERE shop_id = ${tx.shopId} AND location_id = ANY(${renamed.map(({ id }) => id)}::bigint[]) AND deleted_at IS NULL`);
  return rows;
}

/** A tombstone keeps the earliest time of its removal and nothing else. */
async function bury(tx: ShopTx, round: number): Promise<void> {
  const at = 'excluded.deleted_at';
  const emptied: Record<(typeof CORE_COLUMNS)[number], string> = {
    name: `''`, customer_id: 'NULL', created_at: at, processed_at: at, updated_at: at, cancelled_at: 'NULL', test: 'false',
    financial_status: 'NULL', currency: `''`, presentment_currency: 'NULL', total_minor: '0', current_total_minor: '0',
    net_payment_minor: '0', refunded_minor: '0', subtotal_minor: '0', tax_minor: '0', shipping_minor: '0', discount_minor: '0',
    gift_card_minor: '0', company_order: 'false', source_name: 'NULL', staff_created: 'false', tags: `'{}'`, discount_codes: `'{}'`,
  }; // prettier-ignore
  const assignments = Object.entries(emptied).map(([name, value]) => `${name} = ${value}`);
  await tx.query(sql`
    INSERT INTO orders AS o (shop_id, id, created_at, processed_at, updated_at, currency, total_minor,
                             current_total_minor, net_payment_minor, core_stamp, deleted_at)
    SELECT ${tx.shopId}, id, deleted_at, deleted_at, deleted_at, '', 0, 0, 0, '', deleted_at
      FROM ${rowsOfRound('incoming_order')} AS i
     WHERE i.round = ${round} AND i.deleted_at IS NOT NULL
     ORDER BY id
    ON CONFLICT (shop_id, id) DO UPDATE
      SET ${raw(assignments.join(', '))}, core_stamp = '', ${raw(SIDE_EMPTIED)}, deleted_at = excluded.deleted_at
     WHERE o.deleted_at IS NULL OR o.deleted_at > excluded.deleted_at`);
}
