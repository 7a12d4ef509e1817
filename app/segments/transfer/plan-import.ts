/**
 * What a file would do here, before it does anything: which segments are new, the same, or others by the same key,
 * what of them cannot be used in this store, and which settings differ. Pure: the same file and store, the same plan.
 */
import { shopFaults, type ShopFacts } from '../available-fields.ts';
import { KINDS_BY_ID, chosen } from '../param.ts';
import { asksForMoney, fromPortable } from '../portable-rule.ts';
import { printRule, type PrintOptions } from '../print-rule.ts';
import { conditionsOf, type Rule, type RuleFault } from '../rule.ts';
import { canonical } from '../segment-change.ts';
import { checkNames, type TakenNames } from '../segment-names.ts';
import { parseSettings, type SegmentSettings } from '../segment-settings.ts';
import type { SegmentStatus } from '../segment.ts';
import type { TransferFile } from './transfer-file.ts';

export interface ImportTarget {
  currency: string;
  timeZone: string;
  facts: ShopFacts;
  print: PrintOptions;
  prefix: string;
  taken: TakenNames;
  segments: ReadonlyMap<
    string,
    { name: string; status: SegmentStatus; rule: Rule | null; settings: SegmentSettings }
  >;
  /** Ids of products, variants and collections that the store has. */
  known: { product: ReadonlySet<string>; variant: ReadonlySet<string>; collection: ReadonlySet<string> };
  settings: TransferFile['settings'];
}

export interface PlannedSegment {
  key: string;
  name: string;
  tag: string;
  family: string;
  /** new: a draft is made; same: it is here already; differs: another one has this key; faulty: it cannot be made. */
  verdict: 'new' | 'same' | 'differs' | 'faulty';
  /** With their paths in the file. */
  faults: RuleFault[];
  /** What to look at before it is turned on. */
  flags: string[];
  sentence: string | null;
  rule: Rule | null;
  settings: SegmentSettings;
  /** What the one here is, when there is one. */
  here: SegmentStatus | null;
}

export interface ImportPlan {
  segments: PlannedSegment[];
  sets: {
    name: string;
    kind: 'exclusive' | 'tiers';
    settings: Record<string, unknown>;
    segments: string[];
  }[];
  /** Settings that are others here. */
  settings: { name: keyof TransferFile['settings']; there: unknown; here: unknown }[];
  leftOut: TransferFile['leftOut'];
  otherCurrency: string | null;
  otherTimeZone: string | null;
}

export function planImport(file: TransferFile, store: ImportTarget): ImportPlan {
  const shop = withTiersOf(file, store);
  const read = file.segments.map((_, i) => planSegment(file, i, shop));
  const segments = withReferences(read, shop);
  const names = Object.keys(file.settings) as (keyof TransferFile['settings'])[];
  return {
    segments,
    sets: file.sets,
    settings: names
      .filter((name) => canonical(file.settings[name]) !== canonical(shop.settings[name]))
      .map((name) => ({ name, there: file.settings[name], here: shop.settings[name] })),
    leftOut: file.leftOut,
    otherCurrency: file.currency === shop.currency ? null : file.currency,
    otherTimeZone: file.timeZone === shop.timeZone ? null : file.timeZone,
  };
}

/** What the file brings along is there for what it brings along with it. */
function withTiersOf({ sets }: TransferFile, shop: ImportTarget): ImportTarget {
  const brought = sets.flatMap(({ kind, segments }) => (kind === 'tiers' ? segments : []));
  return { ...shop, facts: { ...shop.facts, tiers: [...shop.facts.tiers, ...brought] } };
}

