/**
 * discounts/update and delete, segments/update and delete: somebody may have changed what offers stand on. Only which
 * one it was is read; what it looks like now is asked of Shopify, since a message may be old.
 */
import { z } from 'zod';
import type { Normalised } from './outcome.ts';
import { gid, numericId, unreadableReason } from './wire.ts';

export const DISCOUNT_FIELDS = ['admin_graphql_api_id', 'updated_at'] as const;
export const SEGMENT_FIELDS = ['id', 'lastEditDate', 'updated_at'] as const;

const discountSchema = z.object({ admin_graphql_api_id: gid('Discount(?:Automatic|Code|)Node') });
const segmentSchema = z.object({ id: numericId });

export function discountFromWebhook(body: unknown): Normalised {
  const parsed = discountSchema.safeParse(body);
  if (!parsed.success) return { outcome: 'unreadable', reason: unreadableReason('discount', parsed.error) };
  const id = parsed.data.admin_graphql_api_id;
  return { outcome: 'act', act: { act: 'store_part_changed', what: 'discount', id } };
}

export function segmentFromWebhook(body: unknown): Normalised {
  const parsed = segmentSchema.safeParse(body);
  if (!parsed.success) return { outcome: 'unreadable', reason: unreadableReason('segment', parsed.error) };
  return { outcome: 'act', act: { act: 'store_part_changed', what: 'segment', id: parsed.data.id } };
}
