/**
 * Random histories: orders placed, changed, moved to somebody else, refunded and cancelled, consent, products, people
 * merged, erased, named and freed, days that pass. Three shops live through them side by side:
 *
 *   ordered   every message once, as it happened
 *   shuffled  any order within a day, some twice, some again days later, in batches of any size
 *   dying     as shuffled, but the process dies at any statement and the batch is tried again
 *
 * At each moment the stored memberships are what a shadow from the facts says, and the history adds up to them; dying
 * changes nothing, history included; shuffling changes nothing of facts, profiles and segments without a memory (a
 * hold begins with what was seen first); and a rebuild moves nobody.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCipher } from '../../../app/cipher.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import type { Fact } from '../../../app/intake/facts.ts';
import { productCore } from '../../../app/intake/normalise/product-groups.ts';
import type { OrderContent } from '../../../app/intake/normalise/order-groups.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { redactCustomer } from '../../../app/privacy/redact-customer.server.ts';
import {
  CLUB_KEYS,
  CLUB_MEMORYLESS,
  CLUB_PEOPLE,
  createClub,
  expectClubAgrees,
} from '../../support/club-shop.ts';
import { crashingDb, type CrashingDb } from '../../support/crashing-db.ts';
import { membershipState } from '../../support/membership-state.ts';
import { rounds } from '../../support/rounds.ts';
import type { SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { at, customer, order } from '../intake/fact-makers.ts';

const redactionKey = Buffer.alloc(32, 7);
const cipher = createCipher([Buffer.alloc(32, 1)]);
const ORDERS = 8;

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

/** What happens in the store: each is told by a message. */
type Happening =
  | { do: 'order'; who: string; id: number; amount: number }
  | { do: 'refund' | 'cancel'; id: number; share: number }
  | { do: 'consent'; who: string; state: string }
  | { do: 'product'; type: string }
  | { do: 'merge'; kept: string; gone: string };
/** What is done to the app. */
type Act =
  | { do: 'name'; who: string; list: 'always' | 'never' | null; key: string }
  | { do: 'erase'; who: string }
  | { do: 'rebuild' }
  | { do: 'nothing' };
/** A day: its messages, how they are shuffled and where the process dies, an act, and days that pass. */
interface Day {
  happenings: Happening[];
  dice: number[];
  deaths: number[];
  act: Act;
  days: number;
}

const is = <const T>(value: T) => fc.constant(value);
const who = fc.constantFrom(...CLUB_PEOPLE);
const id = fc.integer({ min: 1, max: ORDERS });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: is('order'), who, id, amount: fc.constantFrom(10_000, 30_000, 60_000) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('refund', 'cancel'), id, share: fc.constantFrom(0.5, 1) }) },
  { weight: 2, arbitrary: fc.record({ do: is('consent'), who, state: fc.constantFrom('SUBSCRIBED', 'UNSUBSCRIBED') }) },
  { weight: 1, arbitrary: fc.record({ do: is('product'), type: fc.constantFrom('Shoes', 'Hats') }) },
  { weight: 1, arbitrary: fc.record({ do: is('merge'), kept: fc.constantFrom('1', '2'), gone: fc.constantFrom('3', '4') }) },
); // prettier-ignore
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: is('nothing') }) },
  { weight: 3, arbitrary: fc.record({ do: is('name'), who, list: fc.constantFrom('always', 'never', null), key: fc.constantFrom(...CLUB_KEYS) }) },
  { weight: 1, arbitrary: fc.record({ do: is('rebuild') }) },
  { weight: 1, arbitrary: fc.record({ do: is('erase'), who }) },
); // prettier-ignore
const day: fc.Arbitrary<Day> = fc.record({
  happenings: fc.array(happening, { maxLength: 6 }),
  dice: fc.array(fc.nat(1_000), { minLength: 40, maxLength: 40 }),
  deaths: fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 12, maxLength: 12 }),
  act,
  days: fc.integer({ min: 1, max: 25 }),
});

