/**
 * The inputs of all discount mutations -> a discount, or what Shopify would say against it. What an update does not
 * name stays. Texts and codes of the refusals are captured, but for those marked as assumptions.
 */
import { parseMinor } from '../../app/money.ts';
import { takesOnly } from '../graphql/arguments.ts';
import type {
  DiscountClass, DiscountContext, DiscountItems, DiscountValue, SandboxDiscount,
} from '../store/model.ts'; // prettier-ignore
import type { Store } from '../store/store.ts';
import { isOverLimit } from './automatic-limit.ts';
import { fault } from './discount-fault.ts';
import type { DiscountFault } from './discount-fault.ts';
import { changed, missing, readItems } from './read-items.ts';
import type { ItemsInput } from './read-items.ts';

type Refs = { add?: string[] | null; remove?: string[] | null } | null;

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

interface GetsValue {
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

const LONGEST = 255;
const MOST_TAGS = 5;
const MOST_QUANTITY = 100_000;
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
  const faults: DiscountFault[] = [];
  const refuse = (path: readonly string[], message: string, code: string) =>
    void faults.push(fault([argument, ...path], message, code));
  const discount: SandboxDiscount = structuredClone(before ?? empty(store, method, kind));

  readTitle();
  if (method === 'code') readCode();
  readDates();
  readTags();
  readCombinations();
  readContext();
  readMinimum();
  if (input.usageLimit !== undefined) discount.usageLimit = input.usageLimit;
  discount.appliesOncePerCustomer = input.appliesOncePerCustomer ?? discount.appliesOncePerCustomer;
  if (kind === 'basic' || kind === 'bxgy') readGets();
  if (kind === 'bxgy') readBuys();
  if (kind === 'free_shipping') readShipping();
  if (kind === 'app') readFunction();
  discount.classes = classesOf(discount, input);
  if (faults.length === 0 && method === 'automatic' && isOverLimit(store, discount)) {
    // The text is the schema's of the code; which field it names is an assumption.
    const message =
      'The active period overlaps with other automatic discounts. At any given time, only 25 automatic discounts can be active.';
    refuse(['startsAt'], message, 'ACTIVE_PERIOD_OVERLAP');
  }
  return { discount, faults };

  function readTitle(): void {
    const { title } = input;
    if (title !== undefined && title !== null) discount.title = title;
    // Code discounts without a title are called by their code.
    if (!before && !title?.trim() && method === 'code' && kind !== 'bxgy') discount.title = input.code ?? '';
    if (discount.title.trim() === '') {
      if (kind === 'app') refuse(['title'], "Title can't be blank.", 'INVALID');
      else refuse(['title'], "Title can't be blank", 'BLANK');
    } else if ([...discount.title].length > LONGEST) {
      refuse(['title'], `Title is too long (maximum is ${LONGEST} characters)`, 'TOO_LONG');
    }
  }

  function readCode(): void {
    const { code } = input;
    if (code === undefined || code === null) {
      if (!before) blankCode();
      return;
    }
    if (code === '' && kind !== 'app')
      refuse(['code'], 'Code is too short (minimum is 1 character)', 'TOO_SHORT');
    else if (code.trim() === '') blankCode();
    else if ([...code].length > LONGEST) {
      refuse(['code'], `Code is too long (maximum is ${LONGEST} characters)`, 'TOO_LONG');
    } else if (/[\r\n]/.test(code)) refuse(['code'], 'Code cannot contain newline characters.', 'INVALID');
    else if (isTaken(code)) refuse(['code'], 'Code must be unique. Please try a different code.', 'TAKEN');
    else discount.codes = [{ id: discount.codes[0]?.id ?? store.newId('other'), code }];
  }

  function blankCode(): void {
    if (kind === 'app') refuse(['code'], "Discount code can't be blank.", 'INVALID');
    else refuse(['code'], "Code can't be blank", 'BLANK');
  }

  /** Without case. */
  function isTaken(code: string): boolean {
    const wanted = code.toLowerCase();
    return [...store.discounts.all()].some(
      ({ id, codes }) => id !== discount.id && codes.some((one) => one.code.toLowerCase() === wanted),
    );
  }

