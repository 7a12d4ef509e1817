/**
 * What a merchant can have read besides: postal codes, and customer metafields (at most ten, one value each).
 * Lists, references and files are not values that a rule could compare.
 */
export interface PickedMetafield {
  /** "namespace.key" */
  key: string;
  type: MetafieldType;
}

export interface CustomerPicks {
  postalCodes: boolean;
  metafields: readonly PickedMetafield[];
}

/** Is there anything to read besides? */
export function asksAnything(picks: CustomerPicks): boolean {
  return picks.postalCodes || picks.metafields.length > 0;
}

export const MOST_METAFIELDS = 10;

/** Shopify's types, by what rules take them for. */
export const METAFIELD_TYPES = {
  single_line_text_field: 'text',
  multi_line_text_field: 'text',
  number_integer: 'number',
  number_decimal: 'number',
  boolean: 'boolean',
  date: 'date',
  date_time: 'date',
} as const;

export type MetafieldType = keyof typeof METAFIELD_TYPES;
export type MetafieldKind = (typeof METAFIELD_TYPES)[MetafieldType];

export function isReadableType(type: string): type is MetafieldType {
  return Object.hasOwn(METAFIELD_TYPES, type);
}

/** Namespace and key as Shopify allows them: 3 to 255 and 2 to 64 letters, digits, "-" and "_". */
const FULL_KEY = /^[A-Za-z0-9_-]{3,255}\.[A-Za-z0-9_-]{2,64}$/;

export type MetafieldRefusal =
  | { why: 'too_many'; most: number }
  | { why: 'twice'; key: string }
  | { why: 'not_a_key'; key: string }
  /** Lists, references, files, JSON, measures. */
  | { why: 'type'; key: string; type: string };

/** Why a list of metafields cannot be taken; undefined when it can. */
export function refuseMetafields(
  list: readonly { key: string; type: string }[],
): MetafieldRefusal | undefined {
  if (list.length > MOST_METAFIELDS) return { why: 'too_many', most: MOST_METAFIELDS };
  const seen = new Set<string>();
  for (const { key, type } of list) {
    if (!FULL_KEY.test(key)) return { why: 'not_a_key', key };
    if (seen.has(key)) return { why: 'twice', key };
    if (!isReadableType(type)) return { why: 'type', key, type };
    seen.add(key);
  }
  return undefined;
}
