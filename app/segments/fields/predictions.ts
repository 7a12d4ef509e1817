/**
 * Predictions are as of the day of the fit and have no review time, so only what the clock alone cannot change is
 * offered: the day of the expected next order, not the days until it.
 */
import { sql } from '../../db/sql.ts';
import { RISKS } from '../../value/models/risk.ts';
import type { Field } from '../field.ts';

const PREDICTED = {
  source: 'prediction',
  group: 'predictions',
  fromOrders: false,
  mayBeMissing: true,
  needsAllOrders: true,
} as const satisfies Partial<Field>;

export const PREDICTION_FIELDS = {
  still_a_customer_chance: {
    ...PREDICTED,
    type: 'percent',
    label: 'still a customer (chance)',
    unit: '%',
    help: 'How likely this customer is to order again at all, in whole percent rounded down, as of the day of the fit. Never true of customers without a prediction.',
    example: 'still a customer (chance) is at least 80 %',
    value: () => sql`floor(f.alive * 100)::int`,
  },
  predicted_orders_12_months: {
    ...PREDICTED,
    type: 'decimal',
    label: 'orders expected (next 12 months)',
    help: 'Days with an order to expect in the 365 days after the fit: the mean of customers with the same history, so 0.2 means one in five orders once. Never true of customers without a prediction.',
    example: 'orders expected (next 12 months) is at least 1.5',
    value: () => sql`round(f.expected_orders::numeric, 2)`,
  },
  predicted_value_12_months: {
    ...PREDICTED,
    type: 'money',
    label: 'spend expected (next 12 months)',
    help: 'Orders expected in the 365 days after the fit, times what an order of this customer is likely to be worth. Never true of customers without a prediction.',
    example: 'spend expected (next 12 months) is at least 200.00',
    value: () => sql`f.expected_value_minor`,
  },
  risk_of_losing: {
    ...PREDICTED,
    type: 'choice',
    label: 'risk of losing them',
    help: 'The chance of being a customer still, in words: low from 80 %, medium from 50 %, high below. Never true of customers without a prediction.',
    example: 'risk of losing them is high',
    options: RISKS.map((risk) => ({ value: risk, label: risk })),
    basedOn: ['still_a_customer_chance'],
    value: () => sql`f.risk`,
  },
  expected_next_order_on: {
    ...PREDICTED,
    type: 'date',
    label: 'expected next order',
    help: 'The day by which half of the customers with the same history have ordered again, if they do, seen from the day of the fit. Never true of customers without a prediction, or when it is more than ten years off.',
    example: 'expected next order is before 2027-01-01',
    value: () => sql`f.next_order_on`,
  },
} as const satisfies Record<string, Field>;
