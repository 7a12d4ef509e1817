/** What a discount takes off: from which minimum, on what, how much, and what must be bought for it. */
import { takesOnly } from '../graphql/arguments.ts';
import type { DiscountItems, DiscountValue } from '../store/model.ts';
import { minorOf, type GetsValue, type Reading } from './discount-input.ts';
import { readItems } from './read-items.ts';

const MOST_QUANTITY = 100_000;

export function readMinimum(reading: Reading): void {
  const { discount, input, refuse, store } = reading;
  const { minimumRequirement: minimum } = input;
  if (minimum === undefined) return;
  const path = ['minimumRequirement'];
  const quantity = minimum?.quantity?.greaterThanOrEqualToQuantity;
  const subtotal = minimum?.subtotal?.greaterThanOrEqualToSubtotal;
  const [ofQuantity, ofSubtotal] = [
    [...path, 'quantity', 'greaterThanOrEqualToQuantity'],
    [...path, 'subtotal', 'greaterThanOrEqualToSubtotal'],
  ];
  if (minimum?.quantity && minimum.subtotal) {
    refuse(ofSubtotal, 'Minimum subtotal cannot be defined when minimum quantity is.', 'CONFLICT');
    refuse(ofQuantity, 'Minimum quantity cannot be defined when minimum subtotal is.', 'CONFLICT');
    return;
  }
  discount.minimum = null;
  if (quantity && Number(quantity) > 0) {
    if (Number(quantity) >= 2_147_483_647) {
      refuse(ofQuantity, 'Minimum quantity must be less than 2147483647', 'LESS_THAN');
    }
    discount.minimum = { quantity: Number(quantity) };
  }
  if (subtotal) {
    if (Number(subtotal) >= 1e18) {
      refuse(ofSubtotal, 'Minimum subtotal must be less than 1000000000000000000', 'LESS_THAN');
    }
    const subtotalMinor = minorOf(store, subtotal);
    if (subtotalMinor > 0) discount.minimum = { subtotalMinor };
  }
}

export function readGets(reading: Reading): void {
  const { argument, before, discount, faults, input, kind, refuse, store } = reading;
  const { customerGets } = input;
  const path = ['customerGets'];
  if (!customerGets) {
    // Assumption.
    if (!before) refuse(path, "Customer gets can't be blank", 'BLANK');
    return;
  }
  takesOnly(customerGets, ['items', 'value', 'appliesOnOneTimePurchase'], `${argument}.customerGets`);
  const read = customerGets.items
    ? readItems(store, customerGets.items, discount.gets?.items, [argument, ...path, 'items'])
    : { items: discount.gets?.items, faults: [] };
  faults.push(...read.faults);
  const items = read.items ?? ({ all: true } satisfies DiscountItems);
  if (kind === 'bxgy' && 'all' in items)
    refuse(path, "Items in 'customer get' cannot be set to all", 'INVALID');
  // Assumption: as other fields that are not given.
  if (!read.items && kind === 'basic') refuse([...path, 'items'], "Items can't be blank", 'BLANK');
  const value = customerGets.value ? readValue(reading, customerGets.value) : discount.gets?.value;
  if (!value) {
    if (customerGets.value === undefined || customerGets.value === null) {
      refuse([...path, 'value'], "Value can't be blank", 'BLANK');
    }
    return;
  }
  discount.gets = { items, value };
}

