/**
 * A rule as one English sentence. With the numbers in force it writes them out ("whose last order was placed 92
 * to 196 days ago"); without, it uses the words ("whose rhythm is slowing").
 */
import { assertNever } from '../app-error.ts';
import { fieldOf } from './fields.ts';
import { phrasesOf, type Phrase } from './print-phrase.ts';
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
export function printRule({ where }: Rule, options: PrintOptions): string {
  if (isCondition(where) || 'all' in where) return `Customers ${together([where], options)}.`;
  const parts = alternatives(where, options);
  return `Customers ${'none' in where ? 'except those ' : ''}${parts}.`;
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
  if (field.says) return condition.value === true ? field.says.yes : field.says.no;
  const one = (value: Scalar | undefined) => printValue(condition.field, value, options);
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
