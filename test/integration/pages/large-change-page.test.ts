/** A change of segments in the background, over HTTP as the admin's frame asks: progress, review, approval, a way out. */
import { expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { goOnWithChange } from '../../../app/pipeline/go-on-with-change.server.ts';
import { readChangeReview } from '../../../app/pipeline/read-change-review.server.ts';
import { startChange } from '../../../app/pipeline/start-change.server.ts';
import { readChangeRun } from '../../../app/segments/change-run.server.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import { putSegments } from '../../support/segment-shop.ts';
import { arithmeticPages } from './pages-world.ts';

const CHANGE: SegmentChange = { act: 'turn_on', keys: ['buyers'] };
const pages = arithmeticPages(async ({ inShop }) => {
  await inShop((tx) =>
    putSegments(tx, {
      buyers: { status: 'draft', rule: { v: 1, where: { field: 'orders', op: 'gte', value: 2 } } },
    }),
  );
});
const { inShop, now, text } = pages;

const post = (form: Record<string, string>) => pages.post('/app/segments/change', form);
const goOn = () => goOnWithChange(pages.world.context, pages.shopId, { chunk: 50 });
const run = () => inShop(readChangeRun);
async function start(change = CHANGE): Promise<string> {
  const started = await inShop(async (tx) => {
    await waitForShop(tx, pages.shopId);
    return startChange(tx, { change, actor: '42', now: now(), ask: true });
  });
  if (started.outcome !== 'started') throw new Error(started.outcome);
  return started.id;
}
const status = async (key: string) =>
  inShop(async (tx) => {
    const { rows } = await tx.query<{ status: string }>(
      sql`SELECT status FROM segment WHERE shop_id = ${pages.shopId} AND key = ${key}`,
    );
    return rows[0]?.status;
  });

const told = async () =>
  (await inShop((tx) => tx.query(sql`SELECT 1 FROM flow_event WHERE shop_id = ${pages.shopId}`))).rowCount;

test('progress is seen where it matters, the review is approved there, or it is cancelled', async () => {
  expect(await text('/app/segments/change')).toContain('No change is under way');
  const first = await start();
  const working = await text('/app/segments/change');
  expect(working).toContain('Working out the change');
  expect(working).toContain('0 %');
  expect(working).toContain('Cancel the change');
  for (const path of ['/app', '/app/segments', '/app/segments/buyers'])
    expect(await text(path), path).toContain('A change of segments is being worked out: 0 %');
  // The review of another change leads here.
  const elsewhere = await pages.world.open(pages.domain, '/app/segments/review?act=turn_on&keys=buyers');
  expect(elsewhere.headers.get('location')).toMatch(/^\/app\/segments\/change\?/);

  await goOn();
  expect(await text('/app')).toContain('A change of segments waits for your approval');
  const ready = await text('/app/segments/change');
  expect(ready).toContain('Nothing is written until you approve');
  expect(ready).toContain('Approve and add 80 tags');
  expect(await status('buyers')).toBe('draft');
  expect((await post({ id: first, intent: 'perhaps' })).status).toBe(400);
  await post({ id: first, intent: 'cancel' });
  expect(await text('/app/segments/change')).toContain('being given up');
  await goOn();
  expect(await text('/app/segments/change')).toContain('The change was cancelled');
  expect(await text('/app')).not.toContain('A change of segments');

  const second = await start();
  await goOn();
  const review = await inShop((tx) => readChangeReview(tx, now()));
  await post({ id: second, intent: 'approve', fingerprint: 'of something else' });
  expect(await run()).toMatchObject({ state: 'ready', message: 'changed' });
  expect(await text('/app/segments/change')).toContain('Your store has changed since you looked');
  await post({ id: first, intent: 'approve', fingerprint: review?.fingerprint ?? '' });
  expect(await run()).toMatchObject({ state: 'ready' });
  await post({ id: second, intent: 'approve', fingerprint: review?.fingerprint ?? '' });
  expect(await run()).toMatchObject({ state: 'approved', actor: expect.stringMatching(/./) as string });
  await goOn();
  expect(await status('buyers')).toBe('live');
  const done = await text('/app/segments/change');
  expect(done).toContain('The change is done');
  expect(done).toContain('80 memberships began, 0 ended');
  const late = await post({ id: second, intent: 'cancel' });
  expect(await late.text()).toContain('too_late');
  expect(await told(), 'nobody said that automations start').toBe(0);
});

test('automations start where the approval says so', async () => {
  await inShop((tx) =>
    putSegments(tx, {
      repeaters: { status: 'draft', rule: { v: 1, where: { field: 'orders', op: 'gte', value: 3 } } },
    }),
  );
  const id = await start({ act: 'turn_on', keys: ['repeaters'] });
  await goOn();
  const { fingerprint = '' } = (await inShop((tx) => readChangeReview(tx, now()))) ?? {};
  await post({ id, intent: 'approve', fingerprint, startAutomations: 'true' });
  await goOn();
  expect(await status('repeaters')).toBe('live');
  expect(await told()).toBe(40);
});

test('counts of yesterday say so, and are counted again when somebody says so', async () => {
  await start({ act: 'turn_off', keys: ['buyers'] });
  await goOn();
  const before = await run();
  if (before?.state !== 'ready') return expect(before?.state).toBe('ready');
  expect(before.countedAt).toEqual(now());
  expect(await text('/app/segments/change')).not.toContain('These counts are of');
  // As in the first minutes of a day.
  await inShop((tx) =>
    tx.query(sql`UPDATE segment_change SET basis = 'of the day before', counted_at = counted_at - interval '1 day'
                  WHERE shop_id = ${pages.shopId}`),
  );
  const page = await text('/app/segments/change');
  expect(page).toContain('These counts are of 21 Nov 2026, 12:00');
  expect(page).toContain('Turn off Cancel the change');
  await post({ intent: 'count_again' });
  expect(await run()).toMatchObject({ state: 'working' });
  await goOn();
  expect(await run()).toMatchObject({ state: 'ready', countedAt: now() });
  const fresh = await text('/app/segments/change');
  expect(fresh).not.toContain('These counts are of');
  await post({ id: (await run())?.id ?? '', intent: 'cancel' });
  await goOn();
});
