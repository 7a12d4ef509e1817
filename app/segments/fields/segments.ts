/** Being a member of another segment, and random groups for tests. */
import { raw, sql, type Sql } from '../../db/sql.ts';
import type { Field } from '../field.ts';

export const SEGMENT_FIELDS = {
  member_of: {
    type: 'yes_no',
    source: 'segment',
    group: 'segments',
    fromOrders: false,
    label: 'member of a segment',
    help: 'Whether the customer is in another segment, its lists and priorities included. A segment that is asked for cannot be deleted.',
    example: 'is a member of best-customers',
    says: { yes: 'is a member of', no: 'is not a member of' },
    params: {
      segment: {
        type: 'segment',
        label: 'segment',
        help: 'The key of the segment.',
        example: 'best-customers',
        required: true,
      },
    },
    mayBeMissing: false,
    /** The compiler puts the predicate of the segment in its place. */
    value: () => raw('NULL::boolean'),
  },
  test_group: {
    type: 'count',
    source: 'profile',
    group: 'segments',
    fromOrders: false,
    label: 'test group',
    help: 'A random number from 1 to 100 that never changes for a customer: each number holds about one customer in a hundred. "At most 20" is a fifth of the customers.',
    example: 'test group is at most 50',
    mayBeMissing: false,
    value: ({ context }) => sql`(${bucketOf(context.salt, 'test_group', sql`p.customer_id`)} / 100 + 1)::int`,
  },
} as const satisfies Record<string, Field>;

/**
 * The first 32 bits of HMAC-SHA256(salt, key + customer id) modulo 10,000, written out because PostgreSQL has SHA-256
 * but no HMAC: H((salt ^ opad) + H((salt ^ ipad) + text)).
 * @param salt at most 64 bytes, which is what HMAC takes as it is
 */
export function bucketOf(salt: string, key: string, customerId: Sql): Sql {
  const inner = sql`sha256(decode(${padded(salt, 0x36)}, 'hex') || convert_to(${key} || ${customerId}::text, 'UTF8'))`;
  const outer = sql`sha256(decode(${padded(salt, 0x5c)}, 'hex') || ${inner})`;
  return sql`(('x' || left(encode(${outer}, 'hex'), 8))::bit(32)::bigint % 10000)`;
}

function padded(salt: string, pad: number): string {
  const bytes = new TextEncoder().encode(salt);
  if (bytes.length > 64) throw new TypeError('a salt has at most 64 bytes');
  return Array.from({ length: 64 }, (_, i) => ((bytes[i] ?? 0) ^ pad).toString(16).padStart(2, '0')).join('');
}
