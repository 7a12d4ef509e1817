/** "Use it", Activity and the settings of tags over HTTP, as the admin's frame asks. */
import { expect, test } from 'vitest';
import { recordRemovals } from '../../../app/activation/tags/record-removals.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { putSegments } from '../../support/segment-shop.ts';
import { arithmeticPages } from './pages-world.ts';

const pages = arithmeticPages(async ({ inShop, now, shopId, world }) => {
  await inShop((tx) =>
    putSegments(tx, { buyers: { rule: { v: 1, where: { field: 'orders', op: 'gte', value: 1 } } } }),
  );
  await recomputeShop(world.context, shopId, { cause: 'rule', publish: 'never' });
  await inShop((tx) =>
    tx.query(sql`
      INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
      SELECT ${shopId}, id, 'regulars-buyers', 'regulars-buyers', ${now()} FROM generate_series(1, 150) AS id`),
  );
  await inShop((tx) =>
    tx.query(sql`
      INSERT INTO tag_write (shop_id, customer_id, tag, act, outcome, at, way)
      SELECT ${shopId}, id, 'regulars-buyers', 'add', 'confirmed', ${now()}, 'bulk' FROM generate_series(1, 120) AS id`),
  );
});
const { html, inShop, now, post, text } = pages;

test('Use it shows the whole sum, and many removals at once with their way back', async () => {
  expect(await text('/app/use')).toContain('200 = 150 tagged + 50 pending');
  await inShop((tx) =>
    recordRemovals(
      tx,
      Array.from({ length: 30 }, (_, i) => ({
        customerId: String(i + 1),
        key: 'regulars-buyers',
        tag: 'regulars-buyers',
        seenAt: now(),
      })),
      { now: now() },
    ),
  );
  const page = await text('/app/use');
  expect(page).toContain('30 tags were removed at once');
  expect(page).toContain('Put back 30');
  const { rows } = await inShop((tx) =>
    tx.query<{ id: string }>(sql`SELECT id FROM tag_alert WHERE shop_id = ${pages.shopId}`),
  );
  expect((await post('/app/use', { intent: 'perhaps', id: '1' })).status).toBe(400);
  expect((await post('/app/use', { intent: 'put_back', id: rows[0]?.id ?? '' })).status).toBeLessThan(400);
  expect((await post('/app/use', { intent: 'put_back', id: rows[0]?.id ?? '' })).status).toBe(409);
  expect(await text('/app/use')).not.toContain('removed at once');
});

test('Activity lists writes and edits by pages, with filters', async () => {
  const page = await text('/app/activity?segment=buyers&outcome=confirmed');
  expect(page).toContain('Added (in bulk)');
  expect(page).toContain('Older');
  expect(await text('/app/activity?outcome=decided')).toContain('Put back by your word');
  expect(await text('/app/activity?outcome=by_others')).toContain('Removed by hand or another app');
  expect(await text('/app/activity?outcome=failed')).toContain('Nothing here');
  expect((await post('/app/activity', { intent: 'replay', id: '999' })).status).toBe(409);
  // 120 writes: three pages, each write once.
  const seen = new Set<string>();
  let path = '/app/activity?segment=buyers&outcome=confirmed';
  for (let pages = 0; pages < 5; pages++) {
    const page = await html(path);
    for (const [, id = ''] of page.matchAll(/href="\/app\/customers\/(\d+)/g)) seen.add(id);
    const next = /href="(\/app\/activity\?[^"]*after=[^"]*)"/.exec(page)?.[1];
    if (!next) break;
    path = next.replaceAll('&amp;', '&');
  }
  expect(seen.size).toBe(120);
});

test('wrong input of the tag settings gets a sentence; a limit and a prefix are stored', async () => {
  for (const [form, words] of [
    [{ intent: 'prefix', prefix: 'a,b-' }, 'must not hold a comma'],
    [{ intent: 'prefix', prefix: 'VIP' }, 'Use small letters and digits'],
    [{ intent: 'limit', limit: '-3' }, 'Enter a whole number'],
    [{ intent: 'tag', segment: 'buyers', tag: 'cheap' }, 'neutral word'],
  ] as const) {
    const answer = await post('/app/settings/tags', form);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(words);
  }
  expect((await post('/app/settings/tags', { intent: 'limit', limit: '5,000' })).status).toBeLessThan(400);
  expect((await post('/app/settings/tags', { intent: 'prefix', prefix: 'shop-' })).status).toBeLessThan(400);
  const page = await text('/app/use');
  expect(page).toContain('Changing regulars- to shop-');
  expect(page).toContain('of at most 5,000 tags written today');
  const second = await post('/app/settings/tags', { intent: 'prefix', prefix: 'other-' });
  expect(await second.text()).toContain('Another change of tags is under way');
});
