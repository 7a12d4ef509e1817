import type { BusinessClock } from '../clock.ts';
import type { SandboxShop } from '../store/model.ts';
import { Store } from '../store/store.ts';
import { generateStore } from './generate-store.ts';
import { loadOrderExport } from './load-order-export.ts';

export type Seed =
  | { customers: number; seed: number }
  | {
      /** Path of a Shopify order export, plain or .gz. */
      orders: string;
      /** No shift in time. */
      asRecorded?: boolean;
      /** "2026-11-22": orders of a later local date are not loaded. */
      asOf?: string;
    }
  | { empty: true };

/** A store of its own, filled. @throws ExportFileError, SeedError */
export async function seedStore(shop: SandboxShop, clock: BusinessClock, seed: Seed): Promise<Store> {
  if ('orders' in seed) return loadOrderExport(shop, clock, seed);
  const store = new Store(shop, clock);
  if ('customers' in seed) generateStore(store, seed);
  return store;
}
