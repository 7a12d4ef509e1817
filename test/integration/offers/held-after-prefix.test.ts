/** What a held change would write, after the prefix of tags was renamed: an offer keeps the tag it was made with. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readHeldTagChanges } from '../../../app/activation/held/held-outbox.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { createOfferWorld, type OfferWorld } from '../../support/offer-world.ts';

let one: OfferWorld;
beforeAll(async () => {
  one = await createOfferWorld();
}, 120_000);
afterAll(() => one?.close());

test('who has the tag of an offer already gains nothing', async () => {
  await one.inShop((tx) =>
    createSegment(tx, {
      name: 'VIP',
      rule: { v: 1, where: { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: 100_000 } },
      actor: '42',
      now: one.now(),
    }),
  );
  await one.turnOn(['vip']);
  await one.offer('vip', { name: 'VIP thanks', percent: '10', once: '', way: 'function' });
  await one.settle();
  expect(one.tagged('regulars-offer-vip')).toBe(8);
  await one.inShop(async (tx) => {
    await tx.query(sql`
      INSERT INTO tag_rename (shop_id, what, from_name, to_name, started_at, actor)
      VALUES (${tx.shopId}, 'prefix', 'regulars-', 'club-', ${new Date(one.now().getTime() + 1)}, '42')`);
    await tx.query(sql`UPDATE shop_settings SET tag_prefix = 'club-' WHERE shop_id = ${tx.shopId}`);
    await tx.query(sql`
      INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before, held_by)
      SELECT shop_id, customer_id, since, since, 9 FROM membership WHERE shop_id = ${tx.shopId}
      ON CONFLICT (shop_id, customer_id) DO UPDATE SET held_by = 9`);
    const { changes } = await readHeldTagChanges(tx, '9');
    expect(changes).toEqual([{ key: 'vip', name: 'VIP', tag: 'club-vip', gains: 8, loses: 0 }]);
  });
}, 120_000);
