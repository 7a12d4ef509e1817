/**
 * Every way in which a segment changes keeps its segment in Shopify in step: the change itself asks for it, in its own
 * transaction, and what somebody does to it in Shopify is noticed by webhook.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { afterSegmentDelete, afterSegmentEdit } from '../../../app/activation/after-segment-edit.server.ts';
import { advanceRename } from '../../../app/activation/rename/advance-rename.server.ts';
import { startRename } from '../../../app/activation/rename/rename-tags.server.ts';
import { readSegmentReach } from '../../../app/activation/read-segment-reach.server.ts';
import { setSegmentReach } from '../../../app/activation/set-reach.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { handlePushTags } from '../../../app/jobs/handlers/push-tags.server.ts';
import { pauseSegment } from '../../../app/pipeline/pause-segment.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { deleteSegment } from '../../../app/segments/delete-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { saveSegment } from '../../../app/segments/save-segment.server.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';

let reach: ReachWorld;
const spent = (value: number): Rule => ({ v: 1, where: { field: 'spent', op: 'gte', value } });
beforeAll(async () => {
  reach = await createReachWorld();
  const made = { name: 'Big spenders', rule: spent(100_000), actor: '42', now: reach.now() };
  await reach.in((tx) => createSegment(tx, made));
  await reach.turnOn(['big-spenders']);
  await reach.in((tx) => setSegmentReach(tx, 'big-spenders', { native: 'rule' }));
  await reach.in((tx) => setSegmentReach(tx, 'vip', { native: 'tag' }));
  await reach.world.push(reach.shopId);
  await reach.syncNativeSegments();
}, 120_000);
afterAll(() => reach.close());
beforeEach(async () => {
  await reach.world.drainAll(reach.shopId);
  await reach.in((tx) => tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${reach.shopId}`));
});

const inShopify = () =>
  [...reach.world.store.segments.all()].map(({ name, query }) => `${name}: ${query}`).sort();
const asked = async () =>
  (await reach.rows(sql`SELECT 1 FROM shop_due WHERE shop_id = ${reach.shopId} AND work = 'native-segments'`))
    .length === 1;
/** The change asked for it, and the job brings it in step. */
async function follows(...expected: string[]): Promise<void> {
  expect(await asked()).toBe(true);
  await reach.syncNativeSegments();
  expect(inShopify()).toEqual([...expected].sort());
}
const VIP = "Regulars: VIP: customer_tags CONTAINS 'regulars-vip'";
const BIG = 'Regulars: Big spenders: amount_spent >= 1000.00';
let changed: string;

test('made', () => {
  expect(inShopify()).toEqual([BIG, VIP]);
});

test('tags were pushed: their members are counted again', async () => {
  const { signal } = new AbortController();
  await handlePushTags(reach.world.ctx, { data: { shopId: reach.shopId }, signal });
  await follows(BIG, VIP);
});

test('a new rule, approved', async () => {
  await reach.in((tx) =>
    editSegment(tx, { key: 'big-spenders', rule: spent(50_000), actor: '42', now: reach.now() }),
  );
  expect(await asked(), 'not before it is approved').toBe(false);
  changed = await reach.approve({ act: 'change', key: 'big-spenders' });
  await follows('Regulars: Big spenders: amount_spent >= 500.00', VIP);
});

test('undone', async () => {
  await reach.approve({ act: 'undo', approvalId: changed });
  await follows(BIG, VIP);
});

test('back to an earlier version', async () => {
  const [version] = await reach.rows<{ version: number }>(sql`
    SELECT v.version FROM segment_version v JOIN segment s ON s.shop_id = v.shop_id AND s.id = v.segment_id
     WHERE s.key = 'big-spenders' AND v.rule::text LIKE '%50000%' ORDER BY v.version LIMIT 1`);
  await reach.approve({ act: 'return', key: 'big-spenders', version: version?.version ?? 0 });
  await follows('Regulars: Big spenders: amount_spent >= 500.00', VIP);
  await reach.in((tx) =>
    editSegment(tx, { key: 'big-spenders', rule: spent(100_000), actor: '42', now: reach.now() }),
  );
  await reach.approve({ act: 'change', key: 'big-spenders' });
  await follows(BIG, VIP);
});

test('another name, as the edit page saves it', async () => {
  const form = { name: 'Best of all', tag: '', rule: { v: 1, where: { field: 'spent', op: 'gte', value: '1000.00' } }, note: '' }; // prettier-ignore
  const saved = await saveSegment(reach.world.testDb.db, reach.shopId, { key: 'big-spenders', form, actor: '42', now: reach.now() }); // prettier-ignore
  expect(saved.outcome).toBe('done');
  await reach.in((tx) => afterSegmentEdit(tx, 'big-spenders', reach.now()));
  await follows('Regulars: Best of all: amount_spent >= 1000.00', VIP);
});

