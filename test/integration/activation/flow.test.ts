/** Flow is told what happened, over HTTP: the merchant's acceptance 6 and 7, contact hours, runs, and what goes wrong. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pruneReach } from '../../../app/activation/prune-reach.server.ts';
import { setSegmentReach } from '../../../app/activation/set-reach.server.ts';
import { GIVE_UP_AFTER_DAYS, PORTION, sendFlow } from '../../../app/activation/flow/send-flow.server.ts';
import { releaseWaiting } from '../../../app/activation/flow/release-waiting.server.ts';
import { stopFlow } from '../../../app/activation/flow/stop-flow.server.ts';
import { stopFlowRun } from '../../../app/activation/flow/stop-flow-run.server.ts';
import { readShopReach } from '../../../app/activation/read-shop-reach.server.ts';
import { flowRunWords } from '../../../app/ui/reach/reach-words.ts';
import { sql } from '../../../app/db/sql.ts';
import { atHour, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { pauseSegment } from '../../../app/pipeline/pause-segment.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { createReachWorld, vipRule, type ReachWorld } from '../../support/reach-world.ts';

const BERLIN = 'Europe/Berlin';
const midnight = (date: string) => startOfDay(date as LocalDate, BERLIN);
const at = (date: string, hour: number) => atHour(date as LocalDate, hour, BERLIN);
const DAY_MS = 86_400_000;
const later = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds);

let reach: ReachWorld;
beforeEach(async () => {
  reach = await createReachWorld();
}, 120_000);
afterEach(() => reach.close());

const events = (state = 'waiting') =>
  reach.rows<{ trigger: string; customerId: string; attempts: number; error: string | null }>(sql`
    SELECT trigger, customer_id AS "customerId", attempts, last_error AS error FROM flow_event
     WHERE shop_id = ${reach.shopId} AND state = ${state} ORDER BY id`);
const due = () =>
  reach.in((tx) =>
    tx.query(sql`
      UPDATE flow_event SET not_before = ${new Date(0)} WHERE shop_id = ${reach.shopId} AND state = 'waiting'`),
  );
const pauseVip = () =>
  pauseSegment(reach.world.ctx, reach.shopId, { key: 'vip', actor: '42', now: reach.now() });
/** What is due is sent, and the worker dies before it notes the answer. */
async function dieBeforeTheRecord(): Promise<void> {
  const query = reach.world.testDb.db.inShop.bind(reach.world.testDb.db);
  let calls = 0;
  const dying = {
    ...reach.world.ctx,
    admin: await reach.world.ctx.adminFor(reach.shopId),
    db: {
      ...reach.world.testDb.db,
      inShop: ((shopId, work) => {
        calls += 1;
        if (calls === 2) throw new Error('killed');
        return query(shopId, work);
      }) as typeof query,
    },
  };
  await expect(sendFlow(dying, reach.shopId)).rejects.toThrow('killed');
}
/** Somebody's order, as the drain would have it. */
const order = (customer: number, minor: number, cause: 'order' | 'refund' = 'order') =>
  reach.in(async (tx) => {
    await tx.query(sql`
      UPDATE orders SET net_payment_minor = ${minor}, current_total_minor = ${minor}, total_minor = ${minor}
       WHERE shop_id = ${reach.shopId} AND id = (
         SELECT max(id) FROM orders WHERE shop_id = ${reach.shopId} AND customer_id = ${reach.idOf(customer)}::bigint)`);
    await refresh(tx, { touched: new Map([[reach.idOf(customer), cause]]), now: reach.now() });
  });

