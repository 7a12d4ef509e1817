import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimBatch } from '../../../app/activation/tags/claim-batch.server.ts';
import { queueCustomers } from '../../../app/activation/tags/queue-changed.server.ts';
import { planOf, recordStatements } from '../../support/recorded-statements.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

test('a claim takes the longest waiting rows from an index, without sorting the outbox', async () => {
  const shopId = await t.createShop();
  await t.db.inShop(shopId, (tx) => queueCustomers(tx, ['1', '2'], new Date(0)));
  await t.db.inShop(shopId, async (tx) => {
    const recorded = recordStatements(tx);
    await claimBatch(recorded.tx, {
      writer: 'w',
      machineNow: new Date(),
      now: new Date(),
      leaseMs: 10_000,
      maxCustomers: 1,
      way: 'single',
    });
    const take = recorded.statements.find(({ text }) => text.includes('SKIP LOCKED'));
    if (!take) throw new Error('no statement that claims');
    expect(await planOf(tx, take)).not.toContain('Sort');
  });
});
