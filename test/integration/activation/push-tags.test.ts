import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { pushTags } from '../../../app/activation/push-tags.server.ts';
import { queueCustomers } from '../../../app/activation/queue-changed.server.ts';
import type { PushContext } from '../../../app/activation/push-context.server.ts';
import { claimBatch } from '../../../app/activation/claim-batch.server.ts';
import { systemClock } from '../../../app/clock.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { createLog } from '../../../app/log.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { startTagShop, type TagShop } from '../../support/tag-shop.ts';

let t: TestDb;
let shop: TagShop;
let shopId: ShopId;
let ctx: PushContext;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
beforeEach(async () => {
  shopId = await t.createShop();
  shop = await startTagShop();
  ctx = {
    db: t.db,
    admin: shop.admin,
    clock: systemClock,
    log: createLog({ level: 'silent', process: 'test' }),
    fetchResult: shop.fetchResult,
    uploadFile: shop.uploadFile,
  };
  return () => shop.close();
});

/** A live segment with members; its tag is "regulars-KEY". */
async function segment(key: string, members: readonly number[], status = 'live'): Promise<string> {
  return t.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: string }>(sql`
      INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, created_at)
      VALUES (${shopId}, ${key}, ${key}, 'test', ${key}, ${status}, '{}', ${new Date()}) RETURNING id`);
    const id = rows[0]?.id as string;
    await join(id, members);
    return id;
  });
}
async function join(id: string, members: readonly number[]): Promise<void> {
  await t.db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
      SELECT ${shopId}, ${id}::bigint, member, ${new Date()}, 'order', 1, 1, '{}' FROM unnest(${members}::bigint[]) AS member`);
    await queueCustomers(tx, members.map(String), new Date());
  });
}
async function leave(id: string, members: readonly number[]): Promise<void> {
  await t.db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      DELETE FROM membership
       WHERE shop_id = ${shopId} AND segment_id = ${id} AND customer_id = ANY(${members}::bigint[])`);
    await queueCustomers(tx, members.map(String), new Date());
  });
}
/** Customers that the app and Shopify both know. */
async function customers(ids: readonly number[], tags: readonly string[] = []): Promise<void> {
  for (const id of ids) shop.tags.set(String(id), [...tags]);
  await t.db.inShop(shopId, (tx) =>
    tx.query(sql`
      INSERT INTO customer (shop_id, id, tags, tags_stamp)
      SELECT ${shopId}, id, ${tags}::text[], '2026-01-01T00:00:00.000000Z|2026-01-01T00:00:00.000000Z|0'
        FROM unnest(${ids}::bigint[]) AS id`),
  );
}
async function rows<T extends Record<string, unknown>>(statement: ReturnType<typeof sql>): Promise<T[]> {
  return t.db.inShop(shopId, async (tx) => (await tx.query<T>(statement)).rows);
}
const outbox = () => rows(sql`SELECT customer_id, last_error FROM tag_outbox WHERE shop_id = ${shopId}`);
const writes = () =>
  rows<{
    customer_id: string;
    tag: string;
    act: string;
    outcome: string;
    way: string;
    reason: string | null;
  }>(
    sql`SELECT customer_id, tag, act, outcome, way, reason FROM tag_write WHERE shop_id = ${shopId} ORDER BY id`,
  );
const owned = () =>
  rows<{ customer_id: string; tag_key: string; pending: boolean; suppressed: boolean }>(sql`
    SELECT customer_id, tag_key, added_at IS NULL AS pending, suppressed_at IS NOT NULL AS suppressed
      FROM tag_owned WHERE shop_id = ${shopId} ORDER BY customer_id, tag_key`);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** Lets the waiting rows of a back-off come due now. */
const dueNow = () =>
  t.db.inShop(shopId, (tx) =>
    tx.query(
      sql`UPDATE tag_outbox SET not_before = ${new Date(0)}, claimed_until = NULL WHERE shop_id = ${shopId}`,
    ),
  );

