/**
 * The inputs of all discount mutations -> a discount, or what Shopify would say against it. What an update does not
 * name stays. Texts and codes of the refusals are captured, but for those marked as assumptions.
 */
import { takesOnly } from '../graphql/arguments.ts';
import type { DiscountClass, SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { blankDiscount } from './blank-discount.ts';
import { isOverLimit } from './automatic-limit.ts';
import { fault, type DiscountFault } from './discount-fault.ts';
import type { DiscountInput, DiscountKind, KnownFunctions, Reading } from './discount-input.ts';
import { readFunction, readShipping } from './read-shipping-and-function.ts';
import { readCode, readTitle } from './read-title-and-code.ts';
import { readCombinations, readContext, readDates, readTags } from './read-when-and-who.ts';
import { readBuys, readGets, readMinimum } from './read-worth.ts';

const COMMON = ['title', 'startsAt', 'endsAt', 'tags', 'combinesWith', 'context'];
const OF_CODES = ['code', 'usageLimit', 'appliesOncePerCustomer', 'customerSelection'];
const TAKEN_BY_KIND: Readonly<Record<SandboxDiscount['kind'], readonly string[]>> = {
  basic: ['customerGets', 'minimumRequirement'],
  bxgy: ['customerGets', 'customerBuys', 'usesPerOrderLimit'],
  free_shipping: ['minimumRequirement', 'maximumShippingPrice', 'destination', 'appliesOnOneTimePurchase'],
  // What concerns subscriptions is preset by the schema; the sandbox sells none in its checkout.
  app: [
    'functionHandle', 'functionId', 'discountClasses', 'metafields', 'recurringCycleLimit',
    'appliesOnOneTimePurchase', 'appliesOnSubscription',
  ], // prettier-ignore
};

/** @param before undefined: a new one */
export function readDiscountInput(
  store: Store,
  { method, kind, argument }: DiscountKind,
  input: DiscountInput,
  before: SandboxDiscount | undefined,
  functions: KnownFunctions,
): { discount: SandboxDiscount; faults: DiscountFault[] } {
  takesOnly(input, [...COMMON, ...(method === 'code' ? OF_CODES : []), ...TAKEN_BY_KIND[kind]], argument);
  const discount: SandboxDiscount = structuredClone(before ?? blankDiscount(store, method, kind));
  const faults: DiscountFault[] = [];
  const refuse: Reading['refuse'] = (path, message, code) =>
    void faults.push(fault([argument, ...path], message, code));
  const reading: Reading = { store, method, kind, argument, input, before, discount, faults, refuse };

  readTitle(reading);
  if (method === 'code') readCode(reading);
  readDates(reading);
  readTags(reading);
  readCombinations(reading);
  readContext(reading);
  readMinimum(reading);
  if (input.usageLimit !== undefined) discount.usageLimit = input.usageLimit;
  discount.appliesOncePerCustomer = input.appliesOncePerCustomer ?? discount.appliesOncePerCustomer;
  if (kind === 'basic' || kind === 'bxgy') readGets(reading);
  if (kind === 'bxgy') readBuys(reading);
  if (kind === 'free_shipping') readShipping(reading);
  if (kind === 'app') readFunction(reading, functions);
  discount.classes = classesOf(discount, input);
  if (faults.length === 0 && method === 'automatic' && isOverLimit(store, discount)) {
    // The text is the schema's of the code; which field it names is an assumption.
    const message =
      'The active period overlaps with other automatic discounts. At any given time, only 25 automatic discounts can be active.';
    refuse(['startsAt'], message, 'ACTIVE_PERIOD_OVERLAP');
  }
  return { discount, faults };
}

function classesOf(discount: SandboxDiscount, input: DiscountInput): DiscountClass[] {
  switch (discount.kind) {
    case 'app':
      // Without classes: those of an older discount, or all (assumption).
      return (
        input.discountClasses ??
        (discount.classes.length > 0 ? discount.classes : ['PRODUCT', 'ORDER', 'SHIPPING'])
      );
    case 'free_shipping':
      return ['SHIPPING'];
    case 'bxgy':
      return ['PRODUCT'];
    case 'basic':
      return [discount.gets && 'all' in discount.gets.items ? 'ORDER' : 'PRODUCT'];
  }
}
