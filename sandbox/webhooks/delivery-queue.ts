/**
 * Deliveries in memory: at least once, in no promised order, retried 8 times over 4 hours with the original
 * body. Waiting is measured on the machine's clock, which a test can age: nothing here sleeps for real longer
 * than it must.
 *
 * Invariant: a delivery is in exactly one of ready, waiting, in flight, done.
 */
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { checkFaults, NO_FAULTS, noCounts, seededRandom } from './faults.ts';
import type { WebhookFaults } from './faults.ts';
import { postWebhook, SHOPIFY_LIMITS } from './post-webhook.ts';
import { webhookHeaders } from './sign-webhook.ts';
import type { Envelope } from './sign-webhook.ts';
import type {
  Delivery,
  DeliveryQueue,
  DeliveryQueueOptions,
  DeliveryState,
  DeliveryStatistics,
  QueueState,
} from './delivery.ts';

export const RETRIES = 8;
const RETRY_SPAN_MS = 4 * 3_600_000;
/** Doubling waits that add up to four hours. The exact steps are an assumption. */
export const RETRY_DELAYS_MS: readonly number[] = Array.from(
  { length: RETRIES },
  (_, retry) => (RETRY_SPAN_MS / (2 ** RETRIES - 1)) * 2 ** retry,
);

function noStatistics(): DeliveryStatistics {
  return { pending: 0, delivered: 0, failed: 0, dropped: 0 };
}

