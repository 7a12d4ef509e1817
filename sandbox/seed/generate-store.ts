/**
 * A store that looks like a real one: three years of history up to yesterday, growth and season, people who come
 * back and people who do not, and the awkward shares that every real store has. The same seed, clock day and
 * shop give the same store (only the load time differs).
 */
import type { Store } from '../store/store.ts';
import { makeCatalogue } from './catalogue.ts';
import { LocalTime } from './local-time.ts';
import { makeOrder } from './make-order.ts';
import type { OrderPlan } from './make-order.ts';
import { makeCustomer } from './people.ts';
import type { CustomerKind } from './people.ts';
import { Random } from './random.ts';
import { DEFAULT_SHARES } from './shares.ts';
import type { StoreShares } from './shares.ts';
import { firstOrderAt, renewalsAt, repeatOrdersAt } from './visits.ts';
import type { Span } from './visits.ts';

const DAY_MS = 86_400_000;
const YEARS = 3;

export interface GenerateOptions {
  customers: number;
  seed: number;
  shares?: Partial<StoreShares>;
}

export function generateStore(store: Store, options: GenerateOptions): void {
  const shares = { ...DEFAULT_SHARES, ...options.shares };
  const random = new Random(`regulars ${options.seed} ${options.customers}`);
  const local = new LocalTime(store.shop.ianaTimezone);
  const today = local.dayOf(store.clock.now().getTime()) * DAY_MS;
  const span: Span = { from: today - Math.round(YEARS * 365.25) * DAY_MS, until: today - 1000 };
  const iso = (wall: number) => new Date(local.toInstant(wall)).toISOString();
  const loadedAt = store.clock.machineNow().toISOString();
  const catalogue = makeCatalogue(store, random, iso(span.from), loadedAt);

  const plans: OrderPlan[] = [];
  for (let index = 0; index < options.customers; index += 1) {
    const kind = kindOf(random, shares);
    const first = firstOrderAt(random, span);
    const customer = makeCustomer(random, {
      id: store.newId('customer'),
      index,
      kind,
      createdAt: iso(first),
      loadedAt,
    });
    store.putCustomer(customer);
    if (kind === 'contact') continue;
    const merged = random.chance(shares.merged / (1 - shares.contacts));
    const formerEmail = `${merged ? 'formerly.' : ''}${customer.email}`;
    const renewals = kind === 'subscriber' ? renewalsAt(random, first, span) : [];
    const times = [first, ...repeatOrdersAt(random, first, span)];
    if (merged && times.length === 1) times.push(Math.min(span.until, first + 9 * DAY_MS));
    for (const [order, at] of times.entries()) {
      const email = merged && order % 2 === 0 ? formerEmail : customer.email;
      plans.push({ at: iso(at), customer, kind, renewal: false, email });
    }
    for (const at of renewals) {
      plans.push({ at: iso(at), customer, kind, renewal: true, email: customer.email });
    }
  }
  const guests = Math.round((plans.length * shares.pointOfSale) / (1 - shares.pointOfSale));
  for (let index = 0; index < guests; index += 1) {
    const at = iso(firstOrderAt(random, span));
    plans.push({ at, customer: null, kind: 'point_of_sale', renewal: false, email: null });
  }

  // Orders are numbered as they came in; equal times keep the order in which they were planned.
  const inTime = plans
    .map((plan, index) => ({ plan, index }))
    .sort((a, b) => (a.plan.at < b.plan.at ? -1 : a.plan.at > b.plan.at ? 1 : a.index - b.index));
  const maker = { store, random, catalogue, shares, loadedAt, until: local.toInstant(span.until) };
  for (const { plan } of inTime) store.putOrder(makeOrder(maker, plan, store.newOrderNumber()));
}

function kindOf(random: Random, shares: StoreShares): CustomerKind {
  const { contacts, wholesale, staff, subscribers } = shares;
  return random.pickWeighted<CustomerKind>([
    ['contact', contacts],
    ['wholesale', wholesale],
    ['staff', staff],
    ['subscriber', subscribers],
    ['buyer', Math.max(0, 1 - contacts - wholesale - staff - subscribers)],
  ]);
}