describe('the single way', () => {
  test('adds and removes, confirms from the answer, and leaves foreign tags alone', async () => {
    await customers([1, 2, 3], ['VIP', 'wholesale']);
    const a = await segment('a', [1, 2, 3]);
    expect(await pushTags(ctx, shopId)).toEqual({ nextAt: null });
    await leave(a, [2]);
    await segment('b', [2]);
    await pushTags(ctx, shopId);
    expect(Object.fromEntries(shop.tags)).toEqual({
      1: ['VIP', 'regulars-a', 'wholesale'],
      2: ['VIP', 'regulars-b', 'wholesale'],
      3: ['VIP', 'regulars-a', 'wholesale'],
    });
    expect(await outbox()).toEqual([]);
    expect(
      (await writes()).map(({ customer_id, tag, act, outcome, way }) => [
        customer_id,
        tag,
        act,
        outcome,
        way,
      ]),
    ).toEqual([
      ['1', 'regulars-a', 'add', 'confirmed', 'single'],
      ['2', 'regulars-a', 'add', 'confirmed', 'single'],
      ['3', 'regulars-a', 'add', 'confirmed', 'single'],
      ['2', 'regulars-b', 'add', 'confirmed', 'single'],
      ['2', 'regulars-a', 'remove', 'confirmed', 'single'],
    ]);
    expect(await owned()).toEqual([
      { customer_id: '1', tag_key: 'regulars-a', pending: false, suppressed: false },
      { customer_id: '2', tag_key: 'regulars-b', pending: false, suppressed: false },
      { customer_id: '3', tag_key: 'regulars-a', pending: false, suppressed: false },
    ]);
    // What Shopify answered is our knowledge of the customer, so the webhook that follows is an echo.
    expect(await rows(sql`SELECT tags FROM customer WHERE shop_id = ${shopId} AND id = 2`)).toEqual([
      { tags: ['VIP', 'regulars-b', 'wholesale'] },
    ]);
    expect(shop.changes.filter((change) => change.id === '2').map((change) => change.act)).toEqual([
      'add',
      'add',
      'remove',
    ]);
  });

  test('drafts write nothing, paused ones stay as they are', async () => {
    await customers([1]);
    const live = await segment('a', [1]);
    await segment('b', [1], 'draft');
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
    await rows(sql`UPDATE segment SET status = 'paused' WHERE shop_id = ${shopId} AND id = ${live}`);
    await leave(live, [1]);
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
  });

  test('a customer that is gone is given up with the reason; others go on; nothing loops', async () => {
    await customers([1, 2]);
    shop.tags.delete('1');
    await segment('a', [1, 2]);
    await pushTags(ctx, shopId);
    expect(await outbox()).toEqual([]);
    expect(
      (await writes()).map(({ customer_id, outcome, reason }) => [customer_id, outcome, reason]),
    ).toEqual(
      expect.arrayContaining([
        ['1', 'failed', 'customer_gone'],
        ['2', 'confirmed', null],
      ]),
    );
    expect((await owned()).map((tag) => tag.customer_id)).toEqual(['2']);
    expect(shop.requests).toHaveLength(1);
  });

  test('250 tags: given up with the reason, unless a remove makes room first', async () => {
    const full = range(1, 250).map((n) => `t${n}`);
    await customers([1], full);
    await customers([2], full.slice(1));
    const a = await segment('a', [2]);
    await pushTags(ctx, shopId);
    await leave(a, [2]);
    await segment('b', [1, 2]);
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(full);
    expect(shop.tags.get('2')).toContain('regulars-b');
    expect(shop.tags.get('2')).not.toContain('regulars-a');
    expect((await writes()).filter((row) => row.outcome === 'failed')).toMatchObject([
      { customer_id: '1', tag: 'regulars-b', reason: 'too_many_tags' },
    ]);
    expect(await outbox()).toEqual([]);
  });

  test('a tag that Shopify would split never leaves the house', async () => {
    await customers([1], ['VIP']);
    await segment('a,VIP', [1]);
    await pushTags(ctx, shopId);
    expect(shop.requests).toEqual([]);
    expect(await writes()).toMatchObject([{ tag: 'regulars-a,VIP', outcome: 'failed', reason: 'comma' }]);
    // The same again leaves no second line.
    await t.db.inShop(shopId, (tx) => queueCustomers(tx, ['1'], new Date()));
    await pushTags(ctx, shopId);
    expect(await writes()).toHaveLength(1);
  });

  test('one customer that makes Shopify refuse the whole request does not hold up the others', async () => {
    await customers(range(1, 9));
    shop.faults.before = (ids) => {
      if (ids.includes('5')) throw new AppError('shopify_rejected', 'Something about customer five.');
    };
    await segment('a', range(1, 9));
    await pushTags(ctx, shopId);
    expect([...shop.tags].filter(([, tags]) => tags.length > 0).map(([id]) => id)).toEqual(
      range(1, 9)
        .filter((id) => id !== 5)
        .map(String),
    );
    expect((await writes()).filter((row) => row.outcome === 'failed')).toMatchObject([
      { customer_id: '5', reason: 'refused: Something about customer five.' },
    ]);
    expect(await outbox()).toEqual([]);
  });

  test('removed by hand: suppressed, not added again, and added anew after leaving and coming back', async () => {
    await customers([1]);
    const a = await segment('a', [1]);
    await pushTags(ctx, shopId);
    shop.tags.set('1', []);
    await rows(sql`
      UPDATE customer SET tags = '{}', tags_stamp = '2099-01-01T00:00:00.000000Z|2099-01-01T00:00:00.000000Z|1'
       WHERE shop_id = ${shopId}`);
    await t.db.inShop(shopId, (tx) => queueCustomers(tx, ['1'], new Date()));
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual([]);
    expect(await owned()).toMatchObject([{ tag_key: 'regulars-a', suppressed: true }]);
    await leave(a, [1]);
    await pushTags(ctx, shopId);
    expect(await owned()).toEqual([]);
    await join(a, [1]);
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
  });

  test('stopped: nothing is written', async () => {
    await customers([1]);
    await segment('a', [1]);
    await rows(sql`UPDATE shop_settings SET writes_stopped_at = ${new Date()} WHERE shop_id = ${shopId}`);
    const { nextAt } = await pushTags(ctx, shopId);
    expect(shop.requests).toEqual([]);
    expect(await outbox()).toHaveLength(1);
    // Looked at again, but not at once and for ever.
    expect(nextAt?.getTime()).toBeGreaterThan(ctx.clock.machineNow().getTime() + 50_000);
    await rows(sql`UPDATE shop_settings SET writes_stopped_at = NULL WHERE shop_id = ${shopId}`);
    await t.db.outsideShops((tx) =>
      tx.query(sql`UPDATE shop SET state = 'uninstalled' WHERE id = ${shopId}`),
    );
    expect(await pushTags(ctx, shopId)).toEqual({ nextAt: null });
    expect(shop.requests).toEqual([]);
  });

  test('never more than 100 mutations a request', async () => {
    await customers(range(1, 90));
    const a = await segment('a', range(1, 90));
    await pushTags(ctx, shopId);
    await leave(a, range(1, 90));
    await segment('b', range(1, 90));
    await pushTags(ctx, shopId);
    expect(Math.max(...shop.requests.map((request) => request.mutations))).toBeLessThanOrEqual(100);
    expect([...shop.tags.values()].every((tags) => tags.join() === 'regulars-b')).toBe(true);
  });
});

