import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCipher } from '../../../app/cipher.server.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import { ensureShop } from '../../../app/intake/ensure-shop.server.ts';
import { payloadPurpose } from '../../../app/intake/inbox/payload-purpose.ts';
import { replayDeadLetter } from '../../../app/intake/inbox/dead-letters.server.ts';
import { answerDataRequest } from '../../../app/privacy/answer-data-request.server.ts';
import { listPrivacyRequests, prunePrivacyRequests } from '../../../app/privacy/privacy-request.server.ts';
import { redactCustomer } from '../../../app/privacy/redact-customer.server.ts';
import { redactShop } from '../../../app/privacy/redact-shop.server.ts';
import { uninstallShop } from '../../../app/privacy/uninstall-shop.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { at, customer, order } from '../intake/fact-makers.ts';

const redactionKey = Buffer.alloc(32, 3);
const cipher = createCipher([Buffer.alloc(32, 4)]);
const now = at(59);
/** Numbers that occur nowhere else. */
const ANNA = '7730001112223';
const ANNA_BEFORE = '7730001112224';
const BEN = '8840001112223';

let t: TestDb;
let root: pg.Client;
let tables: string[];
beforeAll(async () => {
  t = await createTestDb();
  root = new pg.Client({ connectionString: t.superuserUrl });
  await root.connect();
  const { rows } = await root.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`,
  );
  tables = rows.map((row) => row.name);
});
afterAll(async () => {
  await root.end();
  await t.close();
});

/** Which tables hold the text anywhere, encrypted payloads opened. */
async function tablesThatName(text: string, shop: ShopId): Promise<string[]> {
  const found: string[] = [];
  for (const table of tables) {
    const { rows } = await root.query<{ row: string }>(`SELECT t::text AS row FROM "${table}" t`);
    if (rows.some(({ row }) => row.includes(text))) found.push(table);
  }
  const { rows } = await root.query<{ payload: Buffer }>(
    `SELECT payload FROM inbox WHERE shop_id = ${shop} AND payload IS NOT NULL`,
  );
  const opened = rows.map(({ payload }) => cipher.decrypt(payload, payloadPurpose(shop)).toString());
  if (opened.some((body) => body.includes(text))) found.push('inbox payload');
  const requests = await t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher));
  if (requests.some(({ result }) => JSON.stringify(result).includes(text))) found.push('collected data');
  return found;
}

/** A row about the customer in every table that can hold one. */
let serial = 1000;
async function fill(shop: ShopId, id: string, before: string): Promise<void> {
  serial += 10;
  await t.db.inShop(shop, async (tx) => {
    await applyFacts(
      tx,
      [
        customer(id, 5, { country: 'DE', tags: ['a'], email: 'SUBSCRIBED' }),
        customer(before, 5),
        order(`${serial}`, 6, { customerId: id }),
        order(`${serial + 1}`, 6, { customerId: before }),
        { kind: 'merge', keptId: id, deletedId: before },
      ],
      { now, redactionKey },
    );
    const segment = await tx.query<{ id: string }>(
      `INSERT INTO segment (shop_id, key, name, family, tag_name, rule, created_at)
       VALUES (${shop}, 'k${serial}', 'n', 'f', 't', '{}', '2026-01-01') RETURNING id`,
    );
    const s = segment.rows[0]?.id;
    for (const text of [
      `INSERT INTO profile (shop_id, customer_id) VALUES (${shop}, ${id})`,
      `INSERT INTO customer_metafield (shop_id, customer_id, namespace_key, type, value, stamp)
       VALUES (${shop}, ${id}, 'custom.tea', 'single_line_text_field', 'green', '')`,
      `INSERT INTO score (shop_id, customer_id, r, f, m, cut_points_version) VALUES (${shop}, ${id}, 1, 1, 1, 1)`,
      `INSERT INTO prediction (shop_id, customer_id, fit_version, alive, expected_orders, expected_value_minor, risk)
       VALUES (${shop}, ${id}, 1, 0.5, 1, 100, 'medium')`,
      `INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
       VALUES (${shop}, ${s}, ${id}, '2026-01-01', 'order', 1, 1, '{}')`,
      ...[id, before].map(
        (
          one,
        ) => `INSERT INTO membership_event (shop_id, segment_id, customer_id, kind, at, cause, rule_version, cut_points_version, evidence)
       VALUES (${shop}, ${s}, ${one}, 'entered', '2026-01-01', 'order', 1, 1, '{}')`,
      ),
      // Half of the history lies in the month of today, whenever that is.
      `INSERT INTO membership_event (shop_id, segment_id, customer_id, kind, at, cause, rule_version, cut_points_version, evidence)
       VALUES (${shop}, ${s}, ${id}, 'left', now(), 'order', 1, 1, '{}')`,
      `WITH change AS (
         INSERT INTO mass_change (shop_id, segment_id, kind, at, cause, rule_version, cut_points_version, members)
         VALUES (${shop}, ${s}, 'entered', '2026-01-01', 'activation', 1, 1, 2) RETURNING id)
       INSERT INTO mass_member SELECT ${shop}, change.id, one FROM change, unnest(ARRAY[${id}, ${before}]::bigint[]) AS one`,
      `INSERT INTO membership_left VALUES (${shop}, ${s}, ${id}, '2026-01-01')`,
      `INSERT INTO membership_kept VALUES (${shop}, ${s}, ${id}, '2026-01-01', 'rule', '2026-02-01')`,
      `INSERT INTO segment_move VALUES (${shop}, ${id}, ${s}, 'entered', NULL, '{}')`,
      `INSERT INTO segment_move_again VALUES (${shop}, ${id})`,
      `INSERT INTO segment_change (shop_id, state, change, actor, started_at, cursor, review)
       VALUES (${shop}, 'working', '{}', 'a', '2026-01-01', ${id}, '{"sample": ["${id}"]}')
       ON CONFLICT (shop_id) DO UPDATE SET cursor = excluded.cursor,
          review = jsonb_build_object('sample', (segment_change.review -> 'sample') || (excluded.review -> 'sample'))`,
      `INSERT INTO segment_person VALUES (${shop}, ${s}, ${id}, 'always', '2026-01-01', 'a')`,
      `INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before) VALUES (${shop}, ${id}, '2026-01-01', '2026-01-01')`,
      `INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at) VALUES (${shop}, ${id}, 'x', 'X', '2026-01-01')`,
      `INSERT INTO tag_write (shop_id, customer_id, tag, act, outcome, at, way) VALUES (${shop}, ${before}, 'X', 'add', 'confirmed', '2026-01-01', 'bulk')`,
      `INSERT INTO tag_edit (shop_id, customer_id, tag_key, tag, kind, at, noticed_at) VALUES (${shop}, ${before}, 'x', 'X', 'removed', '2026-01-01', '2026-01-01')`,
      `INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, found_at) VALUES (${shop}, ${id}, 'y', 'Y', '2026-01-01')`,
      `INSERT INTO tag_impossible (shop_id, customer_id, tag_key, reason, at) VALUES (${shop}, ${id}, 'z', 'too_many_tags', '2026-01-01')`,
      `INSERT INTO tag_held_out (shop_id, segment_id, customer_id, at) VALUES (${shop}, ${s}, ${id}, '2026-01-01')`,
      `INSERT INTO control_assignment (shop_id, segment_id, customer_id, at, held_out) VALUES (${shop}, ${s}, ${id}, '2026-01-01', true)`,
      `INSERT INTO control_group (shop_id, segment_id, buckets, since, actor) VALUES (${shop}, ${s}, 1000, '2026-01-01', 'a')`,
      `INSERT INTO tag_bulk (shop_id, id, act, lines, started_at) VALUES (${shop}, ${id}, 'add', 1, '2026-01-01')`,
      `INSERT INTO tag_bulk_line (shop_id, bulk_id, line, customer_id, tags, generation) VALUES (${shop}, 1, ${id === ANNA ? 1 : 2}, ${id}, '{X}', 1)`,
      `INSERT INTO metafield_outbox (shop_id, customer_id, queued_at, not_before) VALUES (${shop}, ${id}, '2026-01-01', '2026-01-01')`,
      `INSERT INTO metafield_written (shop_id, customer_id) VALUES (${shop}, ${id})`,
      `INSERT INTO flow_event (shop_id, trigger, segment_id, customer_id, at, queued_at, not_before)
       VALUES (${shop}, 'entered', ${s}, ${id}, '2026-01-01', '2026-01-01', '2026-01-01')`,
      `INSERT INTO flow_action_run (shop_id, run_id, customer_id, received_at) VALUES (${shop}, '${id}', ${id}, '2026-01-01')`,
      `INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause) VALUES (${shop}, 1, ${id}, '2026-01-01', 'order')`,
      `INSERT INTO offer_order (shop_id, order_id, customer_id, state, at) VALUES (${shop}, ${serial}, ${id}, 'ask', '2026-01-01')`,
      `INSERT INTO offer (shop_id, segment_id, name, tag_name, terms, state, starts_on, ends_on, way, made_at) VALUES (${shop}, ${s}, 'o', 'o${serial}', '{}', 'ended', '2026-01-01', '2026-01-01', 'code', '2026-01-01')`,
      `INSERT INTO offer_discount (shop_id, way, kind, title) VALUES (${shop}, 'code', 'basic', 'o')`,
      `INSERT INTO discount_write (shop_id, kind, act, outcome, title, at) VALUES (${shop}, 'discount', 'create', 'confirmed', 'o', '2026-01-01')`,
      `INSERT INTO leaving (shop_id, actor, state, step, started_at) VALUES (${shop}, 'a', 'done', 'done', '2026-01-01')`,
      `INSERT INTO left_out_person (shop_id, customer_id, at, actor) VALUES (${shop}, ${id}, '2026-01-01', 'a')`,
      `INSERT INTO policy_draft (shop_id, policy, state, version, actor, asked_at, effect)
       VALUES (${shop}, '{}', 'measured', 1, 'a', '2026-01-01', '{"people": ["${id}"]}') ON CONFLICT DO NOTHING`,
      `INSERT INTO idea_snapshot (shop_id, at, ideas) VALUES (${shop}, '2026-01-01', '[]') ON CONFLICT DO NOTHING`,
      `INSERT INTO policy_version (shop_id, version, policy, at, actor) VALUES (${shop}, 1, '{}', '2026-01-01', 'a') ON CONFLICT DO NOTHING`,
      `INSERT INTO reread (shop_id, kind, object_id, queued_at, not_before, reason) VALUES (${shop}, 'customer', ${id}, '2026-01-01', '2026-01-01', 'r')
       ON CONFLICT DO NOTHING`,
    ]) {
      await tx.query(text);
    }
    await tx.query(`DELETE FROM tag_bulk WHERE shop_id = ${shop} AND id = ${id}`);
  });
}

let deliveries = 0;
async function put(shop: ShopId, state: 'waiting' | 'dead', topic: string, body: unknown): Promise<string> {
  const payload = cipher.encrypt(Buffer.from(JSON.stringify(body)), payloadPurpose(shop));
  return t.db.inShop(shop, async (tx) => {
    const { rows } = await tx.query<{ id: string }>({
      text: `INSERT INTO inbox (shop_id, webhook_id, topic, api_version, received_at, payload, state, finished_at, reason)
             VALUES ($1, $2, $3, '2026-10', $4, $5, $6, $7, 'r') RETURNING id`,
      values: [shop, `w${(deliveries += 1)}`, topic, now, payload, state, state === 'dead' ? now : null],
    });
    return rows[0]?.id as string;
  });
}

const redact = (shop: ShopId, customerId: string | null) =>
  t.db.inShop(shop, (tx) => redactCustomer(tx, { customerId, receivedAt: now, now, redactionKey, cipher }));

describe('customers/redact', () => {
  test('leaves nothing of the customer, nor of those merged into them, and everything of the others', async () => {
    const shop = await t.createShop();
    await fill(shop, ANNA, ANNA_BEFORE);
    await fill(shop, BEN, '8840001112224');
    const order = { id: 55, customer: { id: Number(ANNA) } };
    const waitingOrder = await put(shop, 'waiting', 'refunds/create', { id: 1, order_id: 55, note: ANNA });
    await put(shop, 'waiting', 'customers/update', { id: Number(ANNA_BEFORE) });
    const others = await put(shop, 'waiting', 'customers/update', { id: Number(BEN) });
    const dead = await put(shop, 'dead', 'orders/updated', order);
    const deadOfBen = await put(shop, 'dead', 'orders/updated', { customer: { id: Number(BEN) } });
    await t.db.inShop(shop, (tx) =>
      answerDataRequest(tx, { customerId: ANNA, receivedAt: now, now, redactionKey, cipher }),
    );
    const benBefore = await tablesThatName(BEN, shop);
    expect(await tablesThatName(ANNA, shop)).toEqual(
      expect.arrayContaining([...benBefore, 'collected data']),
    );

    await redact(shop, ANNA);
    expect(await tablesThatName(ANNA, shop)).toEqual([]);
    expect(await tablesThatName(ANNA_BEFORE, shop)).toEqual([]);
    expect(await tablesThatName(BEN, shop)).toEqual(benBefore);
    const { rows } = await root.query(
      `SELECT customer_id, count(*)::int AS n FROM orders WHERE shop_id = ${shop} GROUP BY 1 ORDER BY 1 NULLS FIRST`,
    );
    expect(rows).toEqual([
      { customer_id: null, n: 2 },
      { customer_id: BEN, n: 2 },
    ]);
    const { rows: letters } = await root.query(
      `SELECT id, state, payload IS NULL AS empty FROM inbox WHERE shop_id = ${shop} ORDER BY id`,
    );
    expect(
      letters.filter((row: { empty: boolean }) => !row.empty).map((row: { id: string }) => row.id),
    ).toEqual([others, deadOfBen]);
    expect(letters).toContainEqual({ id: waitingOrder, state: 'done', empty: true });
    expect(letters).toContainEqual({ id: dead, state: 'dead', empty: true });
    expect(await t.db.inShop(shop, (tx) => replayDeadLetter(tx, dead, now))).toBe('emptied');
    const { rows: again } = await root.query(
      `SELECT kind, object_id FROM reread WHERE shop_id = ${shop} AND kind = 'order'`,
    );
    expect(again).toEqual([{ kind: 'order', object_id: '55' }]);
  });

  test('what cannot be decrypted is emptied, and holds nothing up', async () => {
    const shop = await t.createShop();
    await fill(shop, ANNA, ANNA_BEFORE);
    const before = await put(shop, 'dead', 'orders/updated', { customer: { id: Number(ANNA) } });
    const closed = [await put(shop, 'dead', 'orders/updated', {}), await put(shop, 'waiting', 'x', {})];
    const after = await put(shop, 'dead', 'orders/updated', { customer: { id: Number(BEN) } });
    const otherKey = createCipher([Buffer.alloc(32, 9)]).encrypt(Buffer.from(ANNA), payloadPurpose(shop));
    await root.query(`UPDATE inbox SET payload = $1 WHERE id = ANY($2)`, [otherKey, closed]);
    await redact(shop, ANNA);
    const { rows: letters } = await root.query(
      `SELECT id, state, payload IS NULL AS empty, reason FROM inbox WHERE shop_id = ${shop} ORDER BY id`,
    );
    const emptied = { state: 'dead', empty: true };
    expect(letters).toMatchObject([
      { id: before, ...emptied, reason: expect.stringContaining('named') as string },
      ...closed.map((id) => ({ id, ...emptied, reason: expect.stringContaining('decrypted') as string })),
      { id: after, state: 'dead', empty: false },
    ]);
    expect(await tablesThatName(ANNA, shop)).toEqual([]);
  });

  test('late messages and imports bring nothing back; twice is as once; it is recorded', async () => {
    const shop = await t.createShop();
    await fill(shop, ANNA, ANNA_BEFORE);
    await redact(shop, ANNA);
    await redact(shop, ANNA);
    await t.db.inShop(shop, (tx) =>
      applyFacts(
        tx,
        [customer(ANNA, 50), customer(ANNA_BEFORE, 50), order('77', 50, { customerId: ANNA_BEFORE })],
        { now, redactionKey },
      ),
    );
    expect(await tablesThatName(ANNA_BEFORE, shop)).toEqual([]);
    const requests = await t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher));
    expect(requests.map(({ kind, doneAt }) => [kind, doneAt])).toEqual([
      ['customer_redact', now],
      ['customer_redact', now],
    ]);
    expect(requests[0]?.dueAt.getTime()).toBe(now.getTime() + 30 * 86_400_000);
  });

  test('a customer that we never held, and a guest, are recorded and harm nobody', async () => {
    const shop = await t.createShop();
    await fill(shop, BEN, '8840001112224');
    const before = await tablesThatName(BEN, shop);
    await redact(shop, '123');
    await redact(shop, null);
    expect(await tablesThatName(BEN, shop)).toEqual(before);
    expect(await t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher))).toHaveLength(2);
  });
});

describe('customers/data_request', () => {
  test('lists all that we hold, for 30 days', async () => {
    const shop = await t.createShop();
    await fill(shop, ANNA, ANNA_BEFORE);
    const data = (await t.db.inShop(shop, (tx) =>
      answerDataRequest(tx, { customerId: ANNA, receivedAt: now, now, redactionKey, cipher }),
    )) as Record<string, unknown[]>;
    expect(Object.fromEntries(Object.entries(data).map(([key, list]) => [key, list.length]))).toEqual({
      customer: 1,
      offers: 1,
      offersUsed: 1,
      metafields: 1,
      mergedFrom: 1,
      orders: 2,
      purchaseHistory: 1,
      scores: 1,
      predictions: 1,
      segments: 1,
      segmentHistory: 3,
      segmentChangesOfMany: 2,
      segmentsKept: 1,
      segmentsLeft: 1,
      namedForSegments: 1,
      leftOutByHand: 1,
      tagsGiven: 1,
      metafieldsWritten: 1,
      automationsStarted: 1,
      tagEdits: 1,
      tagHistory: 1,
      tagsFound: 1,
      tagsHeldOut: 1,
      controlGroups: 1,
      tagsImpossible: 1,
    });
    expect(data['orders']?.[0]).toMatchObject({ total_minor: 1000, lines: [{ title: 'Thing' }] });
    const [kept] = await t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher));
    expect(kept?.result).toEqual(data);
    const { rows: stored } = await root.query<{ result: Buffer }>(
      `SELECT result FROM privacy_request WHERE shop_id = ${shop}`,
    );
    expect(stored[0]?.result.toString('latin1')).not.toContain('total_minor');
    const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
    expect(await t.db.inShop(shop, (tx) => prunePrivacyRequests(tx, later(29)))).toBe(0);
    expect(await t.db.inShop(shop, (tx) => prunePrivacyRequests(tx, later(31)))).toBe(1);
  });

  test('of somebody that we do not hold: nothing, and recorded', async () => {
    const shop = await t.createShop();
    for (const customerId of ['123', null]) {
      const data = await t.db.inShop(shop, (tx) =>
        answerDataRequest(tx, { customerId, receivedAt: now, now, redactionKey, cipher }),
      );
      expect(data).toBeNull();
    }
    expect(await t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher))).toHaveLength(2);
  });
});

describe('shop/redact', () => {
  const rowsOf = async (shop: ShopId): Promise<string[]> => {
    const found: string[] = [];
    for (const table of tables) {
      const { rows: columns } = await root.query(
        `SELECT 1 FROM information_schema.columns WHERE table_name = '${table}' AND column_name = 'shop_id'`,
      );
      if (columns.length === 0) continue;
      const { rowCount } = await root.query(`SELECT 1 FROM "${table}" WHERE shop_id = ${shop} LIMIT 1`);
      if (rowCount) found.push(table);
    }
    return found;
  };

  /** What `fill` leaves out: a row in every other table that has shops. */
  const fillRest = async (shop: ShopId) => {
    await t.db.inShop(shop, async (tx) => {
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
    const [shop, other] = [await t.createShop(), await t.createShop()];
    for (const one of [shop, other]) {
      await fill(one, ANNA, ANNA_BEFORE);
      await put(one, 'waiting', 'customers/update', { id: 1 });
      await redact(one, BEN);
      await fillRest(one);
      const { rows } = await root.query<{ domain: string }>(`SELECT domain FROM shop WHERE id = ${one}`);
      await root.query(
        `INSERT INTO session (id, shop, state, "accessToken") VALUES ('offline_${one}', '${rows[0]?.domain}', '', 'x')`,
      );
    }
    const before = await rowsOf(other);
    const { rows: all } = await root.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'shop_id'
          AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relname = table_name AND c.relispartition) ORDER BY 1`,
    );
    expect(before, 'a new table must be filled above').toEqual(all.map(({ name }) => name));
    const act = (tx: Parameters<typeof redactShop>[0]) =>
      redactShop(tx, { receivedAt: new Date(), now: new Date(), cipher });
    expect(await t.db.inShop(shop, act)).toBe('redacted');
    expect(await rowsOf(shop)).toEqual(['privacy_request', 'redacted_customer', 'shop_lock']);
    expect(await rowsOf(other)).toEqual(before);
    const { rows: sessions } = await root.query(`SELECT id FROM session ORDER BY id`);
    expect(sessions).toEqual([{ id: `offline_${other}` }]);
    expect(await t.db.inShop(shop, act)).toBe('redacted');
    const kinds = (await t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher))).map(({ kind }) => kind);
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
    const { shopId } = await ensureShop(t.db, { domain, now: at(10) });
    const uninstall = (second: number) =>
      t.db.inShop(shopId, (tx) => uninstallShop(tx, { at: at(second), now: at(second) }));
    expect(await uninstall(20)).toBe('uninstalled');
    expect(await ensureShop(t.db, { domain, now: at(30) })).toEqual({ shopId, isNew: true });
    expect(await uninstall(20)).toBe('installed_again');
    const early = { receivedAt: at(25), now: at(40) };
    expect(await t.db.inShop(shopId, (tx) => redactShop(tx, { ...early, cipher }))).toBe('installed_again');
    const { rows } = await root.query(`SELECT state FROM shop WHERE id = ${shopId}`);
    expect(rows).toEqual([{ state: 'installed' }]);
  });

  test('an erased shop can come back, as a new one', async () => {
    const domain = 'new-again.myshopify.com';
    const { shopId, isNew } = await ensureShop(t.db, { domain, now: at(10) });
    expect(isNew).toBe(true);
    await t.db.inShop(shopId, (tx) => redactShop(tx, { receivedAt: at(20), now: at(20), cipher }));
    const again = await Promise.all([1, 2, 3].map(() => ensureShop(t.db, { domain, now: at(30) })));
    expect(again.map((shop) => shop.shopId)).toEqual([shopId, shopId, shopId]);
    expect(again.filter((shop) => shop.isNew)).toHaveLength(1);
    expect(await rowsOf(shopId)).toContain('shop_settings');
  });
});

