/**
 * The control group of a segment over HTTP: who is drawn, what they do not get, and what the merchant's later words do.
 * The sides are worked out here with Node's own HMAC.
 */
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLift } from '../../../app/activation/control/read-lift.server.ts';
import { endControl, setControl } from '../../../app/activation/control/set-control.server.ts';
import { readControls } from '../../../app/activation/control/read-control.server.ts';
import { readMetafieldValues } from '../../../app/activation/metafields/read-metafield-values.server.ts';
import { readTagSums } from '../../../app/activation/tags/read-tag-sums.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { touchCustomers } from '../../../app/history/touched-customers.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { tagSumWords } from '../../../app/ui/tags/tag-sum-words.ts';
import { putOrders } from '../../support/insert-facts.ts';
import { createReachWorld, vipRule, type ReachWorld } from '../../support/reach-world.ts';

const KEY = 'vip';
let reach: ReachWorld;
let salt: string;
beforeEach(async () => {
  reach = await createReachWorld();
  await reach.rows(sql`UPDATE shop_settings SET salt = 'of this test' WHERE shop_id = ${reach.shopId}`);
  salt = 'of this test';
}, 120_000);
afterEach(() => reach.close());

const bucket = (id: string) =>
  createHmac('sha256', salt).update(`tag:${KEY}:${id}`).digest().readUInt32BE(0) % 10_000;
const word = () => ({ key: KEY, actor: '42', now: reach.now() });
const draw = (buckets: number) => reach.in((tx) => setControl(tx, { ...word(), buckets }));
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();
const members = async () =>
  ids(
    await reach.rows<{ id: string }>(sql`
      SELECT m.customer_id AS id FROM membership m JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id
       WHERE m.shop_id = ${reach.shopId} AND s.key = ${KEY}`),
  );
const heldOut = async () =>
  ids(
    await reach.rows<{ id: string }>(sql`
      SELECT customer_id AS id FROM tag_held_out WHERE shop_id = ${reach.shopId}`),
  );
const tagged = () =>
  ids([...reach.world.store.customers()].filter(({ tags }) => tags.includes('regulars-vip')));
/** VIP from this much on, approved. */
async function bound(minor: number, startAutomations = false): Promise<void> {
  await reach.in((tx) => editSegment(tx, { key: KEY, rule: vipRule(minor), actor: '42', now: reach.now() }));
  await reach.approve({ act: 'change', key: KEY }, { startAutomations });
  await reach.world.push(reach.shopId);
}
const sum = async () => (await reach.in((tx) => readTagSums(tx, [KEY])))[0];
const segmentId = async () =>
  (
    await reach.rows<{ id: string }>(
      sql`SELECT id FROM segment WHERE shop_id = ${reach.shopId} AND key = ${KEY}`,
    )
  )[0]?.id ?? '';

test('a fifth of those who come in is held out by the digest, gets nothing, and is a member all the same', async () => {
  const first = await members();
  expect(first).toHaveLength(8);
  expect(await draw(2_000)).toEqual({ outcome: 'done' });
  await bound(10_000, true);
  const all = await members();
  expect(all, 'membership knows nothing of it').toHaveLength(70);
  const drawn = all.filter((id) => !first.includes(id));
  const out = drawn.filter((id) => bucket(id) < 2_000).sort();
  expect(out.length).toBeGreaterThan(3);
  expect(await heldOut()).toEqual(out);
  expect(tagged(), 'who was in keeps the tag').toEqual(all.filter((id) => !out.includes(id)));
  const words = await sum();
  expect(words && tagSumWords(words)).toBe(
    `70 = ${70 - out.length} tagged + ${out.length} in the control group`,
  );
  // No automation and no metafield names the segment to them.
  const told = await reach.rows<{ id: string }>(sql`
    SELECT customer_id AS id FROM flow_event WHERE shop_id = ${reach.shopId} AND trigger = 'entered'`);
  expect(ids(told)).toEqual(drawn.filter((id) => !out.includes(id)));
  const values = await reach.in((tx) => readMetafieldValues(tx, all, reach.now()));
  const named = all.filter((id) => String(values.get(id)?.values.segments ?? '').includes('VIP'));
  expect(named).toEqual(all.filter((id) => !out.includes(id)));
});

