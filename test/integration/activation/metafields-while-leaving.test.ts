/** Metafields are not switched on while the store is being left, also where both are said in the same moment. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLeaving } from '../../../app/activation/leaving/start-leaving.server.ts';
import { switchMetafields } from '../../../app/activation/metafields/switch-metafields.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { Db } from '../../../app/db/tenancy.server.ts';
import { createQuietShop } from '../../support/quiet-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { untilWaiting } from '../../support/until-waiting.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

test('switched on after Leaving has begun and before that is stored: it waits, and is refused', async () => {
  const shop = await createQuietShop(t);
  const now = shop.clock.now();
  let switched = Promise.resolve(true);
  const db: Db = {
    ...t.db,
    inShop: (shopId, work) =>
      t.db.inShop(shopId, async (tx) => {
        const done = await work(tx);
        switched = shop.in((other) => switchMetafields(other, true, now));
        await untilWaiting(t.db, 1);
        return done;
      }),
  };
  await startLeaving({ db }, shop.shopId, { actor: '42', now });
  expect(await switched).toBe(false);
  const { rows } = await shop.in((tx) =>
    tx.query(sql`
      SELECT (SELECT count(*)::int FROM reach_settings WHERE shop_id = ${shop.shopId} AND metafields = 'on') AS on,
             (SELECT count(*)::int FROM metafield_outbox WHERE shop_id = ${shop.shopId}) AS queued`),
  );
  expect(rows).toEqual([{ on: 0, queued: 0 }]);
});
