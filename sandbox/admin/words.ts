/** How the admin writes money, dates, people and states. */
import { formatMoney } from '../../app/money.ts';
import type { Instant, SandboxCustomer, SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export function customerName(customer: SandboxCustomer): string {
  const name = [customer.firstName, customer.lastName].filter(Boolean).join(' ');
  return name || customer.email || customer.phone || `Customer ${customer.id}`;
}

export function money(minor: number, store: Store): string {
  return formatMoney(BigInt(minor), store.shop.currency);
}

/** In the shop's time zone: "22 Nov 2026, 12:00". */
export function dateTime(instant: Instant, store: Store): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: store.shop.ianaTimezone,
  }).format(new Date(instant));
}

/** Machine time with seconds, for the live view. */
export function clockTime(instant: Instant, store: Store): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeStyle: 'medium',
    timeZone: store.shop.ianaTimezone,
  }).format(new Date(instant));
}

/** "PARTIALLY_REFUNDED" -> "Partially refunded". */
export function stateWords(state: string): string {
  const text = state.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function orderState(order: SandboxOrder): string {
  const state = stateWords(order.financialStatus);
  return order.cancelledAt === null ? state : `${state}, cancelled`;
}

export function number(value: number): string {
  return new Intl.NumberFormat('en').format(value);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