test('a later share draws only those who come in from then on, and who comes back stays on their side', async () => {
  await draw(2_000);
  await bound(10_000);
  const out = await heldOut();
  const before = await members();
  expect(await draw(5_000)).toEqual({ outcome: 'done' });
  expect(await draw(5_000)).toEqual({ outcome: 'unchanged' });
  expect(await heldOut(), 'nobody changes sides').toEqual(out);
  await bound(5_000);
  const more = (await members()).filter((id) => !before.includes(id));
  expect(more.length).toBeGreaterThan(20);
  const now = [...out, ...more.filter((id) => bucket(id) < 5_000)].sort();
  expect(await heldOut()).toEqual(now);
  // Out and in again, under another share.
  await bound(100_000);
  expect(tagged()).toHaveLength(8);
  await draw(100);
  await bound(5_000);
  expect(await heldOut()).toEqual(now);
  expect(tagged()).toEqual((await members()).filter((id) => !now.includes(id)));
  await bound(100_000);
  await draw(9_999);
  await bound(5_000);
  expect(await heldOut(), 'nor under a larger one').toEqual(now);
  const sides = await reach.rows<{ id: string }>(sql`
    SELECT customer_id AS id FROM control_assignment WHERE shop_id = ${reach.shopId} AND held_out`);
  expect(ids(sides)).toEqual(now);
});

test('ending it gives the tag to those who were shown as held out; a new one begins from nothing', async () => {
  await draw(3_000);
  await bound(10_000);
  const out = await heldOut();
  const end = (shown: number) => reach.in((tx) => endControl(tx, { ...word(), shown }));
  expect(await end(out.length + 1)).toEqual({ outcome: 'changed' });
  expect(await heldOut()).toEqual(out);
  expect(await end(out.length)).toEqual({ outcome: 'done', released: out.length });
  await reach.world.push(reach.shopId);
  expect(tagged()).toHaveLength(70);
  expect(await end(0)).toEqual({ outcome: 'none' });
  expect(await reach.in((tx) => readControls(tx, [KEY]))).toMatchObject([
    { heldOut: 0, endedAt: expect.any(Date) as Date },
  ]);
  // Also while another segment has one.
  await reach.in((tx) =>
    createSegment(tx, { name: 'Other', rule: vipRule(1), actor: '42', now: reach.now() }),
  );
  await reach.in((tx) => setControl(tx, { ...word(), key: 'other', buckets: 9_999 }));
  await bound(5_000);
  expect(await heldOut(), 'nobody is drawn any more').toEqual([]);
  await draw(3_000);
  expect(
    await reach.rows(sql`SELECT 1 FROM control_assignment WHERE shop_id = ${reach.shopId}`),
  ).toHaveLength(0);
});

test('a person’s word stands above chance: who is named is not drawn, and not held out any more', async () => {
  await draw(5_000);
  await bound(10_000);
  const [one, other] = await heldOut();
  const id = one ?? '';
  await namePerson(reach.world.ctx, reach.shopId, { key: KEY, customerIds: [id], list: 'always', actor: '42', now: reach.now() }); // prettier-ignore
  await reach.world.push(reach.shopId);
  expect(tagged()).toContain(id);
  expect(await heldOut()).not.toContain(id);
  expect(await heldOut()).toContain(other);
  // By intention to treat they count on the side they were drawn for.
  const [drawn] = await reach.rows<{ heldOut: boolean }>(sql`
    SELECT held_out AS "heldOut" FROM control_assignment WHERE shop_id = ${reach.shopId} AND customer_id = ${id}::bigint`);
  expect(drawn).toEqual({ heldOut: true });
});

