/**
 * A merchant's acceptance, the end: erasing a customer, leaving with everything switched on, coming back. Over HTTP,
 * with the worker as a process of its own that is killed twice on the way. "Shopify" is what the sandbox says from its
 * own state.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyOfferForm, type OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { LEAVING_KINDS, LEAVING_WORDS, NOTHING_TO_LEAVE } from '../../../app/activation/leaving/leaving.ts';
import { readLeaving } from '../../../app/activation/leaving/read-leaving.server.ts';
import type { LocalDate } from '../../../app/local-date.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import type { Managed } from '../../../scripts/processes.ts';
import { createWorkerStage, STAGE_DOMAIN, type WorkerStage } from '../../faults/worker-stage.ts';
import { arithmeticEmail, writeArithmeticExport } from '../../support/arithmetic-export.ts';
import { formInit, textOf, turnOnByCall } from '../../support/page-calls.ts';

const BANDS = ['win-back-30-59', 'win-back-60-89', 'win-back-90-179', 'win-back-180-364', 'win-back-365'];
let folder: string;
let stage: WorkerStage;
let worker: Managed;
let erased: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'regulars-scenario-9-'));
  const file = path.join(folder, 'orders_export.csv');
  writeArithmeticExport(file);
  stage = await createWorkerStage({ seed: { orders: file, asRecorded: true, asOf: '2026-11-22' }, plan: 'plus', pages: true }); // prettier-ignore
  await control('create-segment', { name: 'Mine', query: "customer_tags CONTAINS 'wholesale'" });
  await control('create-discount', { title: 'Autumn', percent: 5 });
  for (const k of [1, 20, 45]) await control('set-tags', { customer: email(k), tags: ['wholesale'] });
  erased = customer(100)?.id ?? '';
  worker = await stage.startWorker();
  await imported();
}, 240_000);
afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

const email = arithmeticEmail;
const customer = (k: number) => [...stage.store.customers()].find((one) => one.email === email(k));
const tagsOf = (k: number) => customer(k)?.tags ?? [];
const ours = () =>
  [...stage.store.customers()].flatMap(({ tags }) => tags.filter((tag) => tag.startsWith('regulars-')));
const ourMetafields = () =>
  [...stage.store.metafields.all()].filter(
    ({ ownerType, namespace }) => ownerType === 'CUSTOMER' && namespace.startsWith('app--'),
  );
const definitions = () => [...stage.store.metafieldDefinitions.all()];
const segmentNames = () => [...stage.store.segments.all()].map(({ name }) => name).sort();
const discountTitles = () => [...stage.store.discounts.all()].map(({ title }) => title).sort();
const page = async (address: string) => textOf(await (await stage.open(STAGE_DOMAIN, address)).text());
const post = (address: string, form: Record<string, string>) =>
  stage.call(STAGE_DOMAIN, `${address}.data`, formInit(form));
const left = () => stage.testDb.db.inShop(stage.shopId, readLeaving);
async function control(route: string, body: Record<string, unknown>): Promise<unknown> {
  const answer = await fetch(`${stage.sandbox.url}/control/${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ shop: STAGE_DOMAIN, ...body }),
  });
  if (answer.status !== 200) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
const one = async (text: string) => Number(Object.values((await stage.ask(text))[0] ?? {})[0]);
const imported = () =>
  stage.until('the import', async () => (await one('SELECT count(*) FROM shop_settings WHERE first_imported_at IS NOT NULL')) === 1, 90_000); // prettier-ignore
/** Everything is written: tags, segments, discounts, metafields. */
const settled = () =>
  stage.until(
    'all is written',
    async () =>
      (await one('SELECT count(*) FROM tag_outbox')) === 0 &&
      (await one('SELECT count(*) FROM metafield_outbox')) === 0 &&
      (await one(`SELECT count(*) FROM offer_discount WHERE discount_id IS NULL`)) === 0 &&
      (await one(`SELECT count(*) FROM native_segment WHERE state <> 'made'`)) === 0 &&
      (await stage.isQuiet()),
    90_000,
  );
const turnOn = (keys: readonly string[]) => turnOnByCall(stage, STAGE_DOMAIN, keys);
async function offer(segment: string, form: Partial<OfferForm>): Promise<void> {
  const address = `/app/offers/edit?segment=${segment}`;
  const given = { ...emptyOfferForm('2026-11-22' as LocalDate, segment), ...form };
  const html = await (await stage.call(STAGE_DOMAIN, address, formInit(given))).text();
  const fingerprint = /name="fingerprint" value="([^"]*)"/.exec(html)?.[1] ?? '';
  const approved = { ...given, fingerprint: fingerprint.replaceAll('&quot;', '"'), intent: 'approve' };
  const answer = await stage.call(STAGE_DOMAIN, address, formInit(approved));
  expect(answer.status, textOf(html)).toBe(302);
}
/** Mutations that the store was asked for since the last call. */
let seen = 0;
async function mutations(): Promise<string[]> {
  const answer = await fetch(`${stage.sandbox.url}/control/api-calls?shop=${STAGE_DOMAIN}&limit=100000`);
  const { calls } = (await answer.json()) as { calls: { fields: string[] }[] };
  const fresh = calls.slice(seen).flatMap(({ fields }) => fields);
  seen = calls.length;
  return fresh.filter((field) =>
    /^(tags|segment(Create|Update|Delete)|discount\w+(Create|Update|Delete|Activate|Deactivate)|metafieldsSet|metafieldsDelete|metafieldDefinition(Create|Update|Delete)|flowTriggerReceive|bulkOperationRunMutation)/.test(
      field,
    ),
  );
}

