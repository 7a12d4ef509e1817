/** Offers that a customer was given: a second gift soon after the first is rarely wanted. */
import { sql } from '../../db/sql.ts';
import { flipOffsets } from '../flip-offsets.ts';
import type { Field } from '../field.ts';
import type { Param } from '../param.ts';

const LAST_DAYS = {
  type: 'days',
  label: 'in the last (days)',
  help: 'Offers given today or on this many days before; without it, ever.',
  example: 30,
} as const satisfies Param;

/** Each offer once, by the day on which it was last given, whether it is still held or not. */
export const OFFER_FIELDS = {
  offers_received: {
    type: 'count',
    source: 'offer',
    group: 'discounts',
    fromOrders: false,
    label: 'offers received',
    unit: 'offers',
    help: 'How many offers of yours the customer was given, ever or in the last days; each offer once.',
    example: 'offers received in the last 30 days is 0',
    params: { lastDays: LAST_DAYS },
    mayBeMissing: false,
    value: ({ context }, { lastDays }) =>
      lastDays === undefined
        ? sql`coalesce(cardinality(given.days), 0)`
        : sql`coalesce((SELECT count(*) FROM unnest(given.days) AS day
                         WHERE ${context.today}::date - day <= ${lastDays}::int), 0)::int`,
    flips: ({ context }, { lastDays }) =>
      lastDays === undefined
        ? []
        : [
            {
              on: sql`(SELECT min(day + ${lastDays + 1}::int) FROM unnest(given.days) AS day
                        WHERE day + ${lastDays + 1}::int > ${context.today}::date)`,
            },
          ],
  },
  days_since_last_offer: {
    type: 'days',
    source: 'offer',
    group: 'discounts',
    fromOrders: false,
    label: 'days since last offer',
    unit: 'days',
    help: 'Days since the customer was last given an offer of yours; 0 on the same day. Never true of customers who never had one.',
    example: 'days since last offer is at least 60',
    mayBeMissing: true,
    value: ({ context }) => sql`(${context.today}::date - given.last_on)`,
    flips: (_scope, _params, asked) => [{ from: sql`given.last_on`, offsets: flipOffsets(asked) }],
  },
} as const satisfies Record<string, Field>;
