/**
 * The one place that says in SQL which orders are activity, which count, and what they are worth.
 * Every expression is over an orders row with the alias `o`; each is true or false, never null.
 *
 * - Activity: every order that is not cancelled, voided, expired, a test, deleted or left out.
 * - Counted: activity that is paid, partly paid, partly refunded or authorised, with a total above zero, and
 *   not fully refunded. So every counted order is activity, whatever its status says.
 * - Spent = max(0, received - refunded), gift cards off; an authorised order counts its current total until it
 *   is captured. Never current total minus refunds: the current total is already after returns.
 */
import { join, raw, sql, type Sql } from '../db/sql.ts';
import { COUNTED_STATUSES, DEAD_STATUSES, type OrderPolicy } from './order-policy.ts';

export interface OrderJudgement {
  /** Kept as a fact, absent from everything computed. */
  leftOut: Sql;
  isActivity: Sql;
  isCounted: Sql;
  /** Activity whose money all went back: "Returned everything" is made of these. */
  isFullyRefunded: Sql;
  /** Minor units of the shop's currency (bigint); meaningful for counted orders only. */
  spentMinor: Sql;
}

/**
 * @param shopCurrency the shop's currency now: an order that was taken in another shop currency counts as an
 *   order, but its amount is never added to sums of this currency (there is no rate)
 */
export function judgeOrder(policy: OrderPolicy, shopCurrency: string): OrderJudgement {
  const leftOut = join(
    [
      sql`false`,
      ...(policy.companyOrders === 'leave_out' ? [sql`o.company_order`] : []),
      ...(policy.leaveOutOrderTags.length > 0 ? [hasAnyTag('o.tags', policy.leaveOutOrderTags)] : []),
      ...(policy.leaveOutChannels.length > 0
        ? [sql`lower(coalesce(o.source_name, '')) = ANY(${lower(policy.leaveOutChannels)}::text[])`]
        : []),
    ],
    ' OR ',
  );
  const status = sql`coalesce(o.financial_status, '')`;
  const stands = sql`o.deleted_at IS NULL AND o.cancelled_at IS NULL AND NOT o.test AND NOT (${leftOut})`;
  const isActivity = sql`(${stands} AND ${status} <> ALL(${[...DEAD_STATUSES]}::text[]))`;
  // Refunded >= received > 0, with received = net payment + refunded.
  const moneyWentBack = sql`(o.net_payment_minor <= 0 AND o.net_payment_minor + o.refunded_minor > 0)`;
  const allWentBack = sql`(${status} = 'REFUNDED' OR ${moneyWentBack})`;
  // None of these statuses is dead or refunded: asked of every row, so nothing is asked twice.
  const isCounted = sql`(${stands} AND ${status} = ANY(${[...COUNTED_STATUSES]}::text[])
    AND greatest(o.total_minor, o.current_total_minor) > 0 AND NOT ${moneyWentBack})`;
  const spentMinor = sql`(CASE WHEN o.currency = ${shopCurrency} THEN greatest(0,
      CASE WHEN ${status} = 'AUTHORIZED' THEN o.current_total_minor ELSE o.net_payment_minor END
      - o.gift_card_minor) ELSE 0 END)`;
  return {
    leftOut: sql`(${leftOut})`,
    isActivity,
    isCounted,
    isFullyRefunded: sql`(${isActivity} AND ${allWentBack})`,
    spentMinor,
  };
}

/** Whether a customer row with the alias `c` is left out of everything computed. */
export function isLeftOutPerson(policy: OrderPolicy): Sql {
  return policy.leaveOutCustomerTags.length > 0
    ? hasAnyTag('c.tags', policy.leaveOutCustomerTags)
    : sql`false`;
}

function hasAnyTag(column: 'o.tags' | 'c.tags', tags: readonly string[]): Sql {
  return sql`EXISTS (SELECT FROM unnest(${raw(column)}) tag
    WHERE tag = ANY(${spellings(tags)}::text[]) OR lower(tag) = ANY(${lower(tags)}::text[]))`;
}

/** PostgreSQL's lower() knows only ASCII in a database of locale C: other letters are tried in both cases. */
function spellings(words: readonly string[]): string[] {
  return words.flatMap((word) => [word, word.toLowerCase(), word.toUpperCase()]);
}

function lower(words: readonly string[]): string[] {
  return words.map((word) => word.toLowerCase());
}
