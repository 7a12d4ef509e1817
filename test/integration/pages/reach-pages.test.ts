/** Segments in Shopify, metafields and Flow on the pages, over HTTP as the admin's frame asks. */
import { expect, test } from 'vitest';
import { readSegmentReach } from '../../../app/activation/read-segment-reach.server.ts';
import { readShopReach } from '../../../app/activation/read-shop-reach.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { putSegments } from '../../support/segment-shop.ts';
import { arithmeticPages, textOf } from './pages-world.ts';

const pages = arithmeticPages(async ({ inShop }) => {
  await inShop((tx) =>
    putSegments(tx, {
      buyers: { rule: { v: 1, where: { field: 'orders', op: 'gte', value: 1 } } },
      idle: { rule: { v: 1, where: { field: 'orders', op: 'eq', value: 0 } }, status: 'draft' },
    }),
  );
});
const { html, inShop, post, text } = pages;

const reachOf = (key: string) => inShop((tx) => readSegmentReach(tx, key, new Date()));

test('empty: what it would be, and that nothing is written', async () => {
  const shop = await text('/app/use/reach');
  for (const words of ['None yet.', 'Off. Nothing is written.', 'Flow has not been told anything yet.']) {
    expect(shop).toContain(words);
  }
  const segment = await text('/app/segments/buyers/reach');
  expect(segment).toContain('There is none.');
  expect(segment).toContain('Nothing has been told to Flow about this segment yet.');
  expect(await text('/app/segments/buyers')).toContain('Shopify and Flow');
  expect((await pages.world.open(pages.domain, '/app/segments/not-there/reach')).status).toBe(404);
});

test('what is chosen for a segment is kept; what is nonsense is refused', async () => {
  const path = '/app/segments/buyers/reach';
  expect((await post(path, { intent: 'set_native', native: 'tag' })).status).toBeLessThan(400);
  expect((await post(path, { intent: 'set_flow', flow: 'true', flowRefit: 'true' })).status).toBeLessThan(
    400,
  );
  expect(await reachOf('buyers')).toMatchObject({
    native: { native: 'tag', state: 'waiting' },
    flow: { on: true, refit: true },
  });
  expect(await text(path)).toContain('It is being made.');
  await post('/app/segments/idle/reach', { intent: 'set_native', native: 'tag' });
  expect(await text('/app/segments/idle/reach')).toContain('as soon as this segment is on');
  expect((await post(path, { intent: 'set_flow' })).status).toBeLessThan(400);
  expect((await reachOf('buyers'))?.flow.on).toBe(false);
  expect((await post(path, { intent: 'set_native', native: 'everything' })).status).toBe(400);
  expect((await post(path, { intent: 'else' })).status).toBe(400);
  expect((await post('/app/segments/none/reach', { intent: 'set_flow' })).status).toBe(404);
});

test('contact hours with a sentence beside the field; metafields on and off; a run is stopped', async () => {
  const path = '/app/use/reach';
  const refused = await post(path, { intent: 'set_hours', from: '20', to: '9' });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('the first before the second');
  expect((await post(path, { intent: 'set_hours', from: '10', to: '18' })).status).toBeLessThan(400);
  expect(await text(path)).toContain('Now 10:00 to 18:00');
  await post(path, { intent: 'switch_metafields', on: 'true' });
  expect(await text(path)).toContain('Switch off and remove them');
  const waiting = (await inShop((tx) => readShopReach(tx, new Date()))).metafields;
  expect(waiting).toMatchObject({ state: 'on', waiting: 200 });
  await post(path, { intent: 'switch_metafields', on: 'false' });
  expect(await text(path)).toContain('They are being taken out of your store.');
  await inShop(async (tx) => {
    await tx.query(sql`
      INSERT INTO flow_run (shop_id, id, started_at, total, actor, not_before)
      VALUES (${pages.shopId}, 5, ${new Date()}, 62, '42', ${new Date(0)})`);
    await tx.query(sql`
      INSERT INTO flow_event (shop_id, trigger, segment_id, customer_id, at, run_id, not_before)
      VALUES (${pages.shopId}, 'entered', 1, 1, ${new Date()}, 5, ${new Date(0)})`);
  });
  expect(await text(path)).toContain('0 of 62 told');
  await post(path, { intent: 'stop_run', id: '5' });
  const stopped = await text(path);
  expect(stopped).toContain('Stopped: the others are not told.');
  expect(stopped).not.toMatch(/told, since [^.]*\. Stop /);
});

test('the review asks whether automations start, and the answer is no', async () => {
  expect(await text('/app/segments/review?act=turn_on&keys=idle')).not.toContain('Start automations');
  await inShop((tx) => tx.query(sql`UPDATE segment SET status = 'draft' WHERE key = 'buyers'`));
  const page = await html('/app/segments/review?act=turn_on&keys=buyers');
  expect(textOf(page)).toContain('Start automations for the 200');
  const [input] = /<input[^>]*name="startAutomations"[^>]*>/.exec(page) ?? [];
  expect(input).toContain('aria-checked="false"');
});
