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

  test('the tag of an offer that is over, of somebody who waits for a decision: a refusal is final, and they wait on', async () => {
    await one.customers([1]);
    const segment = await one.segment('a', [1]);
    await pushTags(ctx, shopId);
    await one.rows(sql`
      INSERT INTO offer (shop_id, segment_id, name, tag_name, terms, state, starts_on, ends_on, keep_days, way, made_at, ended_at, end_cause)
      VALUES (${shopId}, ${segment}::bigint, 'Spring', 'spring', '{"gives":{"kind":"percentage","percent":10,"on":{"all":true}},"combines":{"product":false,"order":false,"shipping":true},"once":false}',
              'ended', '2026-11-01', '2026-11-02', 0, 'native', '2026-11-01', '2026-11-03', 'date')`);
    await one.rows(sql`
      INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause, ended_at, end_cause)
      SELECT shop_id, id, 1, made_at, 'start', ended_at, 'offer' FROM offer WHERE shop_id = ${shopId}`);
    shop.tags.set('1', ['regulars-a', 'regulars-spring']);
    await one.rows(sql`
      INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
      VALUES (${shopId}, 1, 'regulars-spring', 'regulars-spring', '2026-11-02')`);
    await one.rows(sql`UPDATE customer SET tags = '{regulars-a,regulars-spring}' WHERE shop_id = ${shopId}`);
    await one.rows(sql`
      INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before, offer_over, held_by)
      VALUES (${shopId}, 1, '2026-11-03', '2020-01-01', true, 77)`);
    const before = shop.requests.length;
    shop.faults.before = () => {
      throw new AppError('shopify_rejected', 'no');
    };
    await pushTags(ctx, shopId, { signal: AbortSignal.timeout(10_000) });
    expect(shop.requests.length - before).toBe(1);
    expect(await one.rows(sql`SELECT held_by, offer_over, claimed_by FROM tag_outbox WHERE shop_id = ${shopId}`)).toEqual([
      { held_by: '77', offer_over: false, claimed_by: null },
    ]); // prettier-ignore
  });

  test('a tag that a younger read must decide about, beside one that is refused for good: one request, then the read', async () => {
    const full = Array.from({ length: 250 }, (_, n) => `t${n}`);
    await one.customers([1], full.slice(1));
    await one.segment('a', [1]);
    await pushTags(ctx, shopId);
    // Ours taken off by hand, another in its place; read half a second after our write.
    shop.tags.set('1', full);
    const at = new Date(Date.now() + 500).toISOString().replace('Z', '000Z');
    await one.rows(
      sql`UPDATE customer SET tags = ${full}::text[], tags_stamp = ${`${at}|${at}|1`} WHERE shop_id = ${shopId}`,
    );
    await one.segment('b', [1]);
    const before = shop.requests.length;
    const { nextAt } = await pushTags(ctx, shopId, { signal: AbortSignal.timeout(10_000) });
    expect(shop.requests.length - before).toBe(1);
    expect(nextAt?.getTime()).toBeGreaterThan(Date.now() + 5_000);
    expect(await one.rows(sql`SELECT object_id AS id FROM reread WHERE shop_id = ${shopId}`)).toEqual([{ id: '1' }]); // prettier-ignore
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
