/** docs/segments.md, written from the declarations: what a rule is, and every field with every operator. */
import {
  OPERATORS,
  FIELD_GROUPS,
  operatorsOf,
  type Field,
  type FieldGroup,
  type FieldType,
  type Operator,
} from './field.ts';
import { FIELD_KEYS, fieldOf, type FieldKey } from './fields.ts';
import { exampleOf, examplesOf } from './example-rules.ts';
import { NOT_FIELDS } from './not-fields.ts';
import { PARAM_LIMITS, WHAT_KINDS, type Param } from './param.ts';
import { fromPortable } from './portable-rule.ts';
import { printPresets } from './presets-docs.ts';
import { printRule } from './print-rule.ts';
import { REFERENCE_LIMITS } from './rule-references.ts';
import { RULE_LIMITS } from './rule.ts';

/** The currency of the examples. */
export const DOCS_CURRENCY = 'EUR';

export function printDocs(): string {
  const parts = [
    INTRODUCTION,
    TYPES_INTRODUCTION,
    TYPES.map(describeType).join('\n'),
    FIELDS_INTRODUCTION,
    ...Object.entries(FIELD_GROUPS).flatMap(([group, name]) => [
      `### ${name}`,
      ...FIELD_KEYS.filter((key) => fieldOf(key).group === (group as FieldGroup)).map(describeField),
    ]),
    printPresets(DOCS_CURRENCY),
  ];
  return `${parts.join('\n\n')}\n`;
}

const example = {
  v: 1,
  countAfterDays: 30,
  where: {
    all: [
      { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: 1000 },
      {
        any: [
          { field: 'country', op: 'in', value: ['DE', 'AT'] },
          { field: 'country', op: 'is_not_set' },
        ],
      },
      { none: [{ field: 'customer_tags', op: 'has_any', value: ['wholesale'] }] },
    ],
  },
};

const INTRODUCTION = `# Rules of segments

This page is written by \`node scripts/generate-segment-docs.ts\` from the declarations that the editor, the compiler
and the tests read. Every example is checked by a test.

A rule is JSON:

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`

> ${sentenceOf(example)}

- \`v\`: always 1.
- \`where\`: a condition, or a group of them: \`all\` (every one holds), \`any\` (at least one), \`none\` (not one). Groups
  nest, ${RULE_LIMITS.depth} deep at most, with up to ${RULE_LIMITS.conditions} conditions.
- A condition: \`field\`, \`op\` (operator), \`value\`, and \`with\` for fields that have parameters.
- \`countAfterDays\` (optional, 0 to ${RULE_LIMITS.countAfterDays}): an order counts for this rule only after so many days, so that
  what is sent back in time never counts. It works on everything that comes from orders; scores and predictions are
  as published.

Money is in major units of the store's currency: \`1000\` or \`"1000.00"\` are one thousand euros in a store in euros. What
is stored is in minor units; the command line, files and this page use major units.

A condition on a customer without a value is false. The operators that say "not" are true instead: \`neq\`, \`not_in\`,
\`not_contains\`, \`not_in_last_days\`, \`has_none\`. So \`none\` is exactly the opposite of \`any\`.

Days are the store's own: days since something are the store's date of today minus its date of then, 0 on the same
day. "In the last N days" means days since <= N; "more than N days ago" means days since > N, and never is not more
than N days ago; "not in the last N days" includes never. "Between" includes both ends. Everything changes at the
store's midnight. 29 February comes round on the 28th in years without one.

Texts, tags and codes are the same in upper and lower case. Lists name up to ${RULE_LIMITS.listed} values of up to ${RULE_LIMITS.text} characters.

What is wrong with a rule is said with the path to it: \`where.all.1.value must be a whole number\`.

\`member_of\` asks for the members of another segment, after its lists and its priority; \`tier_until\` and
\`money_to_next_tier\` ask how customers stand in tiers. References go ${REFERENCE_LIMITS.depth} segments deep
at most, never in a circle; a segment, or tiers, that are asked for cannot be deleted.`;

