/**
 * tagsAdd and tagsRemove on a customer, by the rules captured from live stores: an entry with commas is several
 * tags; tags are trimmed; case is ignored and the first spelling stays; at most 250 tags of at most 255
 * characters; answers are sorted. What changes nothing writes nothing and announces nothing.
 */
import type { Id, SandboxCustomer } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { laterThan } from './act.ts';

const MAX_TAGS = 250;
const MAX_LENGTH = 255;

export interface UserError {
  field: string[] | null;
  message: string;
}

export type TagChange =
  { outcome: 'done'; customer: SandboxCustomer } | { outcome: 'refused'; userErrors: UserError[] };

export function addTags(store: Store, customerId: Id, tags: readonly string[]): TagChange {
  const customer = store.customer(customerId);
  if (!customer) return missing();
  const wanted = splitTags(tags);
  if (wanted.some((tag) => [...tag].length > MAX_LENGTH)) {
    return refused(['tags'], `Tags is too long (maximum is ${MAX_LENGTH} characters)`);
  }
  const known = new Set(customer.tags.map(fold));
  const added = wanted.filter((tag) => !known.has(fold(tag)));
  if (customer.tags.length + added.length > MAX_TAGS) {
    return refused(['tags'], `Tags cannot be more than ${MAX_TAGS}`);
  }
  if (added.length > 0) {
    write(store, customer, sortTags([...customer.tags, ...added]));
    store.emit({ kind: 'customer_tags_added', customerId, tags: added });
    store.emit({ kind: 'customer_updated', customerId });
  }
  return { outcome: 'done', customer };
}

export function removeTags(store: Store, customerId: Id, tags: readonly string[]): TagChange {
  const customer = store.customer(customerId);
  if (!customer) return missing();
  const unwanted = new Set(splitTags(tags).map(fold));
  const removed = customer.tags.filter((tag) => unwanted.has(fold(tag)));
  if (removed.length > 0) {
    write(
      store,
      customer,
      customer.tags.filter((tag) => !unwanted.has(fold(tag))),
    );
    store.emit({ kind: 'customer_tags_removed', customerId, tags: removed });
    store.emit({ kind: 'customer_updated', customerId });
  }
  return { outcome: 'done', customer };
}

/** Split at commas, trimmed, without empty ones; of spellings that differ in case the first stays. */
export function splitTags(tags: readonly string[]): string[] {
  const kept = new Map<string, string>();
  for (const entry of tags) {
    for (const part of entry.split(',')) {
      const tag = part.trim();
      if (tag !== '' && !kept.has(fold(tag))) kept.set(fold(tag), tag);
    }
  }
  return [...kept.values()];
}

export function sortTags(tags: readonly string[]): string[] {
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...tags].sort((a, b) => order(fold(a), fold(b)) || order(a, b));
}

function fold(tag: string): string {
  return tag.toLowerCase();
}

function write(store: Store, customer: SandboxCustomer, tags: string[]): void {
  customer.tags = tags;
  customer.updatedAt = laterThan(customer.updatedAt, store);
  store.putCustomer(customer);
}

function missing(): TagChange {
  return refused(['id'], 'Customer does not exist');
}

function refused(field: string[], message: string): TagChange {
  return { outcome: 'refused', userErrors: [{ field, message }] };
}
