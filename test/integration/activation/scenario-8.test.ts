/**
 * A merchant's acceptance, the tags: the arithmetic store in the sandbox, everything over HTTP. "Shopify" is what the
 * sandbox says from its own state.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decideAlert, putBackTags, readOpenAlerts } from '../../../app/activation/tags/tag-alerts.server.ts';
import { readTagSums } from '../../../app/activation/tags/read-tag-sums.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { installPresets } from '../../../app/segments/install-presets.server.ts';
import { readPeople } from '../../../app/segments/read-people.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { tagSumWords } from '../../../app/ui/tags/tag-sum-words.ts';
import { arithmeticEmail, writeArithmeticExport } from '../../support/arithmetic-export.ts';
import { createWorkerWorld, WORLD_DOMAIN, type WorkerWorld } from '../../support/worker-world.ts';

const BANDS = ['win-back-30-59', 'win-back-60-89', 'win-back-90-179', 'win-back-180-364', 'win-back-365'];
let world: WorkerWorld;
let shopId: ShopId;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'regulars-scenario-'));
  const file = path.join(folder, 'orders_export.csv');
  writeArithmeticExport(file);
  world = await createWorkerWorld({ seed: { orders: file, asRecorded: true, asOf: '2026-11-22' } });
  shopId = await world.newShop();
  await inShop((tx) => installPresets(tx, now()));
  await inShop((tx) =>
    createSegment(tx, {
      name: 'VIP',
      rule: {
        v: 1,
        where: { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: 100_000 },
        countAfterDays: 30,
      },
      actor: '42',
      now: now(),
    }),
  );
  const keys = [...BANDS, 'vip'];
  const { fingerprint } = await inShop((tx) => reviewTurnOn(tx, { keys, now: now() }));
  expect(await turnOn(world.ctx, shopId, { keys, fingerprint, actor: '42', now: now() })).toMatchObject({
    outcome: 'done',
  });
  await world.push(shopId);
  await settle();
}, 120_000);
afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

const now = () => world.ctx.clock.now();
const inShop = <T>(work: (tx: ShopTx) => Promise<T>) => world.testDb.db.inShop(shopId, work);
/** Webhooks arrive, what they ask for is read, what follows is written, until nothing is left. */
async function settle(): Promise<void> {
  for (;;) {
    const webhooks = await world.caught();
    await world.deliver(shopId, webhooks);
    await world.drainAll(shopId);
    await world.push(shopId);
    if (webhooks.length === 0) return;
  }
}
const inShopify = () =>
  new Map([...world.store.customers()].map((customer) => [customer.email ?? '', customer.tags]));
const tagged = (tag: string) => [...inShopify().values()].filter((tags) => tags.includes(tag)).length;
const bandTags = () => BANDS.reduce((sum, key) => sum + tagged(`regulars-${key}`), 0);
async function setTags(k: number, tags: readonly string[]): Promise<void> {
  const answer = await fetch(`${world.sandbox.url}/control/set-tags`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ shop: WORLD_DOMAIN, customer: arithmeticEmail(k), tags }),
  });
  expect(answer.status, await answer.clone().text()).toBe(200);
}
const tagsOf = (k: number) => inShopify().get(arithmeticEmail(k)) ?? [];
const idOf = (k: number) =>
  [...world.store.customers()].find((one) => one.email === arithmeticEmail(k))?.id ?? '';
const sumOf = async (key: string) => (await inShop((tx) => readTagSums(tx, [key])))[0];
/** A read is proof of an edit only when it is clearly younger than our own write. */
const later = () => new Promise((resolve) => setTimeout(resolve, 3_200));

test('186 win-back tags and 8 VIPs, as Shopify says', async () => {
  expect(BANDS.map((key) => tagged(`regulars-${key}`))).toEqual([15, 15, 45, 93, 18]);
  expect(tagged('regulars-vip')).toBe(8);
  expect(await sumOf('vip')).toMatchObject({ members: 8, tagged: 8, pending: 0 });
});

test('a tag removed by hand is respected and shown in the sum; it can be put back', async () => {
  await later();
  await setTags(20, tagsOf(20).filter((tag) => tag !== 'regulars-vip')); // prettier-ignore
  await settle();
  expect(tagged('regulars-vip')).toBe(7);
  const sum = await sumOf('vip');
  expect(sum && tagSumWords(sum)).toBe('8 = 7 tagged + 1 removed by hand');
  expect(await inShop(readOpenAlerts)).toEqual([]);
});

test('a VIP tag that is added to c001 stays, as "always in"', async () => {
  await setTags(1, [...tagsOf(1), 'regulars-vip']);
  await settle();
  expect(tagsOf(1)).toContain('regulars-vip');
  expect(await inShop((tx) => readPeople(tx, 'vip'))).toMatchObject([
    { customerId: String(idOf(1)).replace(/\D+/g, ''), list: 'always', actor: 'tag' },
  ]);
  const sum = await sumOf('vip');
  expect(sum && tagSumWords(sum)).toBe('9 = 8 tagged + 1 removed by hand');
});

test('an import strips all 186: the alert names them, nothing is added or accepted, "Put back" restores them', async () => {
  await later();
  for (let k = 1; k <= 200; k++) {
    const kept = tagsOf(k).filter((tag) => !tag.startsWith('regulars-win-back'));
    if (kept.length !== tagsOf(k).length) await setTags(k, kept);
  }
  expect(bandTags()).toBe(0);
  await settle();
  expect(bandTags()).toBe(0);
  const [alert, ...others] = await inShop(readOpenAlerts);
  expect(others).toEqual([]);
  expect(alert).toMatchObject({ waiting: 186, removed: 186 });
  const lost = await Promise.all(BANDS.map(sumOf));
  expect(lost.map((sum) => [sum?.members, sum?.tagged, sum?.pendingLost, sum?.suppressed])).toEqual(
    [15, 15, 45, 93, 18].map((n) => [n, 0, n, 0]),
  );
  // VIP as before: the one removal by hand stays a decision.
  expect(await sumOf('vip')).toMatchObject({ members: 9, tagged: 8 });
  const put = await inShop((tx) =>
    decideAlert(tx, { id: alert?.id ?? '', decision: 'put_back', actor: '42', now: now() }),
  );
  expect(put).toBe(alert?.waiting);
  await settle();
  expect(BANDS.map((key) => tagged(`regulars-${key}`))).toEqual([15, 15, 45, 93, 18]);
  expect(await inShop(readOpenAlerts)).toEqual([]);
  expect(
    await inShop((tx) =>
      decideAlert(tx, { id: alert?.id ?? '', decision: 'put_back', actor: '42', now: now() }),
    ),
  ).toBeNull();
});

test('the tag of c020 is put back by a click', async () => {
  const customerId = String(idOf(20)).replace(/\D+/g, '');
  const put = await inShop((tx) =>
    putBackTags(tx, { customerId, keys: ['regulars-vip'], actor: '42', now: now() }),
  );
  await settle();
  expect(put).toBe(1);
  expect(tagsOf(20)).toContain('regulars-vip');
  expect((await sumOf('vip'))?.suppressed).toBe(0);
  const { rows } = await inShop((tx) =>
    tx.query(
      sql`SELECT kind, count(*)::int AS n FROM tag_edit WHERE shop_id = ${shopId} GROUP BY kind ORDER BY kind`,
    ),
  );
  expect(rows).toEqual([
    { kind: 'added', n: 1 },
    { kind: 'put_back', n: 187 },
    { kind: 'removed', n: 187 },
  ]);
});
