/** "Gold until 28 February 2029" and "50.00 more to Silver" in rules: what they say, when they change, who may not touch them. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { atHour, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { deleteSegment } from '../../../app/segments/delete-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { loadSegment as loadOf } from '../../../app/segments/load-segments.server.ts';
import { printRule } from '../../../app/segments/print-rule.ts';
import { previewRule } from '../../../app/segments/preview-rule.server.ts';
import { proposeChange } from '../../../app/segments/propose-change.server.ts';
import { namesOf, readRuleNames } from '../../../app/segments/read-rule-names.server.ts';
import { readSets } from '../../../app/segments/read-sets.server.ts';
import { readTiers } from '../../../app/segments/read-tiers.server.ts';
import { readUnavailable } from '../../../app/segments/read-unavailable.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { conditionsOf, type Condition, type Rule } from '../../../app/segments/rule.ts';
import { saveSegment } from '../../../app/segments/save-segment.server.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import { shopifyQuery } from '../../../app/segments/shopify-query.ts';
import { planTiers } from '../../../app/segments/tier-plan.ts';
import { importSegments } from '../../../app/segments/transfer/import-segments.server.ts';
import { readTransfer } from '../../../app/segments/transfer/read-transfer.server.ts';
import { reviewImport } from '../../../app/segments/transfer/review-import.server.ts';
import { why } from '../../../app/segments/why.server.ts';
import { putOrders } from '../../support/insert-facts.ts';
import { membershipState } from '../../support/membership-state.ts';
import { createSegmentShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const LEAP_DAY = '2028-02-29' as LocalDate;
const ZONE = 'Europe/Berlin';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const now = () => shop.clock.now();
const ask = (where: Condition): Rule => ({ v: 1, where });
const until = (op: Condition['op'], value?: string | number): Rule =>
  ask({ field: 'tier_until', with: { segment: 'gold' }, op, ...(value === undefined ? {} : { value }) });
const missing = (op: Condition['op'], value?: number): Rule =>
  ask({
    field: 'money_to_next_tier',
    with: { segment: 'silver' },
    op,
    ...(value === undefined ? {} : { value }),
  });
const make = async (name: string, rule: unknown) => {
  const made = await shop.in((tx) => createSegment(tx, { name, rule, actor: '42', now: now() }));
  if (made.outcome !== 'done') throw new Error(JSON.stringify(made));
  return made.key;
};
const on = async (...keys: string[]) => {
  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys, now: now() }));
  expect(await turnOn(shop.ctx, shop.shopId, { keys, fingerprint, actor: '42', now: now() })).toMatchObject({ outcome: 'done' }); // prettier-ignore
};
const apply = (change: SegmentChange) =>
  applyChange(shop.ctx, shop.shopId, { change, actor: '42', now: now() });
const membersOf = async (key: string) =>
  (await shop.memberships()).flatMap((one) => (one.endsWith(` ${key}`) ? [one.split(' ')[0]] : []));
const goTo = async (date: string) => {
  shop.clock.set(startOfDay(date as LocalDate, ZONE));
  await reviewDue(shop.ctx, shop.shopId);
  expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
};
const order = async (id: string, customerId: string, totalMinor: number) =>
  shop.in(async (tx) => {
    await putOrders(tx, [{ id, customerId, processedAt: now(), totalMinor }]);
    await refresh(tx, { touched: new Map([[customerId, 'order']]), now: now() });
  });
const reason = (id: string, key: string) => shop.in((tx) => why(tx, { customerId: id, key, now: now() }));
const keptOf = async (id: string, key: string) => {
  const { rows } = await shop.in((tx) =>
    tx.query<{ cause: string; evidence: unknown }>(sql`
      SELECT m.cause, m.evidence FROM membership m JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id
       WHERE m.shop_id = ${shop.shopId} AND m.customer_id = ${id} AND s.key = ${key}`),
  );
  return rows[0];
};

/** Platinum, Gold, Silver from 1,000.00, 500.00, 200.00 in 365 days, for 12 months; all on since the leap day. */
beforeEach(async () => {
  shop = await createSegmentShop(t, {
    now: atHour(LEAP_DAY, 12, ZONE),
    timeZone: ZONE,
    store: {
      customers: ['1', '2', '3', '4'].map((id) => ({ id })),
      orders: [70_000, 30_000, 15_000].map((totalMinor, i) => ({
        id: `90${i}`,
        customerId: String(i + 1),
        processedAt: atHour('2028-02-20' as LocalDate, 9, ZONE),
        totalMinor,
      })),
    },
  });
  for (const name of ['Platinum', 'Gold', 'Silver'])
    await make(name, ask({ field: 'orders', op: 'gte', value: 1 }));
  const planned = planTiers({
    name: 'Club',
    measure: { field: 'spent_in', with: { lastDays: 365 } },
    hold: { for: 'months', months: 12 },
    steps: [
      { key: 'platinum', enter: 100_000 },
      { key: 'gold', enter: 50_000 },
      { key: 'silver', enter: 20_000 },
    ],
  });
  if (!planned.ok) throw new Error(planned.faults.join());
  expect((await apply({ act: 'arrange_set', set: planned.set })).outcome).toBe('done');
  await on('platinum', 'gold', 'silver');
});

