/**
 * A rule while it is being written: rows and groups with the texts that were typed, finished or not. It becomes the
 * portable form of a rule (money in major units), which the same parser reads in the browser and on the server; a
 * fault's path leads back to the row.
 */
import { decimalOf } from '../../money.ts';
import {
  DAY_OPERATORS,
  operatorsOf,
  type Field,
  type FieldType,
  type Operator,
} from '../../segments/field.ts';
import { fieldOf, type FieldKey } from '../../segments/fields.ts';
import { chosen, type ParamName, type ParamValues, type WhatKind } from '../../segments/param.ts';
import { fromPortable } from '../../segments/portable-rule.ts';
import {
  childrenOf,
  isCondition,
  type Condition,
  type ParsedRule,
  type Rule,
  type RuleFault,
  type RuleNode,
} from '../../segments/rule.ts';

export type Match = 'all' | 'any' | 'none';
/** Which orders a windowed field looks at. */
export type Period = 'all' | 'last' | 'before' | 'ago' | 'dates';

export interface DraftRow {
  id: string;
  /** Empty until it is chosen. */
  field: FieldKey | '';
  op: Operator;
  /** One text; two for between; any number for lists. */
  texts: string[];
  period: Period;
  lastDays: string;
  beforeDays: string;
  from: string;
  to: string;
  whatKind: WhatKind;
  what: string[];
  segment: string;
  metafield: string;
}

export interface DraftGroup {
  id: string;
  match: Match;
  children: DraftNode[];
}

export type DraftNode = DraftRow | DraftGroup;

export interface RuleDraft {
  root: DraftGroup;
  /** "Count an order only after N days"; empty: at once. */
  countAfterDays: string;
  /** The stored rule was one bare condition: written so again when it still is. */
  bare: boolean;
}

export const isGroup = (node: DraftNode): node is DraftGroup => 'children' in node;

const LISTS: readonly Operator[] = ['in', 'not_in', 'has_any', 'has_all', 'has_none'];
export const takesList = (op: Operator) => LISTS.includes(op);
export const takesNothing = (op: Operator) => op === 'is_set' || op === 'is_not_set';

/** A row that asks for nothing yet. */
export function emptyRow(id: string): DraftRow {
  return {
    id,
    field: '',
    op: 'eq',
    texts: [''],
    period: 'all',
    lastDays: '',
    beforeDays: '',
    from: '',
    to: '',
    whatKind: 'product',
    what: [],
    segment: '',
    metafield: '',
  };
}

/** The row with another field: what does not fit it any more is forgotten. */
export function withField(row: DraftRow, key: FieldKey): DraftRow {
  const field: Field = fieldOf(key);
  const same = row.field !== '' && fieldOf(row.field).type === field.type && !field.options;
  const ops = operatorsOf(field);
  const op = same && ops.includes(row.op) ? row.op : usualOperator(field);
  const asked = row.field === '' || fieldOf(row.field).asksForTiers !== field.asksForTiers ? '' : row.segment;
  const next = withOperator({ ...row, field: key, texts: same ? row.texts : [''], segment: asked }, op);
  const first = field.options?.[0];
  return {
    ...next,
    texts:
      field.type === 'yes_no'
        ? ['true']
        : !same && first && !takesList(op)
          ? [String(first.value), ...(op === 'between' ? [String(field.options?.at(-1)?.value ?? '')] : [])]
          : next.texts,
    period: periodsOf(field).includes(row.period) ? row.period : 'all',
  };
}

/** What merchants mean most often: at least, in the last days, any of. */
function usualOperator(field: Field): Operator {
  const ops = operatorsOf(field);
  for (const op of ['gte', 'has_any', 'eq', 'in_last_days'] as const) {
    if (op === 'gte' && field.type === 'step') continue;
    if (field.type === 'date' && op === 'eq') continue;
    if (ops.includes(op)) return op;
  }
  return ops[0] ?? 'eq';
}

/** The row with another comparison, with as many texts as it takes. */
export function withOperator(row: DraftRow, op: Operator): DraftRow {
  const given = row.texts.filter((text) => text !== '');
  const [first = ''] = row.texts;
  if (takesNothing(op)) return { ...row, op, texts: [] };
  if (op === 'between') return { ...row, op, texts: [first, row.texts[1] ?? ''] };
  if (takesList(op)) return { ...row, op, texts: given };
  // A number of days is no date, and the other way round.
  const kept = isDays(row.op) === isDays(op) ? first : '';
  return { ...row, op, texts: [kept] };
}

const isDays = (op: Operator) => DAY_OPERATORS.includes(op);

/** Which windows a field takes. */
export function periodsOf({ params = {} }: Field): Period[] {
  const has = (name: ParamName) => Object.hasOwn(params, name);
  return [
    'all',
    ...(has('lastDays') ? (['last'] as const) : []),
    ...(has('beforeDays') ? (['before'] as const) : []),
    ...(has('lastDays') && has('beforeDays') ? (['ago'] as const) : []),
    ...(has('from') && has('to') ? (['dates'] as const) : []),
  ];
}

// ------------------------------------------------------------------ stored -> draft