describe('by date', () => {
  test('c160 leaves VIP at midnight of 28 November: Shopify has 7 tags at once, Flow’s "left segment" arrives at 09:00', async () => {
    expect(reach.told(), 'turning on starts nothing').toEqual([]);
    await reach.goTo(later(midnight('2026-11-28'), -1));
    await reach.sendFlow();
    expect(await events()).toEqual([]);
    await reach.goTo(midnight('2026-11-28'));
    await reach.world.push(reach.shopId);
    const tagged = [...reach.world.store.customers()].filter(({ tags }) => tags.includes('regulars-vip'));
    expect(tagged).toHaveLength(7);
    await reach.sendFlow();
    expect(reach.told()).toEqual([]);
    await reach.goTo(later(at('2026-11-28', 9), -1));
    await reach.sendFlow();
    expect(reach.told(), 'a moment before the hour').toEqual([]);
    await reach.goTo(at('2026-11-28', 9));
    await reach.sendFlow();
    expect(reach.told()).toEqual(['customer-left-segment c160 VIP date']);
    await reach.sendFlow();
    expect(reach.told(), 'once').toHaveLength(1);
  });

  test('who is back before the hours is not told about, in either direction', async () => {
    await reach.goTo(midnight('2026-11-28'));
    expect(await events()).toHaveLength(1);
    await order(160, 300_000);
    expect(await events()).toEqual([]);
    await reach.goTo(at('2026-11-28', 12));
    await reach.sendFlow();
    expect(reach.told()).toEqual([]);
  });

  test('what is no longer true when the hours come does not go out; hours that passed meanwhile are waited for again', async () => {
    await reach.goTo(midnight('2026-11-28'));
    reach.world.sandbox.clock.set(at('2026-11-28', 22));
    expect(await reach.in((tx) => releaseWaiting(tx, reach.now()))).toEqual(at('2026-11-29', 9));
    await reach.in((tx) =>
      tx.query(sql`
        INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
        SELECT shop_id, id, ${reach.idOf(160)}::bigint, ${reach.now()}, 'manual', 1, 1, '{}' FROM segment
         WHERE shop_id = ${reach.shopId} AND key = 'vip'`),
    );
    reach.world.sandbox.clock.set(at('2026-11-29', 9));
    expect(await reach.in((tx) => releaseWaiting(tx, reach.now()))).toBeNull();
    await reach.sendFlow();
    expect(reach.told()).toEqual([]);
    expect(await events('dropped')).toMatchObject([{ error: 'undone' }]);
  });
});

test('of a segment that was paused before the hours came nothing is told', async () => {
  await reach.goTo(midnight('2026-11-28'));
  expect(await events()).toHaveLength(1);
  await pauseVip();
  await reach.goTo(at('2026-11-28', 9));
  await reach.sendFlow();
  expect(reach.told()).toEqual([]);
  expect(await events('dropped')).toMatchObject([{ error: 'undone' }]);
});

describe('by what happens in the store', () => {
  test('an order and a refund tell at once, at any hour, in their order; not for a segment that is switched off', async () => {
    reach.world.sandbox.clock.set(at('2026-11-23', 3));
    await order(1, 300_000);
    await order(1, 5_000, 'refund');
    await reach.sendFlow();
    expect(reach.told()).toEqual([
      'customer-entered-segment c001 VIP order',
      'customer-left-segment c001 VIP refund',
    ]);
    await reach.in((tx) => setSegmentReach(tx, 'vip', { flow: false }));
    await order(1, 300_000);
    await reach.sendFlow();
    expect(reach.told()).toHaveLength(2);
  });
});