test('a hold that begins on a leap day, its end in sight, and the day after', async () => {
  const ending = await make('Ending', until('in_next_days', 30));
  const holding = await make('Holding', until('is_set'));
  await on(ending, holding);
  expect(await membersOf('gold')).toEqual(['1']);
  expect(await membersOf(holding)).toEqual(['1', '2']);
  expect(await membersOf(ending)).toEqual([]);
  expect(await reason('1', ending)).toMatchObject({
    holds: false,
    conditions: [{ value: '2029-02-28', canChangeOn: '2029-01-29', then: { holds: true } }],
    sentence: 'Ending on 29 January 2029',
  });
  await goTo('2029-01-28');
  expect(await membersOf(ending)).toEqual([]);
  await goTo('2029-01-29');
  expect(await membersOf(ending)).toEqual(['1', '2']);
  expect(await keptOf('1', ending)).toEqual({
    cause: 'clock',
    evidence: { 'tier_until{"segment":"gold"}': '2029-02-28' },
  });
  // What was spent is over a year old now: only the hold keeps them.
  await goTo('2029-02-28');
  expect(await membersOf('gold')).toEqual(['1']);
  expect(await membersOf(ending)).toEqual(['1', '2']);
  expect((await reason('1', ending))?.sentence).toBe('leaves Ending on 1 March (2029-02-28 becomes none)');
  await goTo('2029-03-01');
  expect(await membersOf('gold')).toEqual([]);
  expect(await membersOf(ending)).toEqual([]);
  expect(await membersOf(holding)).toEqual([]);
});

test('who deserves their tier still when the hold is over has a new one', async () => {
  const ending = await make('Ending', until('before', '2029-12-31'));
  await on(ending);
  await goTo('2029-02-25');
  await order('950', '1', 60_000);
  expect(await membersOf(ending)).toEqual(['1', '2']);
  await goTo('2029-03-01');
  expect(await membersOf('gold')).toEqual(['1']);
  // To 1 March 2030 now.
  expect(await membersOf(ending)).toEqual([]);
});

test('money to the next tier: of whom there is one, and in the same moment in which it changes', async () => {
  const close = await make('Close', missing('lte', 20_000));
  const none = await make('No next', missing('is_not_set'));
  await on(close, none);
  // 300.00 to Platinum, 200.00 to Gold, 50.00 and 200.00 to Silver.
  expect(await membersOf(close)).toEqual(['2', '3', '4']);
  expect(await keptOf('3', close)).toMatchObject({
    evidence: { 'money_to_next_tier{"segment":"silver"}': 5_000 },
  });
  for (const [id, minor] of [['1', 30_000], ['2', 20_000], ['3', 5_000], ['4', 20_000]] as const) {
    expect((await reason(id, close))?.conditions[0]?.value).toBe(minor);
    expect(await shop.in((tx) => readTiers(tx, now(), id))).toMatchObject([{ next: { missing: minor } }]);
  } // prettier-ignore
  await order('951', '3', 6_000);
  expect(await membersOf('silver')).toEqual(['2', '3']);
  expect(await membersOf(close)).toEqual(['2', '4']);
  await order('952', '1', 40_000);
  expect(await membersOf('platinum')).toEqual(['1']);
  expect(await membersOf(none)).toEqual(['1']);
  // Enough is spent, and something else keeps them out: nothing can be bought.
  await namePerson(shop.ctx, shop.shopId, { key: 'silver', customerIds: ['3'], list: 'never', actor: '42', now: now() }); // prettier-ignore
  expect(await membersOf(none)).toEqual(['1', '3']);
  const before = await shop.in(membershipState);
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'import', publish: 'never', chunk: 2 });
  expect(await shop.in(membershipState)).toEqual(before);
  // The spending of 20 February is over a year old.
  await goTo('2029-02-20');
  expect((await reason('2', close))?.conditions[0]?.value).toBe(50_000);
  expect(await membersOf(close)).toEqual(['3', '4']);
});

test('a step that asks for more than an amount of money has no amount; a step that is off is none', async () => {
  const known = await make('Known', missing('is_set'));
  await on(known);
  expect(await membersOf(known)).toEqual(['1', '2', '3', '4']);
  const rule = {
    v: 1,
    where: { all: [{ field: 'spent', op: 'gte', value: 100_000 }, { field: 'orders', op: 'gte', value: 3 }] },
  }; // prettier-ignore
  await shop.in((tx) => editSegment(tx, { key: 'platinum', rule, actor: '42', now: now() }));
  expect((await apply({ act: 'change', key: 'platinum' })).outcome).toBe('done');
  expect(await membersOf(known)).toEqual(['2', '3', '4']);
  expect((await apply({ act: 'turn_off', keys: ['silver'] })).outcome).toBe('done');
  expect(await membersOf(known)).toEqual(['2', '3', '4']);
  // To Gold, which is the lowest now.
  expect((await reason('3', known))?.conditions[0]?.value).toBe(35_000);
});

