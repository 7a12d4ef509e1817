/** What waits for a person waits everywhere over HTTP: tags, Flow and metafields, and one click lets all of it go or none. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleOfferDay } from '../../../app/activation/offers/settle-offer-day.server.ts';
import { switchMetafields } from '../../../app/activation/metafields/switch-metafields.server.ts';
import { setSegmentReach } from '../../../app/activation/set-reach.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { atHour, type LocalDate } from '../../../app/local-date.ts';
import { decideHeldChange } from '../../../app/pipeline/decide-held-change.server.ts';
import { readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';

const at = (date: string, hour: number) => atHour(date as LocalDate, hour, 'Europe/Berlin');
const NOON = at('2027-03-01', 12);
const BAND = 'win-back-365';

let reach: ReachWorld;
beforeEach(async () => {
  reach = await createReachWorld({ presets: true });
  await reach.in((tx) => switchMetafields(tx, true, reach.now()));
}, 120_000);
afterEach(() => reach.close());

const tagged = (tag: string) =>
  [...reach.world.store.customers()].filter(({ tags }) => tags.includes(tag)).length;
const metafield = (customer: number, wanted: string) =>
  [...reach.world.store.metafields.all()].find(
    ({ ownerId, key }) => ownerId === reach.idOf(customer) && key === wanted,
  )?.value;
const toldOfPeople = () => reach.told().filter((one) => one.startsWith('customer-'));
/** What is due goes out, contact hours included. */
const work = async () => {
  await reach.world.push(reach.shopId);
  await reach.goTo(reach.now());
  await reach.sendFlow();
  return reach.writeMetafields();
};
const decide = async (decision: 'release' | 'discard') => {
  const [held] = await reach.in(readHeldChanges);
  const wish = { id: held?.id ?? '', decision, actor: '42', now: reach.now() };
  expect(await decideHeldChange(reach.world.ctx, reach.shopId, wish)).toMatchObject({ outcome: 'done' });
};
/** Works that a worker would be woken for. */
const woken = async () =>
  (await reach.rows<{ work: string }>(sql`SELECT work FROM shop_due WHERE shop_id = ${reach.shopId}`)).map(
    (row) => row.work,
  );