export function createDeliveryQueue(options: DeliveryQueueOptions): DeliveryQueue {
  const concurrency = options.concurrency ?? 8;
  const limits = options.limits ?? SHOPIFY_LIMITS;
  const remember = options.remember ?? 300;
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const counts = new Map<string, DeliveryStatistics>();
  const recent: Delivery[] = [];
  let waiting: Delivery[] = [];
  /** The earliest of those that wait. */
  let nextDue = Infinity;
  let ready: Delivery[] = [];
  let head = 0;
  let inFlight = 0;
  let aged = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let faults: WebhookFaults = NO_FAULTS;
  let happened = noCounts();
  let random = seededRandom(faults.seed);
  let lastNumber = 0;
  /** Not done with, of all stores: ready, waiting or in flight. What a restore took out counts no more. */
  const unfinished = new Set<Delivery>();
  let idle: (() => void)[] = [];

  const now = () => options.machineNow().getTime() + aged;
  const countsOf = (shop: string): DeliveryStatistics => {
    const existing = counts.get(shop);
    if (existing) return existing;
    const fresh = noStatistics();
    counts.set(shop, fresh);
    return fresh;
  };

  const finish = (delivery: Delivery, state: Exclude<DeliveryState, 'pending'>) => {
    const count = countsOf(delivery.envelope.shop);
    delivery.state = state;
    unfinished.delete(delivery);
    count.pending -= 1;
    count[state] += 1;
    if (state !== 'dropped') options.onDone?.(delivery);
  };

  const hit = (share: number, topic: string) =>
    share > 0 && (faults.topics === null || faults.topics.includes(topic)) && random() < share;

  const takeReady = (): Delivery | undefined => {
    if (head >= ready.length) return undefined;
    if (hit(faults.reorder, ready[head]!.envelope.topic)) {
      const other = head + Math.floor(random() * (ready.length - head));
      if (other !== head) happened.reordered += 1;
      [ready[head], ready[other]] = [ready[other]!, ready[head]!];
    }
    const next = ready[head];
    head += 1;
    if (head > 1_024 && head * 2 > ready.length) {
      ready = ready.slice(head);
      head = 0;
    }
    return next;
  };

  const wait = (delivery: Delivery, milliseconds: number) => {
    delivery.dueAt = now() + milliseconds;
    waiting.push(delivery);
    nextDue = Math.min(nextDue, delivery.dueAt);
  };

  const attempt = async (delivery: Delivery) => {
    const headers = webhookHeaders(delivery.envelope, delivery.body, options.secret);
    const outcome = await postWebhook(new URL(delivery.url), delivery.body, headers, limits, agent);
    delivery.attempts.push({ at: new Date(now()).toISOString(), outcome });
    if (!unfinished.has(delivery)) return;
    if (outcome.outcome === 'delivered') {
      finish(delivery, 'delivered');
      if (!delivery.stale && hit(faults.stale, delivery.envelope.topic)) repeat(delivery);
    } else {
      const delay = RETRY_DELAYS_MS[delivery.attempts.length - 1];
      if (delay === undefined) finish(delivery, 'failed');
      else wait(delivery, delay);
    }
  };

  /** The app has it, and gets it again when the world has moved on. */
  const repeat = (done: Delivery) => {
    happened.stale += 1;
    const copy = remembered({ ...done, stale: true, number: ++lastNumber, attempts: [], state: 'pending' });
    wait(copy, faults.staleMs);
  };

  const remembered = (delivery: Delivery): Delivery => {
    countsOf(delivery.envelope.shop).pending += 1;
    unfinished.add(delivery);
    recent.push(delivery);
    if (recent.length > remember * 2) recent.splice(0, recent.length - remember);
    return delivery;
  };

  /** Goes through those that wait only when one of them is due: there may be very many. */
  const wakeDue = () => {
    if (waiting.length > 0 && nextDue <= now()) {
      const still: Delivery[] = [];
      nextDue = Infinity;
      for (const delivery of waiting) {
        if (delivery.dueAt <= now()) ready.push(delivery);
        else {
          still.push(delivery);
          nextDue = Math.min(nextDue, delivery.dueAt);
        }
      }
      waiting = still;
    }
    clearTimeout(timer);
    if (waiting.length === 0 || closed) return;
    timer = setTimeout(pump, Math.min(Math.max(nextDue - now(), 0) + 1, 60_000));
    timer.unref();
  };

  function pump(): void {
    if (closed) return;
    wakeDue();
    while (inFlight < concurrency) {
      const delivery = takeReady();
      if (!delivery) break;
      inFlight += 1;
      void attempt(delivery).finally(() => {
        inFlight -= 1;
        pump();
      });
    }
    if (inFlight === 0 && head >= ready.length) {
      const told = idle;
      idle = [];
      for (const tell of told) tell();
    }
  }

  const total = (shop?: string): DeliveryStatistics => {
    if (shop !== undefined) return { ...countsOf(shop) };
    const sum = noStatistics();
    for (const one of counts.values()) {
      for (const key of ['pending', 'delivered', 'failed', 'dropped'] as const) sum[key] += one[key];
    }
    return sum;
  };

  const add = (delivery: Delivery, day: string | undefined) => {
    const { topic } = remembered(delivery).envelope;
    if (day !== undefined && day === faults.dropDay && hit(1, topic)) {
      happened.droppedOfDay += 1;
      return finish(delivery, 'dropped');
    }
    if (hit(faults.drop, topic)) {
      happened.dropped += 1;
      return finish(delivery, 'dropped');
    }
    if (faults.delayMs > 0 && hit(1, topic)) {
      happened.delayed += 1;
      wait(delivery, random() * faults.delayMs);
    } else ready.push(delivery);
  };

  function replace(shop: string, state: QueueState | undefined): void {
    const others = ({ envelope }: Delivery) => envelope.shop !== shop;
    for (const delivery of [...unfinished]) if (!others(delivery)) unfinished.delete(delivery);
    ready = ready.slice(head).filter(others);
    head = 0;
    waiting = waiting.filter(others);
    recent.splice(0, recent.length, ...recent.filter(others));
    counts.set(shop, { ...(state?.counts ?? noStatistics()), pending: 0 });
    for (const { delivery, dueIn } of state?.pending ?? []) {
      wait(remembered({ ...delivery, attempts: [...delivery.attempts] }), dueIn);
    }
    pump();
  }

  return {
    enqueue(message) {
      if (closed) return;
      const envelope: Envelope = { ...message.envelope, webhookId: randomUUID() };
      const twice = hit(faults.duplicate, envelope.topic);
      if (twice) happened.duplicated += 1;
      for (let copy = 0; copy < (twice ? 2 : 1); copy += 1) {
        add(
          {
            number: ++lastNumber,
            envelope,
            url: message.url,
            body: message.body,
            subscriptionId: message.subscriptionId ?? null,
            stale: false,
            state: 'pending',
            attempts: [],
            dueAt: now(),
          },
          message.day,
        );
      }
      setImmediate(pump);
    },
    setFaults(input) {
      faults = checkFaults(input);
      random = seededRandom(faults.seed);
    },
    faults: () => ({ ...faults }),
    faultCounts: () => ({ ...happened }),
    dump(shop) {
      const mine = [...unfinished].filter(({ envelope }) => envelope.shop === shop);
      return {
        counts: { ...countsOf(shop) },
        pending: mine.map((delivery) => ({
          delivery: { ...delivery, attempts: [...delivery.attempts] },
          dueIn: Math.max(0, delivery.dueAt - now()),
        })),
      };
    },
    replace,
    reset() {
      for (const shop of [...counts.keys()]) replace(shop, undefined);
      aged = 0;
      faults = NO_FAULTS;
      happened = noCounts();
      random = seededRandom(faults.seed);
    },
    age(milliseconds) {
      aged += milliseconds;
      pump();
    },
    statistics: total,
    recent(shop, limit = 100) {
      const chosen: Delivery[] = [];
      for (let index = recent.length - 1; index >= 0 && chosen.length < limit; index -= 1) {
        const delivery = recent[index]!;
        if (shop === undefined || delivery.envelope.shop === shop) chosen.push(delivery);
      }
      return chosen;
    },
    settled() {
      return new Promise((resolve) => {
        idle.push(() => resolve(total()));
        setImmediate(pump);
      });
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      agent.destroy();
      for (const tell of idle) tell();
    },
  };
}