const TYPES_INTRODUCTION = `## Operators

Each field has a type, and each type its operators. Fields of which some customers have no value also take \`is_set\` and
\`is_not_set\` (predictions \`is_set\` only, and nothing that is true of customers without one).`;

const FIELDS_INTRODUCTION = `## Fields

Each with an example of every operator.

${NOT_FIELDS.map(({ label, why }) => `There is no field for **${label}**. ${why}`).join('\n\n')}`;

const TYPES: readonly FieldType[] = Object.keys(OPERATORS) as FieldType[];

const TYPE_WORDS: Record<FieldType, string> = {
  count: 'a whole number',
  decimal: 'a number with up to two decimals',
  percent: 'whole percent, 0 to 100',
  days: `whole days, 0 to ${PARAM_LIMITS.days}`,
  money: "an amount in the store's currency",
  date: 'a day, as `"2026-11-22"`',
  step: 'one of a few numbers',
  choice: 'one of a few words, or a code',
  text: 'text',
  list: 'several texts',
  yes_no: '`true` or `false`',
};

const OPERATOR_WORDS: Record<Operator, string> = {
  eq: 'is',
  neq: 'is not',
  lt: 'less than',
  lte: 'at most',
  gt: 'more than',
  gte: 'at least',
  between: 'between two values, both included',
  in: 'one of a list',
  not_in: 'none of a list',
  before: 'before a day',
  after: 'after a day',
  is_set: 'known',
  is_not_set: 'not known',
  in_last_days: 'today or in the last N days',
  not_in_last_days: 'not today and not in the last N days, or never',
  more_than_days_ago: 'more than N days ago',
  in_next_days: 'today or in the next N days',
  contains: 'contains a text',
  not_contains: 'does not contain a text',
  starts_with: 'starts with a text',
  has_any: 'has at least one of a list',
  has_all: 'has all of a list',
  has_none: 'has none of a list',
};

function describeType(type: FieldType): string {
  const operators = OPERATORS[type].map((op) => `\`${op}\` ${OPERATOR_WORDS[op]}`);
  return `- **${type}** (${TYPE_WORDS[type]}): ${operators.join('; ')}.`;
}

function describeField(key: FieldKey): string {
  const field: Field = fieldOf(key);
  const choices = field.options?.map(({ value }) => `\`${String(value)}\``).join(', ');
  const examples = examplesOf(key).map((one) => `${JSON.stringify(one)}`);
  const first = operatorsOf(field)[0];
  return [
    `#### \`${key}\`: ${field.label} (${field.type})`,
    [field.help, ...notes(field)].join(' '),
    ...(choices === undefined ? [] : [`Values: ${choices}.`]),
    ...(field.params ? [Object.entries(field.params).map(describeParam).join('\n')] : []),
    `\`\`\`json\n${examples.join('\n')}\n\`\`\``,
    ...(first === undefined ? [] : [`> ${sentenceOf({ v: 1, where: exampleOf(key, first) })}`]),
  ].join('\n\n');
}

function notes(field: Field): string[] {
  return [
    ...(field.source === 'prediction'
      ? ['Not available until there are predictions that can be relied on.']
      : []),
    ...(field.needsAllOrders && !(field.params && 'lastDays' in field.params)
      ? ['Needs access to all orders.']
      : []),
    ...(field.params && 'lastDays' in field.params && field.fromOrders !== false
      ? ['Without access to all orders: up to the last 60 days.']
      : []),
  ];
}

function describeParam([name, { help, required, type }]: [string, Param]): string {
  const kinds =
    type === 'what'
      ? ` Kinds: ${Object.keys(WHAT_KINDS)
          .map((kind) => `\`${kind}\``)
          .join(', ')}.`
      : '';
  return `- \`${name}\`${required ? ' (needed)' : ''}: ${help}${kinds}`;
}

/** @throws TypeError when an example is not a rule: the docs would be wrong */
function sentenceOf(portable: unknown): string {
  const parsed = fromPortable(portable, DOCS_CURRENCY);
  if (!parsed.ok)
    throw new TypeError(`an example is not a rule: ${JSON.stringify([portable, parsed.faults])}`);
  return printRule(parsed.rule, { currency: DOCS_CURRENCY });
}
