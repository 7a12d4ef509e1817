/**
 * A merchant makes, ends, begins and deletes discounts of their own: a share or an amount off everything, a
 * collection or a product, or free shipping; automatic, or with a code.
 */
import { z } from 'zod';
import {
  activateDiscount,
  deactivateDiscount,
  deleteDiscount,
  putDiscount,
} from '../discounts/change-discount.ts';
import { readDiscountInput } from '../discounts/read-discount-input.ts';
import type { DiscountInput } from '../discounts/discount-input.ts';
import type { SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { ActError, amountInput, amountOf, asOneAction, checkInput, findProduct } from './act.ts';
import { findCollection } from './change-collection.ts';
import { findSegment } from './change-segment.ts';
import { decimalOf } from '../../app/money.ts';

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

export const createDiscountInput = z
  .object({
    title: z.string().trim().optional(),
    /** With it: a code discount. */
    code: z.string().trim().min(1).optional(),
    /** 15 means 15 %. */
    percent: z.coerce.number().gt(0).max(100).optional(),
    amount: amountInput.optional(),
    freeShipping: flag.default(false),
    collection: z.string().optional(),
    product: z.string().optional(),
    segment: z.string().optional(),
    minimum: amountInput.optional(),
    startsAt: z.iso.datetime({ offset: true }).optional(),
    endsAt: z.iso.datetime({ offset: true }).optional(),
    combines: flag.default(false),
    usageLimit: z.coerce.number().int().min(1).optional(),
    oncePerCustomer: flag.default(false),
  })
  .refine(
    ({ percent, amount, freeShipping }) =>
      [percent, amount, freeShipping || undefined].filter((one) => one !== undefined).length === 1,
    {
      message: 'A discount needs one of percent, amount and freeShipping',
    },
  );
const discountRef = z.object({ discount: z.string() });

const NO_FUNCTIONS = { has: () => false, handleOf: () => undefined };

/** By id, gid, code or title. @throws ActError */
export function findDiscount(store: Store, reference: string): SandboxDiscount {
  const text = reference.trim();
  const id = /^(?:gid:\/\/shopify\/Discount(?:Automatic|Code)?Node\/)?(\d+)$/.exec(text)?.[1] ?? '';
  const found =
    store.discounts.get(id) ??
    [...store.discounts.all()].find(
      ({ title, codes }) => title === text || codes.some(({ code }) => code === text),
    );
  if (!found) throw new ActError(`There is no discount ${reference}`);
  return found;
}

/** @throws ActError */
export function createDiscount(store: Store, input: unknown): SandboxDiscount {
  const wanted = checkInput(createDiscountInput, input);
  const kind = wanted.freeShipping ? 'free_shipping' : 'basic';
  const method = wanted.code === undefined ? 'automatic' : 'code';
  const now = store.clock.now().toISOString();
  const decimal = (value: string | number, label: string) =>
    decimalOf(BigInt(amountOf(value, store, label)), store.shop.currency);
  const gids = (type: string, id: string) => [`gid://shopify/${type}/${id}`];
  const segment = wanted.segment === undefined ? undefined : findSegment(store, wanted.segment);
  const items = wanted.collection
    ? { collections: { add: gids('Collection', findCollection(store, wanted.collection).id) } }
    : wanted.product
      ? { products: { productsToAdd: gids('Product', findProduct(store, wanted.product).id) } }
      : { all: true };
  const value =
    wanted.percent === undefined
      ? { discountAmount: { amount: decimal(wanted.amount ?? '0', 'amount'), appliesOnEachItem: false } }
      : { percentage: wanted.percent / 100 };
  const asked: DiscountInput = {
    title: wanted.title ?? wanted.code ?? '',
    startsAt: wanted.startsAt ?? now,
    endsAt: wanted.endsAt ?? null,
    ...(wanted.minimum === undefined
      ? {}
      : {
          minimumRequirement: {
            subtotal: { greaterThanOrEqualToSubtotal: decimal(wanted.minimum, 'minimum') },
          },
        }),
    combinesWith: {
      orderDiscounts: wanted.combines,
      productDiscounts: wanted.combines,
      shippingDiscounts: wanted.combines && kind !== 'free_shipping',
    },
    ...(segment ? { context: { customerSegments: { add: gids('Segment', segment.id) } } } : {}),
    ...(kind === 'basic' ? { customerGets: { items, value } } : {}),
    ...(method === 'code'
      ? {
          code: wanted.code ?? '',
          usageLimit: wanted.usageLimit ?? null,
          appliesOncePerCustomer: wanted.oncePerCustomer,
        }
      : {}),
  };
  const argument = 'discount';
  const { discount, faults } = readDiscountInput(
    store,
    { method, kind, argument },
    asked,
    undefined,
    NO_FUNCTIONS,
  );
  if (faults.length > 0) throw new ActError(faults.map(({ message }) => message).join('; '));
  return asOneAction(store, () => putDiscount(store, discount));
}

/** @throws ActError */
export function endDiscount(store: Store, input: unknown): SandboxDiscount {
  const found = findDiscount(store, checkInput(discountRef, input).discount);
  return asOneAction(store, () => deactivateDiscount(store, found));
}

/** @throws ActError */
export function beginDiscount(store: Store, input: unknown): SandboxDiscount {
  const found = findDiscount(store, checkInput(discountRef, input).discount);
  const begun = asOneAction(store, () => activateDiscount(store, found));
  if (!begun) throw new ActError('At any given time, only 25 automatic discounts can be active');
  return begun;
}

/** @throws ActError */
export function removeDiscount(store: Store, input: unknown): SandboxDiscount {
  const found = findDiscount(store, checkInput(discountRef, input).discount);
  asOneAction(store, () => deleteDiscount(store, found));
  return found;
}
