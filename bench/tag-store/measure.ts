/**
 * The app's part of a benchmark, alone in its process: time, what the process had resident at most, and what it held.
 * Garbage is collected four times a second, so that what is measured is what the app holds and not what V8 lets lie about.
 */
import type { AdminClient } from '../../app/shopify/admin-client.ts';

export interface Measure {
  seconds: number;
  startMb: number;
  /** Resident. */
  peakMb: number;
  /** Of it, in use after a collection: objects and buffers. */
  heldMb: number;
}

const mb = (bytes: number) => Math.round(bytes / 1e6);

/** Node runs with --expose-gc. The measure is the last line of stdout. */
export async function measure(work: () => Promise<unknown>): Promise<void> {
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
  await work();
  const seconds = Math.round(performance.now() - began) / 1_000;
  clearInterval(watch);
  const said: Measure = { seconds, startMb: mb(start), peakMb: mb(peak), heldMb: mb(held) };
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

/** The Admin API of a stand-in store, with points for everything. */
export function adminOf(store: string): AdminClient {
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
  return {
    shop: 'bench.myshopify.com',
    request: request as unknown as AdminClient['request'],
    requestComposed: request,
    budget: () => ({ restoreRate: 100, maximumAvailable: 2_000, currentlyAvailable: 2_000 }),
  };
}
