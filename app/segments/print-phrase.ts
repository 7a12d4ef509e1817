/**
 * One condition as what follows "Customers": "with exactly 1 order", "who spent more than €110.00", "whose last
 * order was placed 92 to 196 days ago". Every condition has a phrase; those of a condition hold together.
 */
import { assertNever } from '../app-error.ts';
import { fieldOf } from './fields.ts';
import {
  formatBound,
  missingPrediction,
  printValue,
  rhythmDaysAgo,
  valueLimit,
  type PrintOptions,
} from './print-value.ts';
import { anythingOf, labelOf, oneOf, periodOf, segmentName, tiersName, whatOf } from './print-label.ts';
import type { Condition, Scalar } from './rule.ts';

export interface Phrase {
  /** "with ..." comes before "who ..." and "whose ...". */
  kind: 'with' | 'who';
  text: string;
}

const having = (text: string): Phrase => ({ kind: 'with', text });
const who = (text: string): Phrase => ({ kind: 'who', text });

const WITHOUT_ORDER = having('without an order that counts');

/** What the days count from, as a subject. */
const EVENTS: Partial<Record<Condition['field'], string>> = {
  days_since_first_order: 'first order',
  days_since_last_order: 'last order',
  days_since_last_activity: 'last activity',
};

export function phrasesOf(condition: Condition, options: PrintOptions): Phrase[] {
  const { field, op, value, with: params = {} } = condition;
  const asked = op !== 'is_set' && op !== 'is_not_set';
  const amount = () => amountOf(condition, options);
  const event = EVENTS[field];
  if (event !== undefined && asked) return [who(`whose ${event} was ${amount()} days ago`)];
  switch (field) {
    case 'orders':
      if (op === 'eq' && value === 0) return [WITHOUT_ORDER];
      return [having(`with ${amount()} ${value === 1 ? 'order' : 'orders'}`)];
    case 'spent':
      return [who(`who spent ${amount()}`)];
    case 'orders_in':
      return [having(`with ${amount()} ${value === 1 ? 'order' : 'orders'} ${periodOf(params)}`.trim())];
    case 'spent_in':
      return [who(`who spent ${amount()} ${periodOf(params)}`.trim())];
    case 'bought':
      return [
        who([`who ${value === true ? 'bought' : 'did not buy'}`, ...saidOf(condition, options)].join(' ')),
      ];
    case 'bought_quantity': {
      const pieces = `${amount()} ${value === 1 ? 'piece' : 'pieces'} of`;
      return [who([`who bought ${pieces}`, ...saidOf(condition, options)].join(' '))];
    }
    case 'bought_amount':
      return [who([`who spent ${amount()} on`, ...saidOf(condition, options)].join(' '))];
    case 'first_order_had':
      return [
        who(
          [
            `whose first order ${value === true ? 'had' : 'did not have'}`,
            ...saidOf(condition, options),
          ].join(' '),
        ),
      ];
    case 'member_of':
      return [
        who(
          [`who are ${value === true ? 'members' : 'not members'} of`, ...saidOf(condition, options)].join(
            ' ',
          ),
        ),
      ];
    case 'tier_until':
      if (asked)
        return [
          who(`whose hold on a tier of ${tiersName(params.segment ?? '', options)} ends ${dayOf(condition)}`),
        ];
      break;
    case 'money_to_next_tier':
      if (asked)
        return [
          who(`who need ${amount()} more for the next tier of ${tiersName(params.segment ?? '', options)}`),
        ];
      break;
    case 'has_fully_refunded_order':
      return [having(value === true ? 'with a fully refunded order' : 'without a fully refunded order')];
    case 'customer_since':
      return asked
        ? [who(`who became customers ${dayOf(condition)}`)]
        : [who(`whose first day as a customer is ${op === 'is_set' ? 'known' : 'not known'}`)];
    case 'first_order_on':
    case 'last_order_on':
      if (asked) return [who(`whose ${fieldOf(field).label} was ${dayOf(condition)}`)];
      break;
    case 'spends_more_than_percent_of_customers':
      if (op !== 'gte') return [who(`whose spending beats ${amount()} of buyers`)];
      return [who(`who spent more than ${String(value)} % of buyers${formatBound(value, options)}`)];
    case 'value_class':
      if (op === 'eq') return valuePhrases(value, options);
      break;
    case 'rhythm': {
      const days = op === 'eq' ? rhythmDaysAgo(value, options) : undefined;
      if (days !== undefined) return [who(`whose last order was placed ${days}`)];
      break;
    }
    default:
  }
  const label = labelOf(condition, options);
  const verb = verbOf(condition, options);
  if (verb !== undefined) return [who(`whose ${label} ${verb}`)];
  return [who(`whose ${label} is ${amount()}${missingPrediction(condition, options)}`)];
}

