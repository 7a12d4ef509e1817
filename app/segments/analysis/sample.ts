/**
 * Every so-many-th customer, by a digest of the id: the same ones each time, spread over the whole store, without
 * sorting it. What is counted in a sample is said to be.
 */
import { raw, sql, type Sql } from '../../db/sql.ts';

/** 1: everybody; n: about one customer in n. */
export type SampleStep = number;

export function stepFor(people: number, most: number): SampleStep {
  return Math.max(1, Math.ceil(people / most));
}

/** Whether the customer in `column` is in the sample. */
export function inSample(column: 'customer_id' | 'p.customer_id' | 'm.customer_id', step: SampleStep): Sql {
  if (step <= 1) return sql`true`;
  return sql`abs(hashint8extended(${raw(column)}, 20261122) % ${step}::bigint) = 0`;
}
