/** Held changes, runs in the background and the sale season's hold, over HTTP as the admin's frame asks. */
import { expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { localDateOf } from '../../../app/local-date.ts';
import { readStoreSummary } from '../../../app/history/read-store-summary.server.ts';
import { handleRecompute } from '../../../app/jobs/handlers/recompute.server.ts';
import type { WorkerContext } from '../../../app/jobs/worker-context.server.ts';
import { readRuns, startRun } from '../../../app/pipeline/background-run.server.ts';
import { readPolicyDraft } from '../../../app/pipeline/change-policy.server.ts';
import {
  holdCustomers,
  readDecidedChanges,
  readHeldChanges,
} from '../../../app/pipeline/held-change.server.ts';
import { discardPublished } from '../../../app/pipeline/numbers-kept-out.server.ts';
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

test('an order policy that is being worked out is cancelled on its page; too late, and twice, it says why nothing was done', async () => {
  const ORDERS = '/app/settings/orders';
  const policy = { leaveOutCustomerTags: ['staff'] };
  await inShop((tx) => tx.query(sql`UPDATE customer SET tags = '{Staff}' WHERE shop_id = ${pages.shopId} AND id = 20`));
  await post(ORDERS, { intent: 'look', policy: JSON.stringify(policy) });
  const draft = await inShop(readPolicyDraft);
  await post(ORDERS, { intent: 'approve', version: draft?.version ?? '' });
  const shown = await text(ORDERS);
  expect(shown).toContain('Cancel puts back what counted before: everybody is computed by it again');
  // Another one meanwhile.
  await post(ORDERS, { intent: 'look', policy: JSON.stringify({ companyOrders: 'count' }) });
  const other = await inShop(readPolicyDraft);
  const refused = await post(ORDERS, { intent: 'approve', version: other?.version ?? '' });
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain('underWay');
  await post(ORDERS, { intent: 'discard' });

  const id = (await inShop(readRuns))[0]?.id ?? '';
  expect((await post('/app/runs', { id, intent: 'cancel' })).status).toBeLessThan(400);
  expect(await text(ORDERS)).toContain('What counted as an order before is put back');
  expect(await text('/app')).toContain('It is cancelled. Segments and tags go back as it goes');
  /** As a form of the page, whose answer is the page. */
  const cancelAgain = () =>
    pages.world.call(pages.domain, '/app/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      body: new URLSearchParams({ id, intent: 'cancel' }).toString(),
    });
  const twice = await cancelAgain();
  expect(twice.status).toBe(409);
  expect(await twice.text()).toContain('It was cancelled before and is on its way back.');
  await handleRecompute(pages.world.context as unknown as WorkerContext, { data: { shopId: pages.shopId }, signal: new AbortController().signal });
  expect(await inShop(readRuns)).toEqual([]);
  expect(await inShop((tx) => readStoreSummary(tx))).toMatchObject({ customers: 200, spentMinor: '2650000' });
  const late = await cancelAgain();
  expect(late.status).toBe(409);
  expect(await late.text()).toContain('It is done: there is nothing left to cancel.');
  expect(await text('/app/runs')).toContain('Nothing is under way');
}); // prettier-ignore

test('a time zone that is being worked out says that its way back is in Shopify', async () => {
  await inShop((tx) => startRun(tx, { kind: 'timezone', total: 100, now: now() }));
  const page = await text('/app/runs');
  expect(page).toContain('There is no way back here: the time zone is your store’s');
  expect(page).not.toContain('Cancel');
  await inShop((tx) => tx.query(sql`DELETE FROM background_run WHERE shop_id = ${pages.shopId}`));
});

test('cut points that were not wanted are kept out, and let in again', async () => {
  await inShop(async (tx) => {
    await tx.query(sql`
      INSERT INTO cut_points SELECT shop_id, 2, computed_at, NULL, as_of, buyers, frequency, monetary_minor, recency_days,
        rhythm_days, gaps, spent_percentiles FROM cut_points WHERE shop_id = ${pages.shopId} AND version = 1`);
    await discardPublished(tx, { version: 2, affected: 7, actor: '1', now: now() });
  });
  const page = await text('/app/held');
  expect(page).toContain('New cut points are kept out');
  expect(page).toContain('Before 22 Dec 2026');
  const [{ id } = { id: '' }] = await inShop((tx) => readDecidedChanges(tx, 1));
  expect((await post('/app/held', { id, decision: 'allow' })).status).toBeLessThan(400);
  expect((await post('/app/held', { id, decision: 'allow' })).status).toBe(409);
  const after = await text('/app/held');
  expect(after).not.toContain('New cut points are kept out');
  expect(after).toContain('discarded, later let in again');
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
