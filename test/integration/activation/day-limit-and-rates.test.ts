/**
 * The limit of writes a day, by the shop's clock, and the threshold between the two ways as it is learned from what both
 * were measured at.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BULK_SLOTS, bulkThreshold } from '../../../app/activation/tags/choose-way.ts';
import { readDayLimit, storeDayLimit } from '../../../app/activation/tags/day-limit.server.ts';
import type { PushContext } from '../../../app/activation/tags/push-context.server.ts';
import { pushTags } from '../../../app/activation/tags/push-tags.server.ts';
import { noteRate, readWriteRates } from '../../../app/activation/tags/write-rates.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { range, startTagWorld, type TagWorld } from '../../support/tag-world.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let one: TagWorld;
/** The shop's clock; the machine's goes by itself, plus what it is put forward. */
let business: Date;
let ahead: number;
let ctx: PushContext;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
beforeEach(async () => {
  one = await startTagWorld(t, { timeZone: 'Europe/Berlin' });
  business = new Date('2026-11-22T11:00:00Z');
  ahead = 0;
  ctx = {
    ...one.ctx,
    clock: { ...one.ctx.clock, now: () => business, machineNow: () => new Date(Date.now() + ahead) },
  };
  return () => one.shop.close();
});
const tagged = () => [...one.shop.tags.values()].filter((tags) => tags.includes('regulars-a')).length;

describe('no more than so many writes a day', () => {
  const limit = (writes: number | null) => t.db.inShop(one.shopId, (tx) => storeDayLimit(tx, writes));

  test('what is over waits for the shop’s midnight, and goes on then', async () => {
    await one.customers(range(1, 70));
    await limit(30);
    const a = await one.segment('a', range(1, 70));
    const { nextAt } = await pushTags(ctx, one.shopId);
    expect(tagged()).toBe(30);
    expect(await one.outbox()).toHaveLength(40);
    // Looked at again each minute, because the shop's clock may be moved; not each second, and not only tomorrow.
    const wait = (nextAt?.getTime() ?? 0) - Date.now();
    expect(wait).toBeGreaterThan(30_000);
    expect(wait).toBeLessThan(90_000);
    const day = await t.db.inShop(one.shopId, (tx) => readDayLimit(tx, business));
    expect(day).toMatchObject({ limit: 30, written: 30, until: new Date('2026-11-22T23:00:00Z') });

    business = new Date('2026-11-22T22:59:59Z');
    await pushTags(ctx, one.shopId);
    expect(tagged(), 'a second before midnight in Berlin').toBe(30);
    business = new Date('2026-11-22T23:00:00Z');
    await pushTags(ctx, one.shopId);
    expect(tagged()).toBe(60);
    // Removals count too; a higher limit holds at once.
    await one.leave(a, range(1, 5));
    await limit(33);
    await pushTags(ctx, one.shopId);
    const written = await t.db.inShop(one.shopId, (tx) => readDayLimit(tx, business));
    expect(written.written).toBe(33);
    await limit(null);
    await pushTags(ctx, one.shopId);
    expect(tagged()).toBe(65);
    expect(await one.outbox()).toEqual([]);
  });

  test('reached is where somebody waits, also before the last write; another limit has to be reached anew', async () => {
    await one.customers(range(1, 3));
    await one.segment('a', range(1, 3));
    await one.segment('b', range(1, 3));
    const day = () => t.db.inShop(one.shopId, (tx) => readDayLimit(tx, business));
    await limit(3);
    expect(await day()).toMatchObject({ reached: false });
    await pushTags(ctx, one.shopId);
    expect(await day(), 'two tags a customer').toMatchObject({ written: 2, reached: true });
    await limit(4);
    expect(await day()).toMatchObject({ reached: false });
    await pushTags(ctx, one.shopId);
    expect(await day()).toMatchObject({ written: 4, reached: true });
    business = new Date('2026-11-22T23:00:00Z');
    await pushTags(ctx, one.shopId);
    expect(await day()).toMatchObject({ written: 2, reached: false });
    expect(await one.outbox()).toEqual([]);
  });

  test('who has more tags than the limit goes as the first of a day, or nobody behind them is ever written', async () => {
    await one.customers(range(1, 3));
    await limit(1);
    await one.segment('a', range(1, 3));
    await one.segment('b', range(1, 3));
    const perDay: number[] = [];
    for (const day of ['22', '23']) {
      business = new Date(`2026-11-${day}T11:00:00Z`);
      const { nextAt } = await pushTags(ctx, one.shopId);
      perDay.push(tagged());
      expect(nextAt, 'somebody waits').not.toBeNull();
      await pushTags(ctx, one.shopId);
      expect(tagged(), 'not the next on the same day').toBe(perDay.at(-1));
    }
    expect(perDay).toEqual([1, 2]);
    expect(
      [...one.shop.tags.values()].filter((tags) => tags.length === 1),
      'together',
    ).toEqual([]);
    await limit(null);
    await pushTags(ctx, one.shopId);
    expect(tagged()).toBe(3);
    expect(await one.outbox()).toEqual([]);
  });

  test('a bulk file counts from its start, so that the single way does not write beyond it meanwhile', async () => {
    await one.customers(range(1, 1_000));
    await limit(600);
    await one.segment('a', range(1, 1_000));
    let most = 0;
    let looks = 0;
    one.shop.faults.ended = async () => {
      const { underWay } = await t.db.inShop(one.shopId, (tx) => readDayLimit(tx, business));
      most = Math.max(most, underWay);
      return ++looks > 8;
    };
    await pushTags(ctx, one.shopId);
    expect(one.shop.operations.length).toBeGreaterThan(0);
    expect(most).toBe(600);
    expect(tagged()).toBe(600);
    business = new Date('2026-11-22T23:00:00Z');
    one.shop.faults = {};
    await pushTags(ctx, one.shopId);
    expect(tagged()).toBe(1_000);
  });
});

