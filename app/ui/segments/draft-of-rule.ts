/** A stored rule as rows and groups with texts. */
import { decimalOf } from '../../money.ts';
import { fieldOf } from '../../segments/fields.ts';
import { chosen } from '../../segments/param.ts';
import { childrenOf, isCondition, type Condition, type Rule, type RuleNode } from '../../segments/rule.ts';
import { emptyRow, type DraftGroup, type DraftNode, type DraftRow, type RuleDraft } from './rule-draft.ts';

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
