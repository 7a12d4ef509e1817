/** Rules that are wrong, in major units, with the path to the fault: every door must refuse each of them with it. */

const spent = { field: 'spent', op: 'gte', value: 100 };

function nested(depth: number): unknown {
  let node: unknown = spent;
  for (let i = 0; i < depth; i++) node = { all: [node] };
  return node;
}

export interface BadRule {
  name: string;
  rule: unknown;
  path: string;
}

export const BAD_RULES: readonly BadRule[] = [
  { name: 'another version', rule: { v: 2, where: spent }, path: 'v' },
  { name: 'no version', rule: { where: spent }, path: 'v' },
  { name: 'nothing asked', rule: { v: 1 }, path: 'where' },
  { name: 'something beside the rule', rule: { v: 1, where: spent, limit: 5 }, path: '' },
  { name: 'an unknown field', rule: { v: 1, where: { all: [spent, { field: 'colour', op: 'eq', value: 1 }] } }, path: 'where.all.1.field' },
  { name: 'a field of Object', rule: { v: 1, where: { field: 'constructor', op: 'eq', value: 1 } }, path: 'where.field' },
  { name: 'an unknown operator', rule: { v: 1, where: { any: [{ none: [{ field: 'orders', op: 'like', value: 1 }] }] } }, path: 'where.any.0.none.0.op' },
  { name: 'an operator of another type', rule: { v: 1, where: { field: 'orders', op: 'contains', value: '1' } }, path: 'where.op' },
  { name: 'text for a number', rule: { v: 1, where: { field: 'orders', op: 'gte', value: 'two' } }, path: 'where.value' },
  { name: 'an amount that is none', rule: { v: 1, where: { field: 'spent', op: 'gte', value: 'much' } }, path: 'where.value' },
  { name: 'cents of cents', rule: { v: 1, where: { field: 'spent', op: 'gte', value: '1.005' } }, path: 'where.value' },
  { name: 'half an order', rule: { v: 1, where: { field: 'orders', op: 'gte', value: 1.5 } }, path: 'where.value' },
  { name: 'a day that is none', rule: { v: 1, where: { field: 'first_order_on', op: 'before', value: '2026-02-30' } }, path: 'where.value' },
  { name: 'a year nought', rule: { v: 1, where: { field: 'first_order_on', op: 'after', value: '0000-01-01' } }, path: 'where.value' },
  { name: 'a period to the end of all years', rule: { v: 1, where: { field: 'orders_in', with: { from: '2026-01-01', to: '9999-12-31' }, op: 'gte', value: 1 } }, path: 'where.with.to' },
  { name: 'an end before the beginning', rule: { v: 1, where: { field: 'orders', op: 'between', value: [5, 2] } }, path: 'where.value' },
  { name: 'an unknown parameter', rule: { v: 1, where: { field: 'spent_in', with: { weeks: 2 }, op: 'gte', value: 1 } }, path: 'where.with.weeks' },
  { name: 'a wait of minus one', rule: { v: 1, where: spent, countAfterDays: -1 }, path: 'countAfterDays' },
  { name: 'a group without conditions', rule: { v: 1, where: { all: [] } }, path: 'where.all' },
  { name: 'two groups at once', rule: { v: 1, where: { all: [spent], any: [spent] } }, path: 'where.all' },
  { name: 'six groups deep', rule: { v: 1, where: nested(6) }, path: 'where.all.0.all.0.all.0.all.0.all.0' },
  { name: '1,000 conditions', rule: { v: 1, where: { any: Array.from({ length: 1_000 }, () => spent) } }, path: 'where' },
  { name: 'text of 10,000 characters', rule: { v: 1, where: { field: 'city', op: 'eq', value: 'x'.repeat(10_000) } }, path: 'where.value' },
  { name: 'a segment that is not there', rule: { v: 1, where: { field: 'member_of', with: { segment: 'nobody' }, op: 'eq', value: true } }, path: 'where' },
]; // prettier-ignore

/** Deeper than any reader's stack is meant for. */
export const ABYSS = `{"v":1,"where":${'{"all":['.repeat(20_000)}{"field":"orders","op":"gte","value":1}${']}'.repeat(20_000)}}`;
