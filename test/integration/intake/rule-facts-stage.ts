/** Facts that rules ask for, as the tests of them tell them. */
import { afterAll, beforeAll } from 'vitest';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import type {
  CollectionFact,
  Fact,
  MetafieldValue,
  OrderFact,
  ProductFact,
} from '../../../app/intake/facts.ts';
import { collectionCore } from '../../../app/intake/normalise/collection-groups.ts';
import { readGroup } from '../../../app/intake/normalise/order-groups.ts';
import { productCore } from '../../../app/intake/normalise/product-groups.ts';
import { stampOf } from '../../../app/intake/stamp.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { at } from './fact-makers.ts';

export const NOBODY = {
  source: null,
  utmSource: null,
  utmMedium: null,
  utmCampaign: null,
  utmContent: null,
  utmTerm: null,
};
export const times = (second: number) => ({ readAt: at(second), startedAt: at(second) });

/** What only a read of an order tells. */
export const readOf = (
  id: string,
  second: number,
  told: { source?: string; returnOpen?: boolean } = {},
): OrderFact => ({
  kind: 'order',
  id,
  journey: readGroup<'journey'>(
    { first: { ...NOBODY, source: told.source ?? null }, last: NOBODY },
    times(second),
  ),
  channel: readGroup<'channel'>({ name: told.source ?? null }, times(second)),
  care: readGroup<'care'>({ returnOpen: told.returnOpen ?? false, disputeLost: false }, times(second)),
});
export const product = (id: string, second: number, state: { type?: string; collections?: string[] } = {}): ProductFact => ({
  kind: 'product',
  id,
  core: productCore(
    { title: 'Cup', vendor: 'Acme', productType: state.type ?? 'Cups', handle: 'cup', status: 'ACTIVE', tags: [], createdAt: at(0) },
    at(second),
    at(second),
  ),
  ...(state.collections && { collections: { readAt: at(second), ids: state.collections } }),
}); // prettier-ignore
export const collection = (id: string, second: number, products?: string[]): CollectionFact => ({
  kind: 'collection',
  id,
  core: collectionCore({ title: `C${id}`, handle: `c${id}` }, at(second), at(second)),
  ...(products && { products: { readAt: at(second), ids: products } }),
});
export const metafields = (id: string, second: number, values: MetafieldValue[]): Fact => ({
  kind: 'customer',
  id,
  metafields: { values, stamp: stampOf(at(second), at(second), values) },
});
export const zip = (id: string, second: number, code: string | null): Fact => ({
  kind: 'customer',
  id,
  zip: { zip: code, stamp: stampOf(at(second), at(second), { zip: code }) },
});

/** When the work of the tests is done. */
export const clock = { now: () => at(50), machineNow: () => at(50) };

export interface RuleFactsStage {
  readonly t: TestDb;
  apply(shop: ShopId, ...facts: Fact[]): ReturnType<typeof applyFacts>;
  rows(shop: ShopId, text: string): Promise<Record<string, unknown>[]>;
  liveRule(shop: ShopId, rule: object): Promise<unknown>;
}

/** Registers the hooks of the file that calls it. */
export function ruleFactsStage(): RuleFactsStage {
  const redactionKey = Buffer.alloc(32, 7);
  let t: TestDb;
  beforeAll(async () => {
    t = await createTestDb();
  });
  afterAll(() => t.close());

  const apply = (shop: ShopId, ...facts: Fact[]) =>
    t.db.inShop(shop, (tx) => applyFacts(tx, facts, { now: at(59), redactionKey }));
  const rows = async (shop: ShopId, text: string) =>
    (await t.db.inShop(shop, (tx) => tx.query(text))).rows as Record<string, unknown>[];
  const liveRule = (shop: ShopId, rule: object) =>
    t.db.inShop(shop, (tx) =>
      tx.query(
        `INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, created_at)
       VALUES (${shop}, 'k', 'K', 'f', 'k', 'live', '${JSON.stringify(rule)}', '2026-01-01')`,
      ),
    );

  return {
    get t() {
      return t;
    },
    apply,
    rows,
    liveRule,
  };
}
