/** The types of metafields and what their values must look like. Lists hold JSON arrays of their type's values. */
import { currencyExponent } from '../../app/money.ts';

type Check = (value: string) => string | undefined;

const matching =
  (pattern: RegExp, wanted: string): Check =>
  (value) =>
    pattern.test(value) ? undefined : `Value must be ${wanted}.`;
const object =
  (keys: readonly string[], wanted: string): Check =>
  (value) => {
    const parsed = readJson(value);
    const fits =
      typeof parsed === 'object' && parsed !== null && keys.every((key) => Object.hasOwn(parsed, key));
    return fits ? undefined : `Value must be ${wanted}.`;
  };
const reference = (type: string): Check =>
  matching(new RegExp(`^gid://shopify/(${type})/\\d+$`), 'a valid reference');

const SINGLE: Readonly<Record<string, Check>> = {
  boolean: matching(/^(true|false)$/, 'true or false'),
  color: matching(/^#[0-9a-f]{6}$/i, 'in hexadecimal format'),
  date: (value) => time(value, /^\d{4}-\d{2}-\d{2}$/, 'in “YYYY-MM-DD” format'),
  date_time: (value) =>
    time(value, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/, 'in “YYYY-MM-DDTHH:MM:SS” format'), // prettier-ignore
  dimension: object(['value', 'unit'], 'an object with a value and a unit'),
  id: matching(/^\S+$/, 'an id'),
  json: (value) => (readJson(value) === undefined ? 'Value is invalid JSON.' : undefined),
  money: (value) => {
    const parsed = readJson(value) as { amount?: unknown; currency_code?: unknown } | null | undefined;
    const fits =
      typeof parsed?.currency_code === 'string' &&
      /^[A-Z]{3}$/.test(parsed.currency_code) &&
      currencyExponent(parsed.currency_code) >= 0 &&
      /^-?\d+(\.\d+)?$/.test(String(parsed.amount));
    return fits ? undefined : 'Value must be a valid money object.';
  },
  multi_line_text_field: () => undefined,
  number_decimal: matching(/^-?\d{1,13}(\.\d{1,9})?$/, 'a decimal'),
  number_integer: (value) =>
    /^-?\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value))
      ? undefined
      : 'Value must be an integer.',
  rating: object(['value', 'scale_min', 'scale_max'], 'an object with a value and its scale'),
  rich_text_field: object(['type'], 'a rich text object'),
  single_line_text_field: (value) => (/[\r\n]/.test(value) ? "Value can't include line breaks." : undefined),
  url: (value) =>
    URL.canParse(value) && /^(https?|mailto|sms|tel):/.test(value) ? undefined : 'Value must be a valid URL.',
  volume: object(['value', 'unit'], 'an object with a value and a unit'),
  weight: object(['value', 'unit'], 'an object with a value and a unit'),
  collection_reference: reference('Collection'),
  customer_reference: reference('Customer'),
  order_reference: reference('Order'),
  product_reference: reference('Product'),
  variant_reference: reference('ProductVariant'),
};

export const METAFIELD_TYPES: readonly string[] = [
  ...Object.keys(SINGLE),
  ...Object.keys(SINGLE)
    .filter(
      (type) =>
        !['boolean', 'json', 'money', 'multi_line_text_field', 'rich_text_field', 'id'].includes(type),
    )
    .map((type) => `list.${type}`),
];

/** What is wrong with a value of a type; undefined: nothing. */
export function checkMetafieldValue(type: string, value: string): string | undefined {
  if (!type.startsWith('list.')) return SINGLE[type]?.(value);
  const items = readJson(value);
  if (!Array.isArray(items)) return 'Value must be a JSON array.';
  if (items.length > 128) return 'Value can have at most 128 items.';
  for (const item of items as unknown[]) {
    const fault = SINGLE[type.slice(5)]?.(typeof item === 'object' ? JSON.stringify(item) : String(item));
    if (fault) return fault;
  }
  return undefined;
}

/** Whose `jsonValue` is not the text itself. */
export function isJsonType(type: string): boolean {
  return (
    type.startsWith('list.') ||
    ['boolean', 'dimension', 'json', 'money', 'number_integer', 'rating', 'rich_text_field', 'volume', 'weight'].includes(type) // prettier-ignore
  );
}

function time(value: string, pattern: RegExp, wanted: string): string | undefined {
  return pattern.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : `Value must be ${wanted}.`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
