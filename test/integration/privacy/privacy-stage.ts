/** Shops with a row about a customer in every table that can hold one, and a look into all of them. */
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { createCipher } from '../../../app/cipher.server.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import { payloadPurpose } from '../../../app/intake/inbox/payload-purpose.ts';
import { listPrivacyRequests } from '../../../app/privacy/privacy-request.server.ts';
import { redactCustomer } from '../../../app/privacy/redact-customer.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { at, customer, order } from '../intake/fact-makers.ts';

export const redactionKey = Buffer.alloc(32, 3);
export const cipher = createCipher([Buffer.alloc(32, 4)]);
export const now = at(59);
/** Numbers that occur nowhere else. */
export const ANNA = '7730001112223';
export const ANNA_BEFORE = '7730001112224';
export const BEN = '8840001112223';

export interface PrivacyStage {
  readonly t: TestDb;
  /** As the superuser, of all shops. */
  readonly root: pg.Client;
  readonly tables: string[];
  /** Which tables hold the text anywhere, encrypted payloads opened. */
  tablesThatName(text: string, shop: ShopId): Promise<string[]>;
  /** A row about the customer, and one merged into them, in every table that can hold one. */
  fill(shop: ShopId, id: string, before: string): Promise<void>;
  /** A message. @returns its id in the inbox */
  put(shop: ShopId, state: 'waiting' | 'dead', topic: string, body: unknown): Promise<string>;
  redact(shop: ShopId, customerId: string | null): Promise<unknown>;
}

/** Registers the hooks of the file that calls it. */
export function privacyStage(): PrivacyStage {
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
        `INSERT INTO flow_event (shop_id, trigger, segment_id, customer_id, at, not_before)
         VALUES (${shop}, 'entered', ${s}, ${id}, '2026-01-01', '2026-01-01')`,
        `INSERT INTO flow_action_run (shop_id, run_id, customer_id, received_at) VALUES (${shop}, '${id}', ${id}, '2026-01-01')`,
        `INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause) VALUES (${shop}, 1, ${id}, '2026-01-01', 'order')`,
        `INSERT INTO offer_present (shop_id, offer_id, customer_id, since) VALUES (${shop}, 1, ${id}, '2026-01-01')`,
        `INSERT INTO offer_served (shop_id, offer_id, title, since) VALUES (${shop}, ${serial}, 'o', '2026-01-01')`,
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

  return {
    get t() {
      return t;
    },
    get root() {
      return root;
    },
    get tables() {
      return tables;
    },
    tablesThatName,
    fill,
    put,
    redact,
  };
}
