import { afterAll, beforeAll, expect, test } from 'vitest';
import { createJobSender } from '../../../app/jobs/sender.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const jobs = async (shopId: string) =>
  (
    await t.db.pool.query<{ name: string; state: string }>({
      text: `SELECT name, state FROM pgboss.job WHERE data->>'shopId' = $1 ORDER BY name`,
      values: [shopId],
    })
  ).rows;

test('two processes that start at once make the queues together', async () => {
  const senders = Array.from({ length: 4 }, () => createJobSender({ db: t.db }));
  const shopId = await t.createShop();
  const sent = await Promise.all(senders.map((sender) => sender.send('import', { shopId })));
  expect(sent.filter(Boolean)).toHaveLength(1);
  expect(await jobs(shopId)).toEqual([{ name: 'import', state: 'created' }]);
  await Promise.all(senders.map((sender) => sender.close()));
});

test('a job of a transaction is there if and only if it commits', async () => {
  const sender = createJobSender({ db: t.db });
  const shopId = await t.createShop();
  await expect(
    t.db.inShop(shopId, async (tx) => {
      expect(await sender.send('prune', { shopId }, { tx })).toBe(true);
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  expect(await jobs(shopId)).toEqual([]);
  await t.db.inShop(shopId, (tx) => sender.send('prune', { shopId }, { tx }));
  expect(await jobs(shopId)).toEqual([{ name: 'prune', state: 'created' }]);
  await sender.close();
});

test('one a shop, but several refreshes with customers of their own', async () => {
  const sender = createJobSender({ db: t.db });
  const shopId = await t.createShop();
  const other = await t.createShop();
  expect(await sender.send('nightly', { shopId })).toBe(true);
  expect(await sender.send('nightly', { shopId })).toBe(false);
  expect(await sender.send('nightly', { shopId: other })).toBe(true);
  expect(await sender.send('refresh', { shopId, touched: [['1', 'order']] })).toBe(true);
  expect(await sender.send('refresh', { shopId, touched: [['2', 'edit']] })).toBe(true);
  await sender.close();
});

test('data that the catalogue does not know are refused', async () => {
  const sender = createJobSender({ db: t.db });
  await expect(sender.send('import', { shopId: '1; DROP TABLE shop' })).rejects.toThrow();
  await sender.close();
});

test('jobs that name customers are not kept when they are done', async () => {
  const sender = createJobSender({ db: t.db });
  const shopId = await t.createShop();
  await sender.send('refresh', { shopId, touched: [['1', 'order']] });
  await sender.send('prune', { shopId });
  const { rows } = await t.db.pool.query({
    text: `SELECT name, deletion_seconds AS seconds FROM pgboss.job WHERE data->>'shopId' = $1 ORDER BY name`,
    values: [shopId],
  });
  expect(rows).toEqual([
    { name: 'prune', seconds: 86_400 },
    { name: 'refresh', seconds: 60 },
  ]);
  await sender.close();
});
