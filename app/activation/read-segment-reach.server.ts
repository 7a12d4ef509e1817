/** What one segment does outside of the app besides its tag, for its page. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { explainDifference, type NativeDifference } from './native-segments/explain-difference.ts';
import { readWantedSegments } from './native-segments/read-native-segments.server.ts';

export interface NativeReach {
  /** What was chosen. */
  native: 'none' | 'tag' | 'rule';
  state: 'none' | 'waiting' | 'made' | 'failed';
  /** In Shopify's admin: its numeric id and its name there. */
  shopifyId: string | null;
  name: string;
  query: string;
  /** Why it goes by the tag although the rule was chosen; null: it does not. */
  whyTag: string | null;
  members: number | null;
  expected: number | null;
  countedAt: Date | null;
  difference: NativeDifference;
  repaired: 'renamed' | 'query' | 'made_again' | 'adopted' | null;
  repairedAt: Date | null;
  failure: string | null;
}

export interface SegmentReach {
  key: string;
  name: string;
  status: string;
  native: NativeReach;
  flow: { on: boolean; refit: boolean; waiting: number; sent: number; givenUp: number };
}

/** @param machineNow the machine's clock. @returns null when there is no such segment */
export async function readSegmentReach(
  tx: ShopTx,
  key: string,
  machineNow: Date,
): Promise<SegmentReach | null> {
  const { rows } = await tx.query<
    Omit<NativeReach, 'state' | 'difference' | 'whyTag'> & {
      id: string;
      segmentName: string;
      status: string;
      state: 'making' | 'made' | 'failed' | 'left' | null;
      pending: number | null;
      without: number | null;
      differsAt: Date | null;
      flow: boolean;
      flowRefit: boolean;
    }
  >(sql`
    SELECT s.id, s.name AS "segmentName", s.status, coalesce(r.native, 'none') AS native, coalesce(r.flow, true) AS flow,
           coalesce(r.flow_refit, false) AS "flowRefit", n.state, n.shopify_id AS "shopifyId",
           coalesce(n.name, '') AS name, coalesce(n.query, '') AS query, n.members, n.expected, n.pending, n.without,
           n.counted_at AS "countedAt", n.differs_at AS "differsAt", n.repaired, n.repaired_at AS "repairedAt", n.failure
      FROM segment s
      LEFT JOIN segment_reach r ON r.shop_id = s.shop_id AND r.segment_id = s.id
      LEFT JOIN native_segment n ON n.shop_id = s.shop_id AND n.segment_id = s.id
     WHERE s.shop_id = ${tx.shopId} AND s.key = ${key}`);
  const row = rows[0];
  if (!row) return null;
  const { id, segmentName, status, state, pending, without, differsAt, flow, flowRefit, ...native } = row;
  const { rows: told } = await tx.query<{ waiting: number; sent: number; givenUp: number }>(sql`
    SELECT (count(*) FILTER (WHERE state = 'waiting'))::int AS waiting, (count(*) FILTER (WHERE state = 'sent'))::int AS sent,
           (count(*) FILTER (WHERE state = 'given_up'))::int AS "givenUp"
      FROM flow_event WHERE shop_id = ${tx.shopId} AND segment_id = ${id}::bigint`);
  const wanted = (await readWantedSegments(tx)).find(({ segmentId }) => segmentId === id);
  const counts = told[0] ?? { waiting: 0, sent: 0, givenUp: 0 };
  const { members, expected } = native;
  return {
    key,
    name: segmentName,
    status,
    native: {
      ...native,
      whyTag: wanted?.whyTag ?? null,
      state: state === 'made' || state === 'failed' ? state : native.native === 'none' ? 'none' : 'waiting',
      difference: explainDifference(
        {
          native: wanted?.native ?? (native.native === 'rule' ? 'rule' : 'tag'),
          members,
          expected,
          pending: pending ?? 0,
          without: without ?? 0,
          differsAt,
        },
        machineNow,
      ),
    },
    flow: { on: flow, refit: flowRefit, ...counts },
  };
}
