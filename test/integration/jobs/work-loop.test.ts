import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { manualClock } from '../../../app/clock.ts';
import { dueShops, settle, wake, wakeUnlessDue, type DueShop } from '../../../app/db/shop-due.server.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { listenDue } from '../../../app/jobs/listen-due.server.ts';
import {
  startWorkLoop,
  type Turn,
  type TurnTaker,
  type WorkLoop,
} from '../../../app/jobs/work-loop.server.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let loop: WorkLoop | undefined;
const clock = manualClock('2026-11-22T12:00:00Z');
beforeAll(async () => {
  t = await createTestDb();
});
afterEach(async () => {
  await loop?.stop();
  await t.db.pool.query('DELETE FROM shop_due');
});
afterAll(() => t.close());

const due = async () =>
  (await t.db.pool.query<{ shop: string; work: string }>(`SELECT shop_id AS shop, work FROM shop_due`)).rows;
const wakeNow = (shopId: ShopId, at = new Date(0)) =>
  t.db.outsideShops((tx) => wake(tx, shopId, 'inbox', at));
const taker = (take: TurnTaker['take'], by: TurnTaker['by'] = 'machine'): TurnTaker => ({ by, take });
const done: Turn = { more: false, nextAt: null };
function start(take: TurnTaker, options: { concurrency?: number; pollMs?: number; lookAt?: number } = {}) {
  const log = silentLog();
  loop = startWorkLoop({ db: t.db, clock, log }, { inbox: take }, { concurrency: 2, pollMs: 20, ...options });
  return log;
}

test('a shop with much to do does not hold up the others: one turn each', async () => {
  const [busy, a, b] = [await t.createShop(), await t.createShop(), await t.createShop()];
  for (const shop of [busy, a, b]) await wakeNow(shop);
  const turns: string[] = [];
  let left = 20;
  start(
    taker(({ shopId }) => {
      turns.push(shopId);
      return Promise.resolve(shopId === busy && --left > 0 ? { more: true } : done);
    }),
    { concurrency: 1 },
  );
  await expect.poll(due).toEqual([]);
  expect(turns.slice(0, 3).sort()).toEqual([busy, a, b].sort());
  expect(turns.filter((shop) => shop === busy)).toHaveLength(20);
});

test('a wake-up that comes while the turn is under way is not lost', async () => {
  const shop = await t.createShop();
  await wakeNow(shop);
  let turns = 0;
  start(
    taker(async () => {
      if (++turns === 1) await wakeNow(shop);
      return done;
    }),
  );
  await expect.poll(due).toEqual([]);
  expect(turns).toBe(2);
});

test('a turn that fails comes again with back-off, and the others go on', async () => {
  const [bad, good] = [await t.createShop(), await t.createShop()];
  await wakeNow(bad);
  let failures = 0;
  let fine = 0;
  const log = start(
    taker(({ shopId }) => {
      if (shopId === bad && ++failures < 3) return Promise.reject(new Error('no'));
      if (shopId === good) fine++;
      return Promise.resolve(done);
    }),
  );
  for (let n = 1; n <= 5; n++) {
    await wakeNow(good);
    await expect.poll(() => fine).toBeGreaterThanOrEqual(n);
  }
  await expect.poll(due, { timeout: 20_000 }).toEqual([]);
  expect(failures).toBe(3);
  expect(log.lines.filter((line) => line['msg'] === 'a turn failed')).toHaveLength(2);
});

test('more shops that fail or have much to do than are looked at keep nobody waiting', async () => {
  const stuck = [await t.createShop(), await t.createShop()];
  const greedy = [await t.createShop(), await t.createShop()];
  const last = await t.createShop();
  for (const shop of [...stuck, ...greedy]) await wakeNow(shop);
  await wakeNow(last, new Date(1));
  let served = 0;
  start(
    taker(({ shopId }) => {
      if (stuck.includes(shopId)) return Promise.reject(new Error('no'));
      if (greedy.includes(shopId)) return Promise.resolve({ more: true });
      served++;
      return Promise.resolve(done);
    }),
    { lookAt: 2 },
  );
  await expect.poll(() => served).toBe(1);
});