function planSegment(file: TransferFile, at: number, shop: ImportTarget): PlannedSegment {
  const given = file.segments[at];
  if (!given) throw new TypeError('one segment a place');
  const { key, name, tag, family } = given;
  const under = (part: string, faults: readonly RuleFault[]) =>
    faults.map(({ path, message }) => ({
      path: ['segments', at, part, path].filter((one) => one !== '').join('.'),
      message,
    }));
  const rule = fromPortable(given.rule, shop.currency);
  const { keep, ...others } = given.settings;
  const kept = keep === undefined ? undefined : fromPortable(keep, shop.currency);
  const settings = parseSettings(others);
  const here = shop.segments.get(key) ?? null;
  const faults = [
    ...under('rule', rule.ok ? [] : rule.faults),
    ...under('settings.keep', kept && !kept.ok ? kept.faults : []),
    ...under('settings', settings.ok ? [] : settings.faults),
    ...(here
      ? []
      : checkNames({ key, name, tag }, shop).map(({ path, message }) => ({
          path: `segments.${at}.${path}`,
          message,
        }))),
  ];
  const common = { key, name, tag, family, here: here?.status ?? null };
  if (!rule.ok || !settings.ok || faults.length > 0) {
    return { ...common, verdict: 'faulty', faults, flags: [], sentence: null, rule: null, settings: {} };
  }
  const said = {
    rule: rule.rule,
    settings: { ...settings.settings, ...(kept?.ok ? { keep: kept.rule } : {}) },
  };
  const same = here !== null && canonical(said) === canonical({ rule: here.rule, settings: here.settings });
  const rules = [said.rule, ...(said.settings.keep ? [said.settings.keep] : [])];
  return {
    ...common,
    ...said,
    verdict: same ? 'same' : here ? 'differs' : 'new',
    faults: [],
    flags: same ? [] : [...new Set(rules.flatMap((one) => flagsOf(one, file, shop)))],
    sentence: printRule(said.rule, shop.print),
  };
}

function flagsOf(rule: Rule, file: TransferFile, shop: ImportTarget): string[] {
  const unknown = conditionsOf(rule.where).flatMap(({ with: params }) => {
    if (!params?.what) return [];
    const [kind, ids] = chosen(params.what);
    if (!KINDS_BY_ID.includes(kind)) return [];
    const known = shop.known[kind as 'product' | 'variant' | 'collection'];
    return ids
      .filter((id) => !known.has(id))
      .map((id) => `There is no ${kind} ${id} in this store: choose one of yours.`);
  });
  return [
    ...(file.currency !== shop.currency && asksForMoney(rule)
      ? [`Its amounts were in ${file.currency}; the same numbers are now in ${shop.currency}.`]
      : []),
    ...unknown,
    ...shopFaults(rule, shop.facts).map(({ path, message }) => `${path} ${message}`),
  ];
}

/** Segments that ask for others can only be made with those: missing ones and circles are faults. */
function withReferences(planned: readonly PlannedSegment[], shop: ImportTarget): PlannedSegment[] {
  const result = [...planned];
  for (let again = true; again;) {
    again = false;
    const usable = new Set([
      ...result.filter(({ verdict }) => verdict !== 'faulty').map(({ key }) => key),
      ...shop.segments.keys(),
    ]);
    for (const [i, segment] of result.entries()) {
      const missing = askedFor(segment).find((key) => !usable.has(key));
      if (segment.verdict === 'faulty' || missing === undefined) continue;
      result[i] = faulty(segment, i, `there is no segment ${missing}, here or in the file`);
      again = true;
    }
  }
  const order = new Set(inOrder(result).map(({ key }) => key));
  return result.map((segment, i) =>
    segment.verdict === 'faulty' || order.has(segment.key)
      ? segment
      : faulty(segment, i, 'asks, near or far, for itself'),
  );
}

function faulty(segment: PlannedSegment, at: number, message: string): PlannedSegment {
  return {
    ...segment,
    verdict: 'faulty',
    rule: null,
    sentence: null,
    flags: [],
    faults: [{ path: `segments.${at}.rule`, message }],
  };
}

export function askedFor({ rule, settings }: Pick<PlannedSegment, 'rule' | 'settings'>): string[] {
  const rules = [rule, settings.keep].filter((one) => one !== null && one !== undefined);
  return rules.flatMap((one) =>
    conditionsOf(one.where).flatMap((condition) => condition.with?.segment ?? []),
  );
}

/** Those that can be made, each after those of the file that it asks for; who is in a circle is not among them. */
export function inOrder(planned: readonly PlannedSegment[]): PlannedSegment[] {
  const waiting = new Map(
    planned.filter(({ verdict }) => verdict !== 'faulty').map((segment) => [segment.key, segment]),
  );
  const done: PlannedSegment[] = [];
  for (let before = -1; before !== done.length;) {
    before = done.length;
    for (const [key, segment] of waiting) {
      if (askedFor(segment).some((asked) => waiting.has(asked))) continue;
      done.push(segment);
      waiting.delete(key);
    }
  }
  return done;
}
