/**
 * What a discount function takes off a cart: its input by its own query, its bundle in QuickJS, its answer held to
 * Shopify's schema. A function that fails takes nothing off, and the reason is told.
 */
import { parseMinor } from '../../app/money.ts';
import type { FunctionExtension, FunctionTarget } from '../functions/app-extensions.ts';
import { bundleFunction } from '../functions/bundle-function.ts';
import { checkFunctionOutput } from '../functions/check-function-output.ts';
import { makeFunctionInput } from '../functions/make-function-input.ts';
import { runBundle } from '../functions/run-bundle.ts';
import type { SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { Cart, CartLine } from './cart.ts';
import { subtotalOf } from './cart.ts';
import { DELIVERY_GROUP, cartLineGid, functionRoot, variablesOf } from './function-input.ts';
import { shareOf, spread } from './proposal.ts';
import type { Proposal } from './proposal.ts';

export type FunctionOffer = { proposals: Proposal[] } | { reason: string };

const RESULTS = {
  'cart.lines.discounts.generate.run': 'CartLinesDiscountsGenerateRunResult',
  'cart.delivery-options.discounts.generate.run': 'CartDeliveryOptionsDiscountsGenerateRunResult',
} as const satisfies Record<FunctionTarget, string>;

const bundles = new Map<string, Promise<string>>();

/** Bundled once a process: the sources do not change under a sandbox. */
function bundleOf(entry: string, name: string): Promise<string> {
  const key = `${entry} ${name}`;
  let bundle = bundles.get(key);
  if (!bundle) {
    bundle = bundleFunction(entry, name);
    bundles.set(key, bundle);
    bundle.catch(() => bundles.delete(key));
  }
  return bundle;
}

/** @param code that brought this discount into the cart */
export async function functionOffer(
  store: Store,
  discount: SandboxDiscount,
  extension: FunctionExtension,
  cart: Cart,
  code: string | null,
): Promise<FunctionOffer> {
  const proposals: Proposal[] = [];
  for (const { target, inputQuery, exportName } of extension.targets) {
    try {
      const root = functionRoot(store, discount, cart, code);
      const input = makeFunctionInput(inputQuery, root, variablesOf(store, discount, extension.variables));
      const { output } = await runBundle(await bundleOf(extension.entry, exportName), input);
      const faults = checkFunctionOutput(RESULTS[target], output);
      if (faults.length > 0) return { reason: `The function's answer is not valid: ${faults.join('; ')}` };
      const { operations } = output as { operations: Operation[] };
      proposals.push(...operations.flatMap((operation) => proposalsOf(store, operation, cart)));
    } catch (error) {
      return { reason: `The function failed: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
  const allowed = proposals.filter((proposal) => discount.classes.includes(proposal.class));
  if (allowed.length > 0) return { proposals: allowed };
  return {
    reason:
      proposals.length > 0
        ? 'The function gave something that is not of the classes of the discount.'
        : 'The function gave nothing.',
  };
}

interface Value {
  percentage?: { value: string | number } | null;
  fixedAmount?: { amount: string | number; appliesToEachItem?: boolean | null } | null;
}
interface Candidate<Target> {
  message?: string | null;
  targets: Target[];
  value: Value;
  prerequisites?: unknown[] | null;
  conditions?: unknown[] | null;
}
interface Added<Target> {
  selectionStrategy: 'FIRST' | 'MAXIMUM' | 'ALL';
  candidates: Candidate<Target>[];
}
export interface Operation {
  productDiscountsAdd?: Added<{ cartLine?: { id: string; quantity?: number | null } | null }> | null;
  orderDiscountsAdd?: Added<{ orderSubtotal?: { excludedCartLineIds: string[] } | null }> | null;
  deliveryDiscountsAdd?: Added<{ deliveryGroup?: { id: string } | null }> | null;
  [other: string]: unknown;
}

const KNOWN = ['productDiscountsAdd', 'orderDiscountsAdd', 'deliveryDiscountsAdd'];

/** What the function's answer would take off. */
export function proposalsOf(store: Store, operation: Operation, cart: Cart): Proposal[] {
  const other = Object.keys(operation).find((name) => !KNOWN.includes(name) && operation[name]);
  if (other) throw new Error(`the sandbox's checkout does not know ${other}`);
  const {
    productDiscountsAdd: product,
    orderDiscountsAdd: order,
    deliveryDiscountsAdd: delivery,
  } = operation;
  return [
    ...(product ? chosen(product, cart, (candidate) => productProposal(store, candidate, cart)) : []),
    ...(order ? chosen(order, cart, (candidate) => orderProposal(store, candidate, cart)) : []),
    ...(delivery ? chosen(delivery, cart, (candidate) => deliveryProposal(store, candidate)) : []),
  ];
}

/** FIRST and MAXIMUM give one, ALL every one. */
function chosen<Target>(
  { selectionStrategy, candidates }: Added<Target>,
  cart: Cart,
  make: (candidate: Candidate<Target>) => Proposal | undefined,
): Proposal[] {
  const made = candidates.flatMap((candidate) => {
    if (candidate.prerequisites?.length || candidate.conditions?.length) {
      throw new Error("the sandbox's checkout does not know prerequisites and conditions");
    }
    return make(candidate) ?? [];
  });
  switch (selectionStrategy) {
    case 'ALL':
      return made;
    case 'FIRST':
      return made.slice(0, 1);
    case 'MAXIMUM': {
      const worth = (proposal: Proposal) => worthOf(proposal, cart);
      return made.toSorted((a, b) => worth(b) - worth(a)).slice(0, 1);
    }
  }
}

function worthOf(proposal: Proposal, cart: Cart): number {
  if (proposal.class === 'PRODUCT') return [...proposal.lines.values()].reduce((sum, off) => sum + off, 0);
  if ('minor' in proposal.off) return proposal.off.minor;
  if (proposal.class === 'SHIPPING') return shareOf(cart.shippingMinor, proposal.off.share);
  const { excluded, off } = proposal;
  return shareOf(subtotalOf(cart.lines.filter(({ number }) => !excluded.has(number))), off.share);
}

type ProductCandidate = Candidate<{ cartLine?: { id: string; quantity?: number | null } | null }>;

function productProposal(
  store: Store,
  { targets, value, message }: ProductCandidate,
  cart: Cart,
): Proposal | undefined {
  const pieces = new Map<CartLine, number>();
  for (const { cartLine } of targets) {
    const line = cart.lines.find(({ number }) => cartLineGid(number) === cartLine?.id);
    if (line) pieces.set(line, Math.min(cartLine?.quantity ?? line.quantity, line.quantity));
  }
  if (pieces.size === 0) return undefined;
  const off = offOf(store, value);
  if ('share' in off) {
    const lines = [...pieces].map(([line, count]): [number, number] => [
      line.number,
      shareOf(line.priceMinor * count, off.share),
    ]);
    return { class: 'PRODUCT', lines: new Map(lines), message: message ?? null };
  }
  if (value.fixedAmount?.appliesToEachItem) {
    const lines = [...pieces].map(([line, count]): [number, number] => [
      line.number,
      Math.min(off.minor, line.priceMinor) * count,
    ]);
    return { class: 'PRODUCT', lines: new Map(lines), message: message ?? null };
  }
  const weights = new Map([...pieces].map(([line, count]) => [line.number, line.priceMinor * count]));
  const most = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return { class: 'PRODUCT', lines: spread(Math.min(off.minor, most), weights), message: message ?? null };
}

type OrderCandidate = Candidate<{ orderSubtotal?: { excludedCartLineIds: string[] } | null }>;

function orderProposal(
  store: Store,
  { targets, value, message }: OrderCandidate,
  cart: Cart,
): Proposal | undefined {
  const [target] = targets;
  if (!target?.orderSubtotal) return undefined;
  const ids = new Set(target.orderSubtotal.excludedCartLineIds);
  const excluded = new Set(
    cart.lines.filter(({ number }) => ids.has(cartLineGid(number))).map(({ number }) => number),
  );
  return { class: 'ORDER', excluded, off: offOf(store, value), message: message ?? null };
}

function deliveryProposal(
  store: Store,
  { targets, value, message }: Candidate<{ deliveryGroup?: { id: string } | null }>,
): Proposal | undefined {
  if (!targets.some(({ deliveryGroup }) => deliveryGroup?.id === DELIVERY_GROUP)) return undefined;
  return { class: 'SHIPPING', off: offOf(store, value), message: message ?? null };
}

function offOf(store: Store, { percentage, fixedAmount }: Value): { share: number } | { minor: number } {
  if (percentage) return { share: Number(percentage.value) / 100 };
  return { minor: Number(parseMinor(String(fixedAmount?.amount ?? '0'), store.shop.currency) ?? 0n) };
}
