/** What a review says beyond tags (offers, segments in Shopify, automations), and that approving does just that. */
import { expect, test } from 'vitest';
import { emptyOfferForm } from '../../../app/activation/offers/offer-form.ts';
import { setSegmentReach } from '../../../app/activation/set-reach.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { LocalDate } from '../../../app/local-date.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { formInit, textOf } from '../../support/page-calls.ts';
import { putSegments } from '../../support/segment-shop.ts';
import { arithmeticPages } from './pages-world.ts';

const bought = (orders: number) => ({ v: 1, where: { field: 'orders', op: 'gte', value: orders } }) as const;
const pages = arithmeticPages(async ({ inShop, shopId, world }) => {
  await inShop((tx) =>
    putSegments(tx, {
      buyers: { rule: bought(1) },
      quietly: { rule: bought(1), status: 'draft' },
      aloud: { rule: bought(1), status: 'draft' },
      ruled: { rule: bought(2) },
    }),
  );
  await recomputeShop(world.context, shopId, { cause: 'rule', publish: 'never' });
  for (const [key, native] of [
    ['buyers', 'tag'],
    ['ruled', 'rule'],
    ['aloud', 'tag'],
  ] as const) {
    // prettier-ignore
    await inShop((tx) => setSegmentReach(tx, key, { native }));
  }
  await inShop((tx) =>
    tx.query(sql`
      INSERT INTO native_segment (shop_id, segment_id, shopify_id, state)
      SELECT shop_id, id, id, 'made' FROM segment WHERE shop_id = ${shopId} AND key IN ('buyers', 'ruled')`),
  );
});
const { html, inShop, now, post, text } = pages;

const fingerprintOf = (page: string) =>
  /name="fingerprint" value="([^"]*)"/.exec(page)?.[1]?.replaceAll('&quot;', '"') ?? '';
const told = async () =>
  (await inShop((tx) => tx.query(sql`SELECT 1 FROM flow_event WHERE shop_id = ${pages.shopId}`))).rowCount;
async function approve(key: string, form: Record<string, string> = {}): Promise<void> {
  const path = `/app/segments/review?act=turn_on&keys=${key}`;
  const fingerprint = fingerprintOf(await html(path));
  const answer = await post('/app/segments/review', { act: 'turn_on', keys: key, fingerprint, ...form });
  expect(answer.status).toBeLessThan(400);
  const { rowCount } = await inShop((tx) =>
    tx.query(sql`SELECT 1 FROM segment WHERE shop_id = ${pages.shopId} AND key = ${key} AND status = 'live'`),
  );
  expect(rowCount, 'it is on').toBe(1);
}
async function makeOffer(): Promise<void> {
  const form = { ...emptyOfferForm('2026-11-22' as LocalDate, 'buyers'), name: 'Thank you', percent: '10', way: 'code', code: 'THX' }; // prettier-ignore
  const address = '/app/offers/edit?segment=buyers';
  const review = await pages.world.call(pages.domain, address, formInit({ ...form, intent: 'review' }));
  const fingerprint = fingerprintOf(await review.text());
  const made = await pages.world.call(pages.domain, address, formInit({ ...form, fingerprint, intent: 'approve' })); // prettier-ignore
  expect(made.status).toBe(302);
}

test('what is turned on is made in Shopify', async () => {
  expect(await text('/app/segments/review?act=turn_on&keys=aloud')).toContain('“Regulars: aloud” is made.');
  expect(await text('/app/segments/review?act=turn_on&keys=quietly')).not.toContain('in Shopify change with it'); // prettier-ignore
});

test('automations start only where the merchant says so', async () => {
  await approve('quietly');
  expect(await told()).toBe(0);
  await approve('aloud', { startAutomations: 'true' });
  expect(await told()).toBe(200);
});

test('the offers of a segment stand on its page', async () => {
  await makeOffer();
  const page = await html('/app/segments/buyers');
  expect(textOf(page)).toContain('Thank you');
  expect(page).toMatch(/href="\/app\/offers\/\d+"/);
});

test('another rule: the most that its offer can cost then, and the segment in Shopify follows', async () => {
  for (const key of ['buyers', 'ruled']) {
    await inShop((tx) => editSegment(tx, { key, rule: bought(3), actor: '42', now: now() }));
  }
  const followed = await text('/app/segments/review?act=change&key=buyers');
  // They spent 16,500.00, each in three equal orders: a tenth of 5,500.00.
  expect(followed).toContain('Thank you, for buyers: 40 people in the segment then. Most this can cost if all of them have it: €550.00.'); // prettier-ignore
  expect(followed).toContain('“Regulars: buyers” follows: those with the tag are in it.');
  const ruled = await text('/app/segments/review?act=change&key=ruled');
  expect(ruled).toContain('“Regulars: ruled” asks for the new rule.');
  expect(ruled).not.toContain('Thank you');
});

test('turned off: its offer ends and who loses it, its segment in Shopify is deleted', async () => {
  const page = await text('/app/segments/review?act=turn_off&keys=buyers');
  expect(page).toContain('Thank you, for buyers: it ends. 200 people who hold it lose its discount.');
  expect(page).toContain('“Regulars: buyers” is deleted. Whatever of your own uses it in Shopify loses it.');
  expect(await text('/app/segments/review?act=turn_off&keys=quietly')).not.toMatch(/it ends|is deleted/);
});

test('an offer whose amounts are in a currency of before: said, and it does not go on until they are given anew', async () => {
  await inShop((tx) =>
    tx.query(sql`UPDATE offer SET currency = 'KWD', state = 'paused' WHERE shop_id = ${pages.shopId}`),
  );
  const [, path = ''] = /href="(\/app\/offers\/\d+)"/.exec(await html('/app/offers')) ?? [];
  const page = await html(path);
  expect(textOf(page)).toContain('Its amounts are in KWD');
  expect(page).not.toContain('step=resume');
  await inShop((tx) => tx.query(sql`UPDATE offer SET currency = 'EUR' WHERE shop_id = ${pages.shopId}`));
  expect(await html(path)).toContain('step=resume');
});
