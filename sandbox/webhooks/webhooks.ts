/**
 * The sandbox's webhooks: every change of every store becomes deliveries to the app, for the subscriptions of
 * its shopify.app.toml and for those that it made through the API in that store. Only an installed app hears
 * of a store, and of a topic only with its scope; compliance topics and the news of its own removal reach it
 * also afterwards.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { localDateOf } from '../../app/local-date.ts';
import { currentAction } from '../acts/act.ts';
import { adminSchema } from '../graphql/schema.ts';
import { SandboxOptionError } from '../option-error.ts';
import type { Sandbox, SandboxPlugin } from '../sandbox.ts';
import type { Change, Id } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { holdsScope } from './api-subscriptions.ts';
import type { SubscriptionRules } from './api-subscriptions.ts';
import { createDeliveryQueue } from './delivery-queue.ts';
import type { Delivery, DeliveryQueue, QueueState } from './delivery.ts';
import { passesFilter } from './filter-payload.ts';
import { messageOf, metafieldOwner, subjectOf } from './message-of-change.ts';
import { metafieldPayload } from './payload/metafield-payload.ts';
import type { Wire } from './payload/wire-values.ts';
import { prunePayload } from './prune-payload.ts';
import { readSubscriptions } from './read-subscriptions.ts';
import type { AppConfigFile, Subscription } from './read-subscriptions.ts';
import { isShopifyTopic, scopeOfTopic, SENT_TOPICS, topicOfEnum } from './topics.ts';
import { webhookRoutes } from './webhook-routes.ts';

export interface Webhooks extends SandboxPlugin {
  readonly queue: DeliveryQueue;
  /** What shopify.app.toml asks for. */
  readonly appScopes: { required: readonly string[]; optional: readonly string[] };
  /** Those of shopify.app.toml: they hold for every store. */
  readonly appSubscriptions: readonly Subscription[];
  /** Topics of shopify.app.toml that Shopify has and the sandbox never sends. */
  readonly unsentTopics: readonly string[];
  /** What creating and updating a subscription through the API must know. */
  subscriptionRules(domain: string, apiVersion: string): SubscriptionRules;
  /** How many subscriptions of the API were deleted because their address failed. */
  deletedSubscriptions(domain: string): number;
}

const NO_CONFIG: AppConfigFile = {
  apiVersion: '',
  applicationUrl: '',
  scopes: [],
  optionalScopes: [],
  subscriptions: [],
};
/** So many failures in a row end a subscription of the API. */
const FAILURES_TO_DELETE = 8;

/** One subscription of a message, wherever it comes from. */
interface Wanted extends Subscription {
  id: Id | null;
  apiVersion: string;
}

/** Hosts that stand for the app: its address here, and the one of its configuration. */
function appHosts(sandbox: Sandbox, applicationUrl: string): string[] {
  return [sandbox.appUrl, applicationUrl].flatMap((url) =>
    url && URL.canParse(url) ? [new URL(url).host] : [],
  );
}

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

/** @throws SandboxOptionError naming topics that Shopify does not have */
function checkTopics(config: AppConfigFile): string[] {
  const topics = [...new Set(config.subscriptions.map(({ topic }) => topic))].sort();
  const unsent = topics.filter((topic) => !SENT_TOPICS.includes(topic));
  const unknown = unsent.filter((topic) => !isShopifyTopic(topic, adminSchema()));
  if (unknown.length > 0) {
    throw new SandboxOptionError(`shopify.app.toml: Shopify has no webhook topic ${unknown.join(', ')}.`);
  }
  return unsent.filter((topic) => !isCompliance(topic, config));
}

function isCompliance(topic: string, config: AppConfigFile): boolean {
  return config.subscriptions.some((one) => one.topic === topic && one.compliance);
}