test('everything is switched on: tags, segments in Shopify, offers each way, metafields, Flow', async () => {
  const rule = { v: 1, where: { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: 100_000 } };
  await stage.testDb.db.inShop(stage.shopId, (tx) =>
    createSegment(tx, { name: 'VIP', rule, actor: '42', now: new Date() }),
  );
  expect(await turnOn([...BANDS, 'vip'])).toMatchObject({ outcome: 'done' });
  expect((await post('/app/segments/vip/reach', { intent: 'set_native', native: 'tag' })).status).toBe(202);
  await post('/app/segments/win-back-365/reach', { intent: 'set_native', native: 'tag' });
  await offer('vip', { name: 'VIP thanks', percent: '10', way: 'code', code: 'THANKS' });
  await offer('win-back-60-89', { name: 'Come back', percent: '15', way: 'native' });
  await offer('win-back-30-59', { name: 'Second order', kind: 'amount', amount: '5', way: 'function' });
  await post('/app/use/reach', { intent: 'switch_metafields', on: 'true' });
  await stage.until('three discounts', () => Promise.resolve(discountTitles().length === 4), 90_000);
  await settled();
  expect(BANDS.map((key) => ours().filter((tag) => tag === `regulars-${key}`).length)).toEqual([15, 15, 45, 93, 18]); // prettier-ignore
  expect(ours().filter((tag) => tag === 'regulars-vip')).toHaveLength(8);
  expect(segmentNames()).toEqual(['Mine', 'Regulars offer: Come back', 'Regulars offer: VIP thanks', 'Regulars: Win-back 365+ days', 'Regulars: VIP'].sort()); // prettier-ignore
  expect(discountTitles()).toEqual(['Autumn', 'Come back (Regulars)', 'Segment offers (Regulars)', 'VIP thanks (Regulars)']); // prettier-ignore
  expect(new Set(ourMetafields().map(({ ownerId }) => ownerId)).size).toBe(200);
  expect(definitions()).toHaveLength(7);
  const asked = new Set(await mutations());
  for (const field of ['tagsAdd', 'segmentCreate', 'discountCodeBasicCreate', 'metafieldsSet']) {
    expect(asked, 'what is looked for at the end is seen here').toContain(field);
  }
}, 180_000);

test('I erase c100: 199 customers, 317 orders with a customer, 25,300.00; no row, file, export or log holds its id', async () => {
  const home = await page('/app');
  for (const words of ['Customers 200', 'Orders 320', '€26,500.00', '€82.81']) expect(home).toContain(words);
  await control('request-redaction', { customer: email(100) });
  await stage.until('the erasure', async () => (await one(`SELECT count(*) FROM privacy_request WHERE kind = 'customer_redact'`)) === 1); // prettier-ignore
  await settled();
  await expectErased();
}, 120_000);

test('late webhooks and the night do not bring it back', async () => {
  // Shopify still has the customer in our sandbox: an order, an edit, a tag.
  await control('place-order', { customer: email(100), amount: '75.00' });
  await control('consent', { customer: email(100), channel: 'email', state: 'SUBSCRIBED' });
  await settled();
  await stage.jobs.send('reconcile', { shopId: stage.shopId });
  await stage.until('the night', async () => (await one(`SELECT count(*) FROM pgboss.job WHERE name = 'reconcile' AND state = 'completed'`)) >= 1); // prettier-ignore
  await settled();
  await expectErased();
  // Shopify erases it too; the sandbox leaves that to us.
  await control('set-tags', { customer: email(100), tags: [] });
  await settled();
}, 120_000);

