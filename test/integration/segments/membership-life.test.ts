import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readTurnOffReview } from '../../../app/activation/read-turn-off-review.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { atHour, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { pauseSegment } from '../../../app/pipeline/pause-segment.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { trySegment } from '../../../app/pipeline/try-segment.server.ts';
import { turnOff } from '../../../app/pipeline/turn-off.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { deleteSegment } from '../../../app/segments/delete-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { freezeMembers } from '../../../app/segments/freeze-members.server.ts';
import { readCustomerHistory } from '../../../app/segments/read-customer-history.server.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { readTiers } from '../../../app/segments/read-tiers.server.ts';
import { readVersions } from '../../../app/segments/read-versions.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { reviewChange } from '../../../app/segments/review-change.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import type { SegmentSettings } from '../../../app/segments/segment-settings.ts';
import { planTiers } from '../../../app/segments/tier-plan.ts';
import { ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { putOrders } from '../../support/insert-facts.ts';
import { createArithmeticShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
beforeEach(async () => {
  shop = await createArithmeticShop(t);
});
afterAll(() => t.close());

const now = () => shop.clock.now();
const spent = (value: number): Rule => ({ v: 1, where: { field: 'spent', op: 'gte', value } });
const quiet = (value: number): Rule => ({
  v: 1,
  where: { field: 'days_since_last_activity', op: 'gte', value },
});
const recent = (value: number): Rule => ({
  v: 1,
  where: { field: 'days_since_last_activity', op: 'lte', value },
});
const make = async (name: string, rule: Rule, settings: SegmentSettings = {}) => {
  const made = await shop.in((tx) => createSegment(tx, { name, rule, settings, actor: '42', now: now() }));
  if (made.outcome !== 'done') throw new Error(JSON.stringify(made));
  return made.key;
};
const on = async (...keys: string[]) => {
  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys, now: now() }));
  const result = await turnOn(shop.ctx, shop.shopId, { keys, fingerprint, actor: '42', now: now() });
  expect(result.outcome).toBe('done');
  return result;
};
const apply = (change: SegmentChange, fingerprint?: string) =>
  applyChange(shop.ctx, shop.shopId, { change, fingerprint, actor: '42', now: now() });
const membersOf = async (key: string) =>
  (await shop.memberships()).flatMap((one) => (one.endsWith(` ${key}`) ? [Number(one.split(' ')[0])] : []));
const orders = async (id: string, customerId: string, totalMinor = 5_000) =>
  shop.in(async (tx) => {
    await putOrders(tx, [{ id, customerId, processedAt: now(), totalMinor }]);
    await refresh(tx, { touched: new Map([[customerId, 'order']]), now: now() });
  });
const goTo = async (date: string) => {
  shop.clock.set(startOfDay(date as LocalDate, ARITHMETIC_TIME_ZONE));
  await reviewDue(shop.ctx, shop.shopId);
};
const noDrift = async () =>
  expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
const nextReviewOf = async (id: number) => {
  const { rows } = await shop.in((tx) =>
    tx.query<{ at: Date | null }>(
      sql`SELECT next_review_at AS at FROM profile WHERE shop_id = ${shop.shopId} AND customer_id = ${id}`,
    ),
  );
  return rows[0]?.at ?? null;
};

