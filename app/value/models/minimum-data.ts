/**
 * How much data the models need, said once. Below the first line nothing can be said at all; below the second
 * figures are computed and shown with a warning, and nobody is put into a segment because of them.
 */
export const MINIMUM = { customers: 30, repeatCustomers: 10 } as const;
export const TRUSTED = { customers: 200, repeatCustomers: 50 } as const;

export interface SampleSize {
  customers: number;
  /** Customers with orders on two days or more. */
  repeatCustomers: number;
  /** First order of all to the day looked from. */
  spanDays: number;
}

/** Why no model can be fitted, as a sentence; undefined when one can. */
export function tooLittle({ customers, repeatCustomers, spanDays }: SampleSize): string | undefined {
  if (customers === 0)
    return 'No order counts: there is no paid order with a total above zero and a customer.';
  if (spanDays === 0) {
    return 'All orders are on one day, so nothing can be said about coming back.';
  }
  if (customers < MINIMUM.customers || repeatCustomers < MINIMUM.repeatCustomers) {
    return `${people(customers, 'customer')} ordered, ${repeatCustomers} of them on two days or more. The models need at least ${MINIMUM.customers} customers and ${MINIMUM.repeatCustomers} who came back.`;
  }
  return undefined;
}

/** Why the figures are to be taken with care, as a sentence. */
export function notYetTrusted({ customers, repeatCustomers }: SampleSize): string | undefined {
  if (customers >= TRUSTED.customers && repeatCustomers >= TRUSTED.repeatCustomers) return undefined;
  return `Only ${people(customers, 'customer')}, ${repeatCustomers} of them with orders on two days or more: the predictions are rough. From ${TRUSTED.customers} customers and ${TRUSTED.repeatCustomers} who came back they can be used.`;
}

function people(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}
