/** "Regulars needs attention": whatever waits for a person is told to Flow, once, whoever brought it about. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { raiseAttention } from '../../../app/activation/flow/raise-attention.server.ts';
import { queueCustomers } from '../../../app/activation/tags/queue-changed.server.ts';
import { recordRemovals } from '../../../app/activation/tags/record-removals.server.ts';
import { readOpenAlerts } from '../../../app/activation/tags/tag-alerts.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { tellWhatWaits } from '../../../app/jobs/tell-what-waits.server.ts';
import { closeOutboxHold, openOutboxHold } from '../../../app/pipeline/held-change.server.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';

let reach: ReachWorld;
beforeEach(async () => {
  reach = await createReachWorld();
}, 120_000);
afterEach(() => reach.close());

/** Somebody takes the tag off the customers from `first` to `last`. @returns the alert, null: decisions */
const removed = (first: number, last: number, minuteOf: (index: number) => number) =>
  reach.in((tx) =>
    recordRemovals(
      tx,
      Array.from({ length: last - first + 1 }, (_, i) => ({
        customerId: reach.idOf(first + i),
        key: 'regulars-vip',
        tag: 'regulars-vip',
        seenAt: new Date(Date.UTC(2026, 10, 22, 12, minuteOf(i))),
      })),
      { now: reach.now() },
    ),
  );

describe('"Regulars needs attention" is told of', () => {
  const MATTERS: [string, string, string][] = [
    ['a segment that fails', `UPDATE segment SET status = 'failing' WHERE key = 'vip'`, 'The segment “VIP” cannot be worked out'],
    ['lacking permissions', `UPDATE shop_settings SET scopes = '{read_customers,write_orders,read_products,write_discounts}'`, 'Regulars lacks permissions of your store'],
    ['bulk operations', `INSERT INTO shopify_standing (shop_id, subject, state, since, seen_at, why) VALUES ($1, 'bulk_mutations', 'refused', '2026-11-22', '2026-11-22', 'not_enabled')`, 'Shopify does not let Regulars use bulk operations'],
    ['customer data', `INSERT INTO shopify_standing (shop_id, subject, state, since, seen_at, why) VALUES ($1, 'customer_data', 'refused', '2026-11-22', '2026-11-22', 'not_approved') ON CONFLICT (shop_id, subject) DO UPDATE SET state = 'refused'`, 'Shopify shows Regulars no customers and no orders'],
    ['a refused discount', `INSERT INTO offer_discount (shop_id, way, kind, title, fault) VALUES ($1, 'function', 'app', 'Segment offers (Regulars)', 'x')`, 'The discount “Segment offers (Regulars)” is not as it should be'],
    ['a changed discount', `INSERT INTO offer_discount (shop_id, way, kind, title, edited) VALUES ($1, 'native', 'basic', 'Ten (Regulars)', '{"what":"deleted"}')`, 'Somebody changed the discount “Ten (Regulars)”'],
    ['a segment in Shopify', `INSERT INTO native_segment (shop_id, segment_id, mark_name, failure) VALUES ($1, 1, 'Regulars: VIP', 'x')`, 'The segment “Regulars: VIP” in Shopify is not as it should be'],
    ['metafields', `INSERT INTO reach_settings (shop_id, metafields, metafields_failure) VALUES ($1, 'on', 'x')`, 'Customer metafields cannot be written'],
    ['a failed import', `INSERT INTO import_run (shop_id, state, started_at) VALUES ($1, 'failed', '2026-11-22')`, 'The import failed'],
  ]; // prettier-ignore
  test.each(MATTERS)('%s, after whichever job', async (_, cause, subject) => {
    await reach.in((tx) => tx.query({ text: cause, values: cause.includes('$1') ? [reach.shopId] : [] }));
    await tellWhatWaits(reach.world.ctx, reach.shopId);
    await tellWhatWaits(reach.world.ctx, reach.shopId);
    await reach.sendFlow();
    expect(reach.told()).toEqual([`needs-attention ${subject}`]);
  });

  test('damage and a held run, in the transaction that finds them', async () => {
    await removed(1, 21, () => 0);
    await reach.in(async (tx) => {
      const held = await openOutboxHold(tx, { cause: 'import', now: reach.now() });
      await queueCustomers(tx, [reach.idOf(1)], reach.now());
      await tx.query(sql`UPDATE tag_outbox SET held_by = ${held}::bigint WHERE shop_id = ${reach.shopId}`);
      await tx.query(sql`
        INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
        SELECT shop_id, id, ${reach.idOf(1)}::bigint, ${reach.now()}, 'import', 1, 1, '{}' FROM segment
         WHERE shop_id = ${reach.shopId} AND key = 'vip'`);
      expect(await closeOutboxHold(tx, held, { always: true })).toMatchObject({ outcome: 'held' });
    });
    const rows = await reach.rows(
      sql`SELECT title FROM flow_event WHERE trigger = 'attention' ORDER BY title`,
    );
    expect(rows).toEqual([{ title: 'A change waits for you' }, { title: 'Many tags were removed' }]);
  });

  test('its own failure is no failure of the job', async () => {
    const broken = {
      ...reach.world.ctx,
      db: { ...reach.world.testDb.db, inShop: () => Promise.reject(new Error('x')) },
    };
    await expect(tellWhatWaits(broken, reach.shopId)).resolves.toBeUndefined();
  });
});

describe('tags that somebody takes off', () => {
  test('up to 20 in ten minutes are decisions; the 21st makes damage of all of them', async () => {
    expect(await removed(1, 20, () => 0)).toBeNull();
    expect(await reach.in(readOpenAlerts)).toEqual([]);
    expect(await removed(21, 21, () => 9)).not.toBeNull();
    expect(await reach.in(readOpenAlerts)).toMatchObject([{ removed: 21 }]);
  });

  test('21 a minute apart are decisions', async () => {
    expect(await removed(1, 21, (index) => index)).toBeNull();
    expect(await reach.in(readOpenAlerts)).toEqual([]);
  });
});

test('"Regulars needs attention": once for each matter, again when it comes back', async () => {
  const hold = (state: string) =>
    reach.in((tx) =>
      tx.query(sql`
        INSERT INTO held_change (shop_id, cause, subject, made_at, affected, state)
        VALUES (${reach.shopId}, 'refit', 'fit', ${reach.now()}, 7, ${state})`),
    );
  await hold('held');
  await reach.in((tx) =>
    tx.query(sql`
      INSERT INTO tag_alert (shop_id, at, noticed_at, removed) VALUES (${reach.shopId}, ${reach.now()}, ${new Date()}, 186)`),
  );
  await reach.in((tx) => raiseAttention(tx, reach.now()));
  await reach.in((tx) => raiseAttention(tx, reach.now()));
  await reach.sendFlow();
  const [damage, held] = reach.told().sort();
  expect(damage).toBe('needs-attention A change waits for you');
  expect(held).toBe('needs-attention Many tags were removed');
  expect(reach.told()).toHaveLength(2);
  await reach.in((tx) => tx.query(sql`UPDATE held_change SET state = 'released'`));
  await reach.in((tx) => tx.query(sql`UPDATE segment SET status = 'failing' WHERE key = 'vip'`));
  await reach.in((tx) => raiseAttention(tx, reach.now()));
  await hold('held');
  await reach.sendFlow();
  expect(reach.told().slice(2).sort()).toEqual([
    'needs-attention A change waits for you',
    'needs-attention The segment “VIP” cannot be worked out',
  ]);
});