test('the app is removed: tokens and work go, facts stay, and the next visit imports anew', async () => {
  const domain = 'gone.myshopify.com';
  const { shopId } = await ensureShop(t.db, { domain, now: at(1) });
  await fill(shopId, ANNA, ANNA_BEFORE);
  await t.db.inShop(shopId, (tx) =>
    tx.query(`UPDATE shop_settings SET first_imported_at = '2026-01-01' WHERE shop_id = ${shopId}`),
  );
  await root.query(
    `INSERT INTO session (id, shop, state, "accessToken") VALUES ('offline_gone', '${domain}', '', 'x')`,
  );
  await t.db.inShop(shopId, (tx) => uninstallShop(tx, { at: at(50), now: at(51) }));
  const count = async (text: string) => (await root.query(text)).rowCount;
  expect(await count(`SELECT 1 FROM session WHERE shop = '${domain}'`)).toBe(0);
  expect(await count(`SELECT 1 FROM shop_due WHERE shop_id = ${shopId} AND work <> 'inbox'`)).toBe(0);
  expect(await count(`SELECT 1 FROM reread WHERE shop_id = ${shopId}`)).toBe(0);
  expect(await count(`SELECT 1 FROM customer WHERE shop_id = ${shopId}`)).toBe(1);
  expect(
    await count(`SELECT 1 FROM shop_settings WHERE shop_id = ${shopId} AND first_imported_at IS NULL`),
  ).toBe(1);
});
