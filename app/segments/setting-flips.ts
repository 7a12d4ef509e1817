/**
 * When what is remembered of a customer can change a membership by the passing of time: a hold ends, a minimum stay
 * is over, who left may come back, a list has had its last day. As rows (customer_id, flips_on) of the touched
 * customers; early is allowed, late is not. Ask after the memberships were written.
 */
import { join, sql, type Sql } from '../db/sql.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { RuleContext } from './field.ts';
import { dateOffsets } from './flip-offsets.ts';
import { withReferences } from './references.ts';
import { conditionsOf } from './rule.ts';
import { ownRulesOf, type Segment } from './segment.ts';
import { stepsOfTiers } from './tier-standing.ts';

/** @returns null when nothing of the kind is set */
export function settingFlips(
  shopId: string,
  asked: readonly Segment[],
  { today, timeZone }: Pick<RuleContext, 'today' | 'timeZone'>,
): Sql | null {
  const segments = withReferences(asked);
  const among = sql`JOIN touched_customer t ON t.customer_id = m.customer_id`;
  const mine = sql`WHERE m.shop_id = ${shopId} AND ${withinTouched('m.customer_id')}`;
  const given = <T>(pick: (segment: Segment) => T | undefined) =>
    segments.flatMap((segment) => {
      const value = pick(segment);
      return value === undefined ? [] : [{ id: segment.id, value }];
    });
  const idsOf = (pairs: readonly { id: string }[]) => sql`${pairs.map(({ id }) => id)}::bigint[]`;
  const valuesOf = <T>(pairs: readonly { value: T }[]) => pairs.map(({ value }) => value);
  const holds = given(({ settings }) => settings.hold);
  const stays = given(({ settings }) => settings.minimumStayDays);
  const waits = given(({ settings }) => settings.rejoinAfterDays);
  const lists = given(({ kind, settings }) => (kind === 'list' ? settings.lastDay : undefined));
  const ends = endsAskedFor(segments);
  const sources = [
    ...(holds.length > 0
      ? [
          sql`SELECT m.customer_id, m.held_until + 1 FROM membership m ${among} ${mine}
                 AND m.segment_id = ANY(${idsOf(holds)}) AND m.held_until IS NOT NULL`,
        ]
      : []),
    ...(stays.length > 0
      ? [
          sql`SELECT m.customer_id, (m.since AT TIME ZONE ${timeZone})::date + stay.days
                FROM membership m ${among}
                JOIN unnest(${idsOf(stays)}, ${valuesOf(stays)}::int[]) AS stay (id, days) ON stay.id = m.segment_id ${mine}`,
        ]
      : []),
    ...(waits.length > 0
      ? [
          sql`SELECT m.customer_id, m.left_on + wait.days FROM membership_left m ${among}
                JOIN unnest(${idsOf(waits)}, ${valuesOf(waits)}::int[]) AS wait (id, days) ON wait.id = m.segment_id ${mine}`,
        ]
      : []),
    ...(lists.length > 0
      ? [
          sql`SELECT m.customer_id, list.last_day + 1 FROM segment_person m ${among}
                JOIN unnest(${idsOf(lists)}, ${valuesOf(lists)}::date[]) AS list (id, last_day) ON list.id = m.segment_id ${mine}
                 AND m.list = 'member'`,
        ]
      : []),
    ...(ends.length > 0
      ? [
          sql`SELECT m.customer_id, m.held_until + asked.days FROM membership m ${among}
                JOIN unnest(${idsOf(ends)}, ${valuesOf(ends)}::int[]) AS asked (id, days) ON asked.id = m.segment_id ${mine}
                 AND m.held_until IS NOT NULL`,
        ]
      : []),
  ];
  if (sources.length === 0) return null;
  return sql`
    SELECT customer_id, min(flips_on) AS flips_on FROM (${join(sources, ' UNION ALL ')}) AS each (customer_id, flips_on)
     WHERE flips_on > ${today}::date GROUP BY customer_id`;
}

/** Days before and after the end of a hold on which a condition on the last day of a tier can flip, by step. */
function endsAskedFor(segments: readonly Segment[]): { id: string; value: number }[] {
  const asked = segments
    .flatMap(ownRulesOf)
    .flatMap(({ where }) => conditionsOf(where))
    .filter(({ field }) => field === 'tier_until');
  return asked.flatMap(({ op, value, with: params }) =>
    stepsOfTiers(params?.segment ?? '', segments).flatMap(({ id }) =>
      dateOffsets({ op, value }).map((days) => ({ id, value: days })),
    ),
  );
}
