/**
 * webhookSubscriptionCreate, Update and Delete on one store. Refusals are userErrors with Shopify's words; what
 * the sandbox cannot deliver (Pub/Sub, EventBridge, XML, topics that it never sends) is refused loudly, because
 * a subscription that stays silent looks like a bug of the app.
 */
import { NotImplemented } from '../graphql/not-implemented.ts';
import { laterThan } from '../acts/act.ts';
import type { Id, SandboxSubscription } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { compileFilter, FilterError } from './filter-payload.ts';
import { scopeOfTopic, topicOfEnum } from './topics.ts';

export interface SubscriptionInput {
  uri?: string | null;
  /** The older name of `uri`. */
  callbackUrl?: string | null;
  format?: string | null;
  filter?: string | null;
  includeFields?: readonly string[] | null;
  metafieldNamespaces?: readonly string[] | null;
  name?: string | null;
}

export interface SubscriptionRules {
  /** Granted to the app: a topic needs the scope of its subject. */
  scopes: readonly string[];
  /** Of the request. */
  apiVersion: string;
  /** The app's own addresses: allowed although they are on this machine. */
  appHosts: readonly string[];
}

export interface SubscriptionError {
  field: string[];
  message: string;
}

export type SubscriptionChange =
  | { outcome: 'done'; subscription: SandboxSubscription }
  | { outcome: 'refused'; userErrors: SubscriptionError[] };

const CALLBACK = ['webhookSubscription', 'callbackUrl'];

/** @param topic as the schema spells it: ORDERS_CREATE. @throws NotImplemented for what cannot be delivered */
export function createSubscription(
  store: Store,
  topic: string,
  input: SubscriptionInput,
  rules: SubscriptionRules,
): SubscriptionChange {
  const errors = [...checkTopic(topic, rules), ...checkInput(input, rules, true)];
  const wanted = {
    topic,
    uri: addressOf(input) ?? '',
    filter: input.filter || null,
  };
  if (errors.length === 0 && isTaken(store, wanted, null)) errors.push(taken());
  if (errors.length > 0) return { outcome: 'refused', userErrors: errors };
  const at = laterThan(null, store);
  const subscription: SandboxSubscription = {
    id: store.newId('other'),
    ...wanted,
    format: 'JSON',
    includeFields: [...(input.includeFields ?? [])],
    metafieldNamespaces: [...(input.metafieldNamespaces ?? [])],
    name: input.name || null,
    apiVersion: rules.apiVersion,
    createdAt: at,
    updatedAt: at,
  };
  store.subscriptions.put(subscription);
  return { outcome: 'done', subscription };
}

/** What is not named stays. @throws NotImplemented for what cannot be delivered */
export function updateSubscription(
  store: Store,
  id: Id,
  input: SubscriptionInput,
  rules: SubscriptionRules,
): SubscriptionChange {
  const before = store.subscriptions.get(id);
  if (!before) return missing();
  const errors = checkInput(input, rules, false);
  const after: SandboxSubscription = {
    ...before,
    uri: addressOf(input) ?? before.uri,
    ...(input.filter === undefined ? {} : { filter: input.filter || null }),
    ...(input.includeFields === undefined ? {} : { includeFields: [...(input.includeFields ?? [])] }),
    ...(input.metafieldNamespaces === undefined
      ? {}
      : { metafieldNamespaces: [...(input.metafieldNamespaces ?? [])] }),
    ...(input.name === undefined ? {} : { name: input.name || null }),
    updatedAt: laterThan(before.updatedAt, store),
  };
  if (errors.length === 0 && isTaken(store, after, id)) errors.push(taken());
  if (errors.length > 0) return { outcome: 'refused', userErrors: errors };
  store.subscriptions.put(after);
  return { outcome: 'done', subscription: after };
}

export function deleteSubscription(store: Store, id: Id): SubscriptionChange {
  const subscription = store.subscriptions.get(id);
  if (!subscription) return missing();
  store.subscriptions.delete(id);
  return { outcome: 'done', subscription };
}

function checkTopic(topic: string, rules: SubscriptionRules): SubscriptionError[] {
  const sent = topicOfEnum(topic);
  if (sent === undefined) throw new NotImplemented(`The webhook topic ${topic}`);
  const scope = scopeOfTopic(sent);
  if (scope === null || holdsScope(rules.scopes, scope)) return [];
  return [
    {
      field: ['webhookSubscription', 'topic'],
      message: `You do not have permission to create or update webhooks with ${sent} topic.`,
    },
  ];
}

/** Writing includes reading. */
export function holdsScope(scopes: readonly string[], scope: string): boolean {
  return scopes.includes(scope) || scopes.includes(scope.replace(/^read_/, 'write_'));
}

function checkInput(
  input: SubscriptionInput,
  rules: SubscriptionRules,
  mustHaveAddress: boolean,
): SubscriptionError[] {
  if (input.format === 'XML') throw new NotImplemented('Webhooks in XML');
  const errors: SubscriptionError[] = [];
  const address = addressOf(input);
  if (address !== undefined || mustHaveAddress) {
    errors.push(...checkAddress(address ?? '', rules).map((message) => ({ field: CALLBACK, message })));
  }
  if (input.filter) {
    try {
      compileFilter(input.filter);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      const message = `The specified filter is invalid, please ensure you specify the field(s) you wish to filter on. ${error.message}`;
      errors.push({ field: ['webhookSubscription'], message });
    }
  }
  if (input.name && !/^[A-Za-z0-9_-]{1,50}$/.test(input.name)) {
    const message =
      'Name must be 1 to 50 characters and can only contain alphanumeric characters, underscores, and hyphens';
    errors.push({ field: ['webhookSubscription', 'name'], message });
  }
  return errors;
}

function addressOf(input: SubscriptionInput): string | undefined {
  return input.uri ?? input.callbackUrl ?? undefined;
}

function checkAddress(address: string, rules: SubscriptionRules): string[] {
  if (address.trim() === '') return ["Address can't be blank"];
  if (/^(pubsub:\/\/|arn:aws:events:)/.test(address)) {
    throw new NotImplemented('Webhooks to Pub/Sub and EventBridge');
  }
  const protocol = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (protocol !== undefined && protocol !== 'https')
    return [`Address protocol ${protocol}:// is not supported`];
  if (protocol === undefined || !URL.canParse(address)) return ['Address is invalid'];
  const { host, hostname } = new URL(address);
  const internal =
    /(^|\.)(localhost|local|internal|myshopify\.com|shopify\.com)$/.test(hostname) ||
    /^(127\.|10\.|192\.168\.|169\.254\.|0\.0\.0\.0|\[)/.test(hostname);
  if (internal && !rules.appHosts.includes(host))
    return ['Address cannot be a Shopify or an internal domain'];
  return [];
}

/** One address hears a topic once, unless the filters differ (an assumption). */
function isTaken(
  store: Store,
  wanted: { topic: string; uri: string; filter: string | null },
  except: Id | null,
): boolean {
  for (const one of store.subscriptions.all()) {
    if (one.id === except) continue;
    if (one.topic === wanted.topic && one.uri === wanted.uri && one.filter === wanted.filter) return true;
  }
  return false;
}

function taken(): SubscriptionError {
  return { field: CALLBACK, message: 'Address for this topic has already been taken' };
}

function missing(): SubscriptionChange {
  return {
    outcome: 'refused',
    userErrors: [{ field: ['id'], message: 'Webhook subscription does not exist' }],
  };
}
