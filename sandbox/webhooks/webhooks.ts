/**
 * The sandbox's webhooks: every change of every store becomes deliveries to the app, for the subscriptions of
 * its shopify.app.toml. Only an installed app hears of a store; compliance topics and the news of its own
 * removal reach it also afterwards.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { currentAction } from '../acts/act.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { Sandbox, SandboxPlugin } from '../sandbox.ts';
import type { Change } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { createDeliveryQueue } from './delivery-queue.ts';
import type { Delivery, DeliveryQueue } from './delivery-queue.ts';
import { messageOf, subjectOf } from './message-of-change.ts';
import { passesFilter, prunePayload } from './prune-payload.ts';
import { readSubscriptions } from './read-subscriptions.ts';
import type { AppConfigFile } from './read-subscriptions.ts';

export interface Webhooks extends SandboxPlugin {
  readonly queue: DeliveryQueue;
}

const NO_CONFIG: AppConfigFile = { apiVersion: '', scopes: [], subscriptions: [] };

/** Nanosecond text that never repeats and never goes back, from a clock of milliseconds. */
function triggerTimes(machineNow: () => Date): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(machineNow().getTime()) * 1_000_000n;
    last = now > last ? now : last + 1_000n;
    const milliseconds = Number(last / 1_000_000n);
    const nanoseconds = (last % 1_000_000n).toString().padStart(6, '0');
    return new Date(milliseconds).toISOString().replace('Z', `${nanoseconds}Z`);
  };
}

/** @throws when shopify.app.toml cannot be read */
export function createWebhooks(sandbox: Sandbox): Webhooks {
  const config = sandbox.appConfig ? readSubscriptions(readFileSync(sandbox.appConfig, 'utf8')) : NO_CONFIG;
  const queue = createDeliveryQueue({
    secret: sandbox.apiSecret,
    machineNow: () => sandbox.clock.machineNow(),
  });
  const triggeredAt = triggerTimes(() => sandbox.clock.machineNow());
  let breath = new Map<string, string>();

  /** One event id an action: that of the act, or of what happens to one object in one breath. */
  function eventIdOf(change: Change, store: Store): string {
    const action = currentAction(store);
    if (action !== undefined) return action;
    if (breath.size === 0) queueMicrotask(() => (breath = new Map()));
    const subject = `${store.shop.domain} ${subjectOf(change)}`;
    const eventId = breath.get(subject) ?? randomUUID();
    breath.set(subject, eventId);
    return eventId;
  }

  function onChange(change: Change, store: Store): void {
    const shop = store.shop.domain;
    const installed = sandbox.access.isInstalled(shop) || change.kind === 'app_uninstalled';
    if (!sandbox.appUrl) return;
    const at = triggeredAt();
    const message = messageOf(change, store, `${at.slice(0, 23)}Z`);
    if (!message) return;
    const eventId = eventIdOf(change, store);
    for (const subscription of config.subscriptions) {
      if (subscription.topic !== message.topic || !(installed || subscription.compliance)) continue;
      if (!passesFilter(message.payload, subscription.filter)) continue;
      queue.enqueue({
        envelope: {
          topic: message.topic,
          shop,
          apiVersion: config.apiVersion,
          eventId,
          triggeredAt: at,
          name: subscription.name,
        },
        url: new URL(subscription.uri, sandbox.appUrl).toString(),
        body: JSON.stringify(prunePayload(message.payload, subscription.includeFields)),
      });
    }
  }

  const unsubscribe = [...sandbox.stores.values()].map((store) => store.subscribe(onChange));
  return {
    name: 'webhooks',
    queue,
    routes: webhookRoutes(queue),
    state: (domain) => ({ ...queue.statistics(domain) }),
    async close() {
      for (const stop of unsubscribe) stop();
      await queue.close();
    },
  };
}

/** A delivery as the live view and the control API show it. */
export function describeDelivery(delivery: Delivery) {
  return {
    webhookId: delivery.envelope.webhookId,
    eventId: delivery.envelope.eventId,
    topic: delivery.envelope.topic,
    shop: delivery.envelope.shop,
    triggeredAt: delivery.envelope.triggeredAt,
    state: delivery.state,
    attempts: delivery.attempts,
    nextAttemptAt:
      delivery.state === 'pending' && delivery.attempts.length > 0
        ? new Date(delivery.dueAt).toISOString()
        : null,
    bytes: Buffer.byteLength(delivery.body),
  };
}

const ageInput = z.object({ ms: z.number().min(0).default(0), hours: z.number().min(0).default(0) });
const faultsInput = z.object({
  seed: z.number().int().optional(),
  drop: z.number().optional(),
  duplicate: z.number().optional(),
  reorder: z.number().optional(),
  delayMs: z.number().optional(),
});

function checked<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new HttpError(400, { error: z.prettifyError(parsed.error) });
}

function webhookRoutes(queue: DeliveryQueue): Route[] {
  return [
    {
      method: 'GET',
      path: '/control/deliveries',
      handle: ({ url }) => {
        const shop = url.searchParams.get('shop') ?? undefined;
        const limit = Number(url.searchParams.get('limit') ?? 100);
        return jsonAnswer({
          statistics: queue.statistics(shop),
          deliveries: queue.recent(shop, limit).map(describeDelivery),
        });
      },
    },
    {
      method: 'POST',
      path: '/control/age-deliveries',
      handle: (request) => {
        const { ms, hours } = checked(ageInput, request.json());
        queue.age(ms + hours * 3_600_000);
        return jsonAnswer({ statistics: queue.statistics() });
      },
    },
    {
      method: 'POST',
      path: '/control/webhook-faults',
      handle: (request) => {
        try {
          queue.setFaults(checked(faultsInput, request.json()));
        } catch (error) {
          if (error instanceof HttpError) throw error;
          throw new HttpError(400, { error: (error as Error).message });
        }
        return jsonAnswer({ ok: true });
      },
    },
    {
      method: 'POST',
      path: '/control/settle-deliveries',
      handle: async () => jsonAnswer({ statistics: await queue.settled() }),
    },
  ];
}
