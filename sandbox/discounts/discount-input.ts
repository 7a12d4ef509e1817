/** The inputs of all discount mutations, together; and what is read from one, with what Shopify would say against it. */
import { parseMinor } from '../../app/money.ts';
import type { DiscountClass, SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { DiscountFault } from './discount-fault.ts';
import type { ItemsInput } from './read-items.ts';

export type Refs = { add?: string[] | null; remove?: string[] | null } | null;

export interface DiscountInput {
  title?: string | null;
  startsAt?: string | null;
  endsAt?: string | null;
  tags?: string[] | null;
  code?: string | null;
  usageLimit?: number | null;
  appliesOncePerCustomer?: boolean | null;
  combinesWith?: Partial<SandboxDiscount['combinesWith']> | null;
  context?: { all?: string | null; customerSegments?: Refs; customers?: Refs; markets?: unknown } | null;
  customerSelection?: { all?: boolean | null; customerSegments?: Refs; customers?: Refs } | null;
  minimumRequirement?: {
    quantity?: { greaterThanOrEqualToQuantity?: string | null } | null;
    subtotal?: { greaterThanOrEqualToSubtotal?: string | null } | null;
  } | null;
  customerGets?: { items?: ItemsInput | null; value?: GetsValue | null } | null;
  customerBuys?: {
    items?: ItemsInput | null;
    value?: { quantity?: string | null; amount?: string | null } | null;
  } | null;
  usesPerOrderLimit?: number | string | null;
  maximumShippingPrice?: string | null;
  destination?: { all?: boolean | null; countries?: unknown } | null;
  discountClasses?: DiscountClass[] | null;
  functionHandle?: string | null;
  functionId?: string | null;
  metafields?: unknown[] | null;
  recurringCycleLimit?: number | null;
  appliesOnOneTimePurchase?: boolean | null;
  appliesOnSubscription?: boolean | null;
}

export interface GetsValue {
  percentage?: number | null;
  discountAmount?: { amount?: string | null; appliesOnEachItem?: boolean | null } | null;
  discountOnQuantity?: {
    quantity?: string | null;
    effect?: { percentage?: number | null; amount?: string | null } | null;
  } | null;
}

export interface DiscountKind {
  method: SandboxDiscount['method'];
  kind: SandboxDiscount['kind'];
  /** Of the mutation's argument: "automaticBasicDiscount". */
  argument: string;
}

/** Handles of the app's discount functions, and the handle of an id. */
export interface KnownFunctions {
  has(handle: string): boolean;
  handleOf(id: string): string | undefined;
}

/** One input being read: each part writes into `discount`, or refuses. */
export interface Reading extends DiscountKind {
  store: Store;
  input: DiscountInput;
  /** Undefined: a new one. */
  before: SandboxDiscount | undefined;
  discount: SandboxDiscount;
  faults: DiscountFault[];
  /** @param path below the argument */
  refuse(path: readonly string[], message: string, code: string): void;
}

export const LONGEST = 255;

export function minorOf({ shop }: Store, text: string): number {
  const [whole = '0', part = ''] = text.split('.');
  const exact = parseMinor(text, shop.currency) ?? parseMinor(`${whole}.${part.slice(0, 2)}`, shop.currency);
  return Number(exact ?? 0n);
}
