/**
 * One page of customers, by keyset: all of them, or the members of one segment (for a draft: those who would
 * be). The life-cycle group comes from the same rules as everything else, for the customers on the page only.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { compileRule, subjectOf, termsOf } from './compile-rule.ts';
import { loadReadableSegments, loadSegment } from './load-segments.server.ts';
import { compileSegments, heldMemberships } from './membership-difference.ts';
import type { PresetFamily } from './presets.ts';
import { readRuleDay, type RuleDay } from './read-rule-day.server.ts';
import type { Rule } from './rule.ts';
import { withMates, type Segment, type UnreadableSegment } from './segment.ts';

export type CustomerOrder = 'spent' | 'newest';

export interface CustomerPageRequest {
  order: CustomerOrder;
  /** Members of the segment with this key only. */
  segment?: string;
  /** This customer only. */
  customerId?: ShopifyId;
  /** Where the neighbouring page ended: "SPENT_ID". */
  after?: string;
  before?: string;
  limit: number;
}

export interface ListedCustomer {
  id: ShopifyId;
  orders: number;
  spentMinor: string;
  lastOrderOn: string | null;
  /** Key and name of the life-cycle group; null for people who are left out. */
  group: { key: string; name: string } | null;
}

export interface CustomerPage {
  customers: ListedCustomer[];
  /** Cursors for the neighbouring pages; null at the ends. */
  before: string | null;
  after: string | null;
}

const LIFECYCLE_FAMILY: PresetFamily = 'life-cycle';
const CURSOR = /^(-?\d{1,19})_(\d{1,19})$/;

export async function readCustomerPage(
  tx: ShopTx,
  now: Date,
  request: CustomerPageRequest,
): Promise<CustomerPage> {
  const ruleDay = await readRuleDay(tx, now);
  const segment = request.segment === undefined ? undefined : await loadSegment(tx, request.segment);
  const member = segment ? await memberOf(tx, segment, ruleDay) : raw('false');
  const backward = request.before !== undefined;
  const cursor = CURSOR.exec(request.before ?? request.after ?? '');
  const { rows } = await tx.query<Omit<ListedCustomer, 'group'> & Record<string, unknown>>(sql`
    SELECT p.customer_id AS id, p.orders, p.spent_minor::text AS "spentMinor", p.last_order_on AS "lastOrderOn"
      FROM profile p
     WHERE p.shop_id = ${tx.shopId}
       ${request.segment === undefined ? raw('') : sql`AND ${member}`}
       ${request.customerId ? sql`AND p.customer_id = ${request.customerId}` : raw('')}
       ${cursor ? beyond(request.order, backward, cursor[1] ?? '0', cursor[2] ?? '0') : raw('')}
     ORDER BY ${ordering(request.order, backward)} LIMIT ${request.limit + 1}`);
  const more = rows.length > request.limit;
  const shown = rows.slice(0, request.limit);
  if (backward) shown.reverse();
  const groups = await readGroups(tx, ruleDay, shown.map((row) => row.id)); // prettier-ignore
  const first = shown[0];
  const last = shown.at(-1);
  const cursorOf = (row: { id: string; spentMinor: string }) => `${row.spentMinor}_${row.id}`;
  return {
    customers: shown.map((row) => ({ ...row, group: groups.get(row.id) ?? null })),
    before: first && (backward ? more : cursor !== null) ? cursorOf(first) : null,
    after: last && (backward || more) ? cursorOf(last) : null,
  };
}

function ordering(order: CustomerOrder, backward: boolean): Sql {
  switch (order) {
    case 'spent':
      return raw(backward ? 'p.spent_minor, p.customer_id' : 'p.spent_minor DESC, p.customer_id DESC');
    case 'newest':
      return raw(backward ? 'p.customer_id' : 'p.customer_id DESC');
  }
}

function beyond(order: CustomerOrder, backward: boolean, spent: string, id: string): Sql {
  const sign = raw(backward ? '>' : '<');
  switch (order) {
    case 'spent':
      return sql`AND (p.spent_minor, p.customer_id) ${sign} (${spent}::bigint, ${id}::bigint)`;
    case 'newest':
      return sql`AND p.customer_id ${sign} ${id}::bigint`;
  }
}

/** Stored members; of a draft, whom it would hold, its people and its set included, as `countDrafts` counts them. */
async function memberOf(
  tx: ShopTx,
  segment: Segment | UnreadableSegment,
  { context }: RuleDay,
): Promise<Sql> {
  if (segment.status !== 'draft') {
    return sql`EXISTS (SELECT 1 FROM membership m
      WHERE m.shop_id = p.shop_id AND m.segment_id = ${segment.id} AND m.customer_id = p.customer_id)`;
  }
  if (!segment.rule) return sql`false`;
  const all = await loadReadableSegments(tx, { statuses: ['draft', 'live', 'paused'] });
  const compiled = compileSegments(withMates(all, ({ id }) => id === segment.id));
  return sql`p.customer_id IN (SELECT customer_id FROM (
    ${heldMemberships(tx.shopId, compiled, context, { touched: false })}
    SELECT customer_id FROM held WHERE segment_id = ${segment.id}::bigint) AS members)`;
}

/** The life-cycle group of each of these customers. */
export async function readGroups(
  tx: ShopTx,
  { context }: RuleDay,
  ids: readonly ShopifyId[],
): Promise<Map<ShopifyId, { key: string; name: string }>> {
  const groups = (await loadReadableSegments(tx)).filter(({ family }) => family === LIFECYCLE_FAMILY);
  if (groups.length === 0 || ids.length === 0) return new Map();
  const cases = groups.map(({ rule }, at) => sql`WHEN ${compileRule(rule)} THEN ${at}::int`);
  const { rows } = await tx.query<{ id: ShopifyId; at: number | null }>(sql`
    SELECT subject.customer_id AS id, CASE ${join(cases, ' ')} END AS at
      FROM (${subjectOf(tx.shopId, fieldsOf(groups.map(({ rule }) => rule)), context, { customers: ids })}) AS subject`);
  return new Map(
    rows.flatMap(({ id, at }) => {
      const group = at === null ? undefined : groups[at];
      return group ? [[id, { key: group.key, name: group.name }] as const] : [];
    }),
  );
}

function fieldsOf(rules: readonly Rule[]) {
  return [...new Set(rules.flatMap((rule) => termsOf(rule)))];
}