describe('settings of one segment', () => {
  test('a minimum stay runs from the day of entering, whatever the rule says meanwhile', async () => {
    const key = await make('Quiet', quiet(390), { minimumStayDays: 10 });
    await on(key);
    expect(await membersOf(key)).toEqual([195, 196, 197, 198, 199, 200]);
    shop.clock.set(atHour('2026-11-24' as LocalDate, 12, ARITHMETIC_TIME_ZONE));
    await orders('9001', '200');
    expect(await membersOf(key)).toContain(200);
    expect(await nextReviewOf(200)).toEqual(startOfDay('2026-12-02' as LocalDate, ARITHMETIC_TIME_ZONE));
    await noDrift();
    await goTo('2026-12-01');
    expect(await membersOf(key)).toContain(200);
    await goTo('2026-12-02');
    expect(await membersOf(key)).not.toContain(200);
    await noDrift();
  });

  test('who has left comes back no sooner than after so many days, unless somebody says so', async () => {
    const key = await make('Recent', recent(5), { rejoinAfterDays: 10 });
    await on(key);
    expect(await membersOf(key)).toEqual([1, 2]);
    await goTo('2026-11-24');
    expect(await membersOf(key)).toEqual([1]);
    await orders('9002', '2');
    expect(await membersOf(key)).toEqual([1]);
    await noDrift();
    // The order keeps it "recent" for five days only, so another one is needed at the end of the wait.
    shop.clock.set(atHour('2026-12-01' as LocalDate, 12, ARITHMETIC_TIME_ZONE));
    await orders('9003', '2');
    expect(await membersOf(key)).not.toContain(2);
    expect(await nextReviewOf(2)).toEqual(startOfDay('2026-12-04' as LocalDate, ARITHMETIC_TIME_ZONE));
    await goTo('2026-12-04');
    expect(await membersOf(key)).toEqual([2]);
    await noDrift();
  });

  test('with a hold to the end of the year members stay until 31 December; the hold begins anew for who deserves it', async () => {
    const key = await make('Recent buyers', recent(60), { hold: { for: 'end_of_this_year' } });
    await on(key);
    expect(await membersOf(key)).toHaveLength(30);
    await goTo('2026-12-31');
    expect(await membersOf(key)).toHaveLength(30);
    shop.clock.set(atHour('2026-12-31' as LocalDate, 12, ARITHMETIC_TIME_ZONE));
    await orders('9004', '7');
    expect(await nextReviewOf(7)).toEqual(startOfDay('2027-01-01' as LocalDate, ARITHMETIC_TIME_ZONE));
    await goTo('2027-01-01');
    // 40 days later: those who ordered up to 20 days before 22 November, and c7.
    expect(await membersOf(key)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const { rows } = await shop.in((tx) =>
      tx.query<{ until: string }>(sql`SELECT DISTINCT held_until AS until FROM membership`),
    );
    expect(rows).toEqual([{ until: '2027-12-31' }]);
    await noDrift();
  });

  test('a softer rule keeps those who are in', async () => {
    const key = await make('Quiet', quiet(380), { keep: quiet(3) });
    await on(key);
    expect(await membersOf(key)).toHaveLength(11);
    await orders('9005', '200');
    expect(await membersOf(key)).not.toContain(200);
    expect(await membersOf(key)).toHaveLength(10);
    await noDrift();
  });
});

describe('sets', () => {
  test('a customer is in the first segment that holds; another order of the segments is a change like any other', async () => {
    const [rich, away] = [await make('Rich', spent(40_000)), await make('Away', quiet(200))];
    await apply({
      act: 'arrange_set',
      set: { name: 'Focus', kind: 'exclusive', settings: {}, keys: [rich, away] },
    });
    const shown = await shop.in((tx) => reviewTurnOn(tx, { keys: [rich, away], now: now() }));
    expect(shown.segments.map(({ size }) => size)).toEqual([10, 95]);
    await on(rich, away);
    expect([(await membersOf(rich)).length, (await membersOf(away)).length]).toEqual([10, 95]);
    await noDrift();
    const { rows } = await shop.in((tx) => tx.query<{ id: string }>('SELECT id FROM segment_set'));
    const change: SegmentChange = {
      act: 'arrange_set',
      set: { id: rows[0]?.id, name: 'Focus', kind: 'exclusive', settings: {}, keys: [away, rich] },
    };
    const asked = await apply(change);
    if (asked.outcome !== 'ask') throw new Error('more than a hundred are asked about');
    const moved = await apply(change, asked.review.fingerprint);
    // c100, c120 ... c200: away goes first now, and they leave Rich.
    expect(moved).toMatchObject({ outcome: 'done', entered: 6, left: 6 });
    expect(await membersOf(rich)).toEqual([20, 40, 60, 80]);
    await noDrift();
    // Who is in a set by hand only is in the first segment that holds all the same.
    await namePerson(shop.ctx, shop.shopId, {
      key: away,
      customerIds: ['20'],
      list: 'always',
      actor: '42',
      now: now(),
    });
    expect(await membersOf(rich)).toEqual([40, 60, 80]);
    expect(await membersOf(away)).toContain(20);
    await noDrift();
  });

  test('turning one off says who moves to the next of the set, and to what asks for it, and does so', async () => {
    const [rich, buyers] = [await make('Rich', spent(100_000)), await make('Buyers', spent(1))];
    const asking = await make('Asking', {
      v: 1,
      where: { field: 'member_of', with: { segment: buyers }, op: 'eq', value: true },
    });
    const set = { name: 'Value', kind: 'exclusive' as const, settings: {}, keys: [rich, buyers] };
    expect((await apply({ act: 'arrange_set', set })).outcome).toBe('done');
    await on(rich, buyers, asking);
    const review = await shop.in((tx) => readTurnOffReview(tx, [rich], now()));
    // Nobody has a tag in Shopify yet: all who are in are additions still.
    expect(review.segments.map(({ key, size, gains, loses }) => [key, size, gains, loses])).toEqual([
      [rich, 10, 0, 0],
      [buyers, 200, 200, 0],
      [asking, 200, 200, 0],
    ]);
    const off = (fingerprint: string) =>
      turnOff(shop.ctx, shop.shopId, { keys: [rich], fingerprint, actor: '42', now: now() });
    expect((await off(`${review.fingerprint.split(':')[0]}:0-0,0-0,0-0`)).outcome).toBe('changed');
    expect((await off(review.fingerprint)).outcome).toBe('done');
    expect([(await membersOf(rich)).length, (await membersOf(buyers)).length, (await membersOf(asking)).length]).toEqual([0, 200, 200]); // prettier-ignore
    await noDrift();
  });

  test('tiers: steps with a softer bound to stay, a hold, and what is missing to the next', async () => {
    const keys = [
      await make('Platinum', spent(1)),
      await make('Gold', spent(1)),
      await make('Silver', spent(1)),
    ];
    const [platinum = '', gold = '', silver = ''] = keys;
    const plan = planTiers({
      name: 'Club',
      measure: { field: 'spent' },
      hold: { for: 'end_of_next_year' },
      steps: [
        { key: platinum, enter: 100_000 },
        { key: gold, enter: 40_000, keep: 30_000 },
        { key: silver, enter: 15_000 },
      ],
    });
    if (!plan.ok) throw new Error(plan.faults.join());
    expect((await apply({ act: 'arrange_set', set: plan.set })).outcome).toBe('done');
    await on(...keys);
    // k a multiple of 20 spent 1,200.00 in 3 orders; multiples of 5 otherwise 150.00.
    expect([await membersOf(platinum), (await membersOf(gold)).length, (await membersOf(silver)).length]).toEqual([
      [20, 40, 60, 80, 100, 120, 140, 160, 180, 200], 0, 30,
    ]); // prettier-ignore
    expect(await shop.in((tx) => readTiers(tx, now(), '20'))).toMatchObject([
      { tier: { name: 'Platinum', heldUntil: '2027-12-31' }, next: null },
    ]);
    expect(await shop.in((tx) => readTiers(tx, now(), '5'))).toMatchObject([
      { tier: { name: 'Silver' }, next: { name: 'Gold', field: 'spent', missing: 25_000 } },
    ]);
    expect(await shop.in((tx) => readTiers(tx, now(), '1'))).toMatchObject([
      { tier: null, next: { name: 'Silver', missing: 5_000 } },
    ]);
    // Refunded down to 350.00: held as Platinum, then Gold by its softer bound.
    await shop.in(async (tx) => {
      await tx.query(sql`UPDATE orders SET net_payment_minor = 0, refunded_minor = 35000, financial_status = 'PARTIALLY_REFUNDED'
                          WHERE shop_id = ${shop.shopId} AND id = 200`);
      await tx.query(
        sql`UPDATE orders SET net_payment_minor = 30000 WHERE shop_id = ${shop.shopId} AND id = 201`,
      );
      await tx.query(
        sql`UPDATE orders SET net_payment_minor = 5000 WHERE shop_id = ${shop.shopId} AND id = 202`,
      );
      await refresh(tx, { touched: new Map([['20', 'refund']]), now: now() });
    });
    expect(await membersOf(platinum)).toContain(20);
    await noDrift();
    await goTo('2028-01-01');
    expect([(await membersOf(platinum)).includes(20), await membersOf(gold)]).toEqual([false, [20]]);
    await noDrift();
  });
});

describe('people and lists', () => {
  test('always in and never in win over the rule at once, with the cause "manual"; taken back, the rule decides', async () => {
    const key = await make('Rich', spent(40_000));
    await on(key);
    const name = (customerIds: string[], list: 'always' | 'never' | null) =>
      namePerson(shop.ctx, shop.shopId, { key, customerIds, list, actor: '7', now: now() });
    expect(await name(['1', '2'], 'always')).toEqual({ outcome: 'done', entered: 2, left: 0 });
    expect(await name(['20'], 'never')).toEqual({ outcome: 'done', entered: 0, left: 1 });
    expect(await name(['999'], 'never')).toEqual({ outcome: 'unknown_customers' });
    expect((await membersOf(key)).slice(0, 3)).toEqual([1, 2, 40]);
    const history = await shop.in((tx) => readCustomerHistory(tx, '20', 5));
    expect(history.map(({ kind, cause }) => [kind, cause])).toEqual([['left', 'manual'], ['entered', 'activation']]); // prettier-ignore
    await noDrift();
    await recomputeShop(shop.ctx, shop.shopId, { cause: 'import', publish: 'never' });
    expect(await membersOf(key)).not.toContain(20);
    await name(['1', '20'], null);
    expect((await membersOf(key)).slice(0, 3)).toEqual([2, 20, 40]);
    await noDrift();
  });

  test('a frozen list keeps its members whatever happens, and ends after its last day', async () => {
    const key = await make('Recent', recent(10));
    await on(key);
    const frozen = await shop.in((tx) =>
      freezeMembers(tx, {
        key,
        name: 'Autumn guests',
        lastDay: '2026-12-05' as LocalDate,
        actor: '42',
        now: now(),
      }),
    );
    expect(frozen).toMatchObject({ outcome: 'done', key: 'autumn-guests', members: 5 });
    await on('autumn-guests');
    await goTo('2026-12-05');
    expect(await membersOf(key)).toEqual([]);
    expect(await membersOf('autumn-guests')).toEqual([1, 2, 3, 4, 5]);
    await noDrift();
    await goTo('2026-12-06');
    expect(await membersOf('autumn-guests')).toEqual([]);
    await noDrift();
  });

  test('a trial reaches the chosen customers only; turned on for all, everybody', async () => {
    const key = await make('Rich', spent(40_000));
    const tried = await trySegment(shop.ctx, shop.shopId, {
      key,
      customerIds: ['1', '20', '40'],
      actor: '42',
      now: now(),
    });
    expect(tried).toMatchObject({ outcome: 'done', entered: 2, queued: 2 });
    expect(await membersOf(key)).toEqual([20, 40]);
    await noDrift();
    await orders('9006', '60');
    expect(await membersOf(key)).toEqual([20, 40]);
    await on(key);
    expect(await membersOf(key)).toHaveLength(10);
    await noDrift();
  });
});

describe('changes', () => {
  const edit = (key: string, rule: Rule, note = '') =>
    shop.in((tx) => editSegment(tx, { key, rule, actor: '42', now: now(), note }));

  test('a change of a segment that is on waits; below the limit it is made at once, above it asks; one click goes back', async () => {
    const key = await make('Spenders', spent(100_000));
    await on(key);
    expect(await membersOf(key)).toHaveLength(10);
    expect(await edit(key, spent(10_000))).toEqual({ outcome: 'waiting' });
    expect(await membersOf(key)).toHaveLength(10);
    const shown = await shop.in((tx) => reviewChange(tx, { change: { act: 'change', key }, now: now() }));
    expect(shown.segments).toMatchObject([{ size: 80, gains: 80, loses: 0, warning: null }]);
    // The tags of the ten were never confirmed by a store here, so they count as gains still.
    expect(await apply({ act: 'change', key })).toMatchObject({ outcome: 'done', entered: 70, left: 0 });
    expect(await edit(key, spent(1))).toEqual({ outcome: 'waiting' });
    const asked = await apply({ act: 'change', key });
    expect(asked).toMatchObject({
      outcome: 'ask',
      review: { segments: [{ size: 200, warning: 'everyone' }] },
    });
    expect(await membersOf(key)).toHaveLength(80);
    if (asked.outcome !== 'ask') throw new Error('asked');
    const done = await apply({ act: 'change', key }, asked.review.fingerprint);
    expect(done).toMatchObject({ outcome: 'done', entered: 120 });
    if (done.outcome !== 'done') throw new Error('done');
    const undo: SegmentChange = { act: 'undo', approvalId: done.approvalId };
    expect(await apply(undo)).toMatchObject({ outcome: 'done', left: 120, entered: 0 });
    expect(await apply(undo)).toEqual({ outcome: 'not_ready', reason: 'nothing_to_change' });
    expect(await apply({ act: 'return', key, version: 1 })).toMatchObject({ outcome: 'done', left: 70 });
    expect(await membersOf(key)).toHaveLength(10);
    const { print } = await shop.in((tx) => readRuleDay(tx, now()));
    const versions = await shop.in((tx) => readVersions(tx, key, print));
    expect(versions.map(({ version, current }) => [version, current])).toEqual([
      [5, true], [4, false], [3, false], [2, false], [1, false],
    ]); // prettier-ignore
    expect(versions[3]?.changes).toHaveLength(2);
    const history = await shop.in((tx) => readCustomerHistory(tx, '1', 9));
    expect(history.map(({ kind, cause }) => `${kind} ${cause}`)).toEqual([
      'left rule', 'entered rule',
    ]); // prettier-ignore
    const third = await shop.in((tx) => readCustomerHistory(tx, '3', 9));
    expect(third.map(({ kind, cause }) => `${kind} ${cause}`)).toEqual(['left undo', 'entered rule']);
    await noDrift();
  });

  test('turning on is taken back as a whole; a paused segment keeps its members and leaves the store alone', async () => {
    const key = await make('Spenders', spent(100_000));
    const turned = await on(key);
    if (turned.outcome !== 'done') throw new Error('done');
    expect(await pauseSegment(shop.ctx, shop.shopId, { key, actor: '42', now: now() })).toBe(true);
    expect(await membersOf(key)).toHaveLength(10);
    expect(await apply({ act: 'resume', key })).toMatchObject({ outcome: 'done', entered: 0, left: 0 });
    expect(await apply({ act: 'undo', approvalId: turned.approvalId })).toEqual({
      outcome: 'not_ready',
      reason: 'nothing_to_change',
    });
    const off = await apply({ act: 'turn_off', keys: [key] });
    expect(off).toMatchObject({ outcome: 'done', left: 10 });
    if (off.outcome !== 'done') throw new Error('done');
    expect(await apply({ act: 'undo', approvalId: off.approvalId })).toMatchObject({
      outcome: 'done',
      entered: 10,
    });
    expect(await shop.in((tx) => deleteSegment(tx, key))).toEqual({ outcome: 'on' });
    await apply({ act: 'turn_off', keys: [key] });
    expect(await shop.in((tx) => deleteSegment(tx, key))).toEqual({ outcome: 'done' });
    await noDrift();
  });

  test('keys and tags that cannot be are refused with their reason', async () => {
    await make('Rich', spent(1));
    const refused = await shop.in((tx) =>
      createSegment(tx, { name: 'RICH!', tag: 'worst,people', rule: { v: 2 }, actor: '42', now: now() }),
    );
    expect(refused).toMatchObject({ outcome: 'invalid' });
    if (refused.outcome !== 'invalid') throw new Error('invalid');
    expect(refused.faults.map(({ path }) => path).slice(0, 3)).toEqual(['key', 'tag', 'rule.v']);
  });

  test('who asks for the members of another segment follows its lists; in a circle is refused', async () => {
    const rich = await make('Rich', spent(100_000));
    await on(rich);
    const rule: Rule = {
      v: 1,
      where: { field: 'member_of', op: 'eq', value: true, with: { segment: rich } },
    };
    const friends = await make('Friends', rule);
    await on(friends);
    expect(await membersOf(friends)).toHaveLength(10);
    await namePerson(shop.ctx, shop.shopId, {
      key: rich,
      customerIds: ['20'],
      list: 'never',
      actor: '42',
      now: now(),
    });
    expect(await membersOf(friends)).not.toContain(20);
    await edit(rich, spent(100_001));
    expect((await edit(rich, { v: 1, where: { field: 'member_of', op: 'eq', value: true, with: { segment: friends } } })).outcome).toBe('invalid'); // prettier-ignore
    expect(await apply({ act: 'change', key: rich })).toMatchObject({ outcome: 'done' });
    await noDrift();
    expect(await shop.in((tx) => deleteSegment(tx, rich))).toMatchObject({ outcome: 'on' });
    await apply({ act: 'turn_off', keys: [rich] });
    expect(await shop.in((tx) => deleteSegment(tx, rich))).toMatchObject({
      outcome: 'used',
      by: [{ key: friends }],
    });
  });
});
