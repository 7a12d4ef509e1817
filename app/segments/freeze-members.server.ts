/** A snapshot: today's members as a list of its own, with its own tag and a last day. It starts as a draft. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { LocalDate } from '../local-date.ts';
import { createSegment, type CreatedSegment } from './create-segment.server.ts';
import { loadSegments } from './load-segments.server.ts';
import { compileSegments, heldMemberships } from './membership-difference.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { isActive } from './segment-change.ts';
import { withMates, type Segment } from './segment.ts';

export type FrozenMembers = (CreatedSegment & { members?: number }) | { outcome: 'unknown' };

/** @param given.key of the segment whose members are frozen: of a draft, who would be in it. */
export async function freezeMembers(
  tx: ShopTx,
  given: { key: string; name: string; tag?: string; lastDay?: LocalDate; actor: string; now: Date },
): Promise<FrozenMembers> {
  const all = (await loadSegments(tx)).filter((segment): segment is Segment => segment.rule !== null);
  const source = all.find(({ key }) => key === given.key);
  if (!source) return { outcome: 'unknown' };
  const { context } = await readRuleDay(tx, given.now);
  const made = await createSegment(tx, {
    name: given.name,
    tag: given.tag,
    family: 'lists',
    kind: 'list',
    rule: source.rule,
    settings: given.lastDay === undefined ? {} : { lastDay: given.lastDay },
    actor: given.actor,
    now: given.now,
    note: `Members of ${source.name} on ${context.today}.`,
  });
  if (made.outcome !== 'done') return made;
  const members =
    source.status === 'draft'
      ? sql`SELECT customer_id FROM (
              ${heldMemberships(
                tx.shopId,
                compileSegments(
                  withMates(
                    all.filter((one) => isActive(one) || one.id === source.id),
                    ({ id }) => id === source.id,
                  ),
                ),
                context,
                { touched: false },
              )} SELECT customer_id FROM held WHERE segment_id = ${source.id}::bigint) now`
      : sql`SELECT customer_id FROM membership WHERE shop_id = ${tx.shopId} AND segment_id = ${source.id}::bigint`;
  const { rowCount } = await tx.query(sql`
    INSERT INTO segment_person (shop_id, segment_id, customer_id, list, at, actor)
    SELECT ${tx.shopId}::bigint, ${made.id}::bigint, customer_id, 'member', ${given.now}::timestamptz, ${given.actor}::text
      FROM (${members}) AS members`);
  return { ...made, members: rowCount ?? 0 };
}