/** Shopify's side: the state of each order, and the message that each happening sends. */
function createStore() {
  const orders = new Map<number, Partial<OrderContent>>();
  let second = 0;
  const tell = (n: number) => order(String(n), second, orders.get(n) ?? {});
  return (what: Happening, now: Date): Fact[] => {
    second += 1;
    switch (what.do) {
      case 'order': {
        const total = BigInt(what.amount);
        const placed = orders.get(what.id)?.processedAt ?? now;
        orders.set(what.id, {
          customerId: what.who,
          processedAt: placed,
          totalMinor: total,
          currentTotalMinor: total,
          netPaymentMinor: total,
        });
        return [tell(what.id)];
      }
      case 'refund': {
        const known = orders.get(what.id);
        if (!known) return [];
        const refunded = BigInt(Math.round(Number(known.totalMinor) * what.share));
        orders.set(what.id, {
          ...known,
          refundedMinor: refunded,
          netPaymentMinor: (known.totalMinor ?? 0n) - refunded,
          financialStatus: what.share === 1 ? 'REFUNDED' : 'PARTIALLY_REFUNDED',
        });
        return [tell(what.id)];
      }
      case 'cancel': {
        const known = orders.get(what.id);
        if (!known) return [];
        orders.set(what.id, { ...known, cancelledAt: now });
        return [tell(what.id)];
      }
      case 'consent':
        return [customer(what.who, second, { email: what.state })];
      case 'product': {
        const core = { title: 'Thing', vendor: '', productType: what.type, handle: 'thing', status: 'ACTIVE', tags: [], createdAt: null }; // prettier-ignore
        return [{ kind: 'product', id: '900', core: productCore(core, at(second), at(second)) }];
      }
      case 'merge':
        return [{ kind: 'merge', keptId: what.kept, deletedId: what.gone }];
    }
  };
}

interface Living {
  shop: SegmentShop;
  db: CrashingDb;
  deaths: { wanted: number[]; seen: Set<number> };
}

async function born(): Promise<Living> {
  const shop = await createClub(t);
  return { shop, db: crashingDb(t.db), deaths: { wanted: [], seen: new Set() } };
}

/** Does it, dying first as often as there is a wish to; whoever died begins again. */
async function live({ db, deaths }: Living, work: () => Promise<unknown>): Promise<void> {
  for (let n = deaths.wanted.shift(); n !== undefined; n = deaths.wanted.shift()) {
    if (!(await db.dyingAt(n, work))) return;
    deaths.seen.add(n);
    if (n % 2 === 0) break;
  }
  await work();
}

const contextOf = ({ shop, db }: Living) => ({ ...shop.ctx, db });

async function receive(one: Living, facts: readonly Fact[]): Promise<void> {
  const now = one.shop.clock.now();
  await live(one, () =>
    one.db.inShop(one.shop.shopId, async (tx) => {
      const touched = await applyFacts(tx, facts, { now: at(0), redactionKey });
      await refresh(tx, { touched, now });
    }),
  );
}

async function doAct(one: Living, what: Act): Promise<void> {
  const { shopId } = one.shop;
  const now = one.shop.clock.now();
  switch (what.do) {
    case 'nothing':
      return;
    case 'name': {
      const input = { key: what.key, customerIds: [what.who], list: what.list, actor: 'test', now };
      return live(one, () => namePerson(contextOf(one), shopId, input));
    }
    case 'erase':
      return live(one, () =>
        one.db.inShop(shopId, (tx) =>
          redactCustomer(tx, { customerId: what.who, receivedAt: at(0), now: at(0), redactionKey, cipher }),
        ),
      );
    case 'rebuild':
      return live(one, () =>
        recomputeShop(contextOf(one), shopId, { cause: 'import', publish: 'never', chunk: 3 }),
      );
  }
}

