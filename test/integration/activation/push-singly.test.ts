/** The single way of the tag writer: what is written, what is given up, and whoever claims. */
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { claimBatch } from '../../../app/activation/tags/claim-batch.server.ts';
import { READ_MARGIN_MS } from '../../../app/activation/tags/plan-tag-changes.ts';
import { pushTags } from '../../../app/activation/tags/push-tags.server.ts';
import { queueCustomers } from '../../../app/activation/tags/queue-changed.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { range, tagWorldForEachTest, type TagWorldOfTest } from '../../support/tag-world.ts';

let { t, one, shop, shopId, ctx } = {} as TagWorldOfTest;
tagWorldForEachTest((made) => void ({ t, one, shop, shopId, ctx } = made));

describe('the single way', () => {
  test('adds and removes, confirms from the answer, and leaves foreign tags alone', async () => {
    await one.customers([1, 2, 3], ['VIP', 'wholesale']);
    const a = await one.segment('a', [1, 2, 3]);
    expect(await pushTags(ctx, shopId)).toEqual({ nextAt: null });
    await one.leave(a, [2]);
    await one.segment('b', [2]);
    await pushTags(ctx, shopId);
    expect(Object.fromEntries(shop.tags)).toEqual({
      1: ['VIP', 'regulars-a', 'wholesale'],
      2: ['VIP', 'regulars-b', 'wholesale'],
      3: ['VIP', 'regulars-a', 'wholesale'],
    });
    expect(await one.outbox()).toEqual([]);
    expect(
      (await one.writes()).map(({ customer_id, tag, act, outcome, way }) => [
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
    expect(await one.owned()).toEqual([
      { customer_id: '1', tag_key: 'regulars-a', pending: false, suppressed: false },
      { customer_id: '2', tag_key: 'regulars-b', pending: false, suppressed: false },
      { customer_id: '3', tag_key: 'regulars-a', pending: false, suppressed: false },
    ]);
    // What Shopify answered is our knowledge of the customer, so the webhook that follows is an echo.
    expect(await one.rows(sql`SELECT tags FROM customer WHERE shop_id = ${shopId} AND id = 2`)).toEqual([
      { tags: ['VIP', 'regulars-b', 'wholesale'] },
    ]);
    expect(shop.changes.filter((change) => change.id === '2').map((change) => change.act)).toEqual([
      'add',
      'add',
      'remove',
    ]);
  });

  test('drafts write nothing, paused ones stay as they are', async () => {
    await one.customers([1]);
    const live = await one.segment('a', [1]);
    await one.segment('b', [1], 'draft');
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
    await one.rows(sql`UPDATE segment SET status = 'paused' WHERE shop_id = ${shopId} AND id = ${live}`);
    await one.leave(live, [1]);
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
  });

  test('a customer that is gone is given up with the reason; others go on; nothing loops', async () => {
    await one.customers([1, 2]);
    shop.tags.delete('1');
    await one.segment('a', [1, 2]);
    await pushTags(ctx, shopId);
    expect(await one.outbox()).toEqual([]);
    expect(
      (await one.writes()).map(({ customer_id, outcome, reason }) => [customer_id, outcome, reason]),
    ).toEqual(
      expect.arrayContaining([
        ['1', 'failed', 'customer_gone'],
        ['2', 'confirmed', null],
      ]),
    );
    expect((await one.owned()).map((tag) => tag.customer_id)).toEqual(['2']);
    expect(shop.requests).toHaveLength(1);
  });

  test('250 tags: given up with the reason, unless a remove makes room first', async () => {
    const full = range(1, 250).map((n) => `t${n}`);
    await one.customers([1], full);
    await one.customers([2], full.slice(1));
    const a = await one.segment('a', [2]);
    await pushTags(ctx, shopId);
    await one.leave(a, [2]);
    await one.segment('b', [1, 2]);
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(full);
    expect(shop.tags.get('2')).toContain('regulars-b');
    expect(shop.tags.get('2')).not.toContain('regulars-a');
    expect((await one.writes()).filter((row) => row.outcome === 'failed')).toMatchObject([
      { customer_id: '1', tag: 'regulars-b', reason: 'too_many_tags' },
    ]);
    expect(await one.outbox()).toEqual([]);
  });

  test('a tag that Shopify would split never leaves the house', async () => {
    await one.customers([1], ['VIP']);
    await one.segment('a,VIP', [1]);
    await pushTags(ctx, shopId);
    expect(shop.requests).toEqual([]);
    expect(await one.writes()).toMatchObject([{ tag: 'regulars-a,VIP', outcome: 'failed', reason: 'comma' }]);
    // The same again leaves no second line.
    await t.db.inShop(shopId, (tx) => queueCustomers(tx, ['1'], new Date()));
    await pushTags(ctx, shopId);
    expect(await one.writes()).toHaveLength(1);
  });

  test('one customer that makes Shopify refuse the whole request does not hold up the others', async () => {
    await one.customers(range(1, 9));
    shop.faults.before = (ids) => {
      if (ids.includes('5')) throw new AppError('shopify_rejected', 'Something about customer five.');
    };
    await one.segment('a', range(1, 9));
    await pushTags(ctx, shopId);
    expect([...shop.tags].filter(([, tags]) => tags.length > 0).map(([id]) => id)).toEqual(
      range(1, 9)
        .filter((id) => id !== 5)
        .map(String),
    );
    expect((await one.writes()).filter((row) => row.outcome === 'failed')).toMatchObject([
      { customer_id: '5', reason: 'refused: Something about customer five.' },
    ]);
    expect(await one.outbox()).toEqual([]);
  });

  test('removed by hand: suppressed, not added again, and added anew after leaving and coming back', async () => {
    await one.customers([1]);
    const a = await one.segment('a', [1]);
    await pushTags(ctx, shopId);
    shop.tags.set('1', []);
    await one.rows(sql`
      UPDATE customer SET tags = '{}', tags_stamp = '2099-01-01T00:00:00.000000Z|2099-01-01T00:00:00.000000Z|1'
       WHERE shop_id = ${shopId}`);
    await t.db.inShop(shopId, (tx) => queueCustomers(tx, ['1'], new Date()));
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual([]);
    expect(await one.owned()).toMatchObject([{ tag_key: 'regulars-a', suppressed: true }]);
    await one.leave(a, [1]);
    await pushTags(ctx, shopId);
    expect(await one.owned()).toEqual([]);
    await one.join(a, [1]);
    await pushTags(ctx, shopId);
    expect(shop.tags.get('1')).toEqual(['regulars-a']);
  });

  test('gone, and read hardly later than our write: read again first; the younger read decides, and other tags do not wait', async () => {
    await one.customers([1, 2]);
    await one.segment('a', [1, 2]);
    await pushTags(ctx, shopId);
    const readNow = (id: number, tags: string, later: number) => {
      const at = new Date(Date.now() + later).toISOString().replace('Z', '000Z');
      return one.rows(sql`
        UPDATE customer SET tags = ${tags}::text[], tags_stamp = ${`${at}|${at}|1`} WHERE shop_id = ${shopId} AND id = ${id}`);
    };
    for (const id of [1, 2]) {
      shop.tags.set(String(id), []);
      await readNow(id, '{}', 500);
    }
    await one.segment('b', [1, 2]);
    const began = Date.now();
    const { nextAt } = await pushTags(ctx, shopId);
    expect([shop.tags.get('1'), shop.tags.get('2')], 'not put back').toEqual([
      ['regulars-b'],
      ['regulars-b'],
    ]);
    expect((nextAt?.getTime() ?? 0) - began).toBeGreaterThan(5_000);
    const rereads = await one.rows<{ at: Date; id: string }>(
      sql`SELECT object_id AS id, not_before AS at FROM reread WHERE shop_id = ${shopId} ORDER BY object_id`,
    );
    expect(rereads.map(({ id }) => id)).toEqual(['1', '2']);
    for (const { at } of rereads) expect(at.getTime() - began).toBeGreaterThan(READ_MARGIN_MS);
    // Of the first it was somebody's hand; of the second the read was simply too early.
    await readNow(1, '{regulars-b}', 3_500);
    await readNow(2, '{regulars-a,regulars-b}', 3_500);
    shop.tags.set('2', ['regulars-a', 'regulars-b']);
    await one.dueNow();
    expect(await pushTags(ctx, shopId)).toEqual({ nextAt: null });
    expect(await one.outbox()).toEqual([]);
    expect(shop.tags.get('1')).toEqual(['regulars-b']);
    expect((await one.owned()).map(({ customer_id, tag_key, suppressed }) => [customer_id, tag_key, suppressed])).toEqual([
      ['1', 'regulars-a', true],
      ['1', 'regulars-b', false],
      ['2', 'regulars-a', false],
      ['2', 'regulars-b', false],
    ]); // prettier-ignore
  });

  test('stopped: nothing is written', async () => {
    await one.customers([1]);
    await one.segment('a', [1]);
    await one.rows(sql`UPDATE shop_settings SET writes_stopped_at = ${new Date()} WHERE shop_id = ${shopId}`);
    const { nextAt } = await pushTags(ctx, shopId);
    expect(shop.requests).toEqual([]);
    expect(await one.outbox()).toHaveLength(1);
    // Looked at again, but not at once and for ever.
    expect(nextAt?.getTime()).toBeGreaterThan(ctx.clock.machineNow().getTime() + 50_000);
    await one.rows(sql`UPDATE shop_settings SET writes_stopped_at = NULL WHERE shop_id = ${shopId}`);
    await t.db.outsideShops((tx) =>
      tx.query(sql`UPDATE shop SET state = 'uninstalled' WHERE id = ${shopId}`),
    );
    expect(await pushTags(ctx, shopId)).toEqual({ nextAt: null });
    expect(shop.requests).toEqual([]);
  });

  test('never more than 100 mutations a request', async () => {
    await one.customers(range(1, 90));
    const a = await one.segment('a', range(1, 90));
    await pushTags(ctx, shopId);
    await one.leave(a, range(1, 90));
    await one.segment('b', range(1, 90));
    await pushTags(ctx, shopId);
    expect(Math.max(...shop.requests.map((request) => request.mutations))).toBeLessThanOrEqual(100);
    expect([...shop.tags.values()].every((tags) => tags.join() === 'regulars-b')).toBe(true);
  });
});

describe('claims', () => {
  test('two writers in parallel never hold one customer, and everything is written once', async () => {
    await one.customers(range(1, 300));
    shop.budget.currentlyAvailable = 1_000_000;
    await one.segment('a', range(1, 300));
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
    expect(await one.writes()).toHaveLength(300);
  });

  test('a claim that two transactions want at once goes to one of them', async () => {
    await one.customers(range(1, 20));
    await one.segment('a', range(1, 20));
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