function readValue(reading: Reading, value: GetsValue): DiscountValue | undefined {
  const { kind, refuse, store } = reading;
  const path = ['customerGets', 'value'];
  const { percentage, discountAmount, discountOnQuantity } = value;
  const given = [percentage, discountAmount, discountOnQuantity].filter(
    (one) => one !== undefined && one !== null,
  );
  if (given.length !== 1) {
    // Assumption.
    refuse(path, 'Exactly one value must be given.', 'INVALID');
    return undefined;
  }
  if ((kind === 'bxgy') !== Boolean(discountOnQuantity)) {
    const message =
      kind === 'bxgy'
        ? 'Only discountOnQuantity permitted with bxgy discounts.'
        : 'discountOnQuantity field is only permitted with bxgy discounts.';
    refuse(path, message, 'INVALID');
    return undefined;
  }
  if (typeof percentage === 'number') {
    if (!inRange(percentage)) refuse([...path, 'percentage'], RANGE, 'VALUE_OUTSIDE_RANGE');
    return { kind: 'percentage', percentage };
  }
  if (discountAmount) {
    const amountMinor = minorOf(store, discountAmount.amount ?? '0');
    if (amountMinor <= 0) {
      // Captured for negative amounts only, with this text; that zero is refused too is an assumption.
      refuse(
        [...path, 'discountAmount', 'amount'],
        'Value must be less than or equal to 0',
        'LESS_THAN_OR_EQUAL_TO',
      );
    }
    return { kind: 'amount', amountMinor, onEachItem: discountAmount.appliesOnEachItem ?? false };
  }
  const { quantity, effect } = discountOnQuantity ?? {};
  const pieces = Number(quantity ?? 0);
  checkPieces(reading, pieces, [...path, 'discountOnQuantity', 'quantity'], 'consequent');
  const off = effect?.percentage ?? null;
  if (off !== null && !inRange(off)) {
    refuse([...path, 'discountOnQuantity', 'effect', 'percentage'], RANGE, 'VALUE_OUTSIDE_RANGE');
  }
  const amountMinor = off === null && effect?.amount ? minorOf(store, effect.amount) : null;
  return {
    kind: 'quantity',
    quantity: pieces,
    percentage: off ?? (amountMinor === null ? 1 : null),
    amountMinor,
  };
}

export function readBuys(reading: Reading): void {
  const { argument, before, discount, faults, input, refuse, store } = reading;
  const { customerBuys, usesPerOrderLimit } = input;
  if (usesPerOrderLimit !== undefined) {
    const limit = usesPerOrderLimit === null ? null : Number(usesPerOrderLimit);
    if (limit === 0) refuse(['usesPerOrderLimit'], 'Allocation limit cannot be zero', 'VALUE_OUTSIDE_RANGE');
    else if (limit !== null && limit < 0) {
      refuse(['usesPerOrderLimit'], 'Allocation limit must be greater than 0', 'GREATER_THAN');
    } else discount.usesPerOrderLimit = limit;
  }
  const path = ['customerBuys'];
  if (!customerBuys?.items && !before) {
    refuse([...path, 'items'], "Items in 'customer buys' must be defined", 'BLANK');
  }
  if (!customerBuys) return;
  const read = customerBuys.items
    ? readItems(store, customerBuys.items, discount.buys?.items, [argument, ...path, 'items'])
    : { items: discount.buys?.items, faults: [] };
  faults.push(...read.faults);
  const quantity = customerBuys.value?.quantity;
  const amount = customerBuys.value?.amount;
  if (quantity !== undefined && quantity !== null) {
    checkPieces(reading, Number(quantity), [...path, 'value', 'quantity'], 'antecedent');
  }
  discount.buys = {
    items: read.items ?? { all: true },
    quantity: quantity ? Number(quantity) : customerBuys.value ? null : (discount.buys?.quantity ?? 1),
    amountMinor: amount
      ? minorOf(store, amount)
      : customerBuys.value
        ? null
        : (discount.buys?.amountMinor ?? null),
  };
}

function checkPieces(
  reading: Reading,
  pieces: number,
  path: readonly string[],
  side: 'antecedent' | 'consequent',
): void {
  const { refuse } = reading;
  const what = `Prerequisite to entitlement quantity ratio ${side}`;
  if (pieces <= 0) refuse(path, `${what} must be greater than 0`, 'GREATER_THAN');
  if (pieces >= MOST_QUANTITY) refuse(path, `${what} must be less than ${MOST_QUANTITY}`, 'LESS_THAN');
}

const RANGE = 'Value must be between 0.0 and 1.0';

function inRange(percentage: number): boolean {
  return percentage >= 0 && percentage <= 1;
}
