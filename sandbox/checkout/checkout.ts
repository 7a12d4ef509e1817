/** A cart through all discounts of the store: the price, what applied, and why the rest did not. */
import { decimalOf } from '../../app/money.ts';
import { asOneAction } from '../acts/act.ts';
import { placeOrder } from '../acts/place-order.ts';
import { countUse } from '../discounts/change-discount.ts';
import { appExtensions } from '../functions/app-extensions.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxDiscount, SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { lineTotal, readCart, subtotalOf } from './cart.ts';
import type { Cart } from './cart.ts';
import { bestCombination, combine } from './combine.ts';
import type { Applied, Candidate, Combination } from './combine.ts';
import { functionOffer } from './function-offer.ts';
import { nativeOffer } from './native-offer.ts';
import { whyNot } from './who-may.ts';

/** Amounts are decimals in the shop's currency. */
export interface CheckoutResult {
  customer: string | null;
  currency: string;
  lines: { title: string; quantity: number; price: string; total: string; discount: string; toPay: string }[];
  subtotal: string;
  discount: string;
  shipping: string;
  shippingDiscount: string;
  total: string;
  discounts: {
    id: string;
    title: string;
    code: string | null;
    /** On lines and shipping together. */
    amount: string;
    on: 'lines' | 'shipping' | 'both';
    /** What the function calls it. */
    message: string | null;
  }[];
  notApplied: { id: string | null; title: string; code: string | null; reason: string }[];
  order: { id: string; name: string } | null;
}

/** @throws ActError */
export async function checkOut(sandbox: Sandbox, store: Store, input: unknown): Promise<CheckoutResult> {
  const { cart, wanted } = readCart(store, input);
  const { candidates, notApplied } = await candidatesOf(sandbox, store, cart);
  const best = bestCombination(cart, candidates);
  notApplied.push(...leftOut(candidates, best));
  const order = wanted.place ? place(store, cart, best, wanted.email) : null;
  return { ...priceOf(store, cart, best), notApplied, order: order && { id: order.id, name: order.name } };
}

type NotApplied = CheckoutResult['notApplied'][number];

async function candidatesOf(sandbox: Sandbox, store: Store, cart: Cart) {
  const candidates: Candidate[] = [];
  const notApplied: NotApplied[] = [];
  const { functions } = appExtensions(sandbox);
  const entered = new Map(cart.codes.map((code) => [code.toLowerCase(), code]));
  for (const discount of [...store.discounts.all()]) {
    const code = discount.codes.map((one) => entered.get(one.code.toLowerCase())).find(Boolean) ?? null;
    if (discount.method === 'code' && code === null) continue;
    if (code !== null) for (const one of discount.codes) entered.delete(one.code.toLowerCase());
    const refuse = (reason: string) => void notApplied.push({ ...named(discount, code), reason });
    const reason = whyNot(store, discount, cart.customer);
    if (reason) {
      refuse(reason);
      continue;
    }
    if (discount.kind !== 'app') {
      const offer = nativeOffer(store, discount, cart);
      if ('reason' in offer) refuse(offer.reason);
      else candidates.push({ discount, discountId: discount.id, code, proposals: [offer.proposal] });
      continue;
    }
    const extension = functions.get(discount.functionHandle ?? '');
    const offer = extension
      ? await functionOffer(store, discount, extension, cart, code)
      : { reason: `The app has no function ${discount.functionHandle ?? ''}.` };
    if ('reason' in offer) refuse(offer.reason);
    else candidates.push({ discount, discountId: discount.id, code, proposals: offer.proposals });
  }
  for (const code of entered.values()) {
    notApplied.push({ id: null, title: code, code, reason: 'There is no discount with this code.' });
  }
  return { candidates, notApplied };
}

function named(discount: SandboxDiscount, code: string | null) {
  const type = discount.method === 'code' ? 'DiscountCodeNode' : 'DiscountAutomaticNode';
  return { id: `gid://shopify/${type}/${discount.id}`, title: discount.title, code };
}