/** What follows the words of a yes_no field: what was bought, which segment, when. */
export function saidOf({ field, with: params = {} }: Condition, options: PrintOptions): string[] {
  return [
    ...(params.what ? [(field === 'bought' ? anythingOf : whatOf)(params.what, options)] : []),
    ...(params.segment ? [segmentName(params.segment, options)] : []),
    ...(params.metafield ? [params.metafield] : []),
    ...(periodOf(params) ? [periodOf(params)] : []),
  ];
}

/** Texts and lists have verbs of their own. */
function verbOf({ field, op, value }: Condition, options: PrintOptions): string | undefined {
  const words = (Array.isArray(value) ? value : [value]).map((one) => printValue(field, one, options));
  switch (op) {
    case 'contains':
      return `contains ${oneOf(words)}`;
    case 'not_contains':
      return `does not contain ${oneOf(words)}`;
    case 'starts_with':
      return `starts with ${oneOf(words)}`;
    case 'has_any':
      return `have ${oneOf(words)}`;
    case 'has_all':
      return `have ${oneOf(words, 'and')}`;
    case 'has_none':
      return `have none of ${oneOf(words)}`;
    default:
      return undefined;
  }
}

/** The groups of value in the store's own numbers, once there are any. */
function valuePhrases(value: Condition['value'], options: PrintOptions): Phrase[] {
  if (value === 'no_order') return [WITHOUT_ORDER];
  const limit = valueLimit(options);
  if (limit === undefined)
    return [who(`whose value is ${printValue('value_class', value as Scalar, options)}`)];
  const atMost = who(
    `who spent ${limit === null ? 'no more than' : 'at most'} ${limit ?? 'four in five buyers'}`,
  );
  if (value === 'best') return [who(`who spent more than ${limit ?? 'four in five buyers'}`)];
  return [having(value === 'steady' ? 'with at least 2 orders' : 'with exactly 1 order'), atMost];
}

/** The comparison without its subject: "at least 2", "30 to 59", "DE or AT". */
function amountOf({ field, op, value }: Condition, options: PrintOptions): string {
  const one = (scalar: Scalar | undefined) => printValue(field, scalar, options);
  const { type } = fieldOf(field);
  const exactly = type === 'choice' ? '' : 'exactly ';
  const several = Array.isArray(value) ? value : [];
  const single = Array.isArray(value) ? undefined : value;
  switch (op) {
    case 'eq':
      return `${exactly}${one(single)}`;
    case 'neq':
      return `not ${exactly}${one(single)}`;
    case 'lt':
      return `${type === 'count' ? 'fewer' : 'less'} than ${one(single)}`;
    case 'lte':
      return `at most ${one(single)}`;
    case 'gt':
      return `more than ${one(single)}`;
    case 'gte':
      return `at least ${one(single)}`;
    case 'before':
    case 'after':
      return `${op} ${one(single)}`;
    case 'between':
      return `${one(several[0])} to ${one(several[1])}`;
    case 'in':
      return oneOf(several.map(one));
    case 'not_in':
      return `not ${oneOf(several.map(one))}`;
    case 'in_last_days':
      return `in the last ${String(single)} days`;
    case 'not_in_last_days':
      return `not in the last ${String(single)} days`;
    case 'more_than_days_ago':
      return `more than ${String(single)} days ago`;
    case 'in_next_days':
      return `in the next ${String(single)} days`;
    case 'contains':
    case 'not_contains':
    case 'starts_with':
    case 'has_any':
    case 'has_all':
    case 'has_none':
      throw new TypeError('these have verbs of their own');
    case 'is_set':
      return 'known';
    case 'is_not_set':
      return 'not known';
    default:
      return assertNever(op);
  }
}

function dayOf({ op, value }: Condition): string {
  switch (op) {
    case 'in_last_days':
      return `in the last ${String(value)} days`;
    case 'not_in_last_days':
      return `not in the last ${String(value)} days`;
    case 'more_than_days_ago':
      return `more than ${String(value)} days ago`;
    case 'in_next_days':
      return `in the next ${String(value)} days`;
    default:
  }
  const [from, to] = Array.isArray(value) ? value : [value];
  return op === 'between'
    ? `from ${String(from)} to ${String(to)}`
    : `${op === 'eq' ? 'on' : op} ${String(from)}`;
}