describe('by a change of many', () => {
  const lower = (startAutomations?: boolean) =>
    (async () => {
      await reach.in((tx) =>
        editSegment(tx, { key: 'vip', rule: vipRule(10_000), actor: '42', now: reach.now() }),
      );
      return reach.approve(
        { act: 'change', key: 'vip' },
        { ...(startAutomations ? { startAutomations } : {}) },
      );
    })();

  test('VIP lowered to 100.00, "start automations for the 62" off: Flow gets no trigger, and none when it is taken back', async () => {
    const approvalId = await lower();
    await reach.sendFlow();
    await reach.approve({ act: 'undo', approvalId });
    await reach.sendFlow();
    expect(reach.told()).toEqual([]);
    expect(await events()).toEqual([]);
  });

  test('with yes the 62 are told in portions; stopped, the others are not', async () => {
    const approvalId = await lower(true);
    const nextAt = await reach.sendFlow();
    expect(reach.told()).toHaveLength(PORTION);
    expect(nextAt?.getTime()).toBeGreaterThan(Date.now() + 5_000);
    await reach.sendFlow();
    expect(reach.told(), 'the next portion waits').toHaveLength(PORTION);
    expect(await reach.in((tx) => stopFlowRun(tx, approvalId, reach.now()))).toBe(62 - PORTION);
    await reach.in((tx) => tx.query(sql`UPDATE flow_run SET not_before = ${new Date(0)}`));
    expect(await reach.sendFlow()).toBeNull();
    expect(reach.told()).toHaveLength(PORTION);
    expect(await events('stopped')).toHaveLength(62 - PORTION);
  });

  test('stopped while a portion is on its way: what Flow took is told, what it did not take is not, and nothing else goes', async () => {
    const approvalId = await lower(true);
    const admin = await reach.world.ctx.adminFor(reach.shopId);
    let stopped = 0;
    const stopping = {
      ...reach.world.ctx,
      admin: {
        ...admin,
        requestComposed: async (...given: Parameters<typeof admin.requestComposed>) => {
          const answer = await admin.requestComposed(...given);
          if (stopped === 0) stopped = await reach.in((tx) => stopFlowRun(tx, approvalId, reach.now()));
          return answer;
        },
      },
    };
    await reach.fault({
      fault: 'user-errors',
      field: 'flowTriggerReceive',
      count: 1,
      message: 'Not this one',
    });
    await sendFlow(stopping, reach.shopId);
    expect(stopped, 'kept back for certain').toBe(62 - PORTION);
    expect(reach.told()).toHaveLength(PORTION - 1);
    expect(await events('sent')).toHaveLength(PORTION - 1);
    expect((await events('stopped')).filter(({ error }) => error === 'Not this one')).toHaveLength(1);
    const words = async () => {
      const [run] = (await reach.in((tx) => readShopReach(tx, new Date()))).flow.runs;
      return run && flowRunWords(run, 'noon');
    };
    expect(await words()).toBe(
      'For those who were in already: 49 of 62 told, since noon. Stopped: the others are not told.',
    );
  });

  test('stopped after the worker died with a portion on its way: the page says that it may have been told', async () => {
    const approvalId = await lower(true);
    await dieBeforeTheRecord();
    expect(await reach.in((tx) => stopFlowRun(tx, approvalId, reach.now()))).toBe(62 - PORTION);
    await reach.sendFlow();
    expect(reach.told()).toHaveLength(PORTION);
    const [run] = (await reach.in((tx) => readShopReach(tx, new Date()))).flow.runs;
    expect(run && flowRunWords(run, 'noon')).toBe(
      'For those who were in already: 0 of 62 told, since noon. Stopped: 50 were on the way to Flow and may have been told, the others are not.',
    );
  });

  test('with yes all 62 go out in the end, and one who left before is not told about', async () => {
    await lower(true);
    await reach.sendFlow();
    const [waiting] = await events();
    await order(reach.numberOf(waiting?.customerId ?? ''), 100, 'refund');
    await reach.in((tx) => tx.query(sql`UPDATE flow_run SET not_before = ${new Date(0)}`));
    expect(await reach.sendFlow()).toBeNull();
    expect(reach.told().filter((one) => one.includes('entered') && one.endsWith('rule'))).toHaveLength(61);
    expect(reach.told()).toHaveLength(61);
    expect(await reach.rows(sql`SELECT state FROM flow_run WHERE shop_id = ${reach.shopId}`)).toEqual([
      { state: 'done' },
    ]);
  });

  test('paused with some still to be told: they are not, and the run is over', async () => {
    await lower(true);
    await reach.sendFlow();
    await pauseVip();
    await reach.in((tx) => tx.query(sql`UPDATE flow_run SET not_before = ${new Date(0)}`));
    expect(await reach.sendFlow()).toBeNull();
    expect(reach.told()).toHaveLength(PORTION);
    expect(await events('dropped')).toEqual(
      Array.from(
        { length: 62 - PORTION },
        () => expect.objectContaining({ attempts: 0, error: 'undone' }) as object,
      ),
    );
    expect(await reach.rows(sql`SELECT state FROM flow_run WHERE shop_id = ${reach.shopId}`)).toEqual([
      { state: 'done' },
    ]);
  });

  test('one who leaves while a portion is on its way has been told about: the leaving is told, too', async () => {
    await lower(true);
    await dieBeforeTheRecord();
    const [taken] = await events();
    const customer = reach.numberOf(taken?.customerId ?? '');
    await order(customer, 100, 'refund');
    for (let portion = 0; portion < 4; portion++) {
      await due();
      await reach.in((tx) => tx.query(sql`UPDATE flow_run SET not_before = ${new Date(0)}`));
      await reach.sendFlow();
    }
    const name = `c${String(customer).padStart(3, '0')}`;
    expect([...new Set(reach.told().filter((one) => one.includes(` ${name} `)))]).toEqual([
      `customer-entered-segment ${name} VIP rule`,
      `customer-left-segment ${name} VIP refund`,
    ]);
    expect(await events()).toEqual([]);
  });
});

