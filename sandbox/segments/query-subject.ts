/** A customer of a store as the filters of the segment language see one. Orders are read only when a filter asks. */
import { currencyExponent } from '../../app/money.ts';
import { localDateOf } from '../../app/local-date.ts';
import type { PlacedOrder, PurchasedProduct, QuerySubject } from '../segment-query/evaluate-query.ts';
import { customerTotals } from '../store/customer-totals.ts';
import type { CustomerTotals } from '../store/customer-totals.ts';
import type { SandboxCustomer, SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { settledOrders } from './segment-index.ts';

/** @param timeZone dates are local dates of this zone */
export class StoreSubject implements QuerySubject {
  readonly #store: Store;
  readonly #customer: SandboxCustomer;
  readonly #zone: string;
  #orders: SandboxOrder[] | undefined;
  #totals: CustomerTotals | undefined;

  constructor(store: Store, customer: SandboxCustomer, timeZone: string) {
    this.#store = store;
    this.#customer = customer;
    this.#zone = timeZone;
  }

  get amountSpent(): number {
    return this.#major(this.totals.amountSpentMinor);
  }
  get numberOfOrders(): number {
    return this.totals.numberOfOrders;
  }
  get firstOrderDate(): string | null {
    const first = this.#placed().map(({ processedAt }) => processedAt);
    return first.length === 0 ? null : this.#date(first.reduce((a, b) => (a < b ? a : b)));
  }
  get lastOrderDate(): string | null {
    const { lastOrder } = this.totals;
    return lastOrder ? this.#date(lastOrder.processedAt) : null;
  }
  get addedDate(): string {
    return this.#date(this.#customer.createdAt);
  }
  get tags(): readonly string[] {
    return this.#customer.tags;
  }
  get countries(): readonly string[] {
    const { address } = this.#customer;
    return address ? [address.countryCode] : [];
  }
  get regions(): readonly string[] {
    const { address } = this.#customer;
    return address?.provinceCode ? [`${address.countryCode}-${address.provinceCode}`] : [];
  }
  get language(): string | null {
    return this.#customer.locale;
  }
  get accountStatus(): string {
    return this.#customer.state;
  }
  get emailSubscription(): string | null {
    return this.#customer.emailMarketing?.state ?? null;
  }
  get smsSubscription(): string | null {
    return this.#customer.smsMarketing?.state ?? null;
  }
  get rfmGroup(): string | null {
    return this.#customer.statistics?.rfmGroup ?? null;
  }
  get predictedSpendTier(): string | null {
    return this.#customer.statistics?.predictedSpendTier ?? null;
  }
  get totals(): CustomerTotals {
    return (this.#totals ??= customerTotals(this.#all()));
  }

  ordersPlaced(): PlacedOrder[] {
    return this.#placed().map(({ processedAt, totalMinor }) => ({
      date: this.#date(processedAt),
      amount: this.#major(totalMinor),
    }));
  }

  productsPurchased(): PurchasedProduct[] {
    return this.#placed().flatMap(({ processedAt, lines }) =>
      lines.flatMap(({ productId, quantity }) =>
        productId === null
          ? []
          : [
              {
                id: Number(productId),
                tags: this.#store.product(productId)?.tags ?? [],
                date: this.#date(processedAt),
                quantity,
              },
            ],
      ),
    );
  }

  #all(): SandboxOrder[] {
    return (this.#orders ??= settledOrders(this.#store, this.#customer));
  }

  #placed(): SandboxOrder[] {
    return this.#all().filter(({ test }) => !test);
  }

  #date(instant: string): string {
    return localDateOf(new Date(instant), this.#zone);
  }

  #major(minor: number): number {
    return minor / 10 ** currencyExponent(this.#store.shop.currency);
  }
}
