/** A person's words about tags, over HTTP: each is shown where it is asked for, done once, and the second time it is gone. */
import { expect, test } from 'vitest';
import { readRename } from '../../../app/activation/rename/rename-tags.server.ts';
import { noteImpossible } from '../../../app/activation/tags/impossible.server.ts';
import { recordRemovals } from '../../../app/activation/tags/record-removals.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { putSegments } from '../../support/segment-shop.ts';
import { arithmeticPages } from './pages-world.ts';

const TAG = 'regulars-buyers';
const bought = (orders: number) => ({ v: 1, where: { field: 'orders', op: 'gte', value: orders } }) as const;
const pages = arithmeticPages(async ({ inShop, now, shopId, world }) => {
  await inShop((tx) => putSegments(tx, { buyers: { rule: bought(1) }, repeaters: { rule: bought(2) } }));
  await recomputeShop(world.context, shopId, { cause: 'rule', publish: 'never' });
  await inShop((tx) =>
    tx.query(sql`
      INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at, suppressed_at)
      VALUES (${shopId}, 45, ${TAG}, ${TAG}, ${now()}, ${now()})`),
  );
});
const { inShop, now, post, text } = pages;

/** It is done, and cannot be done again. */
async function once(path: string, form: Record<string, string>): Promise<void> {
  expect((await post(path, form)).status, JSON.stringify(form)).toBe(202);
  expect((await post(path, form)).status, `again: ${JSON.stringify(form)}`).toBe(409);
}
const found = (tag: string) =>
  inShop((tx) =>
    tx.query(sql`
      INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, found_at)
      SELECT ${pages.shopId}, id, ${tag}, ${tag}, ${now()} FROM generate_series(11, 13) AS id`),
  );
const renaming = async () => (await inShop(readRename))?.to ?? null;

test('the sum of all segments is of all of them', async () => {
  expect(await text('/app/use')).toContain('Tags of all segments: 280 = 279 pending + 1 removed by hand');
});

test('a customer whose tag was removed by hand: said, and put back', async () => {
  const page = '/app/customers/45';
  expect(await text(page)).toContain('Removed by hand');
  await once(page, { tag: TAG });
  expect(await text(page)).not.toContain('Removed by hand');
});

test('a customer whose tag cannot be written: said with the reason', async () => {
  const full = { customerId: '7', tag: TAG, reason: 'too_many_tags' } as const;
  await inShop((tx) => noteImpossible(tx, [full], { at: now(), way: 'single' }));
  expect(await text('/app/customers/7')).toContain(
    `${TAG} cannot be written. The customer already has 250 tags`,
  );
});

test('who is named, by hand or by a tag, is shown with when', async () => {
  for (const [customer, actor] of [
    ['20', '42'],
    ['21', 'tag'],
  ] as const) {
    // prettier-ignore
    const word = { key: 'repeaters', customerIds: [customer], list: 'always', actor, now: now() } as const;
    expect(await namePerson(pages.world.context, pages.shopId, word)).toMatchObject({ outcome: 'done' });
  }
  const page = await text('/app/segments/repeaters/people');
  expect(page.match(/since 22 Nov 2026, 12:00/g)).toHaveLength(2);
});

test('tags that were found are taken over, or left alone', async () => {
  await found(TAG);
  await found('regulars-other');
  const before = await text('/app/use');
  expect(before).toContain(TAG);
  expect(before).toContain('regulars-other');
  await once('/app/use', { intent: 'adopt', key: TAG });
  await once('/app/use', { intent: 'leave', key: 'regulars-other' });
  expect(await text('/app/use')).not.toContain('regulars-other');
  const { rows } = await inShop((tx) =>
    tx.query<{ id: string }>(sql`
      SELECT customer_id AS id FROM tag_owned
       WHERE shop_id = ${pages.shopId} AND customer_id BETWEEN 11 AND 13 ORDER BY customer_id`),
  );
  expect(rows.map(({ id }) => id)).toEqual(['11', '12', '13']);
});

test('many removals at once that were meant: left off', async () => {
  const removals = Array.from({ length: 30 }, (_, i) => ({ customerId: String(i + 101), key: TAG, tag: TAG, seenAt: now() })); // prettier-ignore
  const alert = await inShop((tx) => recordRemovals(tx, removals, { now: now() }));
  await once('/app/use', { intent: 'left_off', id: alert ?? '' });
  expect(await text('/app/use')).not.toContain('removed at once');
});

test('another tag of one segment: taken back, or ended although something asks for the old one', async () => {
  const settings = '/app/settings/tags';
  const rename = (tag: string) => post(settings, { intent: 'tag', segment: 'buyers', tag });
  expect((await rename('purchasers')).status).toBe(202);
  expect(await renaming()).toBe('purchasers');
  expect((await post('/app/use', { intent: 'take_back_rename' })).status).toBe(202);
  expect(await renaming(), 'the other way round').toBe('buyers');
  const { id = '' } = (await inShop(readRename)) ?? {};
  expect((await post('/app/use', { intent: 'finish_rename', id: '999' })).status).toBe(409);
  expect((await post('/app/use', { intent: 'finish_rename', id })).status).toBe(202);
  const { rowCount } = await inShop((tx) =>
    tx.query(sql`SELECT 1 FROM approval WHERE shop_id = ${pages.shopId} AND act = 'finish_rename'`),
  );
  expect(rowCount, 'kept with who said so').toBe(1);
});

test('a change of tags that ended without some of the old ones: said with how many and why', async () => {
  await inShop((tx) =>
    tx.query(sql`
      UPDATE tag_rename SET state = 'done', tries = 5, message = '3 old tags could not be removed: Shopify said no.'
       WHERE shop_id = ${pages.shopId}`),
  );
  expect(await text('/app/use')).not.toContain('some old tags are left');
  await inShop((tx) =>
    tx.query(sql`
      INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
      SELECT f.shop_id, 60, f.tag_key, f.tag, ${now()} FROM tag_former f
       WHERE f.shop_id = ${pages.shopId} ORDER BY f.rename_id DESC LIMIT 1
      ON CONFLICT (shop_id, customer_id, tag_key) DO UPDATE SET added_at = excluded.added_at`),
  );
  const page = await text('/app/use');
  expect(page).toContain('Changed purchasers to buyers, but some old tags are left');
  expect(page).toContain(
    '3 old tags could not be removed: Shopify said no. They are tried again each night.',
  );
});
