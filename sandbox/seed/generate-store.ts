/**
 * A store that looks like a real one: three years of history up to yesterday, growth and season, people who come
 * back and people who do not, and the awkward shares that every real store has. The same seed, clock day and
 * shop give the same store (only the load time differs). Only the times of orders are drawn here; records are made
 * from their own streams when somebody asks for them.
 */
import type { Store } from '../store/store.ts';
import { makeCatalogue } from './catalogue.ts';
import { generatedBase } from './generated-base.ts';
import { LocalTime } from './local-time.ts';
import { putMerchantDiscounts } from './merchant-discounts.ts';
import { planVisits } from './plan-visits.ts';
import { Random } from './random.ts';
import { DEFAULT_SHARES } from './shares.ts';
import type { StoreShares } from './shares.ts';
import type { Span } from './visits.ts';

const DAY_MS = 86_400_000;
const YEARS = 3;

export interface GenerateOptions {
  customers: number;
  seed: number;
  shares?: Partial<StoreShares>;
}

/** Fills a store that is new. */
export function generateStore(store: Store, options: GenerateOptions): void {
  const shares = { ...DEFAULT_SHARES, ...options.shares };
  const random = new Random(`regulars ${options.seed} ${options.customers}`);
  const local = new LocalTime(store.shop.ianaTimezone);
  const today = local.dayOf(store.clock.now().getTime()) * DAY_MS;
  const span: Span = { from: today - Math.round(YEARS * 365.25) * DAY_MS, until: today - 1000 };
  const loadedAt = store.clock.machineNow().toISOString();
  const from = new Date(local.toInstant(span.from)).toISOString();
  const catalogue = makeCatalogue(store, random, from, loadedAt);
  const plan = planVisits(random, options.customers, shares, local, span);
  const { currency } = store.shop;
  const shop = { currency, catalogue, shares, loadedAt, until: local.toInstant(span.until) };
  const ids = store.freeIds();
  store.layBase(generatedBase(plan, shop, random, ids));
  putMerchantDiscounts(store, local.toInstant(today), loadedAt);
}
