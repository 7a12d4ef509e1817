/** Held changes, runs in the background and the sale season's hold, over HTTP as the admin's frame asks. */
import { expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { localDateOf } from '../../../app/local-date.ts';
import { startRun } from '../../../app/pipeline/background-run.server.ts';
import { holdCustomers, readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { snapshotValue } from '../../../app/pipeline/snapshot-value.server.ts';
import { readHoldPeriod } from '../../../app/value/hold-period.server.ts';
import { ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { putSegments } from '../../support/segment-shop.ts';
import { arithmeticPages } from './pages-world.ts';

const pages = arithmeticPages(async ({ inShop, shopId, world }) => {
  await inShop((tx) =>
    putSegments(tx, { buyers: { rule: { v: 1, where: { field: 'orders', op: 'gte', value: 1 } } } }),
  );
  await recomputeShop(world.context, shopId, { cause: 'rule', publish: 'never' });
});
const { inShop, now, post, text } = pages;

test('Home says what waits, how many people and which tags; release and discard are recorded', async () => {
  const id = await inShop((tx) => holdCustomers(tx, { cause: 'loss', customers: ['1', '2'], now: now() }));
  const home = await text('/app');
  expect(home).toContain('A sudden loss of members would change the tags of 2 customers');
  expect(home).toContain('regulars-buyers');
  expect(home).toContain('Release');
  expect((await post('/app/held', { id: id ?? '', decision: 'perhaps' })).status).toBe(400);
  expect((await post('/app/held', { id: '999', decision: 'release' })).status).toBe(409);
  expect((await post('/app/held', { id: id ?? '', decision: 'discard' })).status).toBeLessThan(400);
  expect(await inShop(readHeldChanges)).toEqual([]);
  const again = await post('/app/held', { id: id ?? '', decision: 'release' });
  expect(again.status).toBe(409);
  expect(await text('/app')).not.toContain('would change the tags');
  expect(await text('/app/held')).toContain('discarded');
  const { rows } = await inShop((tx) =>
    tx.query(
      sql`SELECT act, review->>'customersAffected' AS n FROM approval WHERE shop_id = ${pages.shopId}`,
    ),
  );
  expect(rows).toEqual([{ act: 'discard_change', n: '2' }]);
});

test('a run shows how far it is, and can be paused and taken up', async () => {
  await inShop((tx) => startRun(tx, { kind: 'policy', total: 100, now: now() }));
  await inShop((tx) => tx.query(sql`UPDATE background_run SET done = 37 WHERE shop_id = ${pages.shopId}`));
  const home = await text('/app');
  expect(home).toContain('Everything is computed by the new settings of what counts');
  expect(home).toContain('37 %');
  expect((await post('/app/runs', { kind: 'policy', intent: 'pause' })).status).toBeLessThan(400);
  expect(await text('/app')).toContain('Paused');
  expect((await post('/app/runs', { kind: 'policy', intent: 'resume' })).status).toBeLessThan(400);
  const { rows } = await inShop((tx) =>
    tx.query(sql`SELECT state FROM background_run WHERE shop_id = ${pages.shopId}`),
  );
  expect(rows).toEqual([{ state: 'running' }]);
  expect((await post('/app/runs', { kind: 'policy', intent: 'stop' })).status).toBe(400);
  await inShop((tx) => tx.query(sql`DELETE FROM background_run WHERE shop_id = ${pages.shopId}`));
});

test('a hold with a fault says so beside the field and is not stored; a good one shows on Home', async () => {
  const today = localDateOf(now(), ARITHMETIC_TIME_ZONE);
  const wrong = await post('/app/settings', { intent: 'set_hold', from: today, to: '2020-01-01' });
  expect(wrong.status).toBe(422);
  expect(await wrong.text()).toContain('The last day is before the first.');
  expect(await inShop(readHoldPeriod)).toBeNull();
  await post('/app/settings', { intent: 'set_hold', from: today, to: today });
  expect(await inShop(readHoldPeriod)).toEqual({ from: today, to: today });
  expect(await text('/app')).toContain('No new numbers are put in force until');
  expect(await text('/app/settings')).toContain('In force now');
  await post('/app/settings', { intent: 'end_hold' });
  expect(await inShop(readHoldPeriod)).toBeNull();
  expect(await text('/app')).not.toContain('No new numbers are put in force');
});

test('the Value page shows the night’s count with its day; another currency makes it void', async () => {
  await snapshotValue(pages.world.context, pages.shopId);
  await inShop((tx) =>
    tx.query(sql`
      UPDATE value_snapshot SET as_of = '2025-01-31',
             content = jsonb_set(content, '{channels,0,origin}', '"from-the-night"') WHERE shop_id = ${pages.shopId}`),
  );
  const page = await text('/app/value');
  expect(page).toContain('as of 31 Jan 2025');
  expect(page).toContain('from-the-night');
  await inShop((tx) =>
    tx.query(sql`UPDATE shop_settings SET currency = 'CHF' WHERE shop_id = ${pages.shopId}`),
  );
  expect(await text('/app/value')).not.toContain('from-the-night');
  await inShop((tx) =>
    tx.query(sql`UPDATE shop_settings SET currency = 'EUR' WHERE shop_id = ${pages.shopId}`),
  );
});
