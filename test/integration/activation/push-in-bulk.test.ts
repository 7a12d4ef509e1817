/** The bulk way of the tag writer: files in parallel slots, and what of them has to be done again. */
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { pushTags } from '../../../app/activation/tags/push-tags.server.ts';
import type { PushContext } from '../../../app/activation/tags/push-context.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { recordStatements, type RecordedStatement } from '../../support/recorded-statements.ts';
import { range, tagWorldForEachTest, type TagWorldOfTest } from '../../support/tag-world.ts';

let { one, shop, shopId, ctx } = {} as TagWorldOfTest;
tagWorldForEachTest((made) => void ({ one, shop, shopId, ctx } = made));

describe('the bulk way', () => {
  const many = range(1, 1_000);

  test('large backlogs go by files in parallel slots; adds and removes both arrive', async () => {
    await one.customers(many, ['VIP']);
    const a = await one.segment('a', many);
    await pushTags(ctx, shopId);
    expect(shop.operations).toHaveLength(4);
    expect(shop.requests).toEqual([]);
    await one.leave(a, many);
    await one.segment('b', many);
    await pushTags(ctx, shopId);
    expect([...shop.tags.values()].every((tags) => tags.join() === 'VIP,regulars-b')).toBe(true);
    expect(await one.outbox()).toEqual([]);
    const receipts = await one.writes();
    expect(receipts).toHaveLength(3_000);
    expect(receipts.every((row) => row.outcome === 'confirmed')).toBe(true);
    expect(receipts.filter((row) => row.way === 'bulk').length).toBeGreaterThan(2_000);
    expect(await one.rows(sql`SELECT 1 FROM tag_bulk_line WHERE shop_id = ${shopId}`)).toEqual([]);
    // Adds before removes for every customer.
    const acts = new Map<string, string[]>();
    for (const { id, act } of shop.changes) acts.set(id, [...(acts.get(id) ?? []), act]);
    expect([...acts.values()].every((list) => list.join() === 'add,add,remove')).toBe(true);
  });

  test('what a file gives back while the backlog is counted is worked in the same run', async () => {
    await one.customers(many, ['VIP']);
    const a = await one.segment('a', many);
    await pushTags(ctx, shopId);
    await one.leave(a, many);
    await one.segment('b', many);
    const underWay = () =>
      one.rows(sql`SELECT 1 FROM tag_bulk WHERE shop_id = ${shopId} AND state NOT IN ('done', 'failed')`);
    let late = 0;
    /** The answer to a count comes when every file that was under way has ended. */
    const inShop: PushContext['db']['inShop'] = async (id, work) => {
      const recorded: RecordedStatement[] = [];
      const result = await ctx.db.inShop(id, (tx) => {
        const recording = recordStatements(tx, recorded);
        return work(recording.tx);
      });
      if (!recorded.some(({ text }) => text.includes('AS fresh')) || (await underWay()).length === 0)
        return result;
      late += 1;
      await expect.poll(underWay).toEqual([]);
      return result;
    };
    await pushTags({ ...ctx, db: { ...ctx.db, inShop } }, shopId);
    expect(late).toBeGreaterThan(0);
    expect(await one.outbox()).toEqual([]);
    expect([...shop.tags.values()].every((tags) => tags.join() === 'VIP,regulars-b')).toBe(true);
  });

  test('shuffled results with failing, missing and broken lines: only those are tried again, singly', async () => {
    await one.customers(many);
    for (const id of [10, 20]) shop.tags.delete(String(id));
    await one.segment('a', many);
    shop.faults.result = (lines) => {
      const kept = lines.filter((_, index) => index % 100 !== 7);
      return ['not json', '{"data":null,"__lineNumber":3}', ...kept.reverse()];
    };
    await pushTags(ctx, shopId);
    await one.dueNow();
    await pushTags(ctx, shopId);
    expect(await one.outbox()).toEqual([]);
    const receipts = await one.writes();
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
    await one.customers(many);
    shop.tags.clear();
    await one.segment('a', many);
    await pushTags(ctx, shopId);
    expect(await one.outbox()).toEqual([]);
    expect(shop.operations).toHaveLength(4);
    const receipts = await one.writes();
    expect(receipts).toHaveLength(1_000);
    expect(receipts.every((row) => row.reason === 'customer_gone')).toBe(true);
  });

  test('while an operation names a customer nothing else writes it; what changed meanwhile is compared after', async () => {
    await one.customers(many);
    const a = await one.segment('a', many);
    let looks = 0;
    shop.faults.ended = () => looks++ > 8;
    let touched = false;
    shop.faults.started = async () => {
      if (touched) return;
      touched = true;
      await one.leave(a, [1, 2, 3]);
    };
    await pushTags(ctx, shopId);
    const first = shop.changes.filter((change) => ['1', '2', '3'].includes(change.id));
    expect(first.map((change) => change.act)).toEqual(['add', 'add', 'add', 'remove', 'remove', 'remove']);
    expect(await one.outbox()).toEqual([]);
    expect([1, 2, 3].map((id) => shop.tags.get(String(id)))).toEqual([[], [], []]);
  });

  test('a worker that dies after Shopify started the operation finds it again and starts no second one', async () => {
    await one.customers(many);
    await one.segment('a', many);
    shop.faults.started = () => {
      throw new Error('killed here');
    };
    await expect(pushTags(ctx, shopId)).rejects.toThrow('killed here');
    shop.faults = {};
    const before = shop.operations.length;
    expect(before).toBeGreaterThan(0);
    await pushTags(ctx, shopId);
    expect(shop.operations).toHaveLength(4);
    expect(await one.outbox()).toEqual([]);
    expect(shop.changes).toHaveLength(1_000);
    expect(await one.writes()).toHaveLength(1_000);
  });

  test('a worker that dies while it reads the result goes on where it was', async () => {
    await one.customers(many);
    await one.segment('a', many);
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
    expect(await one.outbox()).toEqual([]);
    expect(await one.writes()).toHaveLength(1_000);
    expect(shop.changes).toHaveLength(1_000);
  });

  test('a result that can never be read gives its customers back', async () => {
    await one.customers(many);
    await one.segment('a', many);
    const broken: PushContext = {
      ...ctx,
      fetchResult: () => Promise.reject(new AppError('shopify_rejected', 'expired')),
    };
    await pushTags(broken, shopId);
    await one.dueNow();
    await pushTags(ctx, shopId);
    expect(await one.outbox()).toEqual([]);
    const receipts = await one.writes();
    expect(receipts).toHaveLength(1_000);
    expect(receipts.every((row) => row.way === 'single' && row.outcome === 'confirmed')).toBe(true);
  });

  test('bulk mutations are not allowed: the single way', async () => {
    await one.customers(many);
    await one.segment('a', many);
    shop.faults.started = () => {
      shop.operations.length = 0;
      throw new AppError('shopify_access', 'bulk operations are not enabled');
    };
    await pushTags(ctx, shopId);
    expect([...shop.tags.values()].every((tags) => tags.join() === 'regulars-a')).toBe(true);
    expect((await one.writes()).every((row) => row.way === 'single')).toBe(true);
  });

  test('stopped in the middle: the operations are cancelled and nothing more is started', async () => {
    await one.customers(many);
    await one.segment('a', many);
    shop.faults.ended = () => false;
    shop.faults.started = async () => {
      if (shop.operations.length < 4) return;
      await one.rows(
        sql`UPDATE shop_settings SET writes_stopped_at = ${new Date()} WHERE shop_id = ${shopId}`,
      );
    };
    await pushTags(ctx, shopId);
    expect(shop.operations.map(({ status }) => status)).toEqual(range(1, 4).map(() => 'CANCELED'));
    await one.dueNow();
    await pushTags(ctx, shopId);
    expect(shop.operations).toHaveLength(4);
    expect(shop.changes).toEqual([]);
    expect(shop.requests).toEqual([]);
    expect(await one.outbox()).toHaveLength(1_000);
  });
});
