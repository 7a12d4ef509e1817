/** Segments in Shopify over HTTP: made, renamed, repaired, counted, deleted; and what goes wrong. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainDifference } from '../../../app/activation/native-segments/explain-difference.ts';
import { previewNativeRule } from '../../../app/activation/native-segments/preview-native-rule.server.ts';
import { readSegmentReach } from '../../../app/activation/read-segment-reach.server.ts';
import { setSegmentReach } from '../../../app/activation/set-reach.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { renameSegment } from '../../../app/segments/rename-segment.server.ts';
import { createSegment as createInShopify } from '../../../sandbox/segments/change-segment.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';
import { WORLD_DOMAIN } from '../../support/worker-world.ts';

let reach: ReachWorld;
beforeEach(async () => {
  reach = await createReachWorld();
}, 120_000);
afterEach(() => reach.close());

const inShopify = () => [...reach.world.store.segments.all()].map(({ name, query }) => `${name}: ${query}`);
const BY_TAG = "customer_tags CONTAINS 'regulars-vip'";
const want = (native: 'none' | 'tag' | 'rule', key = 'vip') =>
  reach.in((tx) => setSegmentReach(tx, key, { native }));
const shown = async () => (await reach.in((tx) => readSegmentReach(tx, 'vip', new Date())))?.native;
const stored = async () => {
  const [row] = await reach.rows<{ shopifyId: string | null; repaired: string | null; state: string }>(sql`
    SELECT shopify_id AS "shopifyId", repaired, state FROM native_segment WHERE shop_id = ${reach.shopId}`);
  return row;
};
const again = () => reach.in((tx) => tx.query(sql`UPDATE native_segment SET not_before = NULL`));
/** A segment of ours that Shopify can say itself. */
const bigSpenders = async () => {
  const rule = { v: 1, where: { field: 'spent', op: 'gte', value: 100_000 } } as const;
  await reach.in((tx) => createSegment(tx, { name: 'Big spenders', rule, actor: '42', now: reach.now() }));
  await reach.turnOn(['big-spenders']);
};
const preview = async (key: string) => {
  const ctx = { db: reach.world.testDb.db, admin: await reach.world.ctx.adminFor(reach.shopId) };
  return previewNativeRule(ctx, reach.shopId, key);
};

