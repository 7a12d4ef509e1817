/** What a discount of Shopify's own kinds takes off a cart; undefined with the reason when it does not apply. */
import { formatMoney } from '../../app/money.ts';
import type { SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { isOn, lineTotal, subtotalOf } from './cart.ts';
import type { Cart, CartLine } from './cart.ts';
import { shareOf, spread } from './proposal.ts';
import type { Proposal } from './proposal.ts';

export type NativeOffer = { proposal: Proposal } | { reason: string };

export function nativeOffer(store: Store, discount: SandboxDiscount, cart: Cart): NativeOffer {
  const items = discount.gets?.items ?? { all: true as const };
  const lines = cart.lines.filter((line) => isOn(items, line));
  if (discount.kind !== 'bxgy') {
    const short = minimumReason(store, discount, lines);
    if (short) return { reason: short };
  }
  switch (discount.kind) {
    case 'free_shipping': {
      const { maximumShippingMinor: most } = discount;
      if (cart.shippingMinor === 0) return { reason: 'There is no shipping to pay.' };
      if (most !== null && cart.shippingMinor > most) {
        return { reason: `Shipping costs more than ${formatMoney(BigInt(most), store.shop.currency)}.` };
      }
      return { proposal: { class: 'SHIPPING', off: { share: 1 }, message: null } };
    }
    case 'bxgy':
      return buyAndGet(store, discount, cart.lines);
    case 'basic':
      if (lines.length === 0) return { reason: 'Nothing in the cart is part of it.' };
      return { proposal: basic(discount, cart, lines) };
    case 'app':
      throw new TypeError('a function discount has no offer of its own');
  }
}

/** Of the items that it is on, before any discount (assumption). */
function minimumReason(
  store: Store,
  { minimum }: SandboxDiscount,
  lines: readonly CartLine[],
): string | undefined {
  if (minimum === null) return undefined;
  if ('quantity' in minimum) {
    const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    return pieces >= minimum.quantity ? undefined : `It needs at least ${minimum.quantity} items.`;
  }
  return subtotalOf(lines) >= minimum.subtotalMinor
    ? undefined
    : `It needs a purchase of at least ${formatMoney(BigInt(minimum.subtotalMinor), store.shop.currency)}.`;
}

function basic({ gets, classes }: SandboxDiscount, cart: Cart, lines: readonly CartLine[]): Proposal {
  const value = gets?.value;
  if (!value || value.kind === 'quantity') throw new TypeError('a basic discount has a share or an amount');
  if (classes.includes('ORDER')) {
    const excluded = new Set(cart.lines.filter((line) => !lines.includes(line)).map(({ number }) => number));
    const off = value.kind === 'percentage' ? { share: value.percentage } : { minor: value.amountMinor };
    return { class: 'ORDER', excluded, off, message: null };
  }
  if (value.kind === 'percentage') {
    const off = lines.map((line): [number, number] => [
      line.number,
      shareOf(lineTotal(line), value.percentage),
    ]);
    return { class: 'PRODUCT', lines: new Map(off), message: null };
  }
  if (value.onEachItem) {
    const off = lines.map((line): [number, number] => [
      line.number,
      Math.min(value.amountMinor, line.priceMinor) * line.quantity,
    ]);
    return { class: 'PRODUCT', lines: new Map(off), message: null };
  }
  const weights = new Map(lines.map((line) => [line.number, lineTotal(line)]));
  return {
    class: 'PRODUCT',
    lines: spread(Math.min(value.amountMinor, subtotalOf(lines)), weights),
    message: null,
  };
}

/** The cheapest pieces are given; a piece is bought or given, not both (assumption for pieces that are both). */
function buyAndGet(
  store: Store,
  { buys, gets, usesPerOrderLimit }: SandboxDiscount,
  all: readonly CartLine[],
): NativeOffer {
  if (!buys || gets?.value.kind !== 'quantity') throw new TypeError('buy X get Y has both sides');
  const { value } = gets;
  const pieces = all
    .flatMap((line) => Array.from({ length: Math.min(line.quantity, 1000) }, () => line))
    .sort((a, b) => a.priceMinor - b.priceMinor || a.number - b.number);
  const uses = (times: number): CartLine[] | undefined => {
    const left = [...pieces];
    const given: CartLine[] = [];
    for (let n = 0; n < times * value.quantity; n += 1) {
      const at = left.findIndex((line) => isOn(gets.items, line));
      if (at === -1) return undefined;
      given.push(...left.splice(at, 1));
    }
    const bought = left.filter((line) => isOn(buys.items, line));
    const enough =
      buys.quantity === null
        ? bought.reduce((sum, { priceMinor }) => sum + priceMinor, 0) >= times * (buys.amountMinor ?? 0)
        : bought.length >= times * buys.quantity;
    return enough ? given : undefined;
  };
  let given: CartLine[] | undefined;
  for (let times = 1; times <= Math.min(usesPerOrderLimit ?? 100, 100); times += 1) {
    const more = uses(times);
    if (!more) break;
    given = more;
  }
  if (!given) {
    const first =
      buys.quantity === null
        ? formatMoney(BigInt(buys.amountMinor ?? 0), store.shop.currency)
        : `${buys.quantity}`;
    return {
      reason: `The cart does not hold what is to be bought (${first}) and what is to be given (${value.quantity}).`,
    };
  }
  const counts = new Map<CartLine, number>();
  for (const line of given) counts.set(line, (counts.get(line) ?? 0) + 1);
  const off = [...counts].map(([{ number, priceMinor }, count]): [number, number] => [
    number,
    value.percentage === null
      ? Math.min(value.amountMinor ?? 0, priceMinor) * count
      : shareOf(priceMinor * count, value.percentage),
  ]);
  return { proposal: { class: 'PRODUCT', lines: new Map(off), message: null } };
}