test('a rule that Shopify cannot say: by the tag', async () => {
  const rule: Rule = {
    v: 1,
    where: { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: 100_000 },
  };
  await reach.in((tx) => editSegment(tx, { key: 'big-spenders', rule, actor: '42', now: reach.now() }));
  await reach.approve({ act: 'change', key: 'big-spenders' });
  await follows("Regulars: Best of all: customer_tags CONTAINS 'regulars-big-spenders'", VIP);
  const shown = (await reach.in((tx) => readSegmentReach(tx, 'big-spenders', new Date())))?.native;
  expect(shown?.whyTag, 'the page says why').toMatch(/\w/);
  const vip = (await reach.in((tx) => readSegmentReach(tx, 'vip', new Date())))?.native;
  expect(vip?.whyTag).toBeNull();
});

test('paused it stays as it is; going on changes nothing; a set of two keeps both', async () => {
  const before = inShopify();
  const by = { key: 'vip', actor: '42', now: reach.now() };
  expect(await pauseSegment({ db: reach.world.testDb.db }, reach.shopId, by)).toBe(true);
  await reach.syncNativeSegments();
  expect(inShopify()).toEqual(before);
  await reach.approve({ act: 'resume', key: 'vip' });
  await follows(...before);
});

test('another tag of one segment, then another prefix of all', async () => {
  const admin = await reach.world.ctx.adminFor(reach.shopId);
  const ctx = { ...reach.world.ctx, admin };
  const rename = async (wish: Parameters<typeof startRename>[1]) => {
    const started = await reach.in((tx) => startRename(tx, wish, { actor: '42', now: reach.now() }));
    expect(started.outcome).toBe('started');
    for (let round = 0; round < 5; round += 1) {
      await reach.world.push(reach.shopId);
      if ((await advanceRename(ctx, reach.shopId)) === 'none') return;
      await reach.syncNativeSegments();
    }
    throw new Error('the rename does not end');
  };
  await rename({ what: 'tag', key: 'vip', to: 'very-important' });
  expect(inShopify()).toContain("Regulars: VIP: customer_tags CONTAINS 'regulars-very-important'");
  await rename({ what: 'prefix', to: 'shop-' });
  expect(inShopify()).toEqual(
    [
      "Regulars: Best of all: customer_tags CONTAINS 'shop-big-spenders'",
      "Regulars: VIP: customer_tags CONTAINS 'shop-very-important'",
    ].sort(),
  );
});

test.each([
  ['changed', 'update-segment', { query: 'number_of_orders > 9' }],
  ['renamed', 'update-segment', { name: 'Mine' }],
  ['deleted', 'delete-segment', {}],
])('%s by somebody in Shopify: noticed by webhook, repaired by its stored id', async (_, act, change) => {
  const before = inShopify();
  const [native] = await reach.rows<{ id: string }>(sql`
    SELECT shopify_id::text AS id FROM native_segment n JOIN segment s ON s.shop_id = n.shop_id AND s.id = n.segment_id
     WHERE s.key = 'vip'`);
  await reach.world.deliver(reach.shopId, await reach.world.caught());
  await reach.world.drainAll(reach.shopId);
  await reach.in((tx) => tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${reach.shopId}`));
  const answer = await fetch(`${reach.world.sandbox.url}/control/${act}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ shop: 'worker-test.myshopify.com', segment: native?.id, ...change }),
  });
  expect(answer.status, await answer.clone().text()).toBe(200);
  expect(inShopify()).not.toEqual(before);
  await reach.world.deliver(reach.shopId, await reach.world.caught());
  await reach.world.drainAll(reach.shopId);
  await follows(...before);
});

test('turned off and deleted: gone, also when Shopify refuses at first', async () => {
  await reach.fault({ fault: 'user-errors', field: 'segmentDelete', count: 1, message: 'Not now' });
  await reach.approve({ act: 'turn_off', keys: ['vip'] });
  await reach.syncNativeSegments();
  expect(await reach.happened('user-errors')).toBe(1);
  await reach.in(async (tx) => {
    expect(await deleteSegment(tx, 'vip')).toEqual({ outcome: 'done' });
    await tx.query(sql`DELETE FROM shop_due WHERE shop_id = ${reach.shopId}`);
    await afterSegmentDelete(tx);
    await tx.query(sql`UPDATE native_segment SET not_before = NULL`);
  });
  await follows("Regulars: Best of all: customer_tags CONTAINS 'shop-big-spenders'");
  expect(await reach.rows(sql`SELECT 1 FROM segment_reach`)).toHaveLength(1);
});
