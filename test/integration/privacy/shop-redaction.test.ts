/** What is erased of a whole shop, and what stays when the app is removed. */
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import { ensureShop } from '../../../app/intake/ensure-shop.server.ts';
import { redactShop } from '../../../app/privacy/redact-shop.server.ts';
import { uninstallShop } from '../../../app/privacy/uninstall-shop.server.ts';
import { listPrivacyRequests } from '../../../app/privacy/privacy-request.server.ts';
import { at, customer } from '../intake/fact-makers.ts';
import { createTestDb } from '../../support/test-db.ts';
import { ANNA, ANNA_BEFORE, BEN, cipher, now, redactionKey, privacyStage } from './privacy-stage.ts';

const stage = privacyStage();
const { fill, put, redact } = stage;

describe('shop/redact', () => {
  const rowsOf = async (shop: ShopId): Promise<string[]> => {
    const found: string[] = [];
    for (const table of stage.tables) {
      const { rows: columns } = await stage.root.query(
        `SELECT 1 FROM information_schema.columns WHERE table_name = '${table}' AND column_name = 'shop_id'`,
      );
      if (columns.length === 0) continue;
      const { rowCount } = await stage.root.query(`SELECT 1 FROM "${table}" WHERE shop_id = ${shop} LIMIT 1`);
      if (rowCount) found.push(table);
    }
    return found;
  };

  /** What `fill` leaves out: a row in every other table that has shops. */
  const fillRest = async (shop: ShopId) => {
    await stage.t.db.inShop(shop, async (tx) => {
      for (const text of [
        `INSERT INTO product (shop_id, id) VALUES (${shop}, 1)`,
        `INSERT INTO collection (shop_id, id) VALUES (${shop}, 1)`,
        `INSERT INTO product_collection (shop_id, product_id, collection_id, seen_at) VALUES (${shop}, 1, 1, '2026-01-01')`,
        `INSERT INTO location (shop_id, id) VALUES (${shop}, 1)`,
        `INSERT INTO order_refund (shop_id, order_id, id, created_at, refunded_minor) VALUES (${shop}, 1, 1, '2026-01-01', 1)`,
        `INSERT INTO import_run (shop_id, started_at) VALUES (${shop}, '2026-01-01')`,
        `INSERT INTO import_part (shop_id, run_id, kind) VALUES (${shop}, 1, 'orders')`,
        `INSERT INTO shopify_standing (shop_id, subject, state, since, seen_at) VALUES (${shop}, 'calls', 'refused', '2026-01-01', '2026-01-01')`,
        `INSERT INTO cut_points (shop_id, version, computed_at, as_of, buyers, gaps, spent_percentiles)
         VALUES (${shop}, 1, '2026-01-01', '2026-01-01', 1, 1, '{}')`,
        `INSERT INTO ltv_fit (shop_id, version, as_of, computed_at, verdict, model, currency, customers, repeat_customers)
         VALUES (${shop}, 1, '2026-01-01', '2026-01-01', 'good', 'mbgnbd', 'EUR', 1, 1)`,
        `INSERT INTO segment_set (shop_id, name, kind, created_at) VALUES (${shop}, 's', 'exclusive', '2026-01-01')`,
        `INSERT INTO segment_version (shop_id, segment_id, version, rule, settings, at, actor) VALUES (${shop}, 1, 1, '{}', '{}', '2026-01-01', 'a')`,
        `INSERT INTO approval (shop_id, at, actor, act, review) VALUES (${shop}, '2026-01-01', 'a', 'turn_on', '{}')`,
        `INSERT INTO tag_bulk (shop_id, act, lines, started_at) VALUES (${shop}, 'add', 1, '2026-01-01')`,
        `INSERT INTO tag_alert (shop_id, at, noticed_at) VALUES (${shop}, '2026-01-01', '2026-01-01')`,
        `INSERT INTO tag_rate (shop_id, way, per_second, samples, measured_at) VALUES (${shop}, 'bulk', 50, 1, '2026-01-01')`,
        `INSERT INTO tag_day (shop_id, day) VALUES (${shop}, '2026-01-01')`,
        `INSERT INTO tag_rename (shop_id, what, from_name, to_name, started_at, actor) VALUES (${shop}, 'prefix', 'a-', 'b-', '2026-01-01', 'a')`,
        `INSERT INTO tag_former (shop_id, rename_id, segment_id, tag, tag_key) VALUES (${shop}, 1, 1, 'a-x', 'a-x')`,
        `INSERT INTO held_change (shop_id, cause, subject, made_at, state) VALUES (${shop}, 'refit', 'fit', '2026-01-01', 'held')`,
        `INSERT INTO segment_change (shop_id, state, change, actor, started_at) VALUES (${shop}, 'working', '{}', 'a', '2026-01-01') ON CONFLICT DO NOTHING`,
        `INSERT INTO segment_size (shop_id, segment_id, says, size, at) VALUES (${shop}, 1, 'x', 1, '2026-01-01')`,
        `INSERT INTO background_run (shop_id, kind, state, started_at) VALUES (${shop}, 'fit', 'running', '2026-01-01')`,
        `INSERT INTO flow_run (shop_id, id, started_at, total, actor, not_before) VALUES (${shop}, 1, '2026-01-01', 1, 'a', '2026-01-01')`,
        `INSERT INTO attention (shop_id, key, subject, message, since) VALUES (${shop}, 'k', 's', 'm', '2026-01-01')`,
        `INSERT INTO native_segment (shop_id, segment_id) VALUES (${shop}, 1)`,
        `INSERT INTO leftover (shop_id, kind, ref, name, found_at) VALUES (${shop}, 'segment', '1', 'x', '2026-01-01')`,
        `INSERT INTO reach_write (shop_id, kind, act, title, at) VALUES (${shop}, 'segment', 'create', 'x', '2026-01-01')`,
        `INSERT INTO segment_reach (shop_id, segment_id) VALUES (${shop}, 1)`,
        `INSERT INTO reach_settings (shop_id) VALUES (${shop})`,
        `INSERT INTO value_snapshot (shop_id, as_of, computed_at, basis, content)
         VALUES (${shop}, '2026-01-01', '2026-01-01', '', '{}')`,
      ]) {
        await tx.query(text);
      }
    });
  };

  test('removes every row of that shop, and of no other; only what holds nobody stays', async () => {
    const [shop, other] = [await stage.t.createShop(), await stage.t.createShop()];
    for (const one of [shop, other]) {
      await fill(one, ANNA, ANNA_BEFORE);
      await put(one, 'waiting', 'customers/update', { id: 1 });
      await redact(one, BEN);
      await fillRest(one);
      const { rows } = await stage.root.query<{ domain: string }>(
        `SELECT domain FROM shop WHERE id = ${one}`,
      );
      await stage.root.query(
        `INSERT INTO session (id, shop, state, "accessToken") VALUES ('offline_${one}', '${rows[0]?.domain}', '', 'x')`,
      );
    }
    const before = await rowsOf(other);
    const { rows: all } = await stage.root.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'shop_id'
          AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relname = table_name AND c.relispartition) ORDER BY 1`,
    );
    expect(before, 'a new table must be filled above').toEqual(all.map(({ name }) => name));
    const act = (tx: Parameters<typeof redactShop>[0]) =>
      redactShop(tx, { receivedAt: new Date(), now: new Date(), cipher });
    expect(await stage.t.db.inShop(shop, act)).toBe('redacted');
    expect(await rowsOf(shop)).toEqual(['privacy_request', 'redacted_customer', 'shop_lock']);
    expect(await rowsOf(other)).toEqual(before);
    const { rows: sessions } = await stage.root.query(`SELECT id FROM session ORDER BY id`);
    expect(sessions).toEqual([{ id: `offline_${other}` }]);
    expect(await stage.t.db.inShop(shop, act)).toBe('redacted');
    const kinds = (await stage.t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher))).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['shop_redact', 'shop_redact', 'customer_redact']);
  });

  test('a shop too large for one statement goes in parts, nothing comes back meanwhile, and a kill loses nothing', async () => {
    const slow = await createTestDb({ limits: { statement_timeout: '1s', transaction_timeout: '2s' } });
    const operator = new pg.Client({ connectionString: slow.superuserUrl });
    await operator.connect();
    try {
      const domain = 'large.myshopify.com';
      const { shopId } = await ensureShop(slow.db, { domain, now: at(10) });
      // As slow as a row can be: a millisecond each.
      await operator.query(`
        INSERT INTO tag_write (shop_id, customer_id, tag, act, outcome, at, way)
        SELECT ${shopId}, n, 'X', 'add', 'confirmed', '2026-01-01', 'bulk' FROM generate_series(1, 1500) n;
        CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql
          AS 'BEGIN PERFORM pg_sleep(0.001); RETURN OLD; END';
        CREATE TRIGGER slowly BEFORE DELETE ON tag_write FOR EACH ROW EXECUTE FUNCTION slowly();`);
      const step = (atMost: number) =>
        slow.db.inShop(shopId, (tx) => redactShop(tx, { receivedAt: at(20), now: at(20), cipher, atMost }));
      const left = async () =>
        Number((await operator.query<{ n: string }>(`SELECT count(*) AS n FROM tag_write`)).rows[0]?.n);
      await expect(step(1_000_000), 'all at once').rejects.toMatchObject({ code: '57014' });
      expect(await left()).toBe(1500);
      expect(await step(200)).toBe('more');
      const afterFirst = await left();
      expect(afterFirst).toBeLessThan(1500);
      await expect(
        slow.db.inShop(shopId, (tx) => applyFacts(tx, [customer(ANNA, 5)], { now, redactionKey })),
      ).rejects.toMatchObject({ code: 'not_found' });
      await expect(ensureShop(slow.db, { domain, now: at(30) })).rejects.toMatchObject({ retryable: true });
      const killed = slow.db.inShop(shopId, async (tx) => {
        await redactShop(tx, { receivedAt: at(20), now: at(20), cipher, atMost: 200 });
        throw new Error('killed');
      });
      await expect(killed).rejects.toThrow('killed');
      expect(await left()).toBe(afterFirst);
      expect(await slow.db.inShop(shopId, (tx) => listPrivacyRequests(tx, cipher))).toEqual([]);
      let steps = 0;
      while ((await step(200)) === 'more') steps += 1;
      expect(steps).toBeGreaterThan(4);
      expect(await left()).toBe(0);
      expect(await slow.db.inShop(shopId, (tx) => listPrivacyRequests(tx, cipher))).toHaveLength(1);
      expect(await ensureShop(slow.db, { domain, now: at(30) })).toEqual({ shopId, isNew: true });
    } finally {
      await operator.end();
      await slow.close();
    }
  });

  test('a message from before the app came back changes nothing', async () => {
    const domain = 'back-again.myshopify.com';
    const { shopId } = await ensureShop(stage.t.db, { domain, now: at(10) });
    const uninstall = (second: number) =>
      stage.t.db.inShop(shopId, (tx) => uninstallShop(tx, { at: at(second), now: at(second) }));
    expect(await uninstall(20)).toBe('uninstalled');
    expect(await ensureShop(stage.t.db, { domain, now: at(30) })).toEqual({ shopId, isNew: true });
    expect(await uninstall(20)).toBe('installed_again');
    const early = { receivedAt: at(25), now: at(40) };
    expect(await stage.t.db.inShop(shopId, (tx) => redactShop(tx, { ...early, cipher }))).toBe(
      'installed_again',
    );
    const { rows } = await stage.root.query(`SELECT state FROM shop WHERE id = ${shopId}`);
    expect(rows).toEqual([{ state: 'installed' }]);
  });

  test('an erased shop can come back, as a new one', async () => {
    const domain = 'new-again.myshopify.com';
    const { shopId, isNew } = await ensureShop(stage.t.db, { domain, now: at(10) });
    expect(isNew).toBe(true);
    await stage.t.db.inShop(shopId, (tx) => redactShop(tx, { receivedAt: at(20), now: at(20), cipher }));
    const again = await Promise.all([1, 2, 3].map(() => ensureShop(stage.t.db, { domain, now: at(30) })));
    expect(again.map((shop) => shop.shopId)).toEqual([shopId, shopId, shopId]);
    expect(again.filter((shop) => shop.isNew)).toHaveLength(1);
    expect(await rowsOf(shopId)).toContain('shop_settings');
  });
});

test('the app is removed: tokens and work go, facts stay, and the next visit imports anew', async () => {
  const domain = 'gone.myshopify.com';
  const { shopId } = await ensureShop(stage.t.db, { domain, now: at(1) });
  await fill(shopId, ANNA, ANNA_BEFORE);
  await stage.t.db.inShop(shopId, (tx) =>
    tx.query(`UPDATE shop_settings SET first_imported_at = '2026-01-01' WHERE shop_id = ${shopId}`),
  );
  await stage.root.query(
    `INSERT INTO session (id, shop, state, "accessToken") VALUES ('offline_gone', '${domain}', '', 'x')`,
  );
  await stage.t.db.inShop(shopId, (tx) => uninstallShop(tx, { at: at(50), now: at(51) }));
  const count = async (text: string) => (await stage.root.query(text)).rowCount;
  expect(await count(`SELECT 1 FROM session WHERE shop = '${domain}'`)).toBe(0);
  expect(await count(`SELECT 1 FROM shop_due WHERE shop_id = ${shopId} AND work <> 'inbox'`)).toBe(0);
  expect(await count(`SELECT 1 FROM reread WHERE shop_id = ${shopId}`)).toBe(0);
  expect(await count(`SELECT 1 FROM customer WHERE shop_id = ${shopId}`)).toBe(1);
  expect(
    await count(`SELECT 1 FROM shop_settings WHERE shop_id = ${shopId} AND first_imported_at IS NULL`),
  ).toBe(1);
});