test('who is named before they come in is not drawn at all', async () => {
  await draw(9_999);
  const outsider = reach.idOf(1);
  expect(await members()).not.toContain(outsider);
  await namePerson(reach.world.ctx, reach.shopId, { key: KEY, customerIds: [outsider], list: 'always', actor: '42', now: reach.now() }); // prettier-ignore
  await reach.world.push(reach.shopId);
  expect(tagged()).toContain(outsider);
  expect(await reach.rows(sql`SELECT 1 FROM control_assignment WHERE shop_id = ${reach.shopId}`)).toEqual([]);
});

test('who was merged away leaves their side to the customer that was kept', async () => {
  await draw(5_000);
  await bound(10_000);
  const [old = ''] = await heldOut();
  const kept = '9000001';
  await reach.in(async (tx) => {
    await tx.query(sql`
      INSERT INTO customer_alias (shop_id, old_id, kept_id) VALUES (${reach.shopId}, ${old}::bigint, ${kept}::bigint)`);
    await tx.query(sql`INSERT INTO customer (shop_id, id) VALUES (${reach.shopId}, ${kept}::bigint)`);
    await tx.query(sql`
      UPDATE orders SET customer_id = ${kept}::bigint WHERE shop_id = ${reach.shopId} AND customer_id = ${old}::bigint`);
    await tx.query(sql`UPDATE customer SET deleted_at = ${reach.now()} WHERE shop_id = ${reach.shopId} AND id = ${old}::bigint`); // prettier-ignore
    await touchCustomers(tx, new Map([[kept, 'merge']]));
    await refresh(tx, {
      touched: new Map([
        [kept, 'merge'],
        [old, 'merge'],
      ]),
      now: reach.now(),
    });
  });
  expect(await members()).toContain(kept);
  expect(await heldOut()).toContain(kept);
  expect(await heldOut()).not.toContain(old);
});

test('the lift counts everybody on the side they were drawn for, from the moment they came in', async () => {
  await draw(5_000);
  await bound(10_000);
  const out = await heldOut();
  const given = ids(
    await reach.rows<{ id: string }>(sql`
      SELECT customer_id AS id FROM control_assignment WHERE shop_id = ${reach.shopId} AND NOT held_out`),
  );
  const day = 86_400_000;
  const bought = (id: string, days: number, totalMinor: number, n: number) =>
    reach.in((tx) =>
      putOrders(tx, [
        {
          id: String(70_000 + n),
          customerId: id,
          processedAt: new Date(reach.now().getTime() + days * day),
          totalMinor,
        },
      ]),
    );
  // Of those who got it every one but four buys for 100.00, one of them twice; of the others three for 40.00 each.
  for (const [n, id] of given.slice(4).entries()) await bought(id, 2, 10_000, n);
  await bought(given[4] ?? '', 3, 10_000, 500);
  for (const [n, id] of out.slice(0, 3).entries()) await bought(id, 2, 4_000, 600 + n);
  await bought(out[4] ?? '', -1, 4_000, 700); // before they came in
  await bought(out[5] ?? '', 30, 4_000, 701); // after today
  // Leaving does not take anybody out of the comparison.
  await reach.goTo(new Date(reach.now().getTime() + 10 * day));
  await bound(100_000);
  const lift = await reach.in(async (tx) =>
    readLift(tx, await readShopDay(tx, reach.now()), await segmentId()),
  );
  if (lift?.state !== 'here') throw new Error('no lift');
  expect(lift.value).toMatchObject({
    buckets: 5_000,
    endedAt: null,
    given: {
      people: given.length,
      buyers: given.length - 4,
      orders: given.length - 3,
      spentMinor: String((given.length - 3) * 10_000),
    },
    control: { people: out.length, buyers: 3, orders: 3, spentMinor: '12000' },
  });
  const { ordered, spent } = lift.value;
  const difference = (given.length - 4) / given.length - 3 / out.length;
  expect(ordered.clear).toBe(true);
  expect(ordered.difference?.from).toBeGreaterThan(0);
  expect(ordered.difference?.from).toBeLessThan(difference);
  expect(ordered.difference?.to).toBeGreaterThan(difference);
  expect(spent.clear).toBe(true);
});
