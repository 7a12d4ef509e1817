/**
 * Which segments one customer is in: by stored membership, and for drafts by their rules. One statement each,
 * whatever the number of segments; why is asked for one segment at a time (why.server.ts).
 */
import { join, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { subjectOf } from './compile-rule.ts';
import { loadSegments } from './load-segments.server.ts';
import { compileSegments } from './membership-difference.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import type { Segment, SegmentStatus } from './segment.ts';

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
  const drafts = segments.filter(
    (segment): segment is Segment => segment.status === 'draft' && segment.rule !== null,
  );
  const held = await readHeldDrafts(tx, now, customerId, drafts);
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

async function readHeldDrafts(
  tx: ShopTx,
  now: Date,
  customerId: ShopifyId,
  drafts: readonly Segment[],
): Promise<Set<string>> {
  if (drafts.length === 0) return new Set();
  const { context } = await readRuleDay(tx, now);
  const compiled = compileSegments(drafts);
  const fields = [...new Set(compiled.flatMap((segment) => segment.evidence))];
  const { rows } = await tx.query<{ held: boolean[] }>(sql`
    SELECT ARRAY[${join(compiled.map(({ predicate }) => predicate))}]::boolean[] AS held
      FROM (${subjectOf(tx.shopId, fields, context)} AND p.customer_id = ${customerId}::bigint) AS subject`);
  return new Set(compiled.filter((_, at) => rows[0]?.held[at]).map(({ id }) => id));
}
