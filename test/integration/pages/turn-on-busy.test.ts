/** Turning on over HTTP while another change is under way: the answer says so, and never acts on that one. */
import { expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { goOnWithChange } from '../../../app/pipeline/go-on-with-change.server.ts';
import { readChangeReview } from '../../../app/pipeline/read-change-review.server.ts';
import { startChange } from '../../../app/pipeline/start-change.server.ts';
import { readChangeRun } from '../../../app/segments/change-run.server.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import { putSegments } from '../../support/segment-shop.ts';
import { jsonInit } from '../../support/page-calls.ts';
import { arithmeticPages } from './pages-world.ts';

const pages = arithmeticPages();
const { inShop, now } = pages;

const goOn = () => goOnWithChange(pages.world.context, pages.shopId, { chunk: 50 });
const run = () => inShop(readChangeRun);
const status = async (key: string) =>
  inShop(async (tx) => {
    const { rows } = await tx.query<{ status: string }>(
      sql`SELECT status FROM segment WHERE shop_id = ${pages.shopId} AND key = ${key}`,
    );
    return rows[0]?.status;
  });

test('over HTTP a review and an approval are of the change that they name', async () => {
  const ask = async (body: unknown) => {
    const response = await pages.world.call(pages.domain, '/app/segments/turn-on', jsonInit(body));
    return (await response.json()) as { outcome?: string; message?: string };
  };
  const rule = { v: 1, where: { field: 'orders', op: 'gte', value: 3 } };
  await inShop((tx) =>
    putSegments(tx, { often: { status: 'draft', rule }, other: { status: 'draft', rule } }),
  );
  await inShop(async (tx) => {
    await waitForShop(tx, pages.shopId);
    const change: SegmentChange = { act: 'turn_on', keys: ['often'] };
    return startChange(tx, { change, actor: '42', now: now(), ask: true });
  });
  await goOn();
  const { fingerprint = '' } = (await inShop((tx) => readChangeReview(tx, now()))) ?? {};
  const wrong = await ask({ intent: 'approve', keys: ['other'], fingerprint });
  expect(wrong.outcome).toBe('busy');
  expect(wrong.message).toContain('Another change of segments is under way');
  expect(await run()).toMatchObject({ state: 'ready' });
  // One that is on already makes no other change of it.
  expect(await ask({ intent: 'approve', keys: ['buyers', 'often'], fingerprint })).toEqual({
    outcome: 'started',
  });
  await goOn();
  expect([await status('often'), await status('other')]).toEqual(['live', 'draft']);
});
