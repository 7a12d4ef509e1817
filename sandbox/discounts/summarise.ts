/** "15% off entire order", as Shopify sums a discount up; the exact words are an assumption. */
import { formatMoney } from '../../app/money.ts';
import type { DiscountItems, DiscountValue, SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export function shortSummary(discount: SandboxDiscount, store: Store): string {
  switch (discount.kind) {
    case 'app':
      return `By the function ${discount.functionHandle ?? ''}`;
    case 'free_shipping':
      return 'Free shipping on all products';
    case 'bxgy': {
      const { buys, gets } = discount;
      if (!buys || gets?.value.kind !== 'quantity') return '';
      const bought =
        buys.quantity === null
          ? `spend ${money(buys.amountMinor ?? 0, store)} on`
          : `buy ${buys.quantity} of`;
      const off = gets.value.percentage === 1 ? 'free' : valueWords(gets.value, store);
      const text = `${bought} ${itemWords(buys.items)}, get ${gets.value.quantity} of ${itemWords(gets.items)} ${off}`;
      return text.charAt(0).toUpperCase() + text.slice(1);
    }
    case 'basic':
      return discount.gets
        ? `${valueWords(discount.gets.value, store)} ${itemWords(discount.gets.items)}`
        : '';
  }
}

export function summary(discount: SandboxDiscount, store: Store): string {
  const { minimum } = discount;
  const parts = [shortSummary(discount, store)];
  if (minimum && 'quantity' in minimum) parts.push(`Minimum quantity of ${minimum.quantity}`);
  if (minimum && 'subtotalMinor' in minimum)
    parts.push(`Minimum purchase of ${money(minimum.subtotalMinor, store)}`);
  if (discount.appliesOncePerCustomer) parts.push('One use per customer');
  if (discount.context.kind !== 'all')
    parts.push(`For certain customer ${discount.context.kind === 'segments' ? 'segments' : 'accounts'}`);
  return parts.filter(Boolean).join(' • ');
}

function valueWords(value: DiscountValue, store: Store): string {
  switch (value.kind) {
    case 'percentage':
      return `${percent(value.percentage)} off`;
    case 'amount':
      return `${money(value.amountMinor, store)} off`;
    case 'quantity':
      return value.percentage === null
        ? `${money(value.amountMinor ?? 0, store)} off each`
        : `${percent(value.percentage)} off`;
  }
}

function itemWords(items: DiscountItems): string {
  if ('all' in items) return 'entire order';
  if ('collections' in items) return count(items.collections.length, 'collection');
  return count(items.products.length + items.variants.length, 'product');
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

function money(minor: number, store: Store): string {
  return formatMoney(BigInt(minor), store.shop.currency);
}