async function expectErased(): Promise<void> {
  const home = await page('/app');
  for (const words of ['Customers 199', '€25,300.00']) expect(home).toContain(words);
  expect(await one('SELECT count(*) FROM customer WHERE deleted_at IS NULL')).toBe(199);
  expect(await one('SELECT count(*) FROM orders WHERE customer_id IS NOT NULL')).toBe(317);
  expect(await one('SELECT sum(spent_minor) FROM profile')).toBe(2_530_000);
  const tables = await stage.ask(
    `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
      WHERE table_schema IN ('public', 'pgboss') AND table_type = 'BASE TABLE'`,
  );
  expect(tables.length).toBeGreaterThan(60);
  for (const { schema, name } of tables) {
    // The store numbers lines of orders by themselves: one of them has the same number.
    const row = name === 'order_line' ? `(to_jsonb(t) - 'id')::text` : 't::text';
    const found = await stage.ask(
      `SELECT ${row} AS row FROM "${String(schema)}"."${String(name)}" t WHERE ${row} ~ '(^|[^0-9])${erased}([^0-9]|$)' LIMIT 1`,
    );
    expect(found, String(name)).toEqual([]);
  }
  const pages = ['/app', '/app/activity', '/app/customers', '/app/segments', '/app/transfer/file', '/app/use/reach', '/app/offers']; // prettier-ignore
  for (const address of pages) {
    expect(await (await stage.open(STAGE_DOMAIN, address)).text(), address).not.toContain(erased);
  }
  expect((await stage.open(STAGE_DOMAIN, `/app/customers/${erased}`)).status).toBe(404);
  expect(stage.everythingLogged()).not.toContain(erased);
  for (const file of readdirSync(stage.logFolder)) {
    expect(readFileSync(path.join(stage.logFolder, file), 'utf8'), file).not.toContain(erased);
  }
}

test('I leave; the worker is killed while tags and while segments go; the receipt is what Activity says', async () => {
  const before = await page('/app/leaving');
  const { ours: there } = await left();
  expect(there).toEqual({
    tags: ours().length,
    discounts: 3,
    discountSegments: 2,
    nativeSegments: 2,
    metafields: 199,
    definitions: 7,
  });
  for (const words of [
    `${there.tags} tags on customers`,
    '3 discounts',
    '2 segments for discounts',
    '2 Shopify segments',
    '199 customers with metafields',
    '7 metafield definitions',
  ]) {
    expect(before).toContain(words);
  }
  expect((await post('/app/leaving', { sure: '' })).status).toBe(400);
  await stage.killWhereItWaits(worker, 'LOCK TABLE tag_write IN SHARE MODE', () => post('/app/leaving', { sure: 'yes' })); // prettier-ignore
  expect(await page('/app/leaving')).toContain('Being removed:');
  expect(await turnOn(['vip']), 'nothing is turned on meanwhile').toEqual({ outcome: 'not_ready', reason: 'leaving' }); // prettier-ignore
  expect((await post('/app/use/reach', { intent: 'switch_metafields', on: 'true' })).status).toBe(409);
  worker = await stage.startWorker();
  await stage.killWhereItWaits(worker, 'LOCK TABLE reach_write IN SHARE MODE');
  expect((await left()).run?.state).toBe('running');
  worker = await stage.startWorker();
  await stage.until('leaving', async () => (await left()).run?.state === 'done', 120_000);

  const { run, ours: still } = await left();
  expect(run?.receipt).toEqual({ removed: there, failed: [] });
  expect(still).toEqual(NOTHING_TO_LEAVE);
  expect(ours()).toEqual([]);
  expect(segmentNames()).toEqual(['Mine']);
  expect(discountTitles()).toEqual(['Autumn']);
  expect(ourMetafields()).toEqual([]);
  expect(definitions()).toEqual([]);
  expect([1, 20, 45].map(tagsOf)).toEqual([['wholesale'], ['wholesale'], ['wholesale']]);
  const receipt = await page('/app/leaving');
  expect(receipt).toContain('Nothing of ours is in your store');
  for (const kind of LEAVING_KINDS) {
    const { many } = LEAVING_WORDS[kind];
    expect(receipt).toContain(`${many.charAt(0).toUpperCase()}${many.slice(1)} ${there[kind]} removed`);
  }
  // Activity: the same, line by line.
  const activity = await page('/app/activity?outcome=confirmed');
  expect(activity.split('Discount removed').length - 1).toBe(3);
  expect(activity.split('Segment for a discount removed').length - 1).toBe(2);
  expect(activity.split('Segment in Shopify removed').length - 1).toBe(2);
  expect(activity.split('Metafield definition removed').length - 1).toBe(7);
  expect(activity).toContain('Metafields removed of 199 customers');
  expect(await one(`SELECT count(*) FROM tag_write WHERE act = 'remove' AND outcome = 'confirmed'`)).toBe(there.tags); // prettier-ignore
}, 240_000);

test('a reinstall writes nothing until I turn something on', async () => {
  await settled();
  await mutations();
  await control('uninstall-app', {});
  await stage.until('the removal', async () => (await one(`SELECT count(*) FROM shop WHERE state = 'uninstalled'`)) === 1); // prettier-ignore
  await stage.open(STAGE_DOMAIN, '/app');
  await imported();
  await settled();
  expect(await page('/app')).toContain('Nothing is written to your store yet');
  expect(await page('/app/leftovers')).toContain('Nothing of an earlier installation is in your store');
  expect(await mutations()).toEqual([]);
  expect(ours()).toEqual([]);
  expect(await turnOn(['vip'])).toMatchObject({ outcome: 'done' });
  await settled();
  expect(ours().filter((tag) => tag === 'regulars-vip')).toHaveLength(7);
  expect(ours()).toHaveLength(7);
}, 180_000);
