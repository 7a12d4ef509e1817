/** Money as Shopify's GraphQL writes it: decimals without needless zeros, but at least one ("29.33", "50.0"). */
import { currencyExponent, decimalOf } from '../../app/money.ts';
import type { SandboxOrder } from '../store/model.ts';

export interface MoneyV2 {
  amount: string;
  currencyCode: string;
}

export function moneyV2(minor: number, currency: string): MoneyV2 {
  const text = decimalOf(BigInt(minor), currency);
  const short = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '.0') : `${text}.0`;
  return { amount: short, currencyCode: currency };
}

/** The deprecated scalar `Money`: "50.00". */
export function moneyText(minor: number, currency: string): string {
  return decimalOf(BigInt(minor), currency);
}

/** An order's amount in the shop's money and, at the order's own rate, in the buyer's. */
export class MoneyBag {
  readonly #minor: number;
  readonly #order: SandboxOrder;

  constructor(minor: number, order: SandboxOrder) {
    this.#minor = minor;
    this.#order = order;
  }

  get shopMoney(): MoneyV2 {
    return moneyV2(this.#minor, this.#order.currency);
  }

  get presentmentMoney(): MoneyV2 {
    const { currency, presentmentCurrency, presentmentRate } = this.#order;
    const exponents = currencyExponent(presentmentCurrency) - currencyExponent(currency);
    return moneyV2(Math.round(this.#minor * presentmentRate * 10 ** exponents), presentmentCurrency);
  }
}
