/**
 * A condition for every field and every operator, in the portable form (money in major units): the examples of
 * docs/segments.md and of the editor. Everything but the fields' own words comes from the declarations.
 */
import { operatorsOf, DAY_OPERATORS, type Field, type Operator } from './field.ts';
import { fieldOf, type FieldKey } from './fields.ts';

export interface ExampleCondition {
  field: FieldKey;
  with?: Record<string, unknown>;
  op: Operator;
  value?: unknown;
}

/** Values that say something where the ones of the type would not. */
const WORDS: Partial<Record<FieldKey, string[]>> = {
  country: ['DE', 'AT'],
  province: ['BE', 'BY'],
  city: ['Berlin', 'Hamburg'],
  postal_code: ['10', '20'],
  language: ['de', 'fr'],
  customer_tags: ['wholesale', 'friend'],
  order_tags: ['gift', 'express'],
  codes_used: ['WELCOME10', 'SUMMER'],
  channels: ['Online Store', 'pos'],
  store_locations: ['Berlin Mitte', 'Hamburg'],
  metafield_text: ['M', 'L'],
};

const METAFIELDS: Partial<Record<FieldKey, string>> = {
  metafield_text: 'facts.size',
  metafield_number: 'facts.points',
};

/** One condition for each operator of the field. */
export function examplesOf(key: FieldKey): ExampleCondition[] {
  return operatorsOf(fieldOf(key)).map((op) => exampleOf(key, op));
}

export function exampleOf(key: FieldKey, op: Operator): ExampleCondition {
  const field: Field = fieldOf(key);
  const params = exampleParams(key, field);
  const value = exampleValue(key, field, op);
  return {
    field: key,
    ...(Object.keys(params).length > 0 ? { with: params } : {}),
    op,
    ...(value === undefined ? {} : { value }),
  };
}

/** What is needed, and of a window the last days. */
function exampleParams(key: FieldKey, { params = {} }: Field): Record<string, unknown> {
  const chosen = Object.entries(params).filter(([name, { required }]) => required || name === 'lastDays');
  return Object.fromEntries(
    chosen.map(([name, { example }]) => [
      name,
      name === 'metafield' ? (METAFIELDS[key] ?? example) : example,
    ]),
  );
}

function exampleValue(key: FieldKey, field: Field, op: Operator): unknown {
  if (op === 'is_set' || op === 'is_not_set') return undefined;
  if (DAY_OPERATORS.includes(op)) return 30;
  const [one, other] = twoValues(key, field);
  switch (op) {
    case 'between':
      return [one, other];
    case 'in':
    case 'not_in':
    case 'has_any':
    case 'has_all':
    case 'has_none':
      return [one, other];
    default:
      return one;
  }
}

/** Two values of the type, the lower first. */
function twoValues(key: FieldKey, field: Field): [unknown, unknown] {
  const words = WORDS[key] ?? field.options?.map(({ value }) => value);
  switch (field.type) {
    case 'count':
      return [2, 5];
    case 'decimal':
      return [1.5, 10];
    case 'percent':
      return [50, 80];
    case 'days':
      return [30, 59];
    case 'money':
      return [100, 249.5];
    case 'date':
      return ['2026-01-01', '2026-03-31'];
    case 'yes_no':
      return [true, true];
    case 'text':
    case 'list':
      return [words?.[0] ?? 'newsletter', words?.[1] ?? 'google'];
    case 'step':
    case 'choice':
      return [words?.[0], words?.[1]];
  }
}
