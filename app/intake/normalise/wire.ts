/** The pieces of which Shopify's messages are made, as schemas: tolerant of what is new, strict on what is needed. */
import { z } from 'zod';
import { parseMinor } from '../../money.ts';
import type { ShopifyId } from '../facts.ts';

/** When a state was seen by a read: by Shopify's clock, and when we asked. For a bulk query both are its createdAt. */
export interface ReadTimes {
  readAt: Date | string;
  startedAt: Date | string;
}

const MAX_BIGINT = 2n ** 63n - 1n;

/** PostgreSQL holds neither NUL nor half a surrogate pair. */
const cleanText = (text: string): string => text.replaceAll('\0', '').toWellFormed();

export const text = z.string().transform(cleanText);
export const textOrEmpty = z
  .string()
  .nullish()
  .transform((value) => cleanText(value ?? ''));
export const textOrNull = z
  .string()
  .nullish()
  .transform((value) => (value ? cleanText(value) : null));
/** "paid" and "PAID" are the same word in the two shapes. */
export const wordOrNull = textOrNull.transform((value) => value?.toUpperCase() ?? null);

const idText = z
  .string()
  .refine((digits) => /^[1-9]\d{0,18}$/.test(digits) && BigInt(digits) <= MAX_BIGINT, 'not an id');

/** A numeric id: a JSON number, or its digits when it is too big for one. */
export const numericId = z.union([z.int().positive().transform(String), idText]);

/** The numeric id of a gid of one type. */
export function gid(type: string) {
  const pattern = new RegExp(`^gid://shopify/${type}/(\\d+)(?:\\?.*)?$`);
  return z
    .string()
    .transform((value) => pattern.exec(value)?.[1])
    .pipe(idText);
}

export function gidOf(type: 'Customer' | 'Order' | 'Product' | 'Collection', id: ShopifyId): string {
  return `gid://shopify/${type}/${id}`;
}

/** An instant as Shopify writes it. Kept as text too, because a Date has no microseconds. */
export const instant = z
  .string()
  .regex(/^[1-9]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,12})?(Z|[+-]\d{2}:?\d{2})$/i)
  .refine((value) => !Number.isNaN(Date.parse(value)));
export const instantOrNull = instant.nullish().transform((value) => value ?? null);

/** An amount of money as decimal text, still without its currency. */
export const decimal = z.string().refine((value) => parseMinor(value, 'KWD') !== undefined);

export const shopMoney = z
  .object({ shopMoney: z.object({ amount: decimal }) })
  .transform((set) => set.shopMoney.amount);

export const wholeNumber = z.int().min(-2_147_483_648).max(2_147_483_647);

/** GraphQL's list, or REST's "a, b": sorted, without blanks. */
export const tagList = z
  .union([z.string().transform((value) => value.split(',')), z.array(z.string())])
  .transform((tags) =>
    tags
      .map((tag) => cleanText(tag).trim())
      .filter((tag) => tag !== '')
      .sort(),
  );

/** What is wrong with a message, in field names: never a value, for values can be personal. */
export function unreadableReason(what: string, error: z.ZodError): string {
  const places = error.issues.slice(0, 5).map((issue) => issue.path.join('.') || 'the message');
  return `${what}: not as expected at ${[...new Set(places)].join(', ')}`;
}