/** In any order, some twice, some of an earlier day once more. */
function shuffled(facts: readonly Fact[], earlier: readonly Fact[], dice: readonly number[]): Fact[] {
  const again = [...facts, ...earlier.slice(-4)].filter((_, i) => (dice[i] ?? 0) % 3 === 0);
  return [...facts, ...again]
    .map((fact, i) => ({ fact, at: dice[dice.length - 1 - i] ?? 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ fact }) => fact);
}

function inBatches(facts: readonly Fact[], size: number): Fact[][] {
  return Array.from({ length: Math.ceil(facts.length / size) }, (_, i) =>
    facts.slice(i * size, (i + 1) * size),
  );
}

/** What depends on nothing but what Shopify has said last, and the day. */
const remembersNothing = (shop: SegmentShop) =>
  shop.in(async (tx) => {
    const read = async (statement: ReturnType<typeof sql>) => (await tx.query(statement)).rows;
    return {
      orders: await read(sql`
        SELECT id, customer_id, financial_status, cancelled_at, total_minor, net_payment_minor, refunded_minor
          FROM orders WHERE shop_id = ${tx.shopId} ORDER BY id`),
      customers: await read(
        sql`SELECT id, email_consent, deleted_at IS NULL AS here FROM customer WHERE shop_id = ${tx.shopId} ORDER BY id`,
      ),
      profiles: await read(sql`
        SELECT customer_id, orders, spent_minor, first_order_on, last_order_on, last_activity_on, fully_refunded_orders
          FROM profile WHERE shop_id = ${tx.shopId} ORDER BY customer_id`),
      memberships: await read(sql`
        SELECT g.key, m.customer_id FROM membership m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id
         WHERE m.shop_id = ${tx.shopId} AND g.key = ANY(${[...CLUB_MEMORYLESS]}::text[]) ORDER BY 1, 2`),
    };
  });

async function liveThrough(days: readonly Day[], deaths: Set<number>): Promise<void> {
  const [ordered, mixed, dying] = [await born(), await born(), await born()];
  const all = [ordered, mixed, dying];
  const happens = createStore();
  const told: Fact[] = [];
  for (const { happenings, dice, deaths: wanted, act, days: pass } of days) {
    const now = ordered.shop.clock.now();
    const facts = happenings.flatMap((one) => happens(one, now));
    const order = shuffled(facts, told, dice);
    told.push(...facts);
    dying.deaths.wanted = [...wanted];
    for (const fact of facts) await receive(ordered, [fact]);
    for (const one of [mixed, dying]) {
      for (const batch of inBatches(order, 1 + ((dice[0] ?? 0) % 4))) await receive(one, batch);
    }
    for (const one of all) await doAct(one, act);
    for (const one of all) {
      one.shop.clock.set(new Date(now.getTime() + pass * 86_400_000));
      await live(one, () => reviewDue(contextOf(one), one.shop.shopId, { batch: 2 }));
    }
    dying.deaths.seen.forEach((n) => deaths.add(n));
    for (const { shop } of all) await expectClubAgrees(shop);
    expect(await dying.shop.in(membershipState)).toEqual(await mixed.shop.in(membershipState));
    expect(await remembersNothing(mixed.shop)).toEqual(await remembersNothing(ordered.shop));
  }
  for (const one of all) {
    const before = await one.shop.in(membershipState);
    await recomputeShop(one.shop.ctx, one.shop.shopId, { cause: 'import', publish: 'never', chunk: 3 });
    expect(await one.shop.in(membershipState)).toEqual(before);
  }
}

test('whatever happens in whatever order, and wherever the process dies, it ends as if nothing had', async () => {
  const deaths = new Set<number>();
  await fc.assert(
    fc.asyncProperty(fc.array(day, { minLength: 2, maxLength: 6 }), (days) => liveThrough(days, deaths)),
    { numRuns: rounds({ fast: 4, long: 60 }), endOnFailure: true },
  );
  // It did die, early and late in a transaction.
  expect(deaths.size).toBeGreaterThan(15);
  expect(Math.max(...deaths)).toBeGreaterThan(35);
}, 1_200_000);
