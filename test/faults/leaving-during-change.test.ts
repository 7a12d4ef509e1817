/**
 * The store is left in the middle of a change of segments, by a store of thousands: over HTTP, with the worker as a
 * process of its own. The change ends where it is; everything of ours goes, those whom it
 * has just moved included, and nothing else.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NOTHING_TO_LEAVE } from '../../app/activation/leaving/leaving.ts';
import { readLeaving } from '../../app/activation/leaving/read-leaving.server.ts';
import { waitForShop } from '../../app/db/shop-due.server.ts';
import { startChange } from '../../app/pipeline/start-change.server.ts';
import { readChangeRun } from '../../app/segments/change-run.server.ts';
import { formInit, textOf, turnOnByCall } from '../support/page-calls.ts';
import { createWorkerStage, STAGE_DOMAIN, type WorkerStage } from './worker-stage.ts';

const CUSTOMERS = 2_000;
const BANDS = ['win-back-30-59', 'win-back-60-89', 'win-back-90-179', 'win-back-180-364', 'win-back-365'];
const CHANGE = { act: 'turn_on' as const, keys: ['never-bought', 'best-customers', 'new'] };
let stage: WorkerStage;
let foreign: string[][];
beforeAll(async () => {
  stage = await createWorkerStage({ seed: { customers: CUSTOMERS, seed: 11 }, plan: 'plus', pages: true });
  foreign = foreignTags();
  await stage.startWorker();
  await stage.until('the import', async () => (await one('SELECT count(*) FROM shop_settings WHERE first_imported_at IS NOT NULL')) === 1, 180_000); // prettier-ignore
}, 240_000);
afterAll(() => stage?.close());

const one = async (text: string) => Number(Object.values((await stage.ask(text))[0] ?? {})[0]);
const foreignTags = () =>
  [...stage.store.customers()].map(({ tags }) => tags.filter((tag) => !tag.startsWith('regulars-')));
const ours = () =>
  [...stage.store.customers()].flatMap(({ tags }) => tags.filter((tag) => tag.startsWith('regulars-')));
const post = (address: string, form: Record<string, string>) =>
  stage.call(STAGE_DOMAIN, `${address}.data`, formInit(form));
const inShop = <T>(work: Parameters<typeof stage.testDb.db.inShop<T>>[1]) =>
  stage.testDb.db.inShop(stage.shopId, work);
const settled = () =>
  stage.until(
    'all is written',
    async () =>
      (await one('SELECT count(*) FROM metafield_outbox')) === 0 &&
      (await one(`SELECT count(*) FROM native_segment WHERE state <> 'made'`)) === 0 &&
      (await stage.isQuiet()),
    180_000,
  );
const turnOn = (keys: readonly string[]) => turnOnByCall(stage, STAGE_DOMAIN, keys);
/** Somebody of this process's name waits for a lock that this test holds, or for one who does. */
const waits = (name: string) => async () => {
  await stage.ask('SELECT pg_stat_clear_snapshot()');
  const found = await stage.ask(
    `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = $1 AND wait_event_type = 'Lock'`,
    [name],
  );
  return found.length > 0;
};

test('thousands have tags, a segment in Shopify and metafields', async () => {
  expect(await turnOn(BANDS)).toMatchObject({ outcome: 'done' });
  await post('/app/segments/win-back-365/reach', { intent: 'set_native', native: 'tag' });
  await post('/app/use/reach', { intent: 'switch_metafields', on: 'true' });
  await settled();
  expect(ours().length).toBeGreaterThan(CUSTOMERS / 3);
  expect([...stage.store.segments.all()].filter(({ name }) => name.startsWith('Regulars: '))).toHaveLength(1);
  expect([...stage.store.metafieldDefinitions.all()]).toHaveLength(7);
}, 300_000);

test('left while a change is being applied: it ends, and nothing of ours stays', async () => {
  await stage.ask('BEGIN');
  await stage.ask('LOCK TABLE mass_member IN SHARE MODE');
  await inShop(async (tx) => {
    await waitForShop(tx, stage.shopId);
    const now = stage.sandbox.clock.now();
    const started = await startChange(tx, { change: CHANGE, actor: '42', now, ask: false });
    expect(started).toMatchObject({ outcome: 'started' });
  });
  await stage.until('the change waits for approval, or is applied', async () => {
    const run = await inShop(readChangeRun);
    return run?.state === 'ready' || run?.state === 'applying';
  }, 60_000); // prettier-ignore
  const ready = await inShop(readChangeRun);
  if (ready?.state === 'ready') {
    const page = await (await stage.open(STAGE_DOMAIN, '/app/segments/change')).text();
    const fingerprint = /name="fingerprint" value="([^"]*)"/.exec(page)?.[1]?.replaceAll('&quot;', '"') ?? '';
    const approved = await post('/app/segments/change', { id: ready.id, intent: 'approve', fingerprint });
    expect(approved.status).toBeLessThan(400);
  }
  await stage.until('the worker brings people over', waits('regulars-worker'), 60_000);
  expect(await inShop(readChangeRun)).toMatchObject({ state: 'applying', done: 0 });
  const leaving = post('/app/leaving', { sure: 'yes' });
  await stage.until('the merchant’s word waits for its turn', waits('regulars-web'), 60_000);
  await stage.ask('ROLLBACK');
  expect((await leaving).status).toBeLessThan(400);
  await stage.until('leaving', async () => (await inShop(readLeaving)).run?.state === 'done', 240_000);

  expect(await inShop(readChangeRun)).toMatchObject({ state: 'failed', message: 'The store is being left.' });
  expect((await inShop(readChangeRun))?.done, 'some had been brought over').toBeGreaterThan(0);
  expect(ours()).toEqual([]);
  expect(foreignTags()).toEqual(foreign);
  expect([...stage.store.segments.all()].filter(({ name }) => name.startsWith('Regulars: '))).toEqual([]);
  expect([...stage.store.metafieldDefinitions.all()]).toEqual([]);
  expect([...stage.store.metafields.all()].filter(({ namespace }) => namespace.startsWith('app--'))).toEqual(
    [],
  );
  for (const table of ['membership', 'segment_move', 'tag_outbox', 'tag_owned', 'metafield_outbox']) {
    expect(await one(`SELECT count(*) FROM ${table}`), table).toBe(0);
  }
  const { run, ours: still } = await inShop(readLeaving);
  expect(still).toEqual(NOTHING_TO_LEAVE);
  expect(run?.receipt?.failed).toEqual([]);
  // Everything that was ever added has been removed, and the receipt is what Activity says.
  expect(await one(`
    SELECT count(*) FROM (SELECT 1 FROM tag_write WHERE outcome = 'confirmed' GROUP BY customer_id, tag
      HAVING count(*) FILTER (WHERE act = 'add') <> count(*) FILTER (WHERE act = 'remove')) AS open_ones`)).toBe(0); // prettier-ignore
  expect(run?.receipt?.removed.tags).toBe(
    await one(`SELECT count(*) FROM tag_write, leaving WHERE act = 'remove' AND outcome = 'confirmed' AND tag_write.id > after_tag_write`),
  ); // prettier-ignore
  const receipt = textOf(await (await stage.open(STAGE_DOMAIN, '/app/leaving')).text());
  expect(receipt).toContain('Nothing of ours is in your store');
}, 420_000);