describe('faults of the single way', () => {
  test('an answer lost after the write: repeated, confirmed once, without flapping', async () => {
    await customers([1, 2]);
    const a = await segment('a', [1, 2]);
    let lost = 0;
    shop.faults.after = () => {
      if (lost++ === 0) throw new AppError('shopify_unavailable', 'reset', { retryable: true });
    };
    const { nextAt } = await pushTags(ctx, shopId);
    expect(nextAt).not.toBeNull();
    expect(await outbox()).toHaveLength(2);
    await dueNow();
    await pushTags(ctx, shopId);
    expect(lost).toBe(2);
    expect(await outbox()).toEqual([]);
    expect((await writes()).map((row) => [row.customer_id, row.act, row.outcome])).toEqual([
      ['1', 'add', 'confirmed'],
      ['2', 'add', 'confirmed'],
    ]);
    // Shopify saw one change each: the repeated add changed nothing.
    expect(shop.changes).toHaveLength(2);
    // Ours, so it is taken away again when they leave.
    await leave(a, [1, 2]);
    await pushTags(ctx, shopId);
    expect([...shop.tags.values()]).toEqual([[], []]);
  });

  test('a worker that dies between Shopify’s success and our record: the next one takes it back if unwanted', async () => {
    await customers([1]);
    const a = await segment('a', [1]);
    shop.faults.after = () => {
      throw new Error('killed here');
    };
    await expect(pushTags(ctx, shopId)).rejects.toThrow('killed here');
    shop.faults = {};
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
    expect(await writes()).toEqual([]);
    // The lease runs out, and meanwhile the customer has left the segment.
    await leave(a, [1]);
    await dueNow();
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual([]);
    expect(await owned()).toEqual([]);
  });

  test('a remove whose record was lost is not taken for a removal by hand', async () => {
    await customers([1]);
    const a = await segment('a', [1]);
    await pushTags(ctx, shopId);
    await leave(a, [1]);
    shop.faults.after = () => {
      throw new Error('killed here');
    };
    await expect(pushTags(ctx, shopId)).rejects.toThrow('killed here');
    shop.faults = {};
    // A read after the crash shows that the tag is gone, and the customer comes back.
    await rows(sql`
      UPDATE customer SET tags = '{}', tags_stamp = '2099-01-01T00:00:00.000000Z|2099-01-01T00:00:00.000000Z|1'
       WHERE shop_id = ${shopId}`);
    await join(a, [1]);
    await dueNow();
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
    expect(await owned()).toMatchObject([{ suppressed: false, pending: false }]);
  });

  test('Shopify is away: back-off grows, nothing is given up, then it is written', async () => {
    await customers([1]);
    await segment('a', [1]);
    shop.faults.before = () => {
      throw new AppError('shopify_unavailable', 'away', { retryable: true });
    };
    const waits: number[] = [];
    for (let tries = 0; tries < 12; tries++) {
      const { nextAt } = await pushTags(ctx, shopId);
      waits.push((nextAt?.getTime() ?? 0) - Date.now());
      await dueNow();
    }
    expect(waits.at(-1)).toBeGreaterThan(200_000);
    expect(waits.at(-1)).toBeLessThanOrEqual(300_000);
    shop.faults = {};
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
    expect(await writes()).toHaveLength(1);
  });

  test('an answer without confirmation is tried again, then given up', async () => {
    await customers([1]);
    await segment('a', [1]);
    const silent: PushContext = {
      ...ctx,
      admin: {
        ...shop.admin,
        requestComposed: () =>
          Promise.resolve({
            data: { add0: { node: { tags: ['other'] }, userErrors: [] } },
            date: new Date(),
            sentAt: new Date(),
          }),
      },
    };
    for (let tries = 0; tries < 20; tries++) {
      await pushTags(silent, shopId);
      await dueNow();
    }
    expect(await outbox()).toEqual([]);
    expect(await writes()).toMatchObject([{ tag: 'regulars-a', outcome: 'failed', reason: 'not_confirmed' }]);
  });

  test('access taken away: the run ends, the rows wait', async () => {
    await customers([1]);
    await segment('a', [1]);
    shop.faults.before = () => {
      throw new AppError('shopify_access', 'no longer allowed');
    };
    await expect(pushTags(ctx, shopId)).rejects.toThrow('no longer allowed');
    expect(await outbox()).toMatchObject([{ last_error: 'shopify_access' }]);
  });

  test('a change while the request is under way: written, then compared again', async () => {
    await customers([1]);
    const a = await segment('a', [1]);
    let changed = false;
    shop.faults.after = async () => {
      if (changed) return;
      changed = true;
      await leave(a, [1]);
    };
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual([]);
    expect(await outbox()).toEqual([]);
    expect(shop.changes.map((change) => change.act)).toEqual(['add', 'remove']);
  });
});

