/**
 * The block list of redacted customers holds HMAC(key, shop, customer id) and nothing else: it can answer
 * "is this one of them?", and cannot be read back. The key is never rotated, or the list is void.
 */
import { createHmac } from 'node:crypto';
import type { ShopId } from '../db/tenancy.server.ts';
import type { ShopifyId } from './facts.ts';

export function redactionDigest(key: Buffer, shopId: ShopId, customerId: ShopifyId): Buffer {
  return createHmac('sha256', key).update(`${shopId}:${customerId}`).digest();
}