  function readDates(): void {
    if (input.startsAt) discount.startsAt = new Date(input.startsAt).toISOString();
    else if (!before) {
      if (kind === 'app') refuse(['startsAt'], "Starts at can't be blank.", 'INVALID');
      // Assumption: as the others.
      else refuse(['startsAt'], "Starts at can't be blank", 'BLANK');
    }
    if (input.endsAt !== undefined) {
      discount.endsAt = input.endsAt === null ? null : new Date(input.endsAt).toISOString();
    }
    if (discount.endsAt !== null && discount.endsAt <= discount.startsAt) {
      refuse(['endsAt'], 'Ends at needs to be after starts_at', 'INVALID');
    }
  }

  /** Texts: assumptions, after the schema's description of the codes. */
  function readTags(): void {
    if (!input.tags) return;
    const seen = new Map(input.tags.map((tag) => [tag.trim().toLowerCase(), tag.trim()]));
    discount.tags = [...seen.values()].filter(Boolean).sort();
    if (discount.tags.length > MOST_TAGS) {
      refuse(['tags'], `The number of tags exceeds the maximum of ${MOST_TAGS}.`, 'TOO_MANY_TAGS');
    }
    if (discount.tags.some((tag) => [...tag].length > LONGEST)) {
      refuse(['tags'], 'The tag title exceeds the maximum length of 255 characters.', 'INVALID_TAG_LENGTH');
    }
  }

  function readCombinations(): void {
    const { combinesWith } = input;
    if (!combinesWith) return;
    const names = ['orderDiscounts', 'productDiscounts', 'shippingDiscounts'] as const;
    takesOnly(combinesWith, names, `${argument}.combinesWith`);
    for (const name of names) discount.combinesWith[name] = combinesWith[name] ?? discount.combinesWith[name];
    if (kind === 'free_shipping' && discount.combinesWith.shippingDiscounts) {
      const message = 'The combinesWith settings are not valid for the discount class.';
      refuse(['combinesWith'], message, 'INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS');
    }
  }

  function readContext(): void {
    const { context, customerSelection } = input;
    if (context && customerSelection) {
      refuse(['context'], 'Only one of context or customerSelection can be provided.', 'INVALID');
      return;
    }
    if (context?.markets) {
      refuse(['context', 'markets'], 'Discounts by market is not supported for this shop', 'INVALID');
    }
    const wanted = context ?? customerSelection;
    if (!wanted) return;
    const name = context ? 'context' : 'customerSelection';
    if (wanted.all) discount.context = { kind: 'all' };
    if (wanted.customerSegments) discount.context = people('segments', wanted.customerSegments, name);
    if (wanted.customers) discount.context = people('customers', wanted.customers, name);
  }

  function people(group: 'segments' | 'customers', refs: NonNullable<Refs>, name: string): DiscountContext {
    const field = group === 'segments' ? 'customerSegments' : 'customers';
    const exists = (id: string) =>
      group === 'segments' ? store.segments.get(id) !== undefined : store.customer(id) !== undefined;
    // Texts for ids that are not there: assumptions, after those of products.
    for (const id of missing(refs.add, exists)) {
      const what = group === 'segments' ? 'Customer segment' : 'Customer';
      refuse([name, field, 'add'], `${what} with id: ${id} is invalid`, 'INVALID');
    }
    const known = discount.context.kind === group ? discount.context.ids : [];
    const ids = changed(known, refs.add, refs.remove);
    if (ids.length === 0) {
      const message = 'a minimum of one prerequisite segment or prerequisite customer must be provided';
      refuse([name], message, 'INVALID');
    }
    return { kind: group, ids };
  }