/** @param newId a new id each time it is called */
export function draftOf(rule: Rule | null, currency: string, newId: () => string): RuleDraft {
  const bare = rule !== null && isCondition(rule.where);
  const where: RuleNode =
    rule === null ? { all: [] } : isCondition(rule.where) ? { all: [rule.where] } : rule.where;
  const root = nodeOf(where, currency, newId) as DraftGroup;
  if (root.children.length === 0) root.children.push(emptyRow(newId()));
  return { root, countAfterDays: rule?.countAfterDays ? String(rule.countAfterDays) : '', bare };
}

function nodeOf(node: RuleNode, currency: string, newId: () => string): DraftNode {
  if (isCondition(node)) return rowOf(node, currency, newId());
  const match = 'all' in node ? 'all' : 'any' in node ? 'any' : 'none';
  return { id: newId(), match, children: childrenOf(node).map((child) => nodeOf(child, currency, newId)) };
}

function rowOf({ field, op, value, with: params = {} }: Condition, currency: string, id: string): DraftRow {
  const isMoney = fieldOf(field).type === 'money';
  const text = (one: unknown) => (isMoney ? decimalOf(BigInt(one as number), currency) : String(one));
  const texts = value === undefined ? [] : Array.isArray(value) ? value.map(text) : [text(value)];
  const [whatKind, what] = params.what ? chosen(params.what) : (['product', []] as const);
  const { lastDays, beforeDays, from, to } = params;
  const dates = from !== undefined || to !== undefined;
  return {
    ...emptyRow(id),
    field,
    op,
    texts,
    period: dates
      ? 'dates'
      : lastDays !== undefined && beforeDays !== undefined
        ? 'ago'
        : lastDays !== undefined
          ? 'last'
          : beforeDays !== undefined
            ? 'before'
            : 'all',
    lastDays: lastDays === undefined ? '' : String(lastDays),
    beforeDays: beforeDays === undefined ? '' : String(beforeDays),
    from: from ?? '',
    to: to ?? '',
    whatKind,
    what: [...what],
    segment: params.segment ?? '',
    metafield: params.metafield ?? '',
  };
}

// ------------------------------------------------------------------ draft -> portable

/** JSON for `fromPortable`; unfinished rows become JSON that it refuses, with the path. */
export function portableOf(draft: RuleDraft): unknown {
  const { root, countAfterDays, bare } = draft;
  const [only] = root.children;
  const asBare = bare && root.match === 'all' && root.children.length === 1 && only && !isGroup(only);
  return {
    v: 1,
    where: asBare ? portableRow(only) : portableNode(root),
    ...(countAfterDays.trim() === '' ? {} : { countAfterDays: numberOf(countAfterDays) }),
  };
}

function portableNode(node: DraftNode): unknown {
  return isGroup(node) ? { [node.match]: node.children.map(portableNode) } : portableRow(node);
}

function portableRow(row: DraftRow): unknown {
  if (row.field === '') return { field: '' };
  const field: Field = fieldOf(row.field);
  const params = portableParams(row, field);
  const one = (text: string) => scalarOf(field, row.op, text);
  const several = row.op === 'between' || takesList(row.op);
  return {
    field: row.field,
    op: row.op,
    ...(takesNothing(row.op) ? {} : { value: several ? row.texts.map(one) : one(row.texts[0] ?? '') }),
    ...(Object.keys(params).length > 0 ? { with: params } : {}),
  };
}

function portableParams(row: DraftRow, { params = {} }: Field): ParamValues {
  const has = (name: ParamName) => Object.hasOwn(params, name);
  const days = (text: string) => numberOf(text) as number;
  const { period } = row;
  return {
    ...(has('lastDays') && (period === 'last' || period === 'ago') ? { lastDays: days(row.lastDays) } : {}),
    ...(has('beforeDays') && (period === 'before' || period === 'ago')
      ? { beforeDays: days(row.beforeDays) }
      : {}),
    ...(period === 'dates' && row.from !== '' ? { from: row.from } : {}),
    ...(period === 'dates' && row.to !== '' ? { to: row.to } : {}),
    ...(has('what') ? { what: { [row.whatKind]: row.what } } : {}),
    ...(has('segment') ? { segment: row.segment } : {}),
    ...(has('metafield') ? { metafield: row.metafield } : {}),
  };
}

const NUMBERS: readonly FieldType[] = ['count', 'decimal', 'percent', 'days'];

function scalarOf(field: Field, op: Operator, text: string): unknown {
  if (isDays(op) || NUMBERS.includes(field.type)) return numberOf(text);
  if (field.type === 'money') return text.trim().replace(',', '.');
  if (field.type === 'yes_no') return text === 'true';
  const option = field.options?.find(({ value }) => String(value) === text);
  return option ? option.value : field.pattern ? text.trim().toUpperCase() === text.trim() ? text.trim() : upperIfFits(field.pattern, text.trim()) : text; // prettier-ignore
}

/** "de" where "DE" is meant. */
const upperIfFits = (pattern: RegExp, text: string) =>
  !pattern.test(text) && pattern.test(text.toUpperCase()) ? text.toUpperCase() : text;

