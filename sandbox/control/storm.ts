/** A storm: so many orders in so many seconds, of customers drawn from a seed, at uneven moments. */
import { placeOrder } from '../acts/place-order.ts';
import { pause } from '../bulk/pace.ts';
import type { Id } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { seededRandom } from '../webhooks/faults.ts';

export interface StormOptions {
  orders: number;
  seconds: number;
  seed: number;
}

export interface StormReport extends StormOptions {
  id: number;
  shop: string;
  state: 'running' | 'done' | 'stopped';
  placed: number;
  /** Machine time, ISO 8601. */
  startedAt: string;
  finishedAt: string | null;
  /** How long it took, in seconds. */
  took: number | null;
}

/** Customers that buy: the first so many are enough to draw from. */
const BUYERS = 20_000;

/** Runs until all orders are placed or the signal comes; the report is kept up to date meanwhile. */
export async function runStorm(store: Store, report: StormReport, signal: AbortSignal): Promise<void> {
  const random = seededRandom(report.seed);
  const buyers = someCustomers(store);
  const startedAt = performance.now();
  // Drawn beforehand and sorted: uneven, and yet all of them within the time.
  const moments = Array.from({ length: report.orders }, () => random() * report.seconds * 1000).sort(
    (a, b) => a - b,
  );
  for (const moment of moments) {
    const early = moment - (performance.now() - startedAt);
    if (early > 1) await pause(early, signal);
    else if (report.placed % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) break;
    const buyer = buyers[Math.floor(random() * buyers.length)];
    const amount = ((500 + Math.floor(random() * 20_000)) / 100).toFixed(2);
    // A customer may be gone by now: then somebody unknown buys.
    const customer = buyer !== undefined && store.customer(buyer) ? buyer : undefined;
    placeOrder(store, { customer, amount, sourceName: 'web' });
    report.placed += 1;
  }
  report.state = report.placed === report.orders ? 'done' : 'stopped';
  report.finishedAt = new Date().toISOString();
  report.took = Math.round(performance.now() - startedAt) / 1000;
}

function someCustomers(store: Store): Id[] {
  const ids: Id[] = [];
  for (const { id } of store.customers()) {
    ids.push(id);
    if (ids.length === BUYERS) break;
  }
  return ids;
}
