/**
 * What a rule that is being written would hold now, while the merchant types: how many, who comes and who goes
 * against what is in force. With the predicates that keep the members. Reads only.
 */
import { raw, sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { termsOf, subjectOf } from './compile-rule.ts';
import { finalMemberships, tierColumns } from './final-membership.ts';
import { needsStanding, standingOf } from './standing.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { ONCE_A_ROW } from './order-pass.ts';
import { resolveReferences, withReferences } from './references.ts';
import type { Rule } from './rule.ts';
import { isActive } from './segment-change.ts';
import type { SegmentSettings } from './segment-settings.ts';
import { ownRulesOf, unsavedSegment, withMates, type Segment } from './segment.ts';
import { readsOrders } from './term.ts';

export interface RulePreview {
  /** Customers it would hold. */
  size: number;
  /** All customers who can be in a segment. */
  everybody: number;
  /** What those it would hold have spent, minor units. */
  spentMinor: string;
  /** The few of them who spent most. */
  sample: ShopifyId[];
  /** Against the members now (of a draft: those of the rule as it is stored); null for a new segment. */
  against: { gains: number; loses: number } | null;
}

const SAMPLE = 5;
/** Who spent most in the store: a sample is first looked for among so many. */
const AMONG = 5_000;

/**
 * @param wanted.key of the segment that would say so; null for a new one
 * @returns undefined when the rule asks for segments that are not there, or in a circle
 */
export async function previewRule(
  tx: ShopTx,
  wanted: { key: string | null; rule: Rule; settings?: SegmentSettings; now: Date },
): Promise<RulePreview | undefined> {
  const stored = await loadReadableSegments(tx);
  const current = stored.find(({ key }) => key === wanted.key);
  const asked = proposed(current, wanted);
  const resolved = resolveReferences(
    asked,
    new Map([...stored.filter(({ id }) => id !== asked.id), asked].map((one) => [one.key, one])),
  );
  if (!resolved.ok) return undefined;
  asked.refersTo = resolved.refersTo;
  const inPlay = (one: Segment) =>
    withMates(
      [one, ...stored.filter((other) => other.id !== one.id && isActive(other))],
      ({ id }) => id === one.id,
    );
  const after = inPlay(asked);
  const compareStored = current !== undefined && isActive(current);
  const before = current !== undefined && !compareStored ? inPlay(current) : [];
  const all = [...after, ...before];
  const { context } = await readRuleDay(tx, wanted.now);
  const terms = [...new Set(withReferences(after).concat(withReferences(before)).flatMap(ownRulesOf).flatMap((rule) => termsOf(rule)))]; // prettier-ignore
  const finalOf = (some: readonly Segment[]) => finalMemberships(some).get(asked.id)?.final ?? sql`false`;
  const was = compareStored ? sql`m.customer_id IS NOT NULL` : current ? finalOf(before) : sql`false`;
  const answerOf = (customers?: readonly ShopifyId[]) => sql`
    SELECT subject.customer_id, preview_spent AS spent, ${finalOf(after)} AS holds, ${was} AS held, ${ONCE_A_ROW}
      FROM (${subjectOf(tx.shopId, terms, context, { columns: sql`p.spent_minor AS preview_spent`, ...(customers ? { customers } : {}) })}) subject
      ${needsStanding(all) ? sql`LEFT JOIN (${standingOf(tx.shopId, all, context, { touched: false })}) standing USING (customer_id)` : raw('')}
      ${tierColumns(all)}
      ${compareStored ? sql`LEFT JOIN membership m ON m.shop_id = ${tx.shopId} AND m.segment_id = ${asked.id}::bigint AND m.customer_id = subject.customer_id` : raw('')}`;
  const { sample, gains, loses, ...numbers } = terms.some(readsOrders)
    ? await askOnce(tx, answerOf())
    : await askTwice(tx, answerOf);
  return { ...numbers, sample, against: current ? { gains, loses } : null };
}

type Answer = Omit<RulePreview, 'against'> & NonNullable<RulePreview['against']>;

const NUMBERS = sql`count(*) FILTER (WHERE holds)::int AS size, count(*)::int AS everybody,
  coalesce(sum(spent) FILTER (WHERE holds), 0)::text AS "spentMinor",
  count(*) FILTER (WHERE holds AND NOT held)::int AS gains,
  count(*) FILTER (WHERE held AND NOT holds)::int AS loses`;

const whoSpentMost = (answer: Sql) =>
  sql`SELECT customer_id FROM ${answer} AS one WHERE holds ORDER BY spent DESC, customer_id LIMIT ${SAMPLE}`;

/** Where orders are read, that is what costs: the answer is kept for the sample. */
async function askOnce(tx: ShopTx, answer: Sql): Promise<Answer> {
  const { rows } = await tx.query<Answer>(sql`
    WITH answer AS MATERIALIZED (${answer})
    SELECT ${NUMBERS}, ARRAY(${whoSpentMost(raw('answer'))}) AS sample FROM answer`);
  return rows[0] as Answer;
}

/**
 * Keeping the answer of every customer costs more than to ask again, and less again where those who spent most of all
 * have enough people for the sample.
 */
async function askTwice(tx: ShopTx, answerOf: (customers?: readonly ShopifyId[]) => Sql): Promise<Answer> {
  const { rows } = await tx.query<Omit<Answer, 'sample'>>(sql`SELECT ${NUMBERS} FROM (${answerOf()}) answer`);
  const numbers = rows[0] as Omit<Answer, 'sample'>;
  if (numbers.size === 0) return { ...numbers, sample: [] };
  const most = await tx.query<{ ids: ShopifyId[] }>(sql`
    SELECT ARRAY(SELECT customer_id FROM profile WHERE shop_id = ${tx.shopId}
                  ORDER BY spent_minor DESC, customer_id DESC LIMIT ${AMONG}) AS ids`);
  const among = await peopleOf(tx, whoSpentMost(sql`(${answerOf(most.rows[0]?.ids ?? [])})`));
  if (among.length === Math.min(SAMPLE, numbers.size)) return { ...numbers, sample: among };
  return { ...numbers, sample: await peopleOf(tx, whoSpentMost(sql`(${answerOf()})`)) };
}

async function peopleOf(tx: ShopTx, statement: Sql): Promise<ShopifyId[]> {
  const { rows } = await tx.query<{ customer_id: ShopifyId }>(statement);
  return rows.map(({ customer_id: id }) => id);
}

/** The segment as it would be; a new one has no people, no set and a name that nobody asks for. */
function proposed(
  current: Segment | undefined,
  { rule, settings }: { rule: Rule; settings?: SegmentSettings },
): Segment {
  if (current) return { ...current, rule, settings: settings ?? current.settings };
  return unsavedSegment(rule, settings ? { settings } : {});
}
