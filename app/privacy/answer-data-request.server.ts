/** customers/data_request: everything that we hold about a customer, put together for the merchant to hand over. */
import type { Cipher } from '../cipher.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { idsOfCustomer } from '../intake/delete-facts.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { redactionDigest } from '../intake/redaction-digest.server.ts';
import { recordPrivacyRequest } from './privacy-request.server.ts';

export interface DataRequest {
  /** Null: a guest, of whom we hold nothing. */
  customerId: ShopifyId | null;
  receivedAt: Date;
  /** Machine time. */
  now: Date;
  redactionKey: Buffer;
  cipher: Cipher;
}

/** Collects and records. @returns what was collected, or null when there is nothing */
export async function answerDataRequest(tx: ShopTx, request: DataRequest): Promise<unknown> {
  const { customerId } = request;
  const result = customerId === null ? null : await collectCustomerData(tx, customerId);
  await recordPrivacyRequest(
    tx,
    {
      kind: 'data_request',
      subject: customerId === null ? null : redactionDigest(request.redactionKey, tx.shopId, customerId),
      receivedAt: request.receivedAt,
      doneAt: request.now,
      result,
    },
    request.cipher,
  );
  return result;
}

/** @returns null when we hold nothing */
export async function collectCustomerData(tx: ShopTx, customerId: ShopifyId): Promise<unknown> {
  const ids = await idsOfCustomer(tx, customerId);
  const shop = tx.shopId;
  const { rows } = await tx.query<{ held: boolean; data: unknown }>(sql`
    WITH mine AS (SELECT unnest(${ids}::bigint[]) AS id),
    facts AS (SELECT to_jsonb(c) - 'shop_id' AS row FROM customer c JOIN mine USING (id) WHERE c.shop_id = ${shop}),
    placed AS (
      SELECT to_jsonb(o) - 'shop_id' || jsonb_build_object(
               'lines', (SELECT coalesce(jsonb_agg(to_jsonb(l) - 'shop_id' ORDER BY l.id), '[]') FROM order_line l
                          WHERE l.shop_id = ${shop} AND l.order_id = o.id),
               'refunds', (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'shop_id' ORDER BY r.id), '[]') FROM order_refund r
                            WHERE r.shop_id = ${shop} AND r.order_id = o.id)) AS row, o.id
        FROM orders o JOIN mine ON mine.id = o.customer_id WHERE o.shop_id = ${shop})
    SELECT EXISTS (SELECT 1 FROM facts) OR EXISTS (SELECT 1 FROM placed) AS held,
      jsonb_build_object(
        'customer', (SELECT coalesce(jsonb_agg(row), '[]') FROM facts),
        'metafields', (SELECT coalesce(jsonb_agg(to_jsonb(f) - 'shop_id' ORDER BY f.namespace_key), '[]')
                         FROM customer_metafield f JOIN mine ON mine.id = f.customer_id WHERE f.shop_id = ${shop}),
        'mergedFrom', (SELECT coalesce(jsonb_agg(old_id), '[]') FROM customer_alias a
                        WHERE a.shop_id = ${shop} AND a.kept_id = ${customerId}),
        'orders', (SELECT coalesce(jsonb_agg(row ORDER BY id), '[]') FROM placed),
        'purchaseHistory', (SELECT coalesce(jsonb_agg(to_jsonb(p) - 'shop_id'), '[]')
                              FROM profile p JOIN mine ON mine.id = p.customer_id WHERE p.shop_id = ${shop}),
        'scores', (SELECT coalesce(jsonb_agg(to_jsonb(s) - 'shop_id'), '[]')
                     FROM score s JOIN mine ON mine.id = s.customer_id WHERE s.shop_id = ${shop}),
        'predictions', (SELECT coalesce(jsonb_agg(to_jsonb(v) - 'shop_id'), '[]')
                          FROM prediction v JOIN mine ON mine.id = v.customer_id WHERE v.shop_id = ${shop}),
        'segments', (SELECT coalesce(jsonb_agg(to_jsonb(m) - 'shop_id' || jsonb_build_object('name', g.name)), '[]')
                       FROM membership m JOIN mine ON mine.id = m.customer_id
                       JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id WHERE m.shop_id = ${shop}),
        'segmentHistory', (SELECT coalesce(jsonb_agg(to_jsonb(e) - 'shop_id' || jsonb_build_object('name', g.name) ORDER BY e.id), '[]')
                             FROM membership_event e JOIN mine ON mine.id = e.customer_id
                             LEFT JOIN segment g ON g.shop_id = e.shop_id AND g.id = e.segment_id
                            WHERE e.shop_id = ${shop}),
        'segmentChangesOfMany', (SELECT coalesce(jsonb_agg(to_jsonb(c) - 'shop_id' - 'members' || jsonb_build_object('name', g.name) ORDER BY c.id), '[]')
                                   FROM mass_member m JOIN mine ON mine.id = m.customer_id
                                   JOIN mass_change c ON c.shop_id = m.shop_id AND c.id = m.change_id
                                   LEFT JOIN segment g ON g.shop_id = c.shop_id AND g.id = c.segment_id
                                  WHERE m.shop_id = ${shop}),
        'segmentsLeft', (SELECT coalesce(jsonb_agg(to_jsonb(l) - 'shop_id'), '[]')
                           FROM membership_left l JOIN mine ON mine.id = l.customer_id WHERE l.shop_id = ${shop}),
        'segmentsKept', (SELECT coalesce(jsonb_agg(to_jsonb(k) - 'shop_id'), '[]')
                           FROM membership_kept k JOIN mine ON mine.id = k.customer_id WHERE k.shop_id = ${shop}),
        'namedForSegments', (SELECT coalesce(jsonb_agg(to_jsonb(n) - 'shop_id' - 'actor'), '[]')
                               FROM segment_person n JOIN mine ON mine.id = n.customer_id WHERE n.shop_id = ${shop}),
        'leftOutByHand', (SELECT coalesce(jsonb_agg(to_jsonb(l) - 'shop_id' - 'actor'), '[]')
                            FROM left_out_person l JOIN mine ON mine.id = l.customer_id WHERE l.shop_id = ${shop}),
        'offers', (SELECT coalesce(jsonb_agg(to_jsonb(h) - 'shop_id' || jsonb_build_object('name', o.name)), '[]')
                     FROM offer_holder h JOIN mine ON mine.id = h.customer_id
                     LEFT JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id WHERE h.shop_id = ${shop}),
        'offersAwaited', (SELECT coalesce(jsonb_agg(to_jsonb(w) - 'shop_id' || jsonb_build_object('name', o.name)), '[]')
                            FROM offer_present w JOIN mine ON mine.id = w.customer_id
                            LEFT JOIN offer o ON o.shop_id = w.shop_id AND o.id = w.offer_id WHERE w.shop_id = ${shop}),
        'offersUsed', (SELECT coalesce(jsonb_agg(to_jsonb(u) - 'shop_id'), '[]')
                         FROM offer_order u JOIN mine ON mine.id = u.customer_id WHERE u.shop_id = ${shop}),
        'tagsGiven', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'shop_id'), '[]')
                        FROM tag_owned t JOIN mine ON mine.id = t.customer_id WHERE t.shop_id = ${shop}),
        'tagEdits', (SELECT coalesce(jsonb_agg(to_jsonb(e) - 'shop_id' ORDER BY e.id), '[]')
                       FROM tag_edit e JOIN mine ON mine.id = e.customer_id WHERE e.shop_id = ${shop}),
        'tagsFound', (SELECT coalesce(jsonb_agg(to_jsonb(f) - 'shop_id'), '[]')
                        FROM tag_found f JOIN mine ON mine.id = f.customer_id WHERE f.shop_id = ${shop}),
        'tagsImpossible', (SELECT coalesce(jsonb_agg(to_jsonb(i) - 'shop_id'), '[]')
                             FROM tag_impossible i JOIN mine ON mine.id = i.customer_id WHERE i.shop_id = ${shop}),
        'tagsHeldOut', (SELECT coalesce(jsonb_agg(to_jsonb(h) - 'shop_id'), '[]')
                          FROM tag_held_out h JOIN mine ON mine.id = h.customer_id WHERE h.shop_id = ${shop}),
        'controlGroups', (SELECT coalesce(jsonb_agg(to_jsonb(a) - 'shop_id'), '[]')
                            FROM control_assignment a JOIN mine ON mine.id = a.customer_id WHERE a.shop_id = ${shop}),
        'tagHistory', (SELECT coalesce(jsonb_agg(to_jsonb(w) - 'shop_id' ORDER BY w.id), '[]')
                         FROM tag_write w JOIN mine ON mine.id = w.customer_id WHERE w.shop_id = ${shop}),
        'metafieldsWritten', (SELECT coalesce(jsonb_agg(to_jsonb(w) - 'shop_id'), '[]')
                                FROM metafield_written w JOIN mine ON mine.id = w.customer_id WHERE w.shop_id = ${shop}),
        'automationsStarted', (SELECT coalesce(jsonb_agg(to_jsonb(e) - 'shop_id' ORDER BY e.id), '[]')
                                 FROM flow_event e JOIN mine ON mine.id = e.customer_id WHERE e.shop_id = ${shop})
      ) AS data`);
  return rows[0]?.held ? rows[0].data : null;
}
