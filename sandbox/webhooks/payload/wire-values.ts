/**
 * How webhooks write ids, times and money. Ids are JSON numbers, times are the shop's local time with its
 * offset, money is decimal text. Shopify writes whole seconds; the sandbox keeps the milliseconds here and in
 * GraphQL alike, since a message and a read of the same state must carry the same time.
 */
import { Temporal } from 'temporal-polyfill';
import { currencyExponent, decimalOf } from '../../../app/money.ts';
import type { Id, Instant } from '../../store/model.ts';

/** A JSON object as it goes over the wire. */
export type Wire = Record<string, unknown>;

/** "123" -> 123. @throws when the id does not fit a JSON number exactly. */
export function wireId(id: Id): number {
  const number = Number(id);
  if (!Number.isSafeInteger(number)) throw new Error(`The id ${id} does not fit a JSON number`);
  return number;
}

export function wireIdOrNull(id: Id | null): number | null {
  return id === null ? null : wireId(id);
}

export function gid(kind: string, id: Id): string {
  return `gid://shopify/${kind}/${id}`;
}

/** "2026-11-22T10:00:00.123Z" in Berlin -> "2026-11-22T11:00:00.123+01:00". */
export function wireTime(instant: Instant, timeZone: string): string {
  return Temporal.Instant.from(instant).toString({ timeZone });
}

export function wireTimeOrNull(instant: Instant | null, timeZone: string): string | null {
  return instant === null ? null : wireTime(instant, timeZone);
}

/** The money of one order: shop money, and presentment money by the order's rate. */
export interface OrderMoney {
  currency: string;
  presentmentCurrency: string;
  presentmentRate: number;
}

/** 1250 EUR -> "12.50". */
export function wireMoney(minor: number, currency: string): string {
  return decimalOf(BigInt(minor), currency);
}

/** Shop money as decimal text of the currency that the customer paid with. */
export function presentmentMoney(minor: number, money: OrderMoney): string {
  const shift = 10 ** (currencyExponent(money.presentmentCurrency) - currencyExponent(money.currency));
  return wireMoney(Math.round(minor * money.presentmentRate * shift), money.presentmentCurrency);
}

/** `{ shop_money, presentment_money }`. */
export function moneySet(minor: number, money: OrderMoney): Wire {
  return {
    shop_money: { amount: wireMoney(minor, money.currency), currency_code: money.currency },
    presentment_money: {
      amount: presentmentMoney(minor, money),
      currency_code: money.presentmentCurrency,
    },
  };
}
