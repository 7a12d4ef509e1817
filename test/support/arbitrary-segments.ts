/**
 * Random segments that other rules can ask for (ASKED_KEYS): one by its rule alone, one that waits, three of an
 * set of tiers with holds, a list; people always in and never in some of them. And how they are put into a shop.
 */
import fc from 'fast-check';
import { sql } from '../../app/db/sql.ts';
import type { ShopTx } from '../../app/db/tenancy.server.ts';
import type { Rule } from '../../app/segments/rule.ts';
import type { Hold, SegmentSettings } from '../../app/segments/segment-settings.ts';
import { arbitraryCondition, arbitraryRule, ASKED_KEYS, STORE_FIELDS } from './arbitrary-rule.ts';
import type { OracleSegment } from './rule-oracle-facts.ts';
import { putSegments } from './segment-shop.ts';

export type AskedSegments = Record<(typeof ASKED_KEYS)[number], OracleSegment>;

/** Rules in the words of which both answers are common. */
const EVEN_FIELDS = [
  'orders',
  'spent',
  'days_since_last_activity',
  'customer_since',
  'country',
  'rhythm',
] as const;

export function arbitrarySegments(people: readonly string[]): fc.Arbitrary<AskedSegments> {
  const some = fc.subarray([...people], { maxLength: Math.ceil(people.length / 4) });
  const lists = fc.record({ always: some, never: some });
  const rule = fc.oneof(
    arbitraryCondition([...EVEN_FIELDS]).map((where): Rule => ({ v: 1, where })),
    arbitraryRule([...EVEN_FIELDS]),
    arbitraryRule(STORE_FIELDS),
  );
  // As most tiers are made: so much money of one measure.
  const plainStep = (rank: number) =>
    fc.record({
      v: fc.constant(1 as const),
      where: fc.record({
        field: fc.constantFrom('spent' as const, 'average_order' as const),
        op: fc.constant('gte' as const),
        value: fc.nat(8).map((n) => (3 - rank) * 9_000 + n * 1_000),
      }),
    });
  const hold = fc.option(
    fc.oneof(
      fc.integer({ min: 1, max: 14 }).map((months): Hold => ({ for: 'months', months })),
      fc.constantFrom<Hold>({ for: 'end_of_this_year' }, { for: 'end_of_next_year' }),
    ),
    { nil: undefined },
  );
  const inSet = (rank: number) =>
    fc
      .tuple(fc.oneof({ weight: 3, arbitrary: plainStep(rank) }, { weight: 1, arbitrary: rule }), lists, hold)
      .map(([one, names, held]) => ({
        rule: one,
        ...names,
        set: { name: 'metals', rank },
        ...(held ? { hold: held } : {}),
      }));
  return fc.record({
    plain: rule.map((one) => ({ rule: one })),
    waiting: fc
      .tuple(arbitraryCondition(['spent_in', 'orders', 'orders_in']), fc.integer({ min: 1, max: 90 }), lists)
      .map(([where, countAfterDays, names]) => ({
        rule: { v: 1 as const, where, countAfterDays },
        ...names,
      })),
    gold: inSet(0),
    silver: inSet(1),
    bronze: inSet(2),
    frozen: fc.tuple(some, lists).map(([listed, { never }]) => ({ listed, never })),
  });
}

/** As live segments. @param settings what they say besides, by key */
export async function putAskedSegments(
  tx: ShopTx,
  segments: Readonly<Record<string, OracleSegment>>,
  settings: Readonly<Record<string, SegmentSettings>> = {},
): Promise<void> {
  const anybody = { v: 1, where: { field: 'orders', op: 'gte', value: 0 } };
  await putSegments(
    tx,
    Object.fromEntries(Object.entries(segments).map(([key, { rule }]) => [key, { rule: rule ?? anybody }])),
  );
  for (const [key, { rule, listed = [], always = [], never = [], set, hold }] of Object.entries(segments)) {
    await tx.query(sql`
      UPDATE segment SET kind = ${rule === undefined ? 'list' : 'rule'}, settings = ${JSON.stringify({ ...(hold ? { hold } : {}), ...settings[key] })}::jsonb
       WHERE shop_id = ${tx.shopId} AND key = ${key}`);
    if (set) await putIntoSet(tx, key, set);
    const names = Object.entries({ member: listed, always, never }).flatMap(([list, ids]) =>
      ids.map((id) => ({ id, list })),
    );
    await tx.query(sql`
      INSERT INTO segment_person (shop_id, segment_id, customer_id, list, at, actor)
      SELECT ${tx.shopId}, s.id, one.id, one.list, s.created_at, 'test'
        FROM segment s, unnest(${names.map(({ id }) => id)}::bigint[], ${names.map(({ list }) => list)}::text[]) AS one (id, list)
       WHERE s.shop_id = ${tx.shopId} AND s.key = ${key}`);
  }
}

async function putIntoSet(
  tx: ShopTx,
  key: string,
  { name, rank }: { name: string; rank: number },
): Promise<void> {
  await tx.query(sql`
    INSERT INTO segment_set (shop_id, name, kind, created_at)
    SELECT ${tx.shopId}::bigint, ${name}::text, 'tiers', ${new Date('2026-01-01T00:00:00Z')}::timestamptz
     WHERE NOT EXISTS (SELECT FROM segment_set WHERE shop_id = ${tx.shopId} AND name = ${name})`);
  await tx.query(sql`
    UPDATE segment SET set_rank = ${rank}, set_id =
           (SELECT id FROM segment_set WHERE shop_id = ${tx.shopId} AND name = ${name})
     WHERE shop_id = ${tx.shopId} AND key = ${key}`);
}
