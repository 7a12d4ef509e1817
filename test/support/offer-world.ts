/**
 * The arithmetic store in the sandbox with segments turned on, and what a merchant and a customer do with offers:
 * everything that the worker would do is done by `settle`; the price is what the sandbox's checkout says.
 */
import { createSegment } from '../../app/segments/create-segment.server.ts';
import { storeOfferGap } from '../../app/activation/offers/offer-gap.server.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  countActiveAutomatic,
  readStoreDiscounts,
} from '../../app/activation/offers/read-store-discounts.server.ts';
import { emptyOfferForm, type OfferDraft, type OfferForm } from '../../app/activation/offers/offer-form.ts';
import { readOfferForm } from '../../app/activation/offers/read-offer-form.ts';
import { reviewOffer } from '../../app/activation/offers/review-offer.server.ts';
import { saveOffer, type SavedOffer } from '../../app/activation/offers/save-offer.server.ts';
import { settleOfferDay } from '../../app/activation/offers/settle-offer-day.server.ts';
import { sql } from '../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../app/db/tenancy.server.ts';
import { readShopDay } from '../../app/history/read-shop-day.server.ts';
import { handleSyncOffers } from '../../app/jobs/handlers/sync-offers.server.ts';
import { reviewDue } from '../../app/pipeline/review-due.server.ts';
import { turnOn } from '../../app/pipeline/turn-on.server.ts';
import { installPresets } from '../../app/segments/install-presets.server.ts';
import { loadSegment } from '../../app/segments/load-segments.server.ts';
import { reviewTurnOn } from '../../app/segments/review-turn-on.server.ts';
import { arithmeticEmail, writeArithmeticExport } from './arithmetic-export.ts';
import { createWorkerWorld, WORLD_DOMAIN, type WorkerWorld } from './worker-world.ts';

export const BANDS = [
  'win-back-30-59',
  'win-back-60-89',
  'win-back-90-179',
  'win-back-180-364',
  'win-back-365',
];

export interface Checkout {
  total: string;
  discounts: { title: string; amount: string; message: string | null }[];
  order: { id: string } | null;
}

export interface OfferWorld {
  world: WorkerWorld;
  shopId: ShopId;
  now(): Date;
  inShop<T>(work: (tx: ShopTx) => Promise<T>): Promise<T>;
  turnOn(keys: readonly string[]): Promise<void>;
  draft(segment: string, form: Partial<OfferForm>): Promise<{ segmentId: string; draft: OfferDraft }>;
  offer(segment: string, form: Partial<OfferForm>): Promise<SavedOffer>;
  /** Webhooks, reads, tags and discounts, until nothing is left. */
  settle(): Promise<void>;
  /** Only the discounts, as the job does. */
  sync(): Promise<void>;
  /** The clock goes on to this instant, and what a new day does is done. */
  until(instant: string): Promise<void>;
  checkout(k: number | null, price: string, more?: Record<string, unknown>): Promise<Checkout>;
  control(route: string, body: Record<string, unknown>): Promise<unknown>;
  tagsOf(k: number): string[];
  tagged(tag: string): number;
  close(): Promise<void>;
}

/** Everybody who has ordered is in a segment that is on, "buyers", and may have one offer after the other. */
export async function turnBuyersOn(one: OfferWorld, others: readonly string[] = []): Promise<void> {
  await one.inShop(async (tx) => {
    await storeOfferGap(tx, 0);
    const where = { field: 'orders', op: 'gte', value: 1 };
    await createSegment(tx, { name: 'Buyers', rule: { v: 1, where }, actor: '42', now: one.now() });
  });
  await one.turnOn(['buyers', ...others]);
}

export async function createOfferWorld(): Promise<OfferWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'regulars-offers-'));
  const file = path.join(folder, 'orders_export.csv');
  writeArithmeticExport(file);
  const world = await createWorkerWorld({ seed: { orders: file, asRecorded: true, asOf: '2026-11-22' } });
  const shopId = await world.newShop();
  const now = () => world.ctx.clock.now();
  const inShop = <T>(work: (tx: ShopTx) => Promise<T>) => world.testDb.db.inShop(shopId, work);
  const signal = new AbortController().signal;
  await inShop((tx) => installPresets(tx, now()));

  const one: OfferWorld = {
    world,
    shopId,
    now,
    inShop,
    async turnOn(keys) {
      const { fingerprint } = await inShop((tx) => reviewTurnOn(tx, { keys, now: now() }));
      const done = await turnOn(world.ctx, shopId, { keys, fingerprint, actor: '42', now: now() });
      if (done.outcome !== 'done') throw new Error(`not turned on: ${done.outcome}`);
      await one.settle();
    },
    async draft(key, form) {
      const shown = await readStoreDiscounts(await world.ctx.adminFor(shopId), { priority: 'page' });
      return inShop(async (tx) => {
        const segment = await loadSegment(tx, key);
        if (!segment) throw new Error(`no segment ${key}`);
        const day = await readShopDay(tx, now());
        const read = readOfferForm(
          { ...emptyOfferForm(day.today, segment.name), ...form },
          {
            currency: day.currency,
            today: day.today,
            members: 1,
            namesTaken: [],
            codesTaken: [],
            activeAutomatic: countActiveAutomatic(shown),
            servedByFunction: () => false,
            suggestedWay: 'native',
          },
        );
        if (!read.ok) throw new Error(JSON.stringify(read.faults));
        return { segmentId: segment.id, draft: read.draft };
      });
    },
    async offer(key, form) {
      const { segmentId, draft } = await one.draft(key, form);
      const { fingerprint } = await inShop(async (tx) =>
        reviewOffer(tx, await readShopDay(tx, now()), { segmentId, draft }),
      );
      const wish = { segmentId, draft, offerId: null, fingerprint, actor: '42', now: now() };
      return saveOffer(world.ctx, shopId, wish);
    },
    sync: () => handleSyncOffers(world.ctx, { data: { shopId }, signal }),
    async settle() {
      for (;;) {
        const webhooks = await world.caught();
        await world.deliver(shopId, webhooks);
        await world.drainAll(shopId);
        await one.sync();
        await world.push(shopId);
        const { rowCount } = await inShop((tx) =>
          tx.query(sql`
            SELECT 1 FROM offer_order WHERE shop_id = ${shopId} AND state = 'ask' AND not_before IS NULL`),
        );
        if (webhooks.length === 0 && rowCount === 0) return;
      }
    },
    async until(instant) {
      world.sandbox.clock.set(new Date(instant));
      await reviewDue(world.ctx, shopId);
      await settleOfferDay(world.ctx, shopId, now());
      await one.settle();
    },
    async checkout(k, price, more = {}) {
      const answer = await one.control('checkout', {
        customer: k === null ? null : arithmeticEmail(k),
        lines: [{ title: 'Coat', price }],
        ...more,
      });
      return answer as Checkout;
    },
    async control(route, body) {
      const response = await fetch(`${world.sandbox.url}/control/${route}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ shop: WORLD_DOMAIN, ...body }),
      });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${route}: ${response.status} ${text}`);
      return JSON.parse(text) as unknown;
    },
    tagsOf: (k) => [...world.store.customers()].find((one) => one.email === arithmeticEmail(k))?.tags ?? [],
    tagged: (tag) => [...world.store.customers()].filter(({ tags }) => tags.includes(tag)).length,
    async close() {
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return one;
}
