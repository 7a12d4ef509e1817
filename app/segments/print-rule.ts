/**
 * A rule as one English sentence. With the numbers in force it writes them out ("whose last order was placed 92
 * to 196 days ago"); without, it uses the words ("whose rhythm is slowing").
 */
import { assertNever } from '../app-error.ts';
import { fieldOf } from './fields.ts';
import { labelOf, oneOf } from './print-label.ts';
import { phrasesOf, saidOf, type Phrase } from './print-phrase.ts';
import {
  formatBound,
  missingPrediction,
  printValue,
  rhythmDaysAgo,
  valueLimit,
  type PrintOptions,
} from './print-value.ts';
import { childrenOf, isCondition, type Condition, type Rule, type RuleNode, type Scalar } from './rule.ts';

export type { PrintOptions } from './print-value.ts';

/** "Customers with exactly 1 order, who spent at most €110.00." */
export function printRule({ where, countAfterDays = 0 }: Rule, options: PrintOptions): string {
  const end = countAfterDays > 0 ? `, each order counted after ${countAfterDays} days.` : '.';
  if (isCondition(where) || 'all' in where) return `Customers ${together([where], options)}${end}`;
  const parts = alternatives(where, options);
  return `Customers ${'none' in where ? 'except those ' : ''}${parts}${end}`;
}

/** What holds at once: "with ..." first, then "who ..." and "whose ...". */
function together(nodes: readonly RuleNode[], options: PrintOptions): string {
  const phrases = nodes.flatMap((node) => phrasesOfNode(node, options));
  const of = (kind: Phrase['kind']) =>
    phrases
      .filter((phrase) => phrase.kind === kind)
      .map(({ text }) => text)
      .join(' and ');
  return [of('with'), of('who')].filter(Boolean).join(', ');
}

function phrasesOfNode(node: RuleNode, options: PrintOptions): Phrase[] {
  if (isCondition(node)) return phrasesOf(node, options);
  if ('all' in node) return node.all.flatMap((child) => phrasesOfNode(child, options));
  const [only, ...others] = 'any' in node ? node.any : [];
  if (only && others.length === 0) return phrasesOfNode(only, options);
  return [{ kind: 'who', text: `${'none' in node ? 'not ' : ''}(${alternatives(node, options)})` }];
}

function alternatives(node: Exclude<RuleNode, Condition>, options: PrintOptions): string {
  return childrenOf(node)
    .map((child) => {
      const text = together([child], options);
      return phrasesOfNode(child, options).length > 1 ? `(${text})` : text;
    })
    .join(' or ');
}

/** "days since last activity is between 30 and 59" */
export function printCondition(condition: Condition, options: PrintOptions): string {
  return printAsked(condition, options) + missingPrediction(condition, options);
}

function printAsked(condition: Condition, options: PrintOptions): string {
  const field = fieldOf(condition.field);
  const special = printWithNumbers(condition, options);
  if (special !== undefined) return special;
  if (field.says) {
    const says = condition.value === true ? field.says.yes : field.says.no;
    return [says, ...saidOf(condition, options)].join(' ');
  }
  const label = labelOf(condition, options);
  const one = (value: Scalar | undefined) => printValue(condition.field, value, options);
  const { op, value } = condition;
  const several = Array.isArray(value) ? value : [];
  const single = Array.isArray(value) ? undefined : value;
  switch (op) {
    case 'eq':
      return `${label} is ${one(single)}`;
    case 'neq':
      return `${label} is not ${one(single)}`;
    case 'lt':
      return `${label} is less than ${one(single)}`;
    case 'lte':
      return `${label} is at most ${one(single)}`;
    case 'gt':
      return `${label} is more than ${one(single)}`;
    case 'gte':
      return `${label} is at least ${one(single)}`;
    case 'before':
      return `${label} is before ${one(single)}`;
    case 'after':
      return `${label} is after ${one(single)}`;
    case 'between':
      return `${label} is between ${one(several[0])} and ${one(several[1])}`;
    case 'in':
      return `${label} is ${oneOf(several.map(one))}`;
    case 'not_in':
      return `${label} is not ${oneOf(several.map(one))}`;
    case 'is_set':
      return `${label} is known`;
    case 'is_not_set':
      return `${label} is not known`;
    case 'in_last_days':
      return `${label} is in the last ${String(single)} days`;
    case 'not_in_last_days':
      return `${label} is not in the last ${String(single)} days`;
    case 'more_than_days_ago':
      return `${label} is more than ${String(single)} days ago`;
    case 'in_next_days':
      return `${label} is in the next ${String(single)} days`;
    case 'contains':
      return `${label} contains ${one(single)}`;
    case 'not_contains':
      return `${label} does not contain ${one(single)}`;
    case 'starts_with':
      return `${label} starts with ${one(single)}`;
    case 'has_any':
      return `${label} have ${oneOf(several.map(one))}`;
    case 'has_all':
      return `${label} have ${oneOf(several.map(one), 'and')}`;
    case 'has_none':
      return `${label} have none of ${oneOf(several.map(one))}`;
    default:
      return assertNever(op);
  }
}

/** Conditions whose bounds are the store's own numbers. */
function printWithNumbers({ field, op, value }: Condition, options: PrintOptions): string | undefined {
  if (field === 'spends_more_than_percent_of_customers' && op === 'gte') {
    return `spent is more than that of ${String(value)} % of buyers${formatBound(value, options)}`;
  }
  if (op !== 'eq') return undefined;
  if (field === 'rhythm') {
    const days = rhythmDaysAgo(value, options);
    return days === undefined ? undefined : `the last order was placed ${days}`;
  }
  const best = field === 'value_class' ? valueLimit(options) : undefined;
  if (best === undefined) return undefined;
  const limit = best ?? 'what four in five buyers spent';
  const classes: Record<string, string> = {
    best: `spent is more than ${limit}`,
    steady: `orders is at least 2 and spent is at most ${limit}`,
    one_order: `orders is 1 and spent is at most ${limit}`,
    no_order: 'no order counts',
  };
  return classes[String(value)];
}
