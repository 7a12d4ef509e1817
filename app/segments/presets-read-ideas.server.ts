/**
 * The ideas of a store, each with its sentence, what to do with it, how many it would hold now, and whether it can be
 * used. All are counted in one pass over the customers, by the predicates that keep members later.
 */
import { join, raw, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { readPicks } from '../intake/read-picks.server.ts';
import { withinLimit } from './analysis/within-limit.server.ts';
import { shopFaults, type ShopFacts } from './available-fields.ts';
import { compileRule, subjectOf, termsOf } from './compile-rule.ts';
import { CLASSIC_RFM_SET } from './classic-rfm.ts';
import { presetIdeas, type Idea } from './presets-ideas.ts';
import { readPresetNumbers } from './presets-numbers.server.ts';
import { FAMILY_NAMES, PRESETS, WIN_BACK_SET, type Preset } from './presets.ts';
import { printRule, type PrintOptions } from './print-rule.ts';
import { readRuleDay, type RuleDay } from './read-rule-day.server.ts';
import { canonical } from './segment-change.ts';
import type { Rule } from './rule.ts';
import type { SegmentStatus } from './segment.ts';

export interface ShownIdea {
  key: string;
  name: string;
  /** Key and words of the family. */
  family: Preset['family'];
  familyName: string;
  /** With the store's numbers; null without a rule. */
  sentence: string | null;
  /** What to do with it. */
  advice: string;
  /** How many it would hold now; null when it cannot be used or counting took too long. */
  size: number | null;
  /** Why it cannot be used. */
  missing: string | null;
  /** The segment that was made of it, or the preset itself, if the shop has it; `changed`: it says something else now. */
  segment: { key: string; status: SegmentStatus; changed: boolean } | null;
  /** The set that it comes with: its segments exclude each other. */
  set: string | null;
}

/** An idea as it was worked out, whatever the shop has made of it. */
export interface CountedIdea extends Omit<ShownIdea, 'segment'> {
  rule: Rule | null;
}

const COUNT_LIMIT_MS = 15_000;

/** First the presets that every shop has, then the others by family. Reads only. */
export async function readIdeas(tx: ShopTx, now: Date): Promise<ShownIdea[]> {
  return withSegments(tx, await workOutIdeas(tx, now));
}

/** Counts them all: in a large store not while a page waits (idea-sizes.server.ts). */
export async function workOutIdeas(
  tx: ShopTx,
  now: Date,
  limitMs: number = COUNT_LIMIT_MS,
): Promise<CountedIdea[]> {
  const ruleDay = await readRuleDay(tx, now);
  const ideas = await readStoreIdeas(tx, ruleDay);
  const facts = await readShopFacts(tx, ruleDay);
  const judged = ideas.map((idea) => ({ ...idea, missing: idea.missing ?? faultOf(idea, facts) }));
  const usable = judged.flatMap(({ key, rule, missing }) =>
    rule && missing === null ? [{ key, rule }] : [],
  );
  const sizes = await countRules(tx, usable, ruleDay, limitMs);
  const print = { ...ruleDay.print, names: await readNames(tx, ideas) };
  return judged.map(({ key, name, family, rule, advice, missing }) => ({
    key,
    name,
    family,
    familyName: FAMILY_NAMES[family],
    sentence: rule ? printRule(rule, print) : null,
    advice,
    size: sizes.get(key) ?? null,
    missing,
    set: setOf(key),
    rule,
  }));
}

/** With the segments that were made of them, as those are now. */
export async function withSegments(tx: ShopTx, ideas: readonly CountedIdea[]): Promise<ShownIdea[]> {
  const stored = await readStored(tx);
  return ideas.map(({ rule, ...idea }) => {
    const segment = stored.get(idea.key);
    if (!segment) return { ...idea, segment: null };
    const changed = rule !== null && canonical(segment.rule) !== canonical(rule);
    return { ...idea, segment: { key: idea.key, status: segment.status, changed } };
  });
}

/** Those that every shop has, and those made of its numbers. */
export async function readStoreIdeas(tx: ShopTx, ruleDay: RuleDay): Promise<Idea[]> {
  const numbers = await readPresetNumbers(tx, ruleDay);
  return [...PRESETS.map((preset): Idea => ({ ...preset, missing: null })), ...presetIdeas(numbers)];
}

export function setOf(key: string): string | null {
  return [WIN_BACK_SET, CLASSIC_RFM_SET].find(({ keys }) => keys.includes(key))?.name ?? null;
}

function faultOf({ rule }: Idea, facts: ShopFacts): string | null {
  return rule ? (shopFaults(rule, facts)[0]?.message ?? null) : null;
}

export async function readShopFacts(tx: ShopTx, { day, predictions }: RuleDay): Promise<ShopFacts> {
  const picks = await readPicks(tx);
  const { rows } = await tx.query<{ scopes: string[]; tags: string[]; tiers: string[] }>(sql`
    SELECT scopes, ARRAY(SELECT ${day.tagPrefix} || tag_name FROM segment WHERE shop_id = ${tx.shopId}
                           UNION SELECT tag FROM tag_former WHERE shop_id = ${tx.shopId}) AS tags,
           ARRAY(SELECT s.key FROM segment s JOIN segment_set g ON g.shop_id = s.shop_id AND g.id = s.set_id
                  WHERE s.shop_id = ${tx.shopId} AND g.kind = 'tiers' ORDER BY g.id, s.set_rank) AS tiers
      FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  return {
    scopes: rows[0]?.scopes ?? [],
    predictions: predictions !== null,
    postalCodes: picks.postalCodes,
    metafields: picks.metafields,
    tagPrefix: day.tagPrefix,
    ownTags: rows[0]?.tags ?? [],
    tiers: rows[0]?.tiers ?? [],
  };
}

/** How many customers each rule holds now, in one pass; empty when that took too long. Rules without references. */
export async function countRules(
  tx: ShopTx,
  rules: readonly { key: string; rule: Rule }[],
  { context }: RuleDay,
  limitMs: number = COUNT_LIMIT_MS,
): Promise<Map<string, number>> {
  if (rules.length === 0) return new Map();
  const terms = [...new Set(rules.flatMap(({ rule }) => termsOf(rule)))];
  const counts = rules.map(
    ({ rule }, i) => sql`count(*) FILTER (WHERE ${compileRule(rule)})::int AS ${raw(`n${i}`)}`,
  );
  const counted = await withinLimit(tx, limitMs, () =>
    tx.query<Record<string, number>>(sql`
      WITH subject AS MATERIALIZED (${subjectOf(tx.shopId, terms, context)}) SELECT ${join(counts)} FROM subject`),
  );
  if (counted.state === 'too_slow') return new Map();
  const row = counted.value.rows[0] ?? {};
  return new Map(rules.map(({ key }, i) => [key, row[`n${i}`] ?? 0]));
}

async function readStored(tx: ShopTx): Promise<Map<string, { status: SegmentStatus; rule: unknown }>> {
  const { rows } = await tx.query<{ key: string; status: SegmentStatus; rule: unknown }>(
    sql`SELECT key, status, rule FROM segment WHERE shop_id = ${tx.shopId}`,
  );
  return new Map(rows.map(({ key, ...segment }) => [key, segment]));
}

/** Titles of the products and collections that the ideas name. */
async function readNames(tx: ShopTx, ideas: readonly Idea[]): Promise<PrintOptions['names']> {
  const text = JSON.stringify(ideas.map(({ rule }) => rule));
  const ids = [...new Set(text.match(/"\d{1,19}"/g)?.map((one) => one.slice(1, -1)) ?? [])];
  const { rows } = await tx.query<{ kind: string; id: string; title: string }>(sql`
    SELECT 'product' AS kind, id, title FROM product WHERE shop_id = ${tx.shopId} AND id = ANY(${ids}::bigint[])
     UNION ALL
    SELECT 'collection', id, title FROM collection WHERE shop_id = ${tx.shopId} AND id = ANY(${ids}::bigint[])`);
  const titles = new Map(rows.map(({ kind, id, title }) => [`${kind} ${id}`, title]));
  return (kind, id) => titles.get(`${kind} ${id}`);
}
