/** What a generated store is made of. Shares of customers or of orders, as said. */
export interface StoreShares {
  /** Of customers: contacts that never ordered. */
  contacts: number;
  /** Of customers: wholesale buyers, whose orders are company orders. */
  wholesale: number;
  /** Of customers: staff, whose orders are free. */
  staff: number;
  /** Of customers: a subscription renews every month. */
  subscribers: number;
  /** Of customers: two records merged into one some time ago; part of their orders has another e-mail address. */
  merged: number;
  /** Of orders: point-of-sale orders without a customer. */
  pointOfSale: number;
  /** Of orders: one line given back. */
  returnedInPart: number;
  /** Of orders: everything given back. */
  returnedFully: number;
  /** Of orders: paid in another currency than the shop's. */
  otherCurrency: number;
  /** Of orders: authorised or pending. */
  unpaid: number;
  cancelled: number;
  test: number;
}

export const DEFAULT_SHARES: StoreShares = {
  contacts: 0.3,
  wholesale: 0.02,
  staff: 0.01,
  subscribers: 0.06,
  merged: 0.01,
  pointOfSale: 0.04,
  returnedInPart: 0.12,
  returnedFully: 0.03,
  otherCurrency: 0.05,
  unpaid: 0.05,
  cancelled: 0.01,
  test: 0.002,
};
