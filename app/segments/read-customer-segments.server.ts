/**
 * Which segments one customer is in: by stored membership, and for drafts by their rules. One statement each,
 * whatever the number of segments; why is asked for one segment at a time (why.server.ts).
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { touchSelected } from '../history/touched-customers.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { loadSegments } from './load-segments.server.ts';
import { compileSegments, heldMemberships } from './membership-difference.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { withMates, type Segment, type SegmentStatus } from './segment.ts';

export interface CustomerSegment {
  key: string;
  name: string;
  status: SegmentStatus;
  /** In it; of a draft: would be in it. */
  holds: boolean;
  /** Since when and why, for stored memberships. */
  since: Date | null;
  cause: string | null;
}

export async function readCustomerSegments(
  tx: ShopTx,
  now: Date,
  customerId: ShopifyId,
): Promise<CustomerSegment[]> {
  const segments = await loadSegments(tx);
  const readable = segments.filter((segment): segment is Segment => segment.rule !== null);
  const held = await readHeldDrafts(tx, now, customerId, readable);
  const { rows } = await tx.query<{ segmentId: string; since: Date; cause: string }>(sql`
    SELECT segment_id AS "segmentId", since, cause
      FROM membership WHERE shop_id = ${tx.shopId} AND customer_id = ${customerId}`);
  const memberships = new Map(rows.map((row) => [row.segmentId, row]));
  return segments.map(({ id, key, name, status }) => {
    const membership = memberships.get(id);
    return {
      key,
      name,
      status,
      holds: status === 'draft' ? held.has(id) : membership !== undefined,
      since: membership?.since ?? null,
      cause: membership?.cause ?? null,
    };
  });
}

/** Of a set: as if all of it were on. */
async function readHeldDrafts(
  tx: ShopTx,
  now: Date,
  customerId: ShopifyId,
  segments: readonly Segment[],
): Promise<Set<string>> {
  const drafts = new Set(segments.filter(({ status }) => status === 'draft').map(({ id }) => id));
  if (drafts.size === 0) return new Set();
  const { context } = await readRuleDay(tx, now);
  const compiled = compileSegments(
    withMates(
      segments.filter(({ status }) => status !== 'failing'),
      ({ id }) => drafts.has(id),
    ),
  );
  await touchSelected(tx, sql`SELECT ${customerId}::bigint, 'manual'`);
  const { rows } = await tx.query<{ id: string }>(sql`
    ${heldMemberships(tx.shopId, compiled, context, { touched: true })}
    SELECT segment_id AS id FROM held`);
  return new Set(rows.map(({ id }) => id).filter((id) => drafts.has(id)));
}
