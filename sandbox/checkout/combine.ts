/**
 * Which discounts a cart gets. Two combine when each allows the classes of the other (documented); of all groups whose
 * members combine with one another, the one that saves most is taken (documented as the best combination; that a code
 * does not go before a better automatic discount too). On a line only the best product discount counts (documented);
 * order discounts are on what product discounts leave (documented), each on the whole of it (assumption).
 */
import type { SandboxDiscount } from '../store/model.ts';
import { lineTotal } from './cart.ts';
import type { Cart } from './cart.ts';
import { classesOf, shareOf, spread } from './proposal.ts';
import type { Offer } from './proposal.ts';

export interface Candidate extends Offer {
  discount: SandboxDiscount;
  /** Of a code discount: the one that was entered. */
  code: string | null;
}

export interface Applied {
  candidate: Candidate;
  /** By line number, in minor units; without zeros. */
  lines: ReadonlyMap<number, number>;
  shippingMinor: number;
  message: string | null;
}

export interface Combination {
  candidates: readonly Candidate[];
  applied: readonly Applied[];
  savedMinor: number;
}

const COMBINES = {
  PRODUCT: 'productDiscounts',
  ORDER: 'orderDiscounts',
  SHIPPING: 'shippingDiscounts',
} as const;
const MOST_GROUPS = 5000;

export function bestCombination(cart: Cart, candidates: readonly Candidate[]): Combination {
  let best: Combination = { candidates: [], applied: [], savedMinor: 0 };
  let groups = 0;
  for (const group of largestGroups(candidates)) {
    const combination = worth(cart, group);
    if (combination.savedMinor > best.savedMinor) best = combination;
    if ((groups += 1) >= MOST_GROUPS) break;
  }
  return best;
}

export function combine(one: Candidate, other: Candidate): boolean {
  const allows = (by: Candidate, of: Candidate) =>
    [...classesOf(of)].every((name) => by.discount.combinesWith[COMBINES[name]]);
  return allows(one, other) && allows(other, one);
}

/** Groups of which everybody combines with everybody and that nobody can join (Bron and Kerbosch). */
function* largestGroups(candidates: readonly Candidate[]): Generator<Candidate[]> {
  const friends = new Map(
    candidates.map((one) => [
      one,
      new Set(candidates.filter((other) => other !== one && combine(one, other))),
    ]),
  );
  const of = (one: Candidate): Set<Candidate> => friends.get(one) ?? new Set();
  function* grow(group: Candidate[], open: Set<Candidate>, done: Set<Candidate>): Generator<Candidate[]> {
    if (open.size === 0 && done.size === 0) {
      yield group;
      return;
    }
    const [pivot] = [...open, ...done].sort((a, b) => of(b).size - of(a).size);
    for (const one of [...open].filter((each) => !pivot || !of(pivot).has(each))) {
      yield* grow([...group, one], open.intersection(of(one)), done.intersection(of(one)));
      open.delete(one);
      done.add(one);
    }
  }
  yield* grow([], new Set(candidates), new Set());
}

interface Taken {
  lines: Map<number, number>;
  shippingMinor: number;
  message: string | null;
}

function worth(cart: Cart, candidates: readonly Candidate[]): Combination {
  const taken = new Map<Candidate, Taken>();
  const take = (candidate: Candidate, message: string | null): Taken => {
    let own = taken.get(candidate);
    if (!own) taken.set(candidate, (own = { lines: new Map(), shippingMinor: 0, message }));
    own.message ??= message;
    return own;
  };
  const left = new Map(cart.lines.map((line) => [line.number, lineTotal(line)]));
  const takeOff = (own: Taken, line: number, wanted: number) => {
    const off = Math.min(wanted, left.get(line) ?? 0);
    if (off <= 0) return;
    left.set(line, (left.get(line) ?? 0) - off);
    own.lines.set(line, (own.lines.get(line) ?? 0) + off);
  };

  for (const { number } of cart.lines) {
    let best: { candidate: Candidate; off: number; message: string | null } | undefined;
    for (const candidate of candidates) {
      for (const proposal of candidate.proposals) {
        const off = proposal.class === 'PRODUCT' ? (proposal.lines.get(number) ?? 0) : 0;
        if (off > (best?.off ?? 0)) best = { candidate, off, message: proposal.message };
      }
    }
    if (best) takeOff(take(best.candidate, best.message), number, best.off);
  }

  const afterProducts = new Map(left);
  for (const candidate of candidates) {
    for (const proposal of candidate.proposals) {
      if (proposal.class !== 'ORDER') continue;
      const weights = new Map([...afterProducts].filter(([number]) => !proposal.excluded.has(number)));
      const base = [...weights.values()].reduce((sum, minor) => sum + minor, 0);
      const off =
        'share' in proposal.off ? shareOf(base, proposal.off.share) : Math.min(proposal.off.minor, base);
      const own = take(candidate, proposal.message);
      for (const [number, part] of spread(off, weights)) takeOff(own, number, part);
    }
  }

  let shipping: { candidate: Candidate; off: number; message: string | null } | undefined;
  for (const candidate of candidates) {
    for (const { class: name, ...proposal } of candidate.proposals) {
      if (name !== 'SHIPPING' || !('off' in proposal)) continue;
      const off =
        'share' in proposal.off
          ? shareOf(cart.shippingMinor, proposal.off.share)
          : Math.min(proposal.off.minor, cart.shippingMinor);
      if (off > (shipping?.off ?? 0)) shipping = { candidate, off, message: proposal.message };
    }
  }
  if (shipping) take(shipping.candidate, shipping.message).shippingMinor = shipping.off;

  const applied = [...taken]
    .map(([candidate, own]) => ({ candidate, ...own }))
    .filter(({ lines, shippingMinor }) => lines.size > 0 || shippingMinor > 0);
  const savedMinor = applied.reduce((sum, { lines, shippingMinor }) => {
    for (const off of lines.values()) sum += off;
    return sum + shippingMinor;
  }, 0);
  return { candidates, applied, savedMinor };
}
