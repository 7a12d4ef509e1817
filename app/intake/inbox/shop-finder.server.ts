/**
 * Which shop of ours a domain is. Ids never change, so those found are remembered for a while; the insert
 * itself makes sure that the shop still exists. Unknown domains are looked up each time: a shop that has just
 * installed must be found, and only signed requests come this far.
 */
import type { Db, ShopId } from '../../db/tenancy.server.ts';
import { readShopByDomain } from '../read-shop-by-domain.server.ts';

export interface ShopFinder {
  /** @returns undefined when we hold nothing of that shop: never installed, or erased */
  find(domain: string): Promise<ShopId | undefined>;
  forget(domain: string): void;
}

export function createShopFinder(db: Db, options: { rememberMs?: number; atMost?: number } = {}): ShopFinder {
  const { rememberMs = 10_000, atMost = 10_000 } = options;
  const known = new Map<string, { shopId: ShopId; until: number }>();
  return {
    async find(domain) {
      const hit = known.get(domain);
      if (hit && performance.now() < hit.until) return hit.shopId;
      known.delete(domain);
      const shop = await readShopByDomain(db, domain);
      if (shop === undefined || ['redacting', 'redacted'].includes(shop.state)) return undefined;
      if (known.size >= atMost) known.clear();
      known.set(domain, { shopId: shop.shopId, until: performance.now() + rememberMs });
      return shop.shopId;
    },
    forget(domain) {
      known.delete(domain);
    },
  };
}
