/** The single way of the tag writer when answers are lost, workers die or Shopify is away. */
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { pushTags } from '../../../app/activation/tags/push-tags.server.ts';
import type { PushContext } from '../../../app/activation/tags/push-context.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { tagWorldForEachTest, type TagWorldOfTest } from '../../support/tag-world.ts';

let { one, shop, shopId, ctx } = {} as TagWorldOfTest;
tagWorldForEachTest((made) => void ({ one, shop, shopId, ctx } = made));

describe('faults of the single way', () => {
  test('an answer lost after the write: repeated, confirmed once, without flapping', async () => {
    await one.customers([1, 2]);
    const a = await one.segment('a', [1, 2]);
    let lost = 0;
    shop.faults.after = () => {
      if (lost++ === 0) throw new AppError('shopify_unavailable', 'reset', { retryable: true });
    };
    const { nextAt } = await pushTags(ctx, shopId);
    expect(nextAt).not.toBeNull();
    expect(await one.outbox()).toHaveLength(2);
    await one.dueNow();
    await pushTags(ctx, shopId);
    expect(lost).toBe(2);
    expect(await one.outbox()).toEqual([]);
    expect((await one.writes()).map((row) => [row.customer_id, row.act, row.outcome])).toEqual([
      ['1', 'add', 'confirmed'],
      ['2', 'add', 'confirmed'],
    ]);
    // Shopify saw one change each: the repeated add changed nothing.
    expect(shop.changes).toHaveLength(2);
    // Ours, so it is taken away again when they leave.
    await one.leave(a, [1, 2]);
    await pushTags(ctx, shopId);
    expect([...shop.tags.values()]).toEqual([[], []]);
  });

  test('a worker that dies between Shopify’s success and our record: the next one takes it back if unwanted', async () => {
    await one.customers([1]);
    const a = await one.segment('a', [1]);
    shop.faults.after = () => {
      throw new Error('killed here');
    };
    await expect(pushTags(ctx, shopId)).rejects.toThrow('killed here');
    shop.faults = {};
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
    expect(await one.writes()).toEqual([]);
    // The lease runs out, and meanwhile the customer has left the segment.
    await one.leave(a, [1]);
    await one.dueNow();
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual([]);
    expect(await one.owned()).toEqual([]);
  });

  test('a remove whose record was lost is not taken for a removal by hand', async () => {
    await one.customers([1]);
    const a = await one.segment('a', [1]);
    await pushTags(ctx, shopId);
    await one.leave(a, [1]);
    shop.faults.after = () => {
      throw new Error('killed here');
    };
    await expect(pushTags(ctx, shopId)).rejects.toThrow('killed here');
    shop.faults = {};
    // A read after the crash, long after the tag was written, shows that it is gone, and the customer comes back.
    await one.rows(
      sql`UPDATE tag_owned SET added_at = added_at - interval '1 hour' WHERE shop_id = ${shopId}`,
    );
    const at = new Date().toISOString().replace('Z', '000Z');
    await one.rows(
      sql`UPDATE customer SET tags = '{}', tags_stamp = ${`${at}|${at}|1`} WHERE shop_id = ${shopId}`,
    );
    await one.join(a, [1]);
    await one.dueNow();
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
    expect(await one.owned()).toMatchObject([{ suppressed: false, pending: false }]);
  });

  test('Shopify is away: back-off grows, nothing is given up, then it is written', async () => {
    await one.customers([1]);
    await one.segment('a', [1]);
    shop.faults.before = () => {
      throw new AppError('shopify_unavailable', 'away', { retryable: true });
    };
    const waits: number[] = [];
    for (let tries = 0; tries < 12; tries++) {
      const { nextAt } = await pushTags(ctx, shopId);
      waits.push((nextAt?.getTime() ?? 0) - Date.now());
      await one.dueNow();
    }
    expect(waits.at(-1)).toBeGreaterThan(200_000);
    expect(waits.at(-1)).toBeLessThanOrEqual(300_000);
    shop.faults = {};
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
    expect(await one.writes()).toHaveLength(1);
  });

  test('an answer without confirmation is tried again, then given up', async () => {
    await one.customers([1]);
    await one.segment('a', [1]);
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
      await one.dueNow();
    }
    expect(await one.outbox()).toEqual([]);
    expect(await one.writes()).toMatchObject([
      { tag: 'regulars-a', outcome: 'failed', reason: 'not_confirmed' },
    ]);
  });

  test('access taken away: the run ends, the rows wait', async () => {
    await one.customers([1]);
    await one.segment('a', [1]);
    shop.faults.before = () => {
      throw new AppError('shopify_access', 'no longer allowed');
    };
    await expect(pushTags(ctx, shopId)).rejects.toThrow('no longer allowed');
    expect(await one.outbox()).toMatchObject([{ last_error: 'shopify_access' }]);
  });

  test('a change while the request is under way: written, then compared again', async () => {
    await one.customers([1]);
    const a = await one.segment('a', [1]);
    let changed = false;
    shop.faults.after = async () => {
      if (changed) return;
      changed = true;
      await one.leave(a, [1]);
    };
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual([]);
    expect(await one.outbox()).toEqual([]);
    expect(shop.changes.map((change) => change.act)).toEqual(['add', 'remove']);
  });
});