/** A number, or the text as it is, which no number field takes. */
function numberOf(text: string): unknown {
  const plain = text.trim().replace(',', '.');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : text;
}

// ------------------------------------------------------------------ faults

/** What is wrong, by the id of the row or group ("wait" for the days before an order counts). */
export type DraftFaults = ReadonlyMap<string, readonly string[]>;

export interface ReadDraft {
  parsed: ParsedRule;
  /** The portable form, as it is sent. */
  portable: unknown;
  faults: DraftFaults;
}

export function readDraft(draft: RuleDraft, currency: string): ReadDraft {
  const portable = portableOf(draft);
  const parsed = fromPortable(portable, currency);
  return { parsed, portable, faults: parsed.ok ? new Map() : placeFaults(draft, parsed.faults) };
}

/** Leads each fault to its row, in a sentence. Paths begin with "where" or "countAfterDays". */
export function placeFaults(draft: RuleDraft, faults: readonly RuleFault[]): DraftFaults {
  const placed = new Map<string, string[]>();
  for (const { path, message } of faults) {
    const { id, node, rest } = nodeAt(draft, path.split('.'));
    const sentence = node && !isGroup(node) ? rowSentence(node, rest, message) : groupSentence(rest, message);
    const known = placed.get(id) ?? [];
    if (!known.includes(sentence)) placed.set(id, [...known, sentence]);
  }
  return placed;
}

function nodeAt(
  draft: RuleDraft,
  steps: readonly string[],
): { id: string; node?: DraftNode; rest: string[] } {
  if (steps[0] === 'countAfterDays') return { id: 'wait', rest: [] };
  let node: DraftNode = draft.root;
  let rest = steps.slice(1);
  const [only] = draft.root.children;
  // A bare condition stands where its group would.
  if (draft.bare && only && !['all', 'any', 'none'].includes(rest[0] ?? '')) node = only;
  while (isGroup(node) && rest.length >= 2 && rest[0] === node.match) {
    const child: DraftNode | undefined = node.children[Number(rest[1])];
    if (!child) break;
    node = child;
    rest = rest.slice(2);
  }
  return { id: node.id, node, rest };
}

function groupSentence(rest: readonly string[], message: string): string {
  if (rest.length === 1 && message.includes('at least one condition')) return 'Add at least one condition.';
  return `This ${message}.`;
}

function rowSentence(row: DraftRow, rest: readonly string[], message: string): string {
  if (row.field === '') return 'Choose what to ask for.';
  const [part, name = '', ...more] = rest;
  if (part === undefined || part === 'field' || part === 'op') {
    return message.startsWith('Not available')
      ? message
      : capital(`${part === 'op' ? 'the comparison' : 'this'} ${message}.`);
  }
  if (part === 'value') return valueSentence(row, name, message);
  if (part !== 'with') return capital(`${message}.`);
  const blank: Record<string, [boolean, string]> = {
    lastDays: [row.lastDays.trim() === '', 'Enter a number of days.'],
    beforeDays: [row.beforeDays.trim() === '', 'Enter a number of days.'],
    segment: [row.segment === '', fieldOf(row.field).asksForTiers ? 'Choose tiers.' : 'Choose a segment.'],
    metafield: [row.metafield === '', 'Choose a metafield.'],
    what: [row.what.length === 0, 'Choose at least one.'],
  };
  const [isBlank, words] = blank[name] ?? [false, ''];
  if (isBlank) return words;
  const called: Record<string, string> = {
    lastDays: 'the number of days',
    beforeDays: 'the number of days',
    from: 'the first day',
    to: 'the last day',
    segment: fieldOf(row.field).asksForTiers ? 'what was chosen' : 'the segment',
    metafield: 'the metafield',
  };
  const item = name === 'what' ? row.what[Number(more[1])] : undefined;
  return capital(`${item ? `“${item}”` : (called[name] ?? 'this')} ${message}.`);
}

function valueSentence(row: DraftRow, at: string, message: string): string {
  const index = at === '' ? 0 : Number(at);
  const text = row.texts[index] ?? '';
  if (text.trim() === '') return takesList(row.op) ? 'Name at least one.' : 'Enter a value.';
  if (row.op === 'between' && at !== '')
    return capital(`${index === 0 ? 'the first value' : 'the second value'} ${message}.`);
  return capital(takesList(row.op) && at !== '' ? `“${text}” ${message}.` : `the value ${message}.`);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

// ------------------------------------------------------------------ changes of the tree

/** The tree with the node of this id made anew; without it when `change` answers null. */
export function changed(
  root: DraftGroup,
  id: string,
  change: (node: DraftNode) => DraftNode | null,
): DraftGroup {
  const visit = (node: DraftNode): DraftNode | null => {
    if (node.id === id) return change(node);
    if (!isGroup(node)) return node;
    const children = node.children.flatMap((child) => visit(child) ?? []);
    return { ...node, children };
  };
  return (visit(root) ?? root) as DraftGroup;
}

/** How many rows there are. */
export function rowsOf(node: DraftNode): DraftRow[] {
  return isGroup(node) ? node.children.flatMap(rowsOf) : [node];
}