test('tiers that are asked for stay: not dissolved, not robbed of the step, not deleted, in no circle', async () => {
  const asking = await make('Asking', until('is_set'));
  const [set] = await shop.in(readSets);
  const dissolve = { act: 'dissolve_set', setId: set?.id ?? '' } as const;
  expect(await apply(dissolve)).toEqual({ outcome: 'not_ready', reason: 'not_available' });
  const refused = await shop.in(async (tx) => readUnavailable(tx, await proposeChange(tx, dissolve), now()));
  expect(refused).toMatchObject([{ key: asking, missing: [expect.stringContaining('by their step Gold')] }]);
  const without = { name: 'Club', kind: 'tiers' as const, settings: {}, keys: ['platinum', 'silver'] };
  expect(await apply({ act: 'arrange_set', set: { ...without, id: set?.id ?? '' } })).toMatchObject({ reason: 'not_available' }); // prettier-ignore
  // Another step may go.
  expect((await apply({ act: 'arrange_set', set: { ...without, id: set?.id ?? '', keys: ['platinum', 'gold'] } })).outcome).toBe('done'); // prettier-ignore
  await shop.in((tx) => tx.query(sql`UPDATE segment SET status = 'draft' WHERE shop_id = ${tx.shopId} AND key = 'gold'`)); // prettier-ignore
  await shop.in((tx) => tx.query(sql`DELETE FROM membership WHERE shop_id = ${tx.shopId}`));
  expect(await shop.in((tx) => deleteSegment(tx, 'gold'))).toMatchObject({ outcome: 'used' });
  // A step that asks for its own tiers, by itself or by another step.
  for (const segment of ['gold', 'platinum']) {
    const rule = ask({ field: 'tier_until', with: { segment }, op: 'is_set' });
    const said = await shop.in((tx) => editSegment(tx, { key: 'gold', rule, actor: '42', now: now() }));
    expect(said).toMatchObject({
      outcome: 'invalid',
      faults: [{ message: expect.stringContaining('circle') }],
    });
  }
});

test('sentences name the tiers; Shopify has none; without tiers, or of no step, it is not available', async () => {
  const rules = [until('in_next_days', 30), missing('lte', 5_000)];
  const names = namesOf(await shop.in((tx) => readRuleNames(tx, rules)));
  expect(rules.map((rule) => printRule(rule, { currency: 'EUR', names }))).toEqual([
    'Customers whose hold on a tier of Club ends in the next 30 days.',
    'Customers who need at most €50.00 more for the next tier of Club.',
  ]);
  for (const rule of rules) expect(shopifyQuery(rule, 'EUR').whyNot).toMatch(/no filter for/);
  expect(await shop.in((tx) => previewRule(tx, { key: null, rule: missing('lte', 5_000), now: now() }))).toMatchObject({ size: 1, sample: ['3'] }); // prettier-ignore
  const save = (rule: unknown) =>
    saveSegment(t.db, shop.shopId, { key: null, form: { name: 'New', tag: '', rule, note: '' }, actor: '42', now: now() }); // prettier-ignore
  const other = await make('Other', ask({ field: 'orders', op: 'gte', value: 1 }));
  expect(await save(ask({ field: 'tier_until', with: { segment: other }, op: 'is_set' }))).toMatchObject({
    outcome: 'invalid',
    faults: [{ path: 'rule.where.with.segment', message: expect.stringContaining('is not a step of tiers') }],
  });
  await shop.in((tx) => tx.query(sql`UPDATE segment SET set_id = NULL, set_rank = NULL WHERE shop_id = ${tx.shopId}`)); // prettier-ignore
  expect(await save(until('is_set'))).toMatchObject({
    outcome: 'invalid',
    faults: [
      { path: 'rule.where.field', message: expect.stringMatching(/^Not available: there are no tiers yet/) },
    ],
  });
});

test('to another store with its tiers, under the keys that they get there', async () => {
  await make('Ending', until('in_next_days', 30));
  const file = await shop.in(readTransfer);
  const there = await t.createShop({ timeZone: ZONE, currency: 'EUR' });
  await t.db.inShop(there, (tx) => createSegment(tx, { name: 'Gold', rule: ask({ field: 'orders', op: 'gte', value: 9 }), actor: '1', now: now() })); // prettier-ignore
  const { plan, fingerprint } = await t.db.inShop(there, (tx) => reviewImport(tx, file, now()));
  expect(plan.segments.find(({ key }) => key === 'ending')?.flags).toEqual([]);
  const done = await t.db.inShop(there, (tx) =>
    importSegments(tx, { file, fingerprint, conflicts: { gold: 'copy' }, actor: '1', now: now() }),
  );
  expect(done).toMatchObject({ outcome: 'done', sets: 1 });
  const brought = await t.db.inShop(there, (tx) => loadOf(tx, 'ending'));
  expect(brought?.rule && conditionsOf(brought.rule.where)[0]?.with).toEqual({ segment: 'gold-2' });
  expect(await t.db.inShop(there, readSets)).toMatchObject([
    { name: 'Club', kind: 'tiers', segments: [{ key: 'platinum' }, { key: 'gold-2' }, { key: 'silver' }] },
  ]);
});
