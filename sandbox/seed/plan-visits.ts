/**
 * Who orders when, of a whole generated store, in typed arrays: the only part of it that is kept. Orders are planned
 * customer by customer (visits, then renewals), guests last, and numbered as they came in; equal times keep the
 * order in which they were planned.
 */
import type { LocalTime } from './local-time.ts';
import type { CustomerKind } from './people.ts';
import type { Random } from './random.ts';
import type { StoreShares } from './shares.ts';
import { firstOrderAt, renewalsAt, repeatOrdersAt } from './visits.ts';
import type { Span } from './visits.ts';

const DAY_MS = 86_400_000;
export const KINDS: readonly CustomerKind[] = ['contact', 'buyer', 'wholesale', 'staff', 'subscriber'];
const MERGED = 0x80;

/** Streams of the generator: one for each thing that is drawn on its own. */
export const STREAM = { visits: 1, guests: 2, order: 3, person: 4, tags: 5, test: 6 } as const;

export interface VisitPlan {
  /** Of each customer: its place in KINDS, and whether it is two people merged. */
  kinds: Uint8Array;
  /** Seconds: a customer is as old as its first order, or its first visit. */
  createdSeconds: Uint32Array;
  /** Of each customer, and one more: its first planned order. */
  firstPlan: Uint32Array;
  /** Of each customer: how many of its planned orders are visits; the others are renewals. */
  visits: Uint8Array;
  /** Plans in the order of time: an order's index is its place here. */
  planOfOrder: Uint32Array;
  orderOfPlan: Uint32Array;
  /** By order index. */
  orderSeconds: Uint32Array;
}

export function planVisits(
  random: Random,
  customers: number,
  shares: StoreShares,
  local: LocalTime,
  span: Span,
): VisitPlan {
  const kinds = new Uint8Array(customers);
  const createdSeconds = new Uint32Array(customers);
  const firstPlan = new Uint32Array(customers + 1);
  const visits = new Uint8Array(customers);
  const seconds = (wall: number) => Math.floor(local.toInstant(wall) / 1000);
  const kindOf = kindPicker(shares);
  let times = new Uint32Array(Math.max(64, customers * 6));
  let planned = 0;
  const plan = (wall: number) => {
    if (planned === times.length) {
      const longer = new Uint32Array(times.length * 2);
      longer.set(times);
      times = longer;
    }
    times[planned++] = seconds(wall);
  };

  for (let index = 0; index < customers; index += 1) {
    random.at(STREAM.visits, index);
    const kind = kindOf(random);
    const first = firstOrderAt(random, span);
    kinds[index] = kind;
    createdSeconds[index] = seconds(first);
    if (KINDS[kind] !== 'contact') {
      const merged = random.chance(shares.merged / (1 - shares.contacts));
      const renewals = KINDS[kind] === 'subscriber' ? renewalsAt(random, first, span) : [];
      const walls = [first, ...repeatOrdersAt(random, first, span)];
      if (merged && walls.length === 1) walls.push(Math.min(span.until, first + 9 * DAY_MS));
      if (merged) kinds[index] = kind | MERGED;
      visits[index] = walls.length;
      for (const wall of walls) plan(wall);
      for (const wall of renewals) plan(wall);
    }
    firstPlan[index + 1] = planned;
  }
  const guests = Math.round((planned * shares.pointOfSale) / (1 - shares.pointOfSale));
  for (let index = 0; index < guests; index += 1) {
    plan(firstOrderAt(random.at(STREAM.guests, index), span));
  }
  return { kinds, createdSeconds, firstPlan, visits, ...inTime(times.subarray(0, planned)) };
}

export function kindAt(plan: VisitPlan, customer: number): CustomerKind {
  return KINDS[(plan.kinds[customer] as number) & ~MERGED] as CustomerKind;
}

export function isMerged(plan: VisitPlan, customer: number): boolean {
  return ((plan.kinds[customer] as number) & MERGED) !== 0;
}

/** Time and plan in one number (three years of seconds and 90 million plans stay below 2^53). */
function inTime(times: Uint32Array): Pick<VisitPlan, 'planOfOrder' | 'orderOfPlan' | 'orderSeconds'> {
  const count = times.length;
  let earliest = Infinity;
  for (const time of times) if (time < earliest) earliest = time;
  const keys = new Float64Array(count);
  for (let plan = 0; plan < count; plan += 1) {
    keys[plan] = ((times[plan] as number) - earliest) * count + plan;
  }
  keys.sort();
  const planOfOrder = new Uint32Array(count);
  const orderOfPlan = new Uint32Array(count);
  const orderSeconds = new Uint32Array(count);
  for (let order = 0; order < count; order += 1) {
    const plan = (keys[order] as number) % count;
    planOfOrder[order] = plan;
    orderOfPlan[plan] = order;
    orderSeconds[order] = times[plan] as number;
  }
  return { planOfOrder, orderOfPlan, orderSeconds };
}

function kindPicker(shares: StoreShares): (random: Random) => number {
  const { contacts, wholesale, staff, subscribers } = shares;
  const weights: Record<CustomerKind, number> = {
    contact: contacts,
    buyer: Math.max(0, 1 - contacts - wholesale - staff - subscribers),
    wholesale,
    staff,
    subscriber: subscribers,
  };
  const items = KINDS.map((kind, index) => [index, weights[kind]] as const);
  return (random) => random.pickWeighted(items);
}
