/** A discount of the store as Shopify shows it, of anybody. Pure. */
import { z } from 'zod';

const money = z.object({ amount: z.string(), currencyCode: z.string() });
const value = z.object({
  __typename: z.string(),
  percentage: z.number().optional(),
  amount: money.optional(),
  appliesOnEachItem: z.boolean().optional(),
  quantity: z.object({ quantity: z.string() }).optional(),
  effect: z.unknown().optional(),
});
const ids = z.object({ nodes: z.array(z.object({ id: z.string() })) });
const items = z.object({
  __typename: z.string(),
  products: ids.optional(),
  collections: ids.optional(),
});
const discountSchema = z.object({
  __typename: z.string(),
  title: z.string(),
  status: z.enum(['ACTIVE', 'EXPIRED', 'SCHEDULED']),
  startsAt: z.string(),
  endsAt: z.string().nullable(),
  tags: z.array(z.string()).default([]),
  usageLimit: z.number().nullish(),
  codes: z.object({ nodes: z.array(z.object({ code: z.string() })) }).optional(),
  combinesWith: z.object({
    orderDiscounts: z.boolean(),
    productDiscounts: z.boolean(),
    shippingDiscounts: z.boolean(),
  }),
  context: z.object({
    __typename: z.string(),
    segments: z.array(z.object({ id: z.string() })).optional(),
  }),
  minimumRequirement: z
    .object({
      __typename: z.string(),
      greaterThanOrEqualToQuantity: z.string().optional(),
      greaterThanOrEqualToSubtotal: money.optional(),
    })
    .nullish(),
  customerGets: z.object({ items, value }).optional(),
  customerBuys: z.unknown().optional(),
});
export type Discount = z.infer<typeof discountSchema>;

export interface StoreDiscount {
  /** Shopify's number, the same whatever type of node names it. */
  id: string;
  automatic: boolean;
  kind: 'basic' | 'bxgy' | 'free_shipping' | 'app';
  shown: Discount;
}

/** @returns null for a discount of a kind that is new to us */
export function readStoreDiscount(node: { id: string; discount: unknown }): StoreDiscount | null {
  const parsed = discountSchema.safeParse(node.discount);
  const type = /^Discount(Automatic|Code)(Basic|Bxgy|FreeShipping|App)$/.exec(
    (node.discount as { __typename?: string } | null)?.__typename ?? '',
  );
  if (!parsed.success || !type) return null;
  const kinds = { Basic: 'basic', Bxgy: 'bxgy', FreeShipping: 'free_shipping', App: 'app' } as const;
  return {
    id: numberOf(node.id),
    automatic: type[1] === 'Automatic',
    kind: kinds[type[2] as keyof typeof kinds],
    shown: parsed.data,
  };
}

export function numberOf(gid: string): string {
  return gid.slice(gid.lastIndexOf('/') + 1);
}

/** Everything of it that somebody can change; its status follows from the dates and is no change. */
export function looksOf({ shown }: StoreDiscount): string {
  const { status: _, __typename, ...rest } = shown;
  return JSON.stringify(sorted(rest));
}

/** Whether two values are the same, whatever the order of their fields. */
export function sameLooks(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
