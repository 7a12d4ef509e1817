/** The role's limits guard against hung workers; an act that touches everybody gets more time, within a limit. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { allowMassAct } from '../../../app/db/allow-mass-act.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shopId: ShopId;
beforeAll(async () => {
  t = await createTestDb({ limits: { statement_timeout: '1s', transaction_timeout: '1s' } });
  shopId = await t.createShop();
});
afterAll(() => t.close());

test('a transaction may go on beyond the role’s limits once it is allowed to', async () => {
  const slept = t.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await tx.query('SELECT pg_sleep(1.5)');
    return 'done';
  });
  expect(await slept).toBe('done');
});

test('and is ended by them otherwise', async () => {
  await expect(t.db.inShop(shopId, (tx) => tx.query('SELECT pg_sleep(1.5)'))).rejects.toThrow();
});
