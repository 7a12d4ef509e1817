/**
 * The app's part of bench/tag-writes.ts, alone in its process: works one shop's outbox until it is empty. The last line
 * of stdout is JSON: seconds, the peak of what the process had resident, and that before it began. Garbage is collected
 * four times a second, so that what is measured is what the app holds and not what V8 lets lie about.
 *
 * usage: node --expose-gc bench/tag-store/push.ts <database url> <shop id> <address of the stand-in store>
 */
import { createPool } from '../../app/db/pool.server.ts';
import { createDb, type ShopId } from '../../app/db/tenancy.server.ts';
import { systemClock } from '../../app/clock.ts';
import type { AdminClient } from '../../app/shopify/admin-client.ts';
import { createUploadFile } from '../../app/shopify/upload-file.server.ts';
import { pushTags } from '../../app/activation/push-tags.server.ts';
import { silentLog } from '../../test/support/silent-log.ts';

export interface PushMeasure {
  seconds: number;
  startMb: number;
  /** Resident. */
  peakMb: number;
  /** Of it, in use after a collection: objects and buffers. */
  heldMb: number;
}

const [databaseUrl = '', shopId = '', store = ''] = process.argv.slice(2);
const pool = createPool(databaseUrl, { max: 12, applicationName: 'bench' });

const request = async (document: string, variables: Record<string, unknown>) => {
  const sentAt = new Date();
  const response = await fetch(`${store}/graphql`, {
    method: 'POST',
    body: JSON.stringify({ document, variables }),
  });
  if (!response.ok) throw new Error(await response.text());
  const { data } = (await response.json()) as { data: unknown };
  return { data, date: new Date(), sentAt };
};
const admin: AdminClient = {
  shop: 'bench.myshopify.com',
  request: request as unknown as AdminClient['request'],
  requestComposed: request,
  budget: () => ({ restoreRate: 100, maximumAvailable: 2_000, currentlyAvailable: 2_000 }),
};
const mb = (bytes: number) => Math.round(bytes / 1e6);
const start = process.memoryUsage.rss();
let peak = start;
let held = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  held = Math.max(held, heapUsed + external);
}, 250);
const began = performance.now();
await pushTags(
  {
    db: createDb(pool),
    admin,
    clock: systemClock,
    log: silentLog(),
    fetchResult: async (url) => {
      const response = await fetch(`${store}/result?url=${encodeURIComponent(url)}`);
      if (!response.ok || !response.body) throw new Error(`no result: ${response.status}`);
      return response.body as unknown as AsyncIterable<Uint8Array>;
    },
    uploadFile: (target, ...more) => {
      const where = { sandboxUrl: new URL(target.url).origin, production: false };
      return createUploadFile(where, { fetch })(target, ...more);
    },
  },
  shopId as ShopId,
);
const seconds = Math.round(performance.now() - began) / 1_000;
clearInterval(watch);
await pool.end();
process.stdout.write(
  `${JSON.stringify({ seconds, startMb: mb(start), peakMb: mb(peak), heldMb: mb(held) } satisfies PushMeasure)}\n`,
);
