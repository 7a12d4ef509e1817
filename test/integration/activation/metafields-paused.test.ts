/** Pausing a segment leaves the store as it is, metafields included, whatever the customers do meanwhile. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeImpossible } from '../../../app/activation/tags/impossible.server.ts';
import { queueCustomers } from '../../../app/activation/tags/queue-changed.server.ts';
import { switchMetafields } from '../../../app/activation/metafields/switch-metafields.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { pauseSegment } from '../../../app/pipeline/pause-segment.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { createReachWorld, vipRule, type ReachWorld } from '../../support/reach-world.ts';

let reach: ReachWorld;
beforeAll(async () => {
  reach = await createReachWorld({ presets: true });
}, 120_000);
afterAll(() => reach.close());

const valueOf = (customer: number, name: string) =>
  [...reach.world.store.metafields.all()].find(
    ({ ownerType, ownerId, key }) =>
      ownerType === 'CUSTOMER' && ownerId === reach.idOf(customer) && key === name,
  )?.value;
const segmentsOf = (customer: number) => valueOf(customer, 'segments') ?? '[]';
const list = (customer: number, segment: string, name: 'always' | 'never') =>
  reach.in((tx) =>
    tx.query(sql`
      INSERT INTO segment_person (shop_id, segment_id, customer_id, list, at, actor)
      SELECT shop_id, id, ${reach.idOf(customer)}::bigint, ${name}, ${reach.now()}, '42' FROM segment
       WHERE shop_id = ${reach.shopId} AND key = ${segment}`),
  );
const settle = async () => {
  await reach.world.push(reach.shopId);
  await reach.writeMetafields();
};
const touch = async (customer: number) => {
  await reach.in((tx) =>
    refresh(tx, { touched: new Map([[reach.idOf(customer), 'order' as const]]), now: reach.now() }),
  );
  await settle();
};

test('a touched customer keeps the name of a segment that is paused or failing, and gets none', async () => {
  await reach.in((tx) => switchMetafields(tx, true, reach.now()));
  await settle();
  const member =
    Array.from({ length: 200 }, (_, k) => k + 1).find((k) => segmentsOf(k).includes('"VIP"')) ?? 0;
  const before = segmentsOf(member);
  expect(before).toContain('"VIP"');
  await pauseSegment(reach.world.ctx, reach.shopId, { key: 'vip', actor: '42', now: reach.now() });
  await touch(member);
  expect(segmentsOf(member)).toBe(before);
  // Who becomes a member while it is paused is not named until it goes on.
  const other =
    Array.from({ length: 200 }, (_, k) => k + 1).find((k) => !segmentsOf(k).includes('"VIP"')) ?? 0;
  await list(other, 'vip', 'always');
  await touch(other);
  expect(segmentsOf(other)).not.toContain('"VIP"');
  await reach.in((tx) =>
    tx.query(sql`UPDATE segment SET status = 'failing' WHERE shop_id = ${reach.shopId} AND key = 'vip'`),
  );
  await touch(member);
  expect(segmentsOf(member)).toBe(before);
}, 120_000);

test('the tier and its last day stay as they are while the tier is paused, and follow when it goes on', async () => {
  const [stays, leaves, full, rises] = [20, 40, 60, 2];
  for (const [name, minor] of [
    ['Gold', 100_000],
    ['Silver', 50_000],
  ] as const) {
    const settings = { hold: { for: 'months', months: 2 } };
    await reach.in((tx) =>
      createSegment(tx, { name, rule: vipRule(minor), settings, actor: '42', now: reach.now() }),
    );
  }
  const set = { name: 'Club', kind: 'tiers' as const, settings: {}, keys: ['gold', 'silver'] };
  await reach.approve({ act: 'arrange_set', set });
  await reach.turnOn(['gold', 'silver']);
  // Shopify does not take the tag of one of them: the metafields name the tier all the same.
  await reach.in(async (tx) => {
    const customer = { customerId: reach.idOf(full) };
    await tx.query(sql`
      DELETE FROM tag_outbox WHERE shop_id = ${reach.shopId}
         AND customer_id = ${customer.customerId}::bigint`);
    await storeImpossible(tx, [{ ...customer, tag: 'regulars-gold', reason: 'too_many' }], reach.now());
  });
  await settle();
  const standing = (customer: number) => [valueOf(customer, 'tier'), valueOf(customer, 'tier_hold')];
  const before = standing(stays);
  expect(before).toEqual(['Gold', expect.stringMatching(/^20\d\d-/)]);
  expect([standing(leaves), standing(full), standing(rises)]).toEqual([
    before,
    before,
    [undefined, undefined],
  ]);

  await pauseSegment(reach.world.ctx, reach.shopId, { key: 'gold', actor: '42', now: reach.now() });
  await list(leaves, 'gold', 'never');
  await list(rises, 'gold', 'always');
  await reach.goTo(new Date(reach.now().getTime() + 70 * 86_400_000));
  // Their tags are compared, too.
  await reach.in((tx) => queueCustomers(tx, [stays, leaves, full].map(reach.idOf), reach.now()));
  await settle();
  for (const customer of [stays, leaves, full, rises]) await touch(customer);
  const held = await reach.rows<{ until: string | null }>(sql`
    SELECT m.held_until AS until FROM membership m JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id
     WHERE m.shop_id = ${reach.shopId} AND s.key = 'gold' AND m.customer_id = ANY(${[stays, leaves].map(reach.idOf)}::bigint[])`);
  expect(held, 'members are kept up to date').toEqual([{ until: expect.any(String) as string }]);
  expect(held[0]?.until).not.toBe(before[1]);
  for (const customer of [stays, leaves, full])
    expect([customer, standing(customer)]).toEqual([customer, before]);
  expect(standing(rises)).toEqual([undefined, undefined]);

  await reach.approve({ act: 'resume', key: 'gold' });
  await settle();
  for (const customer of [stays, full]) {
    expect([customer, standing(customer)]).toEqual([customer, ['Gold', held[0]?.until]]);
  }
  expect(standing(leaves)[0]).not.toBe('Gold');
  expect(standing(rises)[0]).toBe('Gold');
}, 120_000);
