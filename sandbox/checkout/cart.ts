/** A cart at the checkout: its lines with prices, who buys, what shipping costs. Money in minor units. */
import { z } from 'zod';
import {
  ActError, amountInput, amountOf, checkInput, customerRef, findCustomer, findProduct,
} from '../acts/act.ts'; // prettier-ignore
import type { DiscountItems, SandboxCustomer, SandboxProduct } from '../store/model.ts';
import type { Store } from '../store/store.ts';

const lineInput = z.object({
  product: z.string().optional(),
  /** The first one unless told. */
  variant: z.string().optional(),
  title: z.string().trim().min(1).optional(),
  quantity: z.coerce.number().int().min(1).default(1),
  price: amountInput.optional(),
  giftCard: z.boolean().default(false),
});

export const checkoutInput = z.object({
  /** Signed in, or known by the e-mail address given at the checkout. Without it: an anonymous cart. */
  customer: customerRef.nullish(),
  lines: z.array(lineInput).min(1, 'the cart is empty'),
  /** Several by `codes`. */
  code: z.string().trim().min(1).optional(),
  codes: z.array(z.string().trim().min(1)).default([]),
  shipping: amountInput.default('0'),
  /** Places the order. */
  place: z.boolean().default(false),
  email: z.email().optional(),
});

export interface CartLine {
  /** From 1. */
  number: number;
  product: SandboxProduct | undefined;
  variantId: string | null;
  title: string;
  quantity: number;
  priceMinor: number;
  giftCard: boolean;
  collections: ReadonlySet<string>;
}

export interface Cart {
  customer: SandboxCustomer | undefined;
  lines: CartLine[];
  shippingMinor: number;
  /** As they were typed, each once without case. */
  codes: string[];
}

/** @throws ActError */
export function readCart(
  store: Store,
  input: unknown,
): { cart: Cart; wanted: z.infer<typeof checkoutInput> } {
  const wanted = checkInput(checkoutInput, input);
  const customer = wanted.customer ? findCustomer(store, wanted.customer) : undefined;
  const shippingMinor = amountOf(wanted.shipping, store, 'shipping');
  if (shippingMinor < 0) throw new ActError('Shipping cannot be negative');
  const typed = [...(wanted.code ? [wanted.code] : []), ...wanted.codes];
  const codes = [...new Map(typed.map((code) => [code.toLowerCase(), code])).values()];
  const lines = wanted.lines.map((line, index) => readLine(store, line, index + 1));
  return { cart: { customer, lines, shippingMinor, codes }, wanted };
}

function readLine(store: Store, wanted: z.infer<typeof lineInput>, number: number): CartLine {
  const variantId = wanted.variant && (/(\d+)$/.exec(wanted.variant)?.[1] ?? '');
  const product =
    wanted.product === undefined
      ? variantId && store.productOfVariant(variantId)
      : findProduct(store, wanted.product);
  if (variantId && !product) throw new ActError(`There is no variant ${wanted.variant ?? ''}`);
  const found = product || undefined;
  const variant = variantId ? found?.variants.find(({ id }) => id === variantId) : found?.variants[0];
  if (variantId && !variant) throw new ActError(`There is no variant ${wanted.variant ?? ''}`);
  const priceMinor =
    wanted.price === undefined ? variant?.priceMinor : amountOf(wanted.price, store, 'price');
  if (priceMinor === undefined || priceMinor < 0) throw new ActError('A line needs a price of 0 or more');
  const collections = new Set<string>();
  for (const { id, productIds } of store.collections.all()) {
    if (found && productIds.includes(found.id)) collections.add(id);
  }
  return {
    number,
    product: found,
    variantId: variant?.id ?? null,
    title: wanted.title ?? found?.title ?? 'Custom item',
    quantity: wanted.quantity,
    priceMinor,
    giftCard: wanted.giftCard || found?.productType === 'Gift cards',
    collections,
  };
}

export function lineTotal({ priceMinor, quantity }: CartLine): number {
  return priceMinor * quantity;
}

export function subtotalOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + lineTotal(line), 0);
}

/** Gift cards are not discounted (documented). */
export function isOn(items: DiscountItems, line: CartLine): boolean {
  if (line.giftCard) return false;
  if ('all' in items) return true;
  if ('collections' in items) return items.collections.some((id) => line.collections.has(id));
  return (
    (line.product !== undefined && items.products.includes(line.product.id)) ||
    (line.variantId !== null && items.variants.includes(line.variantId))
  );
}
