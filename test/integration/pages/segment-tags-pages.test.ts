/** What a segment's tag and its control group look like on the pages, over HTTP as the admin's frame asks. */
import { expect, test } from 'vitest';
import { noteImpossible } from '../../../app/activation/tags/impossible.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { putSegments } from '../../support/segment-shop.ts';
import { arithmeticPages } from './pages-world.ts';

const pages = arithmeticPages(async ({ inShop }) => {
  await inShop((tx) =>
    putSegments(tx, { buyers: { rule: { v: 1, where: { field: 'orders', op: 'gte', value: 1 } } } }),
  );
});
const { html, inShop, now, post, text } = pages;

const heldOut = async () =>
  (await inShop((tx) => tx.query(sql`SELECT 1 FROM tag_held_out WHERE shop_id = ${pages.shopId}`)))
    .rowCount ?? 0;

test('a share is validated, shown on the segment’s settings, sum and history, and ended with its number', async () => {
  const settings = '/app/segments/buyers/settings';
  expect(await text(settings)).toContain('Control group (gets nothing)');
  for (const share of ['0', '51', 'ten', '2.55', '']) {
    const answer = await post(settings, { intent: 'set_control', share });
    expect(answer.status, share).toBe(422);
    expect(await answer.text()).toContain('Enter a share from 1 to 50 %');
  }
  expect((await post(settings, { intent: 'set_control', share: '12.5' })).status).toBeLessThan(400);
  await recomputeShop(pages.world.context, pages.shopId, { cause: 'rule', publish: 'never' });
  const out = await heldOut();
  expect(out).toBeGreaterThan(10);
  expect(await text('/app/segments/buyers')).toContain(
    `200 = ${200 - out} pending + ${out} in the control group`,
  );
  expect(await text('/app/use')).toContain('Control group');
  expect(await text(settings)).toContain(`12.5 % of those who came in since`);
  expect(await text(settings)).toContain(`${out} members get nothing now`);
  const history = await text('/app/segments/buyers/history');
  expect(history).toContain('What the segment changes');
  expect(history).toContain('12.5 % were drawn as control group and got nothing');
  expect(history).toContain('It may be chance.');
  const stale = await post(settings, { intent: 'end_control', shown: String(out - 1) });
  expect(stale.status).toBe(422);
  expect(await stale.text()).toContain('of another size by now');
  expect(await heldOut()).toBe(out);
  expect((await post(settings, { intent: 'end_control', shown: String(out) })).status).toBeLessThan(400);
  expect(await heldOut()).toBe(0);
  expect(await text('/app/activity')).toContain('Control group ended');
  expect(await text('/app/segments/buyers/history'), 'the result stands').toContain(', until ');
});

test('who cannot have the tag is named with the reason, on Use it and on Activity', async () => {
  await inShop((tx) =>
    noteImpossible(
      tx,
      [
        { customerId: '7', tag: 'regulars-buyers', reason: 'too_many_tags' },
        { customerId: '8', tag: 'regulars-buyers', reason: 'customer_gone' },
      ],
      { at: now(), way: 'single' },
    ),
  );
  for (const page of [await text('/app/use'), await text('/app/activity?segment=buyers&outcome=failed')]) {
    expect(page).toContain('The customer already has 250 tags, which is Shopify’s limit.');
    expect(page).toContain('The customer no longer exists in Shopify.');
  }
  const segment = await text('/app/segments/buyers');
  expect(segment).toContain('2 impossible');
  expect(segment).toContain('Who cannot have it, and why');
});

test('at the day’s limit Use it says who waits, until when, and where the limit is', async () => {
  expect((await post('/app/settings/tags', { intent: 'limit', limit: '2' })).status).toBeLessThan(400);
  await inShop((tx) =>
    tx.query(
      sql`INSERT INTO tag_day (shop_id, day, writes, reached) VALUES (${pages.shopId}, '2026-11-22', 2, true)`,
    ),
  );
  const page = await text('/app/use');
  expect(page).toContain('Today’s limit of tags is reached');
  expect(page).toContain('Metafields and Flow go on.');
  expect(page).toMatch(/customers wait until 23 Nov 2026, 00:00/);
  expect(page).toContain('2 of at most 2 tags written today');
});

test('Settings leads to the settings of tags', async () => {
  expect(await html('/app/settings')).toMatch(/href="\/app\/settings\/tags/);
});