/** @throws when shopify.app.toml cannot be read */
export function createWebhooks(sandbox: Sandbox): Webhooks {
  const config = sandbox.appConfig ? readSubscriptions(readFileSync(sandbox.appConfig, 'utf8')) : NO_CONFIG;
  const unsentTopics = checkTopics(config);
  /** Failed attempts in a row, by store and subscription. */
  const failures = new Map<string, number>();
  const deleted = new Map<string, number>();
  const queue = createDeliveryQueue({
    secret: sandbox.apiSecret,
    machineNow: () => sandbox.clock.machineNow(),
    onDone,
  });
  const triggeredAt = triggerTimes(() => sandbox.clock.machineNow());
  let breath = new Map<string, string>();

  /** A delivery that was given up is 9 failed attempts; one that arrived ends the row. */
  function onDone(delivery: Delivery): void {
    const { subscriptionId, envelope } = delivery;
    if (subscriptionId === null) return;
    const key = `${envelope.shop} ${subscriptionId}`;
    if (delivery.state === 'delivered') return void failures.delete(key);
    const count = (failures.get(key) ?? 0) + delivery.attempts.length;
    failures.set(key, count);
    const store = sandbox.stores.get(envelope.shop);
    if (count < FAILURES_TO_DELETE || !store?.subscriptions.get(subscriptionId)) return;
    store.subscriptions.delete(subscriptionId);
    failures.delete(key);
    deleted.set(envelope.shop, (deleted.get(envelope.shop) ?? 0) + 1);
  }

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

  function subscriptionsTo(topic: string, store: Store): Wanted[] {
    const wanted: Wanted[] = config.subscriptions
      .filter((one) => one.topic === topic)
      .map((one) => ({ ...one, id: null, apiVersion: config.apiVersion }));
    for (const one of store.subscriptions.all()) {
      if (topicOfEnum(one.topic) !== topic) continue;
      const apiVersion = config.apiVersion || one.apiVersion;
      wanted.push({ ...one, topic, compliance: false, apiVersion });
    }
    return wanted;
  }

  /** The app's public host stands for where it runs. Undefined: a path, and nobody has said where the app is. */
  function urlOf(uri: string): string | undefined {
    const { appUrl } = sandbox;
    if (!URL.canParse(uri, appUrl)) return undefined;
    const url = new URL(uri, appUrl);
    const own = appUrl !== undefined && appHosts(sandbox, config.applicationUrl).includes(url.host);
    return own ? new URL(`${url.pathname}${url.search}`, appUrl).toString() : url.toString();
  }

  function withMetafields(payload: Wire, change: Change, store: Store, namespaces: readonly string[]): Wire {
    const owner = namespaces.length > 0 ? metafieldOwner(change) : undefined;
    if (!owner) return payload;
    const metafields = store.metafields
      .of(owner.ownerType, owner.ownerId)
      .filter((metafield) => namespaces.includes(metafield.namespace))
      .map((metafield) => metafieldPayload(metafield, store.shop));
    return { ...payload, metafields };
  }

  function onChange(change: Change, store: Store): void {
    const shop = store.shop.domain;
    const installed = sandbox.access.isInstalled(shop) || change.kind === 'app_uninstalled';
    const at = triggeredAt();
    const message = messageOf(change, store, `${at.slice(0, 23)}Z`);
    if (!message) return;
    const eventId = eventIdOf(change, store);
    const scope = scopeOfTopic(message.topic);
    const heard = installed && (scope === null || holdsScope(sandbox.access.scopesOf(shop), scope));
    for (const subscription of subscriptionsTo(message.topic, store)) {
      if (!heard && !subscription.compliance) continue;
      const payload = withMetafields(message.payload, change, store, subscription.metafieldNamespaces);
      if (!passesFilter(payload, subscription.filter)) continue;
      const url = urlOf(subscription.uri);
      if (url === undefined) continue;
      const fields = subscription.includeFields;
      queue.enqueue({
        envelope: {
          topic: message.topic,
          shop,
          apiVersion: subscription.apiVersion,
          eventId,
          triggeredAt: at,
          name: subscription.name,
        },
        url,
        body: JSON.stringify(
          prunePayload(
            payload,
            fields.length > 0 && payload !== message.payload ? [...fields, 'metafields'] : fields,
          ),
        ),
        subscriptionId: subscription.id,
        day: localDateOf(store.clock.now(), store.shop.ianaTimezone),
      });
    }
    // What the app subscribed to in this store goes with it.
    if (change.kind === 'app_uninstalled') store.subscriptions.replace([]);
  }

  const unsubscribe = [...sandbox.stores.values()].map((store) => store.subscribe(onChange));
  const noMoreFailuresOf = (domain: string) => {
    for (const key of [...failures.keys()]) if (key.startsWith(`${domain} `)) failures.delete(key);
    deleted.delete(domain);
  };
  return {
    name: 'webhooks',
    queue,
    appScopes: { required: config.scopes, optional: config.optionalScopes },
    appSubscriptions: config.subscriptions,
    unsentTopics,
    subscriptionRules: (domain, apiVersion) => ({
      scopes: sandbox.access.scopesOf(domain),
      apiVersion,
      appHosts: appHosts(sandbox, config.applicationUrl),
    }),
    deletedSubscriptions: (domain) => deleted.get(domain) ?? 0,
    routes: webhookRoutes(queue),
    state: (domain) => ({ ...queue.statistics(domain) }),
    storeAdded(store) {
      unsubscribe.push(store.subscribe(onChange));
    },
    snapshot: (domain) => queue.dump(domain),
    restore(domain, state) {
      noMoreFailuresOf(domain);
      queue.replace(domain, state as QueueState | undefined);
      // Back to the beginning: nothing goes wrong any more.
      if (state === undefined) queue.setFaults({});
    },
    async close() {
      for (const stop of unsubscribe) stop();
      await queue.close();
    },
  };
}

/** @throws when the sandbox is not up yet */
export function webhooksOf(sandbox: Sandbox): Webhooks {
  const plugin = sandbox.plugins.find(({ name }) => name === 'webhooks');
  if (!plugin) throw new Error('The webhooks of this sandbox are not there yet');
  return plugin as Webhooks;
}
