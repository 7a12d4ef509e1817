/** Mutations of discounts. What is refused and in which words: discounts/read-discount-input.ts. */
import {
  activateDiscount,
  deactivateDiscount,
  deleteDiscount,
  putDiscount,
} from '../../discounts/change-discount.ts';
import { fault } from '../../discounts/discount-fault.ts';
import type { DiscountFault } from '../../discounts/discount-fault.ts';
import { readDiscountInput } from '../../discounts/read-discount-input.ts';
import type { DiscountInput, DiscountKind, KnownFunctions } from '../../discounts/discount-input.ts';
import { appExtensions } from '../../functions/app-extensions.ts';
import type { Sandbox } from '../../sandbox.ts';
import type { SandboxDiscount } from '../../store/model.ts';
import type { GraphContext } from '../context.ts';
import { gid, parseGid } from '../gid.ts';
import { discountNode, discountObject, nodeType } from '../resolvers/discount.ts';
import type { FieldResolvers, Resolver } from '../resolvers/types.ts';
import { setMetafields } from './metafields.ts';
import type { MetafieldInput } from './metafields.ts';

const KINDS: readonly (DiscountKind & { name: string; payload: string })[] = [
  { name: 'discountAutomaticBasic', method: 'automatic', kind: 'basic', argument: 'automaticBasicDiscount', payload: 'automaticDiscountNode' },
  { name: 'discountAutomaticBxgy', method: 'automatic', kind: 'bxgy', argument: 'automaticBxgyDiscount', payload: 'automaticDiscountNode' },
  { name: 'discountAutomaticFreeShipping', method: 'automatic', kind: 'free_shipping', argument: 'freeShippingAutomaticDiscount', payload: 'automaticDiscountNode' },
  { name: 'discountAutomaticApp', method: 'automatic', kind: 'app', argument: 'automaticAppDiscount', payload: 'automaticAppDiscount' },
  { name: 'discountCodeBasic', method: 'code', kind: 'basic', argument: 'basicCodeDiscount', payload: 'codeDiscountNode' },
  { name: 'discountCodeBxgy', method: 'code', kind: 'bxgy', argument: 'bxgyCodeDiscount', payload: 'codeDiscountNode' },
  { name: 'discountCodeFreeShipping', method: 'code', kind: 'free_shipping', argument: 'freeShippingCodeDiscount', payload: 'codeDiscountNode' },
  { name: 'discountCodeApp', method: 'code', kind: 'app', argument: 'codeAppDiscount', payload: 'codeAppDiscount' },
]; // prettier-ignore

const MISSING = fault(['id'], 'Discount does not exist', 'INVALID');

export const discountMutations: FieldResolvers<unknown> = {
  ...Object.fromEntries(
    KINDS.flatMap((kind): [string, Resolver<unknown>][] => [
      [
        `${kind.name}Create`,
        (_, args: Record<string, DiscountInput>, context) =>
          save(kind, args[kind.argument] ?? {}, undefined, context),
      ],
      [
        `${kind.name}Update`,
        (_, args: Record<string, DiscountInput> & { id: string }, context) => {
          const input = args[kind.argument] ?? {};
          const before = find(context, args.id, kind.method);
          if (before?.kind !== kind.kind) return { [kind.payload]: null, userErrors: [MISSING] };
          return save(kind, input, before, context);
        },
      ],
    ]),
  ),
  discountAutomaticActivate: turn('automatic', 'automaticDiscountNode', activateDiscount),
  discountAutomaticDeactivate: turn('automatic', 'automaticDiscountNode', deactivateDiscount),
  discountCodeActivate: turn('code', 'codeDiscountNode', activateDiscount),
  discountCodeDeactivate: turn('code', 'codeDiscountNode', deactivateDiscount),
  discountAutomaticDelete: remove('automatic', 'deletedAutomaticDiscountId'),
  discountCodeDelete: remove('code', 'deletedCodeDiscountId'),
};

function save(
  kind: (typeof KINDS)[number],
  input: DiscountInput,
  before: SandboxDiscount | undefined,
  context: GraphContext,
): Record<string, unknown> {
  const { store, sandbox } = context;
  const { discount, faults } = readDiscountInput(store, kind, input, before, functionsOf(sandbox));
  const refused = (userErrors: readonly DiscountFault[]) => ({ [kind.payload]: null, userErrors });
  if (faults.length > 0) return refused(faults);
  const metafields = ((input.metafields ?? []) as MetafieldInput[]).map(
    ({ namespace, key, type, value }) => ({
      namespace,
      key,
      type,
      value,
      ownerId: gid(nodeType(discount), discount.id),
    }),
  );
  if (metafields.length > 0) {
    // Metafields are set on what is there; nothing is told before both are done.
    if (!before) store.discounts.put(discount);
    const { userErrors } = setMetafields(store, metafields as MetafieldInput[]);
    if (!before) store.discounts.delete(discount.id);
    if (userErrors.length > 0) {
      return refused(
        userErrors.map(({ field, message }) => fault([kind.argument, ...field], message, 'INVALID')),
      );
    }
  }
  const saved = putDiscount(store, discount);
  const shown = kind.kind === 'app' ? discountObject(saved, context) : discountNode(saved, context);
  return { [kind.payload]: shown, userErrors: [] };
}

function turn(
  method: SandboxDiscount['method'],
  payload: string,
  act: (store: GraphContext['store'], discount: SandboxDiscount) => SandboxDiscount | undefined,
): Resolver<unknown> {
  return (_, { id }: { id: string }, context: GraphContext) => {
    const found = find(context, id, method);
    if (!found) return { [payload]: null, userErrors: [MISSING] };
    const done = act(context.store, found);
    if (done) return { [payload]: discountNode(done, context), userErrors: [] };
    const message =
      'The active period overlaps with other automatic discounts. At any given time, only 25 automatic discounts can be active.';
    return { [payload]: null, userErrors: [fault(['id'], message, 'ACTIVE_PERIOD_OVERLAP')] };
  };
}

function remove(method: SandboxDiscount['method'], payload: string): Resolver<unknown> {
  return (_, { id }: { id: string }, context: GraphContext) => {
    const found = find(context, id, method);
    if (!found) return { [payload]: null, userErrors: [MISSING] };
    deleteDiscount(context.store, found);
    return { [payload]: gid(nodeType(found), found.id), userErrors: [] };
  };
}

function find(
  { store }: GraphContext,
  text: string,
  method: SandboxDiscount['method'],
): SandboxDiscount | undefined {
  const { type, id } = parseGid(text);
  const found = store.discounts.get(id);
  if (!found || found.method !== method) return undefined;
  return type === 'DiscountNode' || type === nodeType(found) ? found : undefined;
}

function functionsOf(sandbox: Sandbox): KnownFunctions {
  const { functions } = appExtensions(sandbox);
  return {
    has: (handle) => functions.has(handle),
    handleOf: (id) => [...functions.values()].find((one) => one.id === id)?.handle,
  };
}
