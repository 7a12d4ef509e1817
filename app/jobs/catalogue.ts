/**
 * The jobs: slow, rare work of one shop. Each is safe to run again from wherever it was killed, so a worker that
 * dies costs a heartbeat, not a result. Data hold ids only (pg-boss lies outside row-level security).
 *
 * One job of a kind and shop at a time (policy 'exclusive' with the shop as key): a second one while one waits or
 * runs is dropped. So what must not be lost is sent by a turn only: whoever wishes wakes the shop (shop_due) in the
 * transaction that makes the wish true, and the job settles the version it saw when it began, so that a wish from
 * meanwhile sends it again. The others are the night's: whatever a dropped
 * one would have done, the next night's does. 'refresh' is not exclusive: every one has customers of its own.
 */
import { z } from 'zod';
import { LIVE_CAUSES, MASS_CAUSES } from '../intake/cause.ts';
import type { ShopId } from '../db/tenancy.server.ts';

const shopId = z
  .string()
  .regex(/^[1-9]\d{0,18}$/)
  .transform((id) => id as ShopId);
const ofOneShop = z.object({ shopId });

interface JobDefinition {
  schema: z.ZodType<{ shopId: ShopId }>;
  /** One at a time for each shop. */
  onePerShop: boolean;
  /** Jobs of this kind side by side in one process. */
  concurrency: number;
  /** Seconds after which a run is taken for lost even though its worker is alive. */
  expireInSeconds: number;
  retryLimit: number;
}

const HOUR = 3_600;

export const JOBS = {
  import: {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 2,
    expireInSeconds: 20 * HOUR,
    retryLimit: 1_000,
  },
  'push-tags': {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 4,
    expireInSeconds: 20 * HOUR,
    retryLimit: 20,
  },
  nightly: { schema: ofOneShop, onePerShop: true, concurrency: 2, expireInSeconds: 6 * HOUR, retryLimit: 20 },
  /** Mostly waits for Shopify's throttle: many side by side, and no night waits behind one. */
  reconcile: {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 4,
    expireInSeconds: 6 * HOUR,
    retryLimit: 20,
  },
  'sync-shop': { schema: ofOneShop, onePerShop: true, concurrency: 1, expireInSeconds: HOUR, retryLimit: 50 },
  recompute: {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 1,
    expireInSeconds: 6 * HOUR,
    retryLimit: 50,
  },
  refit: { schema: ofOneShop, onePerShop: true, concurrency: 1, expireInSeconds: HOUR, retryLimit: 5 },
  'segment-change': {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 2,
    expireInSeconds: 6 * HOUR,
    retryLimit: 1_000,
  },
  'segment-sizes': {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 1,
    expireInSeconds: HOUR,
    retryLimit: 3,
  },
  'apply-fit': {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 1,
    expireInSeconds: HOUR,
    retryLimit: 50,
  },
  'measure-policy': {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 1,
    expireInSeconds: HOUR,
    retryLimit: 5,
  },
  /** These five wait for Shopify's throttle more than they work. */
  'write-metafields': {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 2,
    expireInSeconds: 6 * HOUR,
    retryLimit: 20,
  },
  'sync-native-segments': {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 2,
    expireInSeconds: HOUR,
    retryLimit: 20,
  },
  'send-flow': { schema: ofOneShop, onePerShop: true, concurrency: 4, expireInSeconds: HOUR, retryLimit: 20 },
  'sync-offers': {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 2,
    expireInSeconds: HOUR,
    retryLimit: 20,
  },
  'sort-leftovers': {
    schema: ofOneShop,
    onePerShop: true,
    concurrency: 2,
    expireInSeconds: HOUR,
    retryLimit: 20,
  },
  prune: { schema: ofOneShop, onePerShop: true, concurrency: 1, expireInSeconds: HOUR, retryLimit: 5 },
  refresh: {
    schema: z.object({
      shopId,
      /** Customer id and cause. */
      touched: z.array(z.tuple([z.string(), z.enum([...LIVE_CAUSES, ...MASS_CAUSES, 'manual'])])),
    }),
    onePerShop: false,
    concurrency: 1,
    expireInSeconds: HOUR,
    retryLimit: 1_000,
  },
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof JOBS;
export type JobData<N extends JobName> = z.input<(typeof JOBS)[N]['schema']>;
export type ParsedJobData<N extends JobName> = z.output<(typeof JOBS)[N]['schema']>;
export const JOB_NAMES = Object.keys(JOBS) as JobName[];

/** A worker that is silent for so long is dead: its jobs go to another. The least that pg-boss allows. */
export const HEARTBEAT_SECONDS = 10;