const forgetWakeUps = () =>
  reach.in((tx) => tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${reach.shopId}`));
/** Their last order is another one, as the drain would have it. */
const order = (customer: number, minor: number) =>
  reach.in(async (tx) => {
    await tx.query(sql`
      UPDATE orders SET net_payment_minor = ${minor}, current_total_minor = ${minor}, total_minor = ${minor},
             processed_at = ${reach.now()}
       WHERE shop_id = ${reach.shopId} AND id = (
         SELECT max(id) FROM orders WHERE shop_id = ${reach.shopId} AND customer_id = ${reach.idOf(customer)}::bigint)`);
    await refresh(tx, { touched: new Map([[reach.idOf(customer), 'order' as const]]), now: reach.now() });
  });

describe('a loss: three of the eight VIPs with an offer leave by date', () => {
  const LEAVERS = [160, 140, 120];
  beforeEach(async () => {
    await work();
    await reach.in((tx) =>
      tx.query(sql`
        INSERT INTO offer (shop_id, segment_id, name, tag_name, terms, state, starts_on, ends_on, keep_days, way, made_at)
        SELECT shop_id, id, 'Thanks', 'thanks',
               '{"gives":{"kind":"percentage","percent":10,"on":{"all":true}},"combines":{"product":false,"order":false,"shipping":true},"once":false}',
               'running', '2026-11-01', '2027-12-01', 0, 'native', ${reach.now()}::timestamptz
          FROM segment WHERE shop_id = ${reach.shopId} AND key = 'vip'`),
    );
    expect(LEAVERS.map((one) => metafield(one, 'segments'))).toEqual(Array(3).fill('["VIP"]'));
    await reach.goTo(NOON);
    expect(await reach.in(readHeldChanges)).toMatchObject([{ cause: 'loss', affected: 3 }]);
    await work();
    expect(tagged('regulars-vip')).toBe(8);
    expect(toldOfPeople()).toEqual([]);
    expect(LEAVERS.map((one) => metafield(one, 'segments'))).toEqual(Array(3).fill('["VIP"]'));
    await forgetWakeUps();
  });

  test('another offer of theirs ends by its date meanwhile: its tag goes, and what waits for the decision goes on waiting', async () => {
    const SPRING = 'regulars-spring';
    await reach.in(async (tx) => {
      await tx.query(sql`
        INSERT INTO offer (shop_id, segment_id, name, tag_name, terms, state, starts_on, ends_on, keep_days, way, made_at)
        SELECT shop_id, id, 'Spring', 'spring', '{"gives":{"kind":"percentage","percent":10,"on":{"all":true}},"combines":{"product":false,"order":false,"shipping":true},"once":false}',
               'running', '2026-11-01', '2027-02-28', 0, 'native', ${reach.now()}::timestamptz
          FROM segment WHERE shop_id = ${reach.shopId} AND key = ${BAND}`);
      await tx.query(sql`
        INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause)
        SELECT o.shop_id, o.id, person, o.made_at, 'start' FROM offer o, unnest(${LEAVERS.map(reach.idOf)}::bigint[]) person
         WHERE o.shop_id = ${reach.shopId} AND o.name = 'Spring'`);
      // They have its tag in the store, and it is ours.
      for (const { id } of LEAVERS.map((one) => ({ id: reach.idOf(one) }))) {
        const customer = reach.world.store.customer(id);
        if (customer) reach.world.store.putCustomer({ ...customer, tags: [...customer.tags, SPRING] });
        await tx.query(sql`
          INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
          VALUES (${reach.shopId}, ${id}::bigint, ${SPRING}, ${SPRING}, '2026-12-01T00:00:00Z')`);
        await tx.query(sql`
          UPDATE customer SET tags = array_append(tags, ${SPRING}) WHERE shop_id = ${reach.shopId} AND id = ${id}::bigint`);
      }
    });
    expect(tagged(SPRING)).toBe(3);
    await settleOfferDay(reach.world.ctx, reach.shopId, reach.now());
    await work();
    expect(tagged(SPRING), 'it is over').toBe(0);
    expect(tagged('regulars-vip'), 'the loss waits').toBe(8);
    expect(toldOfPeople()).toEqual([]);
    expect(await reach.in(readHeldChanges)).toMatchObject([{ cause: 'loss', affected: 3 }]);
    const rows = sql`SELECT offer_over FROM tag_outbox WHERE shop_id = ${reach.shopId} AND held_by IS NOT NULL`;
    expect(await reach.rows(rows), 'and is not looked at again and again').toEqual(
      Array(3).fill({ offer_over: false }),
    );
    await decide('release');
    await work();
    expect(tagged('regulars-vip')).toBe(5);
  });

  test('released: the tags go, Flow is told, the metafields follow', async () => {
    await decide('release');
    expect(await woken()).toEqual(expect.arrayContaining(['outbox', 'flow-hours', 'metafields']));
    await work();
    expect(tagged('regulars-vip')).toBe(5);
    expect(toldOfPeople()).toEqual(LEAVERS.map((one) => `customer-left-segment c${one} VIP date`));
    expect(LEAVERS.map((one) => metafield(one, 'segments'))).toEqual([undefined, undefined, undefined]);
  });

  test('released late at night: Flow is told in the morning', async () => {
    reach.world.sandbox.clock.set(at('2027-03-01', 22));
    await decide('release');
    await work();
    expect(tagged('regulars-vip')).toBe(5);
    expect(toldOfPeople()).toEqual([]);
    reach.world.sandbox.clock.set(at('2027-03-02', 9));
    await work();
    expect(toldOfPeople()).toHaveLength(3);
  });

  test('discarded: tags and metafields stay together, Flow is never told', async () => {
    await decide('discard');
    await work();
    // Something else about them changes: their metafields go on saying what their tags say.
    await order(140, 6_000);
    await work();
    expect(metafield(140, 'spent')).toContain('"860.00"');
    expect(tagged('regulars-vip')).toBe(8);
    expect(LEAVERS.map((one) => metafield(one, 'segments'))).toEqual(Array(3).fill('["VIP"]'));
    reach.world.sandbox.clock.set(at('2027-03-02', 9));
    await work();
    expect(toldOfPeople()).toEqual([]);
    // The next time that the segment moves one of them everything agrees again.
    await order(140, 300_000);
    await order(140, 100);
    await work();
    expect(tagged('regulars-vip')).toBe(7);
    expect(metafield(140, 'segments')).toBeUndefined();
  });

  test('who comes back meanwhile by an order is free, was never away for Flow, and the others go on waiting', async () => {
    await order(160, 300_000);
    await work();
    expect(metafield(160, 'spent')).toContain('"3800.00"');
    expect(metafield(160, 'segments')).toBe('["VIP"]');
    expect(toldOfPeople()).toEqual([]);
    await decide('release');
    await work();
    expect(tagged('regulars-vip')).toBe(6);
    expect(toldOfPeople()).toEqual([140, 120].map((one) => `customer-left-segment c${one} VIP date`));
  });
});

describe('the brake: new numbers move more people than may be moved unasked', () => {
  const moved = 150;
  beforeEach(async () => {
    await reach.turnOn(['win-back-30-59', 'win-back-60-89', 'win-back-90-179', 'win-back-180-364', BAND]);
    await reach.in((tx) => setSegmentReach(tx, BAND, { flowRefit: true }));
    await work();
    expect(tagged(`regulars-${BAND}`)).toBe(18);
    reach.world.sandbox.clock.set(NOON);
    await recomputeShop(reach.world.ctx, reach.shopId, { cause: 'refit', publish: 'never' });
    const [held] = await reach.in(readHeldChanges);
    expect(held).toMatchObject({ cause: 'refit', subject: 'outbox' });
    expect(held?.affected).toBeGreaterThan(100);
    await work();
    expect(tagged(`regulars-${BAND}`)).toBe(18);
    expect(toldOfPeople()).toEqual([]);
    expect(metafield(moved, 'segments')).toContain('180-364');
    await forgetWakeUps();
  });

  test('released: everything goes', async () => {
    await decide('release');
    expect(await woken()).toEqual(expect.arrayContaining(['outbox', 'flow-hours', 'metafields']));
    await work();
    const now = tagged(`regulars-${BAND}`);
    expect(now).toBeGreaterThan(50);
    expect(toldOfPeople()).toHaveLength(now - 18);
    expect(metafield(moved, 'segments')).toContain('365');
  });

  test('discarded: nobody’s tag, metafield or workflow moves, who came in is not named either', async () => {
    await decide('discard');
    await work();
    await reach.in((tx) =>
      refresh(tx, {
        touched: new Map([[reach.idOf(moved), 'clock' as const]]),
        now: reach.now(),
        from: 'memberships',
      }),
    );
    await work();
    expect(tagged(`regulars-${BAND}`)).toBe(18);
    expect(toldOfPeople()).toEqual([]);
    expect(metafield(moved, 'segments')).toContain('180-364');
    expect(metafield(moved, 'segments')).not.toContain('365');
  });
});