test('a shop without the app gets turns for its inbox only', async () => {
  const [gone, here] = [await t.createShop(), await t.createShop()];
  await t.db.pool.query(`UPDATE shop SET state = 'uninstalled' WHERE id = $1`, [gone]);
  await t.db.outsideShops(async (tx) => {
    for (const shop of [gone, here]) {
      for (const work of ['outbox', 'inbox'] as const) await wake(tx, shop, work, new Date(0));
    }
  });
  const turns: string[] = [];
  const take = taker(({ shopId, work }) => (turns.push(`${work} ${shopId}`), Promise.resolve(done)));
  loop = startWorkLoop(
    { db: t.db, clock, log: silentLog() },
    { outbox: take, inbox: take },
    { concurrency: 2, pollMs: 20 },
  );
  await expect.poll(due).toEqual([{ shop: gone, work: 'outbox' }]);
  expect(turns.sort()).toEqual([`inbox ${gone}`, `inbox ${here}`, `outbox ${here}`].sort());
});

test('a worker that is late does not settle a wish that came after another one settled the first', async () => {
  const shop = await t.createShop();
  await wakeNow(shop);
  const [seen] = await dueShops(t.db, 'inbox', new Date(), 10);
  await settle(t.db, seen as DueShop, null);
  expect(await due()).toEqual([]);
  await wakeNow(shop);
  await settle(t.db, seen as DueShop, null);
  expect(await due()).toHaveLength(1);
  expect(await t.db.outsideShops((tx) => wakeUnlessDue(tx, shop, 'inbox', new Date()))).toBe(false);
  const [now] = await dueShops(t.db, 'inbox', new Date(), 10);
  await wakeNow(shop);
  await settle(t.db, now as DueShop, null);
  expect(await due()).toHaveLength(1);
});

test('business work is due by the business clock', async () => {
  const shop = await t.createShop();
  await wakeNow(shop, new Date('2026-11-23T00:00:00Z'));
  let turns = 0;
  let looks = 0;
  loop = startWorkLoop(
    {
      db: t.db,
      log: silentLog(),
      clock: { ...clock, now: () => (looks++, clock.now()) },
    },
    {
      inbox: taker(() => {
        turns++;
        return Promise.resolve(done);
      }, 'business'),
    },
    { concurrency: 2, pollMs: 20 },
  );
  await expect.poll(() => looks).toBeGreaterThan(3);
  expect(turns).toBe(0);
  clock.set('2026-11-23T00:00:01Z');
  await expect.poll(due).toEqual([]);
  expect(turns).toBe(1);
});

test('stopping waits for the turn that is under way and begins no other', async () => {
  const shop = await t.createShop();
  await wakeNow(shop);
  let release: (() => void) | undefined;
  let turns = 0;
  let ended = false;
  start(
    taker(async () => {
      turns++;
      await new Promise<void>((resolve) => (release = resolve));
      ended = true;
      return { more: true };
    }),
  );
  await expect.poll(() => release).toBeDefined();
  const stopped = loop?.stop();
  release?.();
  await stopped;
  expect({ ended, turns }).toEqual({ ended: true, turns: 1 });
});

test('LISTEN comes back when its connection is cut', async () => {
  let heard = 0;
  const listening = listenDue(t.url, () => heard++, silentLog());
  await expect.poll(() => heard).toBe(1);
  await t.db.pool.query('NOTIFY regulars_due');
  await expect.poll(() => heard).toBe(2);
  await t.db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'regulars-listen'`,
  );
  await expect.poll(() => heard, { timeout: 20_000 }).toBe(3);
  await t.db.pool.query('NOTIFY regulars_due');
  await expect.poll(() => heard).toBe(4);
  await listening.stop();
});