describe('claims', () => {
  test('two writers in parallel never hold one customer, and everything is written once', async () => {
    await customers(range(1, 300));
    shop.budget.currentlyAvailable = 1_000_000;
    await segment('a', range(1, 300));
    const held = new Set<string>();
    let overlaps = 0;
    shop.faults.before = async (ids) => {
      for (const id of ids) {
        if (held.has(id)) overlaps++;
        held.add(id);
      }
      await new Promise((resolve) => setImmediate(resolve));
    };
    shop.faults.after = (ids) => ids.forEach((id) => held.delete(id));
    await Promise.all([pushTags(ctx, shopId), pushTags(ctx, shopId), pushTags(ctx, shopId)]);
    expect(overlaps).toBe(0);
    expect(shop.changes).toHaveLength(300);
    expect(shop.requests.flatMap((request) => request.ids)).toHaveLength(300);
    expect(await writes()).toHaveLength(300);
  });

  test('a claim that two transactions want at once goes to one of them', async () => {
    await customers(range(1, 20));
    await segment('a', range(1, 20));
    const options = (writer: string) => ({
      writer,
      machineNow: new Date(),
      now: new Date(),
      leaseMs: 10_000,
      maxCustomers: 15,
      way: 'single' as const,
    });
    const [first, second] = await Promise.all([
      t.db.inShop(shopId, (tx) => claimBatch(tx, options('x'))),
      t.db.inShop(shopId, (tx) => claimBatch(tx, options('y'))),
    ]);
    const ids = [...first.writes, ...second.writes].map((write) => write.customerId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the bulk way', () => {
  const many = range(1, 1_000);

  test('large backlogs go by files in parallel slots; adds and removes both arrive', async () => {
    await customers(many, ['VIP']);
    const a = await segment('a', many);
    await pushTags(ctx, shopId);
    expect(shop.operations).toHaveLength(4);
    expect(shop.requests).toEqual([]);
    await leave(a, many);
    await segment('b', many);
    await pushTags(ctx, shopId);
    expect([...shop.tags.values()].every((tags) => tags.join() === 'VIP,regulars-b')).toBe(true);
    expect(await outbox()).toEqual([]);
    const receipts = await writes();
    expect(receipts).toHaveLength(3_000);
    expect(receipts.every((row) => row.outcome === 'confirmed')).toBe(true);
    expect(receipts.filter((row) => row.way === 'bulk').length).toBeGreaterThan(2_000);
    expect(await rows(sql`SELECT 1 FROM tag_bulk_line WHERE shop_id = ${shopId}`)).toEqual([]);
    // Adds before removes for every customer.
    const acts = new Map<string, string[]>();
    for (const { id, act } of shop.changes) acts.set(id, [...(acts.get(id) ?? []), act]);
    expect([...acts.values()].every((list) => list.join() === 'add,add,remove')).toBe(true);
  });

  test('shuffled results with failing, missing and broken lines: only those are tried again, singly', async () => {
    await customers(many);
    for (const id of [10, 20]) shop.tags.delete(String(id));
    await segment('a', many);
    shop.faults.result = (lines) => {
      const kept = lines.filter((_, index) => index % 100 !== 7);
      return ['not json', '{"data":null,"__lineNumber":3}', ...kept.reverse()];
    };
    await pushTags(ctx, shopId);
    await dueNow();
    await pushTags(ctx, shopId);
    expect(await outbox()).toEqual([]);
    const receipts = await writes();
    expect(
      receipts.filter((row) => row.outcome === 'failed').map((row) => [row.customer_id, row.reason]),
    ).toEqual(
      expect.arrayContaining([
        ['10', 'customer_gone'],
        ['20', 'customer_gone'],
      ]),
    );
    expect(receipts.filter((row) => row.outcome === 'confirmed')).toHaveLength(998);
    const alone = receipts.filter((row) => row.way === 'single').length;
    expect(alone).toBeGreaterThanOrEqual(8);
    expect(alone).toBeLessThan(20);
    // Shopify refused two lines: each was asked for once more by itself, and then given up.
    expect(shop.requests.flatMap((request) => request.ids).length).toBe(alone + 2);
  });

  test('a file in which every line is refused ends in failures, not in a loop', async () => {
    await customers(many);
    shop.tags.clear();
    await segment('a', many);
    await pushTags(ctx, shopId);
    expect(await outbox()).toEqual([]);
    expect(shop.operations).toHaveLength(4);
    const receipts = await writes();
    expect(receipts).toHaveLength(1_000);
    expect(receipts.every((row) => row.reason === 'customer_gone')).toBe(true);
  });

  test('while an operation names a customer nothing else writes it; what changed meanwhile is compared after', async () => {
    await customers(many);
    const a = await segment('a', many);
    let looks = 0;
    shop.faults.ended = () => looks++ > 8;
    let touched = false;
    shop.faults.started = () => {
      if (touched) return;
      touched = true;
      void leave(a, [1, 2, 3]);
    };
    await pushTags(ctx, shopId);
    const first = shop.changes.filter((change) => ['1', '2', '3'].includes(change.id));
    expect(first.map((change) => change.act)).toEqual(['add', 'add', 'add', 'remove', 'remove', 'remove']);
    expect(await outbox()).toEqual([]);
    expect([1, 2, 3].map((id) => shop.tags.get(String(id)))).toEqual([[], [], []]);
  });

  test('a worker that dies after Shopify started the operation finds it again and starts no second one', async () => {
    await customers(many);
    await segment('a', many);
    shop.faults.started = () => {
      throw new Error('killed here');
    };
    await expect(pushTags(ctx, shopId)).rejects.toThrow('killed here');
    shop.faults = {};
    const before = shop.operations.length;
    expect(before).toBeGreaterThan(0);
    await pushTags(ctx, shopId);
    expect(shop.operations).toHaveLength(4);
    expect(await outbox()).toEqual([]);
    expect(shop.changes).toHaveLength(1_000);
    expect(await writes()).toHaveLength(1_000);
  });

  test('a worker that dies while it reads the result goes on where it was', async () => {
    await customers(many);
    await segment('a', many);
    const dying: PushContext = {
      ...ctx,
      fetchResult: async (url, options) => {
        const file = await shop.fetchResult(url, options);
        return (async function* () {
          let pieces = 0;
          for await (const piece of file) {
            if (pieces++ === 3) throw new Error('killed here');
            yield piece;
          }
        })();
      },
    };
    await expect(pushTags(dying, shopId)).rejects.toThrow('killed here');
    await pushTags(ctx, shopId);
    expect(await outbox()).toEqual([]);
    expect(await writes()).toHaveLength(1_000);
    expect(shop.changes).toHaveLength(1_000);
  });

  test('a result that can never be read gives its customers back', async () => {
    await customers(many);
    await segment('a', many);
    const broken: PushContext = {
      ...ctx,
      fetchResult: () => Promise.reject(new AppError('shopify_rejected', 'expired')),
    };
    await pushTags(broken, shopId);
    await dueNow();
    await pushTags(ctx, shopId);
    expect(await outbox()).toEqual([]);
    const receipts = await writes();
    expect(receipts).toHaveLength(1_000);
    expect(receipts.every((row) => row.way === 'single' && row.outcome === 'confirmed')).toBe(true);
  });

  test('bulk mutations are not allowed: the single way', async () => {
    await customers(many);
    await segment('a', many);
    shop.faults.started = () => {
      shop.operations.length = 0;
      throw new AppError('shopify_access', 'bulk operations are not enabled');
    };
    await pushTags(ctx, shopId);
    expect([...shop.tags.values()].every((tags) => tags.join() === 'regulars-a')).toBe(true);
    expect((await writes()).every((row) => row.way === 'single')).toBe(true);
  });

  test('stopped in the middle: the operation is cancelled and nothing more is started', async () => {
    await customers(many);
    await segment('a', many);
    shop.faults.ended = () => false;
    let stopped = false;
    shop.faults.started = () => {
      if (stopped) return;
      stopped = true;
      void rows(sql`UPDATE shop_settings SET writes_stopped_at = ${new Date()} WHERE shop_id = ${shopId}`);
    };
    await pushTags(ctx, shopId);
    expect(shop.operations.every((operation) => operation.status === 'CANCELED')).toBe(true);
    expect(shop.changes).toEqual([]);
    expect(await outbox()).toHaveLength(1_000);
  });
});
