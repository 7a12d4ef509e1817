import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { compileRule, evidenceFields, subjectOf } from './compile-rule.ts';
import { loadSegment } from './load-segments.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';

export interface ListedMember {
  customerId: ShopifyId;
  /** Null for a draft: nobody is in it yet. */
  since: Date | null;
  cause: string | null;
}

export interface MemberPage {
  members: ListedMember[];
  /** Give it as `after` for the next page; null at the end. */
  next: ShopifyId | null;
}

/**
 * A segment's members in the order of their ids, by keyset: a page costs the same wherever it lies. For a draft,
 * who would be in it now. @returns undefined when there is no such segment or its rule cannot be read
 */
export async function listMembers(
  tx: ShopTx,
  { key, now, after = '0', limit }: { key: string; now: Date; after?: ShopifyId; limit: number },
): Promise<MemberPage | undefined> {
  const segment = await loadSegment(tx, key);
  if (segment === undefined) return undefined;
  let page = sql`
    SELECT customer_id AS "customerId", since, cause FROM membership
     WHERE shop_id = ${tx.shopId} AND segment_id = ${segment.id}::bigint AND customer_id > ${after}::bigint
     ORDER BY customer_id LIMIT ${limit + 1}`;
  if (segment.status === 'draft') {
    if (segment.rule === null) return undefined;
    const { context } = await readRuleDay(tx, now);
    page = sql`
      SELECT customer_id AS "customerId", NULL::timestamptz AS since, NULL AS cause
        FROM (${subjectOf(tx.shopId, evidenceFields(segment.rule), context)}) subject
       WHERE customer_id > ${after}::bigint AND ${compileRule(segment.rule)}
       ORDER BY customer_id LIMIT ${limit + 1}`;
  }
  const { rows } = await tx.query<ListedMember & Record<string, unknown>>(page);
  const members = rows.slice(0, limit);
  return { members, next: rows.length > limit ? (members.at(-1)?.customerId ?? null) : null };
}