function leftOut(candidates: readonly Candidate[], best: Combination): NotApplied[] {
  return candidates
    .filter((candidate) => !best.applied.some((one) => one.candidate === candidate))
    .map((candidate) => {
      const against = best.applied.find((one) => !combine(one.candidate, candidate));
      const reason = against
        ? `It does not combine with ${against.candidate.discount.title}, which saves more.`
        : 'It takes nothing more off this cart.';
      return { ...named(candidate.discount, candidate.code), reason };
    });
}

function priceOf(
  store: Store,
  cart: Cart,
  { applied }: Combination,
): Omit<CheckoutResult, 'notApplied' | 'order'> {
  const { currency } = store.shop;
  const text = (minor: number) => decimalOf(BigInt(minor), currency);
  const offLine = (number: number) => applied.reduce((sum, { lines }) => sum + (lines.get(number) ?? 0), 0);
  const subtotal = subtotalOf(cart.lines);
  const discount = cart.lines.reduce((sum, { number }) => sum + offLine(number), 0);
  const shippingDiscount = applied.reduce((sum, { shippingMinor }) => sum + shippingMinor, 0);
  return {
    customer: cart.customer?.id ?? null,
    currency,
    lines: cart.lines.map((line) => ({
      title: line.title,
      quantity: line.quantity,
      price: text(line.priceMinor),
      total: text(lineTotal(line)),
      discount: text(offLine(line.number)),
      toPay: text(lineTotal(line) - offLine(line.number)),
    })),
    subtotal: text(subtotal),
    discount: text(discount),
    shipping: text(cart.shippingMinor),
    shippingDiscount: text(shippingDiscount),
    total: text(subtotal - discount + cart.shippingMinor - shippingDiscount),
    discounts: applied.map((one) => ({
      ...named(one.candidate.discount, one.candidate.code),
      amount: text(onLines(one) + one.shippingMinor),
      on: one.lines.size === 0 ? 'shipping' : one.shippingMinor > 0 ? 'both' : 'lines',
      message: one.message,
    })),
  };
}

function onLines({ lines }: Applied): number {
  return [...lines.values()].reduce((sum, off) => sum + off, 0);
}

/** The order carries what each discount took off which line; each counts as used once. */
function place(store: Store, cart: Cart, { applied }: Combination, email: string | undefined): SandboxOrder {
  const text = (minor: number) => decimalOf(BigInt(minor), store.shop.currency);
  const parts = applied.flatMap((one) => [
    ...(one.lines.size > 0 ? [{ one, on: 'lines' as const, amountMinor: onLines(one) }] : []),
    ...(one.shippingMinor > 0 ? [{ one, on: 'shipping' as const, amountMinor: one.shippingMinor }] : []),
  ]);
  const offShipping = applied.reduce((sum, { shippingMinor }) => sum + shippingMinor, 0);
  return asOneAction(store, () => {
    const order = placeOrder(store, {
      customer: cart.customer?.id ?? null,
      ...(cart.customer || email === undefined ? {} : { email }),
      lines: cart.lines.map((line) => {
        const allocations = parts.flatMap(({ one, on }, application) => {
          const amountMinor = on === 'lines' ? (one.lines.get(line.number) ?? 0) : 0;
          return amountMinor > 0 ? { application, amountMinor } : [];
        });
        const off = allocations.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        return {
          ...(line.product ? { product: line.product.id } : {}),
          ...(line.variantId === null ? {} : { variant: line.variantId }),
          title: line.title,
          quantity: line.quantity,
          price: text(line.priceMinor),
          giftCard: line.giftCard,
          discount: text(off),
          allocations,
        };
      }),
      shipping: text(cart.shippingMinor - offShipping),
      discountApplications: parts.map(({ one, on, amountMinor }) => ({
        discountId: one.candidate.discount.id,
        title: one.message ?? one.candidate.discount.title,
        code: one.candidate.code,
        on,
        amountMinor,
      })),
    });
    for (const { candidate } of applied) countUse(store, candidate.discount.id, order.customerId);
    return order;
  });
}
