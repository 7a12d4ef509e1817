/**
 * What happened to a customer: their orders say most of it; tags, consent, merges and the account are remembered
 * as they change, in business time. A remembered past is short: it is for people who watch.
 */
import type { Change, Id, Instant } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { money, stateWords } from './words.ts';

export interface TimelineEntry {
  at: Instant;
  text: string;
  /** Path within the store's pages. */
  link?: string;
}

const KEPT_EACH = 60;
const KEPT_CUSTOMERS = 5_000;

export class Timeline {
  #entries = new Map<Store, Map<Id, TimelineEntry[]>>();
  #stop: (() => void)[] = [];

  constructor(stores: Iterable<Store>) {
    for (const store of stores) this.follow(store);
  }

  follow(store: Store): void {
    this.#entries.set(store, new Map());
    this.#stop.push(store.subscribe((change) => this.#hear(change, store)));
    this.#stop.push(store.onRestored(() => this.#entries.get(store)?.clear()));
  }

  /** Newest first. */
  of(store: Store, customerId: Id): TimelineEntry[] {
    const remembered = this.#entries.get(store)?.get(customerId) ?? [];
    // In the order in which they happened; at one moment the later one is said first.
    const all = [...orderEntries(store, customerId), ...remembered.toReversed()];
    return all.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)).reverse();
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  #hear(change: Change, store: Store): void {
    const heard = textOf(change, store);
    const entries = this.#entries.get(store);
    if (!heard || !entries) return;
    const list = entries.get(heard.customerId) ?? [];
    // Put anew, the oldest customers are first.
    entries.delete(heard.customerId);
    entries.set(
      heard.customerId,
      [{ at: store.clock.now().toISOString(), text: heard.text }, ...list].slice(0, KEPT_EACH),
    );
    if (entries.size > KEPT_CUSTOMERS) {
      const [oldest] = entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
    }
  }
}

function textOf(change: Change, store: Store): { customerId: Id; text: string } | undefined {
  switch (change.kind) {
    case 'customer_tags_added':
      return { customerId: change.customerId, text: `Tags added: ${change.tags.join(', ')}` };
    case 'customer_tags_removed':
      return { customerId: change.customerId, text: `Tags removed: ${change.tags.join(', ')}` };
    case 'customer_email_consent': {
      const state = store.customer(change.customerId)?.emailMarketing?.state ?? 'NOT_SUBSCRIBED';
      return { customerId: change.customerId, text: `E-mail marketing: ${stateWords(state)}` };
    }
    case 'customer_sms_consent': {
      const state = store.customer(change.customerId)?.smsMarketing?.state ?? 'NOT_SUBSCRIBED';
      return { customerId: change.customerId, text: `SMS marketing: ${stateWords(state)}` };
    }
    case 'customer_merged':
      return { customerId: change.keptId, text: `Customer ${change.deletedId} was merged into this one` };
    case 'customer_enabled':
      return { customerId: change.customerId, text: 'Account enabled' };
    case 'customer_disabled':
      return { customerId: change.customerId, text: 'Account disabled' };
    case 'data_request':
      return { customerId: change.customerId, text: 'Customer data requested' };
    case 'customer_redact':
      return { customerId: change.customerId, text: 'Erasure requested' };
    default:
      return undefined;
  }
}

function orderEntries(store: Store, customerId: Id): TimelineEntry[] {
  const customer = store.customer(customerId);
  const entries = store.ordersOf(customerId).flatMap((order): TimelineEntry[] => {
    const link = `/orders/${order.id}`;
    const { name } = order;
    return [
      { at: order.processedAt, text: `Order ${name} placed: ${money(order.totalMinor, store)}`, link },
      ...order.refunds.map((refund) => ({
        at: refund.processedAt,
        text: `${money(refund.totalMinor, store)} of ${name} refunded`,
        link,
      })),
      ...(order.cancelledAt === null
        ? []
        : [{ at: order.cancelledAt, text: `Order ${name} cancelled`, link }]),
    ];
  });
  return customer ? [{ at: customer.createdAt, text: 'Customer created' }, ...entries] : entries;
}