describe('a segment in Shopify', () => {
  test('is made by the tag, has the same members, and goes when ours is turned off', async () => {
    expect(await reach.syncNativeSegments()).toBeNull();
    expect(inShopify()).toEqual([]);
    await want('tag');
    expect(await reach.syncNativeSegments()).toBeNull();
    expect(inShopify()).toEqual([`Regulars: VIP: ${BY_TAG}`]);
    expect(await shown()).toMatchObject({ members: 8, expected: 8, difference: { cause: 'none' } });
    await reach.syncNativeSegments();
    expect(inShopify(), 'once').toHaveLength(1);
    await reach.approve({ act: 'turn_off', keys: ['vip'] });
    await reach.syncNativeSegments();
    expect(inShopify()).toEqual([]);
    expect(await stored()).toBeUndefined();
  });

  test('follows a new name; a name of the merchant’s own gets a number, and stays untouched', async () => {
    createInShopify(reach.world.store, { name: 'Regulars: Big spenders', query: 'number_of_orders > 5' });
    await want('tag');
    await reach.syncNativeSegments();
    expect(await reach.in((tx) => renameSegment(tx, { key: 'vip', name: 'Big spenders' }))).toEqual({
      outcome: 'done',
    });
    await reach.syncNativeSegments();
    const both = ['Regulars: Big spenders: number_of_orders > 5', `Regulars: Big spenders (2): ${BY_TAG}`];
    expect(inShopify()).toEqual(both);
    await reach.syncNativeSegments();
    expect(inShopify(), 'the number is no reason to rename it again').toEqual(both);
    expect((await stored())?.repaired).toBeNull();
  });

  test('is repaired when somebody edited or deleted it', async () => {
    await want('tag');
    await reach.syncNativeSegments();
    const [made] = [...reach.world.store.segments.all()];
    if (!made) throw new Error('there is none');
    reach.world.store.segments.put({ ...made, query: 'number_of_orders > 1' });
    await reach.syncNativeSegments();
    expect(inShopify()).toEqual([`Regulars: VIP: ${BY_TAG}`]);
    expect((await stored())?.repaired).toBe('query');
    reach.world.store.segments.put({ ...made, name: 'Mine' });
    await reach.syncNativeSegments();
    expect(inShopify()).toEqual([`Regulars: VIP: ${BY_TAG}`]);
    expect((await stored())?.repaired).toBe('renamed');
    reach.world.store.segments.delete(made.id);
    await reach.syncNativeSegments();
    expect(inShopify()).toEqual([`Regulars: VIP: ${BY_TAG}`]);
    expect((await stored())?.repaired).toBe('made_again');
  });

  test('a crash between making and recording: the next run takes it up', async () => {
    await want('tag');
    await reach.fault({ fault: 'reset', field: 'segmentCreate', when: 'after', count: 1 });
    expect((await reach.syncNativeSegments())?.getTime()).toBeGreaterThan(Date.now());
    expect(await reach.happened('reset')).toBe(1);
    expect(inShopify()).toHaveLength(1);
    expect((await stored())?.shopifyId).toBeNull();
    await again();
    expect(await reach.syncNativeSegments()).toBeNull();
    expect(inShopify()).toHaveLength(1);
    expect(await stored()).toMatchObject({ state: 'made', repaired: 'adopted' });
  });

  test('the answer is lost in a store with 260 segments of its own: ours is found behind them, and not made twice', async () => {
    for (let n = 1; n <= 260; n += 1) {
      createInShopify(reach.world.store, { name: `Theirs ${n}`, query: 'number_of_orders > 5' });
    }
    await want('tag');
    await reach.fault({ fault: 'reset', field: 'segmentCreate', when: 'after', count: 1 });
    await reach.syncNativeSegments();
    expect(await reach.happened('reset')).toBe(1);
    expect(inShopify()).toHaveLength(261);
    await again();
    expect(await reach.syncNativeSegments()).toBeNull();
    expect(inShopify()).toHaveLength(261);
    expect(await stored()).toMatchObject({ state: 'made', repaired: 'adopted' });
  });

  test('renamed here before the answer that was lost is made up for: the same one follows, none is left behind', async () => {
    await want('tag');
    await reach.fault({ fault: 'reset', field: 'segmentCreate', when: 'after', count: 1 });
    await reach.syncNativeSegments();
    expect(await reach.happened('reset')).toBe(1);
    const [made] = [...reach.world.store.segments.all()];
    await reach.in((tx) => tx.query(sql`UPDATE segment SET name = 'Best' WHERE key = 'vip'`));
    await again();
    await reach.syncNativeSegments();
    expect(inShopify()).toEqual([`Regulars: Best: ${BY_TAG}`]);
    expect([...reach.world.store.segments.all()][0]?.id).toBe(made?.id);
    expect(await stored()).toMatchObject({ state: 'made', repaired: 'adopted' });
    await want('none');
    await reach.syncNativeSegments();
    expect(inShopify()).toEqual([]);
  });

  test('an unrecorded one is also found when it is to be deleted', async () => {
    await want('tag');
    await reach.fault({ fault: 'reset', field: 'segmentCreate', when: 'after', count: 1 });
    await reach.syncNativeSegments();
    await want('none');
    await reach.syncNativeSegments();
    expect(inShopify()).toEqual([]);
    expect(await stored()).toBeUndefined();
  });

  test('left behind by a removed app, it is taken up and not made twice', async () => {
    await want('tag');
    await reach.syncNativeSegments();
    await reach.in((tx) => tx.query(sql`UPDATE native_segment SET state = 'left', shopify_id = NULL`));
    await reach.syncNativeSegments();
    expect(inShopify()).toHaveLength(1);
    expect(await stored()).toMatchObject({ state: 'made', repaired: 'adopted' });
  });

  test('a refused name that is not wanted any more: nothing has failed, and nothing is tried again', async () => {
    await want('tag');
    await reach.syncNativeSegments();
    await reach.in((tx) => renameSegment(tx, { key: 'vip', name: 'Big spenders' }));
    await reach.fault({ fault: 'user-errors', field: 'segmentUpdate', count: 1, message: 'Not so' });
    expect((await reach.syncNativeSegments())?.getTime()).toBeGreaterThan(Date.now());
    expect(await reach.happened('user-errors')).toBe(1);
    expect((await shown())?.failure).toContain('Not so');
    await reach.in((tx) => renameSegment(tx, { key: 'vip', name: 'VIP' }));
    await reach.in((tx) => tx.query(sql`UPDATE native_segment SET not_before = ${new Date(0)}`));
    expect(await reach.syncNativeSegments(), 'no next time').toBeNull();
    expect((await shown())?.failure).toBeNull();
    expect(inShopify()).toEqual([`Regulars: VIP: ${BY_TAG}`]);
  });

  test('deleted by hand while it waits for its next try: the others go on, and it is made again', async () => {
    await want('tag');
    await reach.syncNativeSegments();
    await reach.in((tx) => renameSegment(tx, { key: 'vip', name: 'Big spenders' }));
    await reach.fault({ fault: 'user-errors', field: 'segmentUpdate', count: 1, message: 'Not so' });
    await reach.syncNativeSegments();
    for (const { id } of [...reach.world.store.segments.all()]) reach.world.store.segments.delete(id);
    expect((await reach.syncNativeSegments())?.getTime()).toBeGreaterThan(Date.now());
    await again();
    await reach.syncNativeSegments();
    expect(inShopify()).toEqual([`Regulars: Big spenders: ${BY_TAG}`]);
  });

  test('throttled, refused, full: told in words and tried again', async () => {
    await want('tag');
    await reach.fault({ fault: 'throttled', field: 'segmentCreate', count: 1 });
    await reach.fault({
      fault: 'user-errors',
      field: 'segmentCreate',
      count: 1,
      message: 'Segment limit reached. Delete an existing segment to create more.',
    });
    expect((await reach.syncNativeSegments())?.getTime()).toBeGreaterThan(Date.now());
    expect(await reach.happened('throttled')).toBe(1);
    expect(await reach.happened('user-errors')).toBe(1);
    expect((await shown())?.failure).toContain('6,000 segments');
    await want('tag');
    await reach.syncNativeSegments();
    expect(inShopify()).toHaveLength(1);
    expect((await shown())?.failure).toBeNull();
  });
});

