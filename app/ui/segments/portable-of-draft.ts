/** Rows and groups as the portable form of a rule, finished or not. */
import type { Field, FieldType, Operator } from '../../segments/field.ts';
import { fieldOf } from '../../segments/fields.ts';
import type { ParamName, ParamValues } from '../../segments/param.ts';
import {
  isDays,
  isGroup,
  takesList,
  takesNothing,
  type DraftNode,
  type DraftRow,
  type RuleDraft,
} from './rule-draft.ts';

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
