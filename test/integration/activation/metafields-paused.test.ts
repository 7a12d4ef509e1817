/** Pausing a segment leaves the store as it is, metafields included, whatever the customers do meanwhile. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { switchMetafields } from '../../../app/activation/metafields/switch-metafields.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { pauseSegment } from '../../../app/pipeline/pause-segment.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';

let reach: ReachWorld;
beforeAll(async () => {
  reach = await createReachWorld({ presets: true });
}, 120_000);
afterAll(() => reach.close());

const segmentsOf = (customer: number) =>
  [...reach.world.store.metafields.all()].find(
    ({ ownerType, ownerId, key }) =>
      ownerType === 'CUSTOMER' && ownerId === reach.idOf(customer) && key === 'segments',
  )?.value ?? '[]';
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
  await reach.in((tx) =>
    tx.query(sql`
      INSERT INTO segment_person (shop_id, segment_id, customer_id, list, at, actor)
      SELECT shop_id, id, ${reach.idOf(other)}::bigint, 'always', ${reach.now()}, '42' FROM segment
       WHERE shop_id = ${reach.shopId} AND key = 'vip'`),
  );
  await touch(other);
  expect(segmentsOf(other)).not.toContain('"VIP"');
  await reach.in((tx) =>
    tx.query(sql`UPDATE segment SET status = 'failing' WHERE shop_id = ${reach.shopId} AND key = 'vip'`),
  );
  await touch(member);
  expect(segmentsOf(member)).toBe(before);
}, 120_000);