  function readMinimum(): void {
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
      const subtotalMinor = minorOf(subtotal);
      if (subtotalMinor > 0) discount.minimum = { subtotalMinor };
    }
  }

  function readGets(): void {
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
    const value = customerGets.value ? readValue(customerGets.value) : discount.gets?.value;
    if (!value) {
      if (customerGets.value === undefined || customerGets.value === null) {
        refuse([...path, 'value'], "Value can't be blank", 'BLANK');
      }
      return;
    }
    discount.gets = { items, value };
  }

  function readValue(value: GetsValue): DiscountValue | undefined {
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
      const amountMinor = minorOf(discountAmount.amount ?? '0');
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
    checkPieces(pieces, [...path, 'discountOnQuantity', 'quantity'], 'consequent');
    const off = effect?.percentage ?? null;
    if (off !== null && !inRange(off)) {
      refuse([...path, 'discountOnQuantity', 'effect', 'percentage'], RANGE, 'VALUE_OUTSIDE_RANGE');
    }
    const amountMinor = off === null && effect?.amount ? minorOf(effect.amount) : null;
    return {
      kind: 'quantity',
      quantity: pieces,
      percentage: off ?? (amountMinor === null ? 1 : null),
      amountMinor,
    };
  }

  function readBuys(): void {
    const { customerBuys, usesPerOrderLimit } = input;
    if (usesPerOrderLimit !== undefined) {
      const limit = usesPerOrderLimit === null ? null : Number(usesPerOrderLimit);
      if (limit === 0)
        refuse(['usesPerOrderLimit'], 'Allocation limit cannot be zero', 'VALUE_OUTSIDE_RANGE');
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
      checkPieces(Number(quantity), [...path, 'value', 'quantity'], 'antecedent');
    }
    discount.buys = {
      items: read.items ?? { all: true },
      quantity: quantity ? Number(quantity) : customerBuys.value ? null : (discount.buys?.quantity ?? 1),
      amountMinor: amount
        ? minorOf(amount)
        : customerBuys.value
          ? null
          : (discount.buys?.amountMinor ?? null),
    };
  }

  function checkPieces(pieces: number, path: readonly string[], side: 'antecedent' | 'consequent'): void {
    const what = `Prerequisite to entitlement quantity ratio ${side}`;
    if (pieces <= 0) refuse(path, `${what} must be greater than 0`, 'GREATER_THAN');
    if (pieces >= MOST_QUANTITY) refuse(path, `${what} must be less than ${MOST_QUANTITY}`, 'LESS_THAN');
  }

  function readShipping(): void {
    if (input.destination) takesOnly(input.destination, ['all'], `${argument}.destination`);
    if (input.maximumShippingPrice !== undefined) {
      discount.maximumShippingMinor =
        input.maximumShippingPrice === null ? null : minorOf(input.maximumShippingPrice);
    }
  }

  function readFunction(): void {
    if (input.discountClasses?.length === 0) {
      refuse(['discountClasses'], "Discount classes can't be empty.", 'INVALID');
    }
    const { functionHandle, functionId } = input;
    if (functionHandle && functionId) {
      refuse([], 'Only one of functionId or functionHandle is allowed.', 'MULTIPLE_FUNCTION_IDENTIFIERS');
      return;
    }
    if (!functionHandle && !functionId) {
      if (!before) refuse(['functionHandle'], "Function id can't be blank.", 'MISSING_FUNCTION_IDENTIFIER');
      return;
    }
    const handle = functionHandle ?? functions.handleOf(functionId ?? '') ?? '';
    if (functions.has(handle)) discount.functionHandle = handle;
    else {
      const message = `Function ${functionHandle ?? functionId ?? ''} not found. Ensure that it is released in the current app (1), and that the app is installed.`;
      refuse([functionHandle ? 'functionHandle' : 'functionId'], message, 'INVALID');
    }
  }

  function minorOf(text: string): number {
    const [whole = '0', part = ''] = text.split('.');
    const exact =
      parseMinor(text, store.shop.currency) ??
      parseMinor(`${whole}.${part.slice(0, 2)}`, store.shop.currency);
    return Number(exact ?? 0n);
  }
}

const RANGE = 'Value must be between 0.0 and 1.0';

function inRange(percentage: number): boolean {
  return percentage >= 0 && percentage <= 1;
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

function empty(
  store: Store,
  method: SandboxDiscount['method'],
  kind: SandboxDiscount['kind'],
): SandboxDiscount {
  const now = store.clock.now().toISOString();
  return {
    id: store.newId('other'),
    method,
    kind,
    title: '',
    startsAt: now,
    endsAt: null,
    createdAt: now,
    updatedAt: now,
    context: { kind: 'all' },
    combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
    tags: [],
    classes: [],
    codes: [],
    usageLimit: null,
    appliesOncePerCustomer: false,
    minimum: null,
    buys: null,
    gets: null,
    usesPerOrderLimit: null,
    maximumShippingMinor: null,
    functionHandle: null,
    usageCount: 0,
    usedBy: [],
  };
}
