/** Customer metafields over HTTP: switched on and off, written only when changed, by compare-and-set, behind the tags. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { METAFIELD_KEYS } from '../../../app/activation/metafields/metafield-definitions.ts';
import { storeDayLimit } from '../../../app/activation/tags/day-limit.server.ts';
import { pushTags } from '../../../app/activation/tags/push-tags.server.ts';
import { queueAllMetafields } from '../../../app/activation/metafields/queue-metafields.server.ts';
import { switchMetafields } from '../../../app/activation/metafields/switch-metafields.server.ts';
import { writeMetafields } from '../../../app/activation/metafields/write-metafields.server.ts';
import { deleteReachRecords } from '../../../app/activation/delete-reach-records.server.ts';
import { pruneReach } from '../../../app/activation/prune-reach.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { SET_METAFIELDS } from '../../../app/shopify/documents/metafields.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';
import { putFitInForce, putPredictions } from '../../support/segment-shop.ts';

let reach: ReachWorld;
beforeAll(async () => {
  reach = await createReachWorld({ presets: true });
}, 120_000);
afterAll(() => reach.close());
beforeEach(() => reach.clearFaults());

const ours = () =>
  [...reach.world.store.metafields.all()].filter(
    ({ ownerType, namespace }) => ownerType === 'CUSTOMER' && namespace.startsWith('app--'),
  );
const of = (customer: number) =>
  Object.fromEntries(
    ours()
      .filter(({ ownerId }) => ownerId === reach.idOf(customer))
      .map(({ key, value }) => [key, value]),
  );
const calls = async () => {
  const state = (await (
    await fetch(`${reach.world.sandbox.url}/control/api-calls?limit=100000`)
  ).json()) as unknown;
  return (JSON.stringify(state).match(/"SetMetafields"|metafieldsSet/g) ?? []).length;
};
const requests = async () => {
  const answer = await fetch(`${reach.world.sandbox.url}/control/api-calls?limit=100000`);
  const { calls } = (await answer.json()) as { calls: { fields: string[] }[] };
  return calls.flatMap(({ fields }) => fields);
};
const touch = (customers: readonly number[], change: ReturnType<typeof sql>) =>
  reach.in(async (tx) => {
    await tx.query(change);
    const touched = new Map(customers.map((one) => [reach.idOf(one), 'order' as const]));
    await refresh(tx, { touched, now: reach.now() });
  });
const pay = (customer: number, minor: number) =>
  touch(
    [customer],
    sql`UPDATE orders SET net_payment_minor = ${minor}, current_total_minor = ${minor}, total_minor = ${minor}
         WHERE shop_id = ${reach.shopId} AND id = (
           SELECT max(id) FROM orders WHERE shop_id = ${reach.shopId} AND customer_id = ${reach.idOf(customer)}::bigint)`,
  );
const settle = async () => {
  await reach.world.push(reach.shopId);
  expect(await reach.writeMetafields()).toBeNull();
};

describe('in their order', () => {
  test('off by default: nothing is written, nothing is queued', async () => {
    await pay(2, 6_000);
    await settle();
    expect(ours()).toEqual([]);
    expect(await reach.rows(sql`SELECT 1 FROM metafield_outbox WHERE shop_id = ${reach.shopId}`)).toEqual([]);
  });

  test('on: defined once, and everybody has what is known about them', async () => {
    await reach.in((tx) => switchMetafields(tx, true, reach.now()));
    await settle();
    const keys = [...reach.world.store.metafieldDefinitions.all()].map(({ key }) => key).sort();
    expect(keys).toEqual([...METAFIELD_KEYS].sort());
    expect(new Set(ours().map(({ ownerId }) => ownerId)).size).toBe(200);
    expect(of(20)).toEqual({
      segments: '["VIP"]',
      life_cycle: expect.stringMatching(/^Best/) as string,
      spent: '{"amount":"1200.00","currency_code":"EUR"}',
    });
    expect(of(3)).toMatchObject({ spent: '{"amount":"50.00","currency_code":"EUR"}' });
    expect(of(3)).not.toHaveProperty('segments');
  });

  test('only what has changed is written; what is no longer known is removed', async () => {
    const before = new Map(ours().map((one) => [`${one.ownerId} ${one.key}`, one.updatedAt]));
    await pay(20, 100);
    await settle();
    expect(of(20)).toMatchObject({ spent: '{"amount":"801.00","currency_code":"EUR"}' });
    expect(of(20)).not.toHaveProperty('segments');
    const changed = ours().filter((one) => before.get(`${one.ownerId} ${one.key}`) !== one.updatedAt);
    expect(changed.map(({ key }) => key)).toEqual(['spent']);
    const requests = await calls();
    expect(requests).toBeGreaterThan(0);
    await touch([20, 21, 22], sql`SELECT 1`);
    await settle();
    expect(await calls(), 'nothing has changed').toBe(requests);
  });

  test('somebody else has changed one: read again and set on top of that', async () => {
    const theirs = ours().find(({ ownerId, key }) => ownerId === reach.idOf(40) && key === 'spent');
    if (!theirs) throw new Error('there is none');
    reach.world.store.metafields.put({
      ...theirs,
      value: '{"amount":"1.00","currency_code":"EUR"}',
      updatedAt: new Date().toISOString(),
    });
    await pay(40, 50_000);
    await settle();
    expect(of(40)).toMatchObject({ spent: '{"amount":"1300.00","currency_code":"EUR"}' });
  });

  test('a crash between Shopify and our record: found as it is, and not written again', async () => {
    await pay(60, 50_000);
    await reach.world.push(reach.shopId);
    const inShop = reach.world.testDb.db.inShop.bind(reach.world.testDb.db);
    let calls = 0;
    const admin = await reach.world.ctx.adminFor(reach.shopId);
    const dying = {
      ...reach.world.ctx,
      admin,
      db: {
        ...reach.world.testDb.db,
        inShop: ((shopId, work) => {
          calls += 1;
          if (calls === 3) throw new Error('killed');
          return inShop(shopId, work);
        }) as typeof inShop,
      },
    };
    await expect(writeMetafields(dying, reach.shopId)).rejects.toThrow('killed');
    const written = ours().find(({ ownerId, key }) => ownerId === reach.idOf(60) && key === 'spent');
    expect(written?.value).toBe('{"amount":"1300.00","currency_code":"EUR"}');
    await settle();
    const after = ours().find(({ ownerId, key }) => ownerId === reach.idOf(60) && key === 'spent');
    expect(after?.updatedAt).toBe(written?.updatedAt);
  });

  test('throttled, lost answers and refusals: the right ones are tried again, the others written', async () => {
    await reach.fault({ fault: 'throttled', field: 'metafieldsSet', count: 1 });
    await pay(80, 50_000);
    await settle();
    expect(await reach.happened('throttled')).toBe(1);
    await reach.fault({ fault: 'reset', field: 'metafieldsSet', when: 'after', count: 1 });
    await pay(100, 50_000);
    await settle();
    expect(await reach.happened('reset')).toBe(1);
    expect(of(80)['spent']).toBe(of(100)['spent']);
    await reach.fault({ fault: 'user-errors', field: 'metafieldsSet', count: 1, message: 'Not now' });
    await pay(120, 50_000);
    await reach.world.push(reach.shopId);
    expect((await reach.writeMetafields())?.getTime()).toBeGreaterThan(Date.now());
    expect(await reach.happened('user-errors')).toBe(1);
    await reach.in((tx) => tx.query(sql`UPDATE metafield_outbox SET not_before = ${new Date(0)}`));
    await settle();
    expect(of(120)['spent']).toBe('{"amount":"1300.00","currency_code":"EUR"}');
  });

  test('refused while the customer changed once more: what is new goes out at once, without the back-off', async () => {
    await reach.fault({ fault: 'user-errors', field: 'metafieldsSet', count: 1, message: 'Not now' });
    await pay(180, 50_000);
    await reach.world.push(reach.shopId);
    const admin = await reach.world.ctx.adminFor(reach.shopId);
    let changed = 0;
    const changing: typeof admin = {
      ...admin,
      async request(document, ...given) {
        const answer = await admin.request(document, ...given);
        if (document === SET_METAFIELDS && changed++ === 0) {
          await pay(180, 60_000);
          await reach.world.push(reach.shopId);
        }
        return answer;
      },
    };
    expect(await writeMetafields({ ...reach.world.ctx, admin: changing }, reach.shopId)).toBeNull();
    expect(changed).toBe(2);
    expect(of(180)['spent']).toBe('{"amount":"1400.00","currency_code":"EUR"}');
  });

  test('tags come first', async () => {
    await pay(1, 300_000);
    expect((await reach.writeMetafields())?.getTime()).toBeGreaterThan(Date.now());
    expect(of(1)).not.toHaveProperty('segments');
    await settle();
    expect(of(1)).toMatchObject({ segments: '["VIP"]' });
  });

  test('the day’s limit is of tags: at it metafields go on, before it they wait for the tags', async () => {
    await reach.in((tx) => storeDayLimit(tx, 1));
    await pay(3, 300_000);
    expect((await reach.writeMetafields())?.getTime(), 'nobody has looked yet').toBeGreaterThan(Date.now());
    const admin = await reach.world.ctx.adminFor(reach.shopId);
    await pushTags({ ...reach.world.ctx, admin }, reach.shopId);
    const tags = [...reach.world.store.customers()].find(({ id }) => String(id) === reach.idOf(3))?.tags;
    expect(tags, 'the tag waits for midnight').not.toContain('regulars-vip');
    await pay(4, 7_000);
    const under = (way: ReturnType<typeof sql>) =>
      reach.rows(sql`UPDATE tag_outbox SET ${way} WHERE shop_id = ${reach.shopId} AND held_by IS NULL`);
    for (const way of [
      sql`claimed_until = ${new Date(Date.now() + 60_000)}`,
      sql`claimed_until = NULL, bulk_id = 1`,
    ]) {
      await under(way);
      expect((await reach.writeMetafields())?.getTime(), 'of these tags are under way').toBeGreaterThan(
        Date.now(),
      );
    }
    await under(sql`bulk_id = NULL`);
    expect(await reach.writeMetafields()).toBeNull();
    expect(of(4)).toMatchObject({ spent: '{"amount":"70.00","currency_code":"EUR"}' });
    expect(of(3)).toMatchObject({ spent: '{"amount":"3000.00","currency_code":"EUR"}' });
    await reach.in((tx) => storeDayLimit(tx, null));
    await settle();
  });

  test('a customer whom Shopify has no more holds nobody up', async () => {
    reach.world.store.metafields.deleteOf('CUSTOMER', reach.idOf(5));
    await reach.in(async (tx) => {
      await tx.query(sql`
        INSERT INTO customer (shop_id, id, tags) VALUES (${reach.shopId}, 99, '{}')`);
      await tx.query(sql`INSERT INTO profile (shop_id, customer_id) VALUES (${reach.shopId}, 99)`);
      await tx.query(sql`
        INSERT INTO metafield_outbox (shop_id, customer_id, queued_at, not_before)
        VALUES (${reach.shopId}, 99, ${new Date()}, ${new Date(0)})`);
    });
    await pay(140, 50_000);
    await settle();
    expect(of(140)['spent']).toBe('{"amount":"1300.00","currency_code":"EUR"}');
  });

  test('merged: nothing of the other one stays, also what Shopify gave the kept one of it', async () => {
    await reach.in((tx) =>
      tx.query(sql`
        UPDATE metafield_written SET digests = digests || '{"tier":["a","b"]}'
         WHERE shop_id = ${reach.shopId} AND customer_id = ${reach.idOf(161)}::bigint`),
    );
    const [any] = ours();
    reach.world.store.metafields.put({
      ...any,
      id: '9',
      ownerId: reach.idOf(162),
      key: 'tier',
      value: 'Gold',
    } as never);
    const answer = await fetch(`${reach.world.sandbox.url}/control/merge-customers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        shop: 'worker-test.myshopify.com',
        keep: 'c162@example.com',
        remove: 'c161@example.com',
      }),
    });
    expect(answer.status, await answer.clone().text()).toBe(200);
    await reach.world.deliver(reach.shopId, await reach.world.caught());
    await reach.world.drainAll(reach.shopId);
    await settle();
    expect(of(162)).not.toHaveProperty('tier');
    expect(of(162)['spent']).toBe('{"amount":"150.00","currency_code":"EUR"}');
    expect(
      await reach.rows(sql`SELECT 1 FROM metafield_written WHERE customer_id = ${reach.idOf(161)}::bigint`),
    ).toEqual([]);
  });

  test('deleted: what was written is forgotten with the night', async () => {
    await reach.in(async (tx) => {
      await tx.query(sql`INSERT INTO metafield_written (shop_id, customer_id) VALUES (${reach.shopId}, 98)`);
      await pruneReach(tx, reach.world.ctx.clock);
    });
    expect(await reach.rows(sql`SELECT 1 FROM metafield_written WHERE customer_id = 98`)).toEqual([]);
    expect(await reach.rows(sql`SELECT count(*)::int AS n FROM metafield_written`)).toEqual([{ n: 199 }]);
  });

  test('changed values go 25 a call (40 requests for 1,000): nothing is read, nothing else is written', async () => {
    const changeAll = async () => {
      const changed = await reach.rows<{ n: number }>(sql`
        WITH changed AS (
          UPDATE metafield_written w SET digests = (
            SELECT jsonb_object_agg(key, jsonb_build_array('', value -> 1)) FROM jsonb_each(w.digests))
          RETURNING (SELECT count(*) FROM jsonb_object_keys(digests)) AS n)
        SELECT sum(n)::int AS n FROM changed`);
      await reach.in((tx) => queueAllMetafields(tx, reach.now()));
      const before = (await requests()).length;
      await settle();
      return { values: changed[0]?.n ?? 0, made: (await requests()).slice(before) };
    };
    // What the tests before changed behind our back is read again first.
    await changeAll();
    const { values, made } = await changeAll();
    expect(new Set(made)).toEqual(new Set(['metafieldsSet']));
    expect(values).toBeGreaterThan(400);
    expect(made.length).toBeLessThanOrEqual(Math.ceil(values / 25) + 1);
  });

  test('erased: nothing of the person stays here', async () => {
    await reach.in((tx) => deleteReachRecords(tx, [reach.idOf(140)]));
    expect(
      await reach.rows(sql`SELECT 1 FROM metafield_written WHERE customer_id = ${reach.idOf(140)}::bigint`),
    ).toEqual([]);
  });

  test('off: values and definitions are gone, and other metafields stay', async () => {
    const foreign = { ...ours()[0], id: '1', namespace: 'custom', key: 'note', value: 'x' };
    reach.world.store.metafields.put(foreign as never);
    await reach.in((tx) => switchMetafields(tx, false, reach.now()));
    expect(await reach.writeMetafields()).toBeNull();
    expect(ours()).toEqual([]);
    expect([...reach.world.store.metafieldDefinitions.all()]).toEqual([]);
    expect([...reach.world.store.metafields.all()].map(({ key }) => key)).toEqual(['note']);
    expect(await reach.rows(sql`SELECT 1 FROM metafield_written`)).toEqual([]);
    expect(await reach.rows(sql`SELECT metafields FROM reach_settings`)).toEqual([{ metafields: 'off' }]);
  });

  test('on again with a fit in force: predicted value and chance of those who have a prediction', async () => {
    const predicted = { alive: 0.834, expectedOrders: 1, expectedValueMinor: 12_345, risk: 'low', nextOrderOn: null } as const; // prettier-ignore
    await reach.in(async (tx) => {
      await putFitInForce(tx, reach.now());
      await putPredictions(tx, [[reach.idOf(20), predicted]]);
      await switchMetafields(tx, true, reach.now());
    });
    await settle();
    expect(of(20)).toMatchObject({
      predicted_value: '{"amount":"123.45","currency_code":"EUR"}',
      chance: '0.83',
    });
    expect(Object.keys(of(21)).sort()).toEqual(['life_cycle', 'spent']);
  });
});