describe('its members', () => {
  test('tags on their way and tags removed by hand are named as the cause', async () => {
    await want('tag');
    await reach.syncNativeSegments();
    await reach.in(async (tx) => {
      await tx.query(sql`
        INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
        SELECT shop_id, id, ${reach.idOf(1)}::bigint, ${reach.now()}, 'order', 1, 1, '{}' FROM segment
         WHERE shop_id = ${reach.shopId} AND key = 'vip'`);
    });
    expect((await reach.syncNativeSegments())?.getTime()).toBeGreaterThan(Date.now());
    expect((await shown())?.difference).toEqual({ cause: 'pending', pending: 1, by: -1 });
    await reach.in((tx) =>
      tx.query(sql`
        INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at, suppressed_at)
        VALUES (${reach.shopId}, ${reach.idOf(1)}::bigint, 'regulars-vip', 'regulars-vip', ${new Date()}, ${new Date()})`),
    );
    expect(await reach.syncNativeSegments()).toBeNull();
    expect((await shown())?.difference).toEqual({ cause: 'without', without: 1, by: -1 });
  });

  test('one more in Shopify settles first, and is drift after a while', async () => {
    await want('tag');
    const customer = reach.world.store.customer(reach.idOf(2));
    if (!customer) throw new Error('there is none');
    reach.world.store.putCustomer({ ...customer, tags: ['regulars-vip'] });
    expect((await reach.syncNativeSegments())?.getTime()).toBeGreaterThan(Date.now());
    expect((await shown())?.difference).toEqual({ cause: 'settling', by: 1 });
    const later = new Date(Date.now() + 3_600_000);
    const native = (await reach.in((tx) => readSegmentReach(tx, 'vip', later)))?.native;
    expect(native?.difference).toEqual({ cause: 'drift', by: 1 });
  });

  test('by the rule itself: the difference in people is seen first', async () => {
    await bigSpenders();
    expect(await preview('big-spenders')).toEqual({
      outcome: 'counted',
      query: 'amount_spent >= 1000.00',
      inShopify: 10,
      here: 10,
    });
    expect(inShopify()).toEqual([]);
    expect((await preview('vip')).outcome).toBe('cannot');
    await want('rule', 'big-spenders');
    await reach.syncNativeSegments();
    expect(inShopify()).toEqual(['Regulars: Big spenders: amount_spent >= 1000.00']);
  });

  test('by the rule itself, with an order that Shopify has and has not told of: one more there than here', async () => {
    await bigSpenders();
    const placed = await fetch(`${reach.world.sandbox.url}/control/place-order`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ shop: WORLD_DOMAIN, customer: 'c002@example.com', amount: '2000.00' }),
    });
    expect(placed.status, await placed.clone().text()).toBe(200);
    expect(await preview('big-spenders')).toMatchObject({ outcome: 'counted', inShopify: 11, here: 10 });
  });
});

test('a rule of Shopify’s own may differ for good: then it is the definition', () => {
  const counts = { native: 'rule', members: 9, expected: 8, pending: 0, without: 0 } as const;
  const since = new Date('2026-11-22T10:00:00Z');
  expect(explainDifference({ ...counts, differsAt: since }, new Date('2026-11-22T11:00:00Z'))).toEqual({
    cause: 'definition',
    by: 1,
  });
});