describe('the learned threshold', () => {
  const rates = () => t.db.inShop(one.shopId, readWriteRates);
  /** Files end in turns of their own: until nothing waits any more. */
  const pushAll = async () => {
    for (let turn = 0; turn < 50; turn++) {
      const { nextAt } = await pushTags(ctx, one.shopId);
      if ((await one.outbox()).length === 0) return;
      ahead += Math.max(0, (nextAt?.getTime() ?? 0) - Date.now() - ahead);
    }
    throw new Error('tags wait for ever');
  };

  test('a slow single way is measured by its run', async () => {
    await one.customers(range(1, 2_000));
    Object.assign(one.shop.budget, { restoreRate: 1_000, currentlyAvailable: 0 });
    expect(bulkThreshold(one.shop.budget, await rates()), 'nothing is known yet').toBe(1_601);
    // A request of a hundred takes ten seconds: ten a second, whatever the bucket would allow.
    one.shop.faults.before = () => void (ahead += 10_000);
    await one.segment('a', range(1, 900));
    await pushTags(ctx, one.shopId);
    expect(one.shop.operations).toEqual([]);
    const single = (await rates()).mutationsPerSecond ?? 0;
    expect(single).toBeGreaterThan(8);
    expect(single).toBeLessThan(12);
  });

  test('it makes files worth it earlier, slow files later', async () => {
    await one.customers(range(1, 2_000));
    Object.assign(one.shop.budget, { restoreRate: 1_000, currentlyAvailable: 0 });
    const note = (way: 'single' | 'bulk', perSecond: number, overheadSeconds: number) =>
      t.db.inShop(one.shopId, (tx) => noteRate(tx, { way, perSecond, overheadSeconds, at: new Date() }));
    await note('single', 10, 0);
    const a = await one.segment('a', range(1, 900));
    await pushAll();
    expect(one.shop.operations.length).toBeGreaterThan(0);
    expect(tagged()).toBe(900);
    const first = await rates();
    expect(first.linesPerSecond).toBeGreaterThan(100);
    const before = bulkThreshold(one.shop.budget, first);

    // Files that took five minutes to be noticed cost more than they save for few.
    await note('bulk', first.linesPerSecond ?? 0, 300);
    const second = await rates();
    expect(bulkThreshold(one.shop.budget, second)).toBeGreaterThan(before + 300);
    const files = one.shop.operations.length;
    await one.leave(a, range(1, before + 50));
    await pushAll();
    expect(one.shop.operations, 'one by one again').toHaveLength(files);
    expect(tagged()).toBe(900 - before - 50);
  });

  test('slow files are of a minute: 10 lines a second make 600 for each of the four slots, all others stay free', async () => {
    await one.customers(range(1, 5_000));
    await t.db.inShop(one.shopId, (tx) =>
      noteRate(tx, { way: 'bulk', perSecond: 10, overheadSeconds: 0, at: new Date() }),
    );
    await one.segment('a', range(1, 5_000));
    let first: { lines: number }[] | undefined;
    one.shop.faults.started = async () => {
      first ??= await one.rows(sql`SELECT lines FROM tag_bulk WHERE shop_id = ${one.shopId}`);
    };
    await pushAll();
    expect(first).toEqual(Array(BULK_SLOTS).fill({ lines: 600 }));
    expect(Math.max(...one.shop.operations.map(({ lines }) => lines.length))).toBe(600);
    expect(tagged()).toBe(5_000);
  });
});
