/** How segments in Shopify, metafields and Flow stand in the whole shop, for the page "Use it". */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ContactHours } from './flow/contact-hours.ts';
import { readContactHours } from './flow/read-contact-hours.server.ts';
import { UNDER_WAY } from './flow/stop-flow.server.ts';
import { METAFIELD_KEYS, METAFIELDS } from './metafields/metafield-definitions.ts';
import { explainDifference, type NativeDifference } from './native-segments/explain-difference.ts';

export interface ShopReach {
  segments: {
    key: string;
    name: string;
    members: number | null;
    expected: number | null;
    difference: NativeDifference;
    failure: string | null;
  }[];
  metafields: {
    state: 'off' | 'on' | 'removing';
    waiting: number;
    failure: string | null;
    /** What is written, by name. */
    names: string[];
  };
  flow: {
    hours: ContactHours;
    waiting: number;
    sent: number;
    dropped: number;
    givenUp: number;
    lastError: string | null;
    /** For those who were in a segment already: under way, or stopped by a person. */
    runs: {
      id: string;
      state: 'running' | 'stopped';
      total: number;
      told: number;
      /** Of a stopped one: on their way at that moment, and Shopify's answer never came. */
      perhapsTold: number;
      startedAt: Date;
    }[];
  };
}

/** @param machineNow the machine's clock */
export async function readShopReach(tx: ShopTx, machineNow: Date): Promise<ShopReach> {
  const { rows: natives } = await tx.query<{
    key: string;
    name: string;
    native: 'none' | 'tag' | 'rule';
    members: number | null;
    expected: number | null;
    pending: number;
    without: number;
    differsAt: Date | null;
    failure: string | null;
  }>(sql`
    SELECT s.key, s.name, coalesce(r.native, 'tag') AS native, n.members, n.expected, n.pending, n.without,
           n.differs_at AS "differsAt", n.failure
      FROM native_segment n JOIN segment s ON s.shop_id = n.shop_id AND s.id = n.segment_id
      LEFT JOIN segment_reach r ON r.shop_id = n.shop_id AND r.segment_id = n.segment_id
     WHERE n.shop_id = ${tx.shopId} AND n.state <> 'left' ORDER BY s.position, s.id`);
  const { rows: settings } = await tx.query<{
    state: ShopReach['metafields']['state'];
    failure: string | null;
  }>(sql`
    SELECT metafields AS state, metafields_failure AS failure FROM reach_settings WHERE shop_id = ${tx.shopId}`);
  const { rows: counts } = await tx.query<{
    metafieldsWaiting: number;
    waiting: number;
    sent: number;
    dropped: number;
    givenUp: number;
    lastError: string | null;
  }>(sql`
    SELECT (SELECT count(*)::int FROM metafield_outbox WHERE shop_id = ${tx.shopId}) AS "metafieldsWaiting",
           (count(*) FILTER (WHERE state = 'waiting'))::int AS waiting, (count(*) FILTER (WHERE state = 'sent'))::int AS sent,
           (count(*) FILTER (WHERE state = 'dropped'))::int AS dropped,
           (count(*) FILTER (WHERE state = 'given_up'))::int AS "givenUp",
           (array_agg(last_error ORDER BY id DESC) FILTER (WHERE state = 'given_up'))[1] AS "lastError"
      FROM flow_event WHERE shop_id = ${tx.shopId}`);
  const { rows: runs } = await tx.query<ShopReach['flow']['runs'][number]>(sql`
    SELECT r.id, r.state, r.total, r.started_at AS "startedAt", e.told, e."perhapsTold"
      FROM flow_run r CROSS JOIN LATERAL (
        SELECT (count(*) FILTER (WHERE e.state = 'sent'))::int AS told,
               (count(*) FILTER (WHERE e.state = 'stopped' AND e.last_error = ${UNDER_WAY}))::int AS "perhapsTold"
          FROM flow_event e WHERE e.shop_id = r.shop_id AND e.run_id = r.id) e
     WHERE r.shop_id = ${tx.shopId} AND r.state IN ('running', 'stopped') ORDER BY r.id`);
  const { hours } = await readContactHours(tx);
  const { metafieldsWaiting = 0, ...flow } = counts[0] ?? {
    waiting: 0,
    sent: 0,
    dropped: 0,
    givenUp: 0,
    lastError: null,
  };
  return {
    segments: natives.map(({ key, name, failure, native, ...numbers }) => ({
      key,
      name,
      failure,
      members: numbers.members,
      expected: numbers.expected,
      difference: explainDifference({ ...numbers, native: native === 'rule' ? 'rule' : 'tag' }, machineNow),
    })),
    metafields: {
      state: settings[0]?.state ?? 'off',
      failure: settings[0]?.failure ?? null,
      waiting: metafieldsWaiting,
      names: METAFIELD_KEYS.map((key) => METAFIELDS[key].name),
    },
    flow: { ...flow, hours, runs },
  };
}