describe('what goes wrong', () => {
  beforeEach(async () => {
    await order(1, 300_000);
    await order(2, 300_000);
  });

  test('throttled: told once each, later in the same run', async () => {
    await reach.fault({ fault: 'throttled', field: 'flowTriggerReceive', count: 2 });
    await reach.sendFlow();
    expect(await reach.happened('throttled')).toBe(2);
    expect(reach.told()).toHaveLength(2);
  });

  test('the answer is lost after Shopify took it: told at least once, never less', async () => {
    await reach.fault({ fault: 'reset', field: 'flowTriggerReceive', when: 'after', count: 1 });
    await reach.sendFlow();
    expect(await reach.happened('reset')).toBe(1);
    expect(new Set(reach.told()).size).toBe(2);
    expect(await events()).toEqual([]);
  });

  test('a crash between Shopify and our record: told again', async () => {
    await dieBeforeTheRecord();
    expect(reach.told()).toHaveLength(2);
    expect(await events()).toHaveLength(2);
    await reach.sendFlow();
    expect(reach.told()).toHaveLength(4);
    expect(await events()).toEqual([]);
  });

  test('refused: given up at once; a trigger that the store’s version does not have: three days after the first try', async () => {
    const refuse = (message: string, count: number) =>
      reach.fault({ fault: 'user-errors', field: 'flowTriggerReceive', count, message });
    const begun = new Date();
    const sendAt = async (afterBegin: number) =>
      sendFlow(
        {
          ...reach.world.ctx,
          admin: await reach.world.ctx.adminFor(reach.shopId),
          clock: { now: reach.now, machineNow: () => later(begun, afterBegin) },
        },
        reach.shopId,
      );
    const firstTried = () =>
      reach.rows<{ at: Date | null }>(sql`
        SELECT DISTINCT first_tried_at AS at FROM flow_event WHERE shop_id = ${reach.shopId}`);
    expect(await firstTried(), 'nobody has tried').toEqual([{ at: null }]);
    await refuse('Customer does not exist', 1);
    await refuse("Invalid handle 'x'.", 3);
    await sendAt(0);
    expect(await reach.happened('user-errors')).toBe(2);
    expect(await events('given_up')).toMatchObject([{ error: 'Customer does not exist' }]);
    expect(await events()).toMatchObject([{ attempts: 1, error: "Invalid handle 'x'." }]);
    await sendAt(GIVE_UP_AFTER_DAYS * DAY_MS - 3_600_000);
    expect(await events(), 'an hour before three days').toMatchObject([{ attempts: 2 }]);
    await sendAt(GIVE_UP_AFTER_DAYS * DAY_MS);
    expect(await events()).toEqual([]);
    expect(await events('given_up')).toMatchObject([{ attempts: 1 }, { attempts: 3 }]);
    expect(await firstTried(), 'kept').toEqual([{ at: begun }]);
  });

  test('a message is over at the business time of its end, sent or not, and forgotten a month later', async () => {
    await reach.fault({
      fault: 'user-errors',
      field: 'flowTriggerReceive',
      count: 1,
      message: 'Customer does not exist',
    });
    await reach.sendFlow();
    await order(3, 300_000);
    await reach.in((tx) => stopFlow(tx, reach.now()));
    const ended = () =>
      reach.rows(sql`
        SELECT state, finished_at AS at FROM flow_event WHERE shop_id = ${reach.shopId} ORDER BY id`);
    const over = [
      { state: 'given_up', at: reach.now() },
      { state: 'sent', at: reach.now() },
      { state: 'stopped', at: reach.now() },
    ];
    expect(await ended()).toEqual(over);
    const pruneAt = (days: number) =>
      reach.in((tx) =>
        pruneReach(tx, { now: () => later(reach.now(), days * DAY_MS), machineNow: () => new Date() }),
      );
    await pruneAt(30);
    expect(await ended()).toEqual(over);
    await pruneAt(31);
    expect(await ended()).toEqual([]);
  });

  test('Shopify lets nobody in: the job says so after one call, they wait with back-off and nothing is lost', async () => {
    await reach.fault({ fault: 'errors', field: 'flowTriggerReceive', count: 1, code: 'SHOP_INACTIVE' });
    await expect(reach.sendFlow()).rejects.toMatchObject({ code: 'shopify_access' });
    const waiting = await events();
    expect(waiting).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
    await due();
    await reach.sendFlow();
    expect(reach.told()).toHaveLength(2);
  });

  test('nothing goes out while writing is stopped', async () => {
    await reach.in((tx) => tx.query(sql`UPDATE shop_settings SET writes_stopped_at = ${new Date()}`));
    expect((await reach.sendFlow())?.getTime()).toBeGreaterThan(Date.now());
    expect(reach.told()).toEqual([]);
    await reach.in((tx) => tx.query(sql`UPDATE shop_settings SET writes_stopped_at = NULL`));
    await reach.sendFlow();
    expect(reach.told()).toHaveLength(2);
  });
});
