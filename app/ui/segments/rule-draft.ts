/**
 * A rule while it is being written: rows and groups with the texts that were typed, finished or not. It becomes the
 * portable form of a rule (`portableOf`; money in major units), which the same parser reads in the browser and on the
 * server (`readDraft`); a fault's path leads back to the row.
 */
import { DAY_OPERATORS, operatorsOf, type Field, type Operator } from '../../segments/field.ts';
import { fieldOf, type FieldKey } from '../../segments/fields.ts';
import type { ParamName, WhatKind } from '../../segments/param.ts';

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

export const isDays = (op: Operator) => DAY_OPERATORS.includes(op);

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
