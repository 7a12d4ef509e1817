/**
 * A rule as one English sentence. With the numbers in force it writes them out ("last ordered 92 to 196 days
 * ago"); without, it uses the words ("rhythm is slowing").
 */
import { assertNever } from '../app-error.ts';
import { formatMoney } from '../money.ts';
import type { CutPoints } from '../value/cut-points.ts';
import type { Field } from './field.ts';
import { fieldOf } from './fields.ts';
import { isCondition, type Condition, type Rule, type RuleNode, type Scalar } from './rule.ts';

export interface PrintOptions {
  /** ISO 4217 of the shop. */
  currency: string;
  /** Numbers in force. */
  cutPoints?: Pick<CutPoints, 'version' | 'rhythmDays' | 'spentPercentiles'>;
}

/** "Customers who ..." with a full stop at the end. */
export function printRule(rule: Rule, options: PrintOptions): string {
  return `Customers where ${printNode(rule.where, options, true)}.`;
}

function printNode(node: RuleNode, options: PrintOptions, outermost: boolean): string {
  if (isCondition(node)) return printCondition(node, options);
  const [children, word, before] =
    'all' in node
      ? ([node.all, ' and ', ''] as const)
      : 'any' in node
        ? ([node.any, ' or ', ''] as const)
        : ([node.none, ' or ', 'none of this is true: '] as const);
  const text = before + children.map((child) => printNode(child, options, false)).join(word);
  return outermost || (children.length === 1 && before === '') ? text : `(${text})`;
}

/** "days since last activity is between 30 and 59" */
export function printCondition(condition: Condition, options: PrintOptions): string {
  const field = fieldOf(condition.field);
  const special = printWithNumbers(condition, options);
  if (special !== undefined) return special;
  if (field.says) return condition.value === true ? field.says.yes : field.says.no;
  const one = (value: Scalar | undefined) => printValue(field, value, options);
  const { op, value } = condition;
  const several = Array.isArray(value) ? value : [];
  const single = Array.isArray(value) ? undefined : value;
  switch (op) {
    case 'eq':
      return `${field.label} is ${one(single)}`;
    case 'neq':
      return `${field.label} is not ${one(single)}`;
    case 'lt':
      return `${field.label} is less than ${one(single)}`;
    case 'lte':
      return `${field.label} is at most ${one(single)}`;
    case 'gt':
      return `${field.label} is more than ${one(single)}`;
    case 'gte':
      return `${field.label} is at least ${one(single)}`;
    case 'before':
      return `${field.label} is before ${one(single)}`;
    case 'after':
      return `${field.label} is after ${one(single)}`;
    case 'between':
      return `${field.label} is between ${one(several[0])} and ${one(several[1])}`;
    case 'in':
      return `${field.label} is ${several.map(one).join(' or ')}`;
    case 'is_set':
      return `${field.label} is known`;
    case 'is_not_set':
      return `${field.label} is not known`;
    default:
      return assertNever(op);
  }
}

/** Conditions whose bounds are the store's own numbers. */
function printWithNumbers({ field, op, value }: Condition, options: PrintOptions): string | undefined {
  const { cutPoints } = options;
  if (field === 'spends_more_than_percent_of_customers' && op === 'gte' && typeof value === 'number') {
    const bound = cutPoints?.spentPercentiles[value as 75];
    const text = `spent is more than that of ${value} % of buyers`;
    return typeof bound === 'number' ? `${text} (more than ${money(bound, options)})` : text;
  }
  if (cutPoints === undefined || op !== 'eq' || typeof value !== 'string') return undefined;
  if (field === 'rhythm') {
    const [active, slowing, away] = cutPoints.rhythmDays.map(Math.floor) as [number, number, number];
    const days: Record<string, string> = {
      active: `at most ${active} days ago`,
      slowing: `${active + 1} to ${slowing} days ago`,
      away: `${slowing + 1} to ${away} days ago`,
      gone: `more than ${away} days ago`,
    };
    return `the last order was placed ${days[value] ?? ''}`;
  }
  if (field === 'value_class') {
    const best = cutPoints.spentPercentiles[80];
    const limit = best === null ? 'what four in five buyers spent' : money(best, options);
    const classes: Record<string, string> = {
      best: `spent is more than ${limit}`,
      steady: `orders is at least 2 and spent is at most ${limit}`,
      one_order: `orders is 1 and spent is at most ${limit}`,
      no_order: 'no order counts',
    };
    return classes[value];
  }
  return undefined;
}

function printValue(field: Field, value: Scalar | undefined, options: PrintOptions): string {
  if (value === undefined) return '';
  if (field.type === 'money') return money(Number(value), options);
  return field.options?.find((option) => option.value === value)?.label ?? String(value);
}

function money(minor: number, { currency }: PrintOptions): string {
  return formatMoney(BigInt(Math.floor(minor)), currency);
}
