/**
 * Several facts of one object become one: of each group the latest stamp, of removals the earliest. What a
 * database would do in as many rounds as there are facts, done before it is asked.
 */
import type {
  CollectionFact, CustomerFact, Fact, OrderFact, ProductFact, RereadFact, ShopifyId, Stamp,
} from './facts.ts'; // prettier-ignore
import { stampsConflict } from './stamp.ts';

export interface FoldedFacts {
  customers: CustomerFact[];
  orders: OrderFact[];
  products: ProductFact[];
  collections: CollectionFact[];
  merges: Extract<Fact, { kind: 'merge' }>[];
  tagMessages: Extract<Fact, { kind: 'tag_message' }>[];
  /** Those asked for, and objects of which two states have the same times. */
  rereads: RereadFact[];
}

type ObjectFact = CustomerFact | OrderFact | ProductFact | CollectionFact;

export function foldFacts(facts: readonly Fact[]): FoldedFacts {
  const folded: FoldedFacts = {
    customers: [],
    orders: [],
    products: [],
    collections: [],
    merges: [],
    tagMessages: [],
    rereads: [],
  };
  const objects = {
    customer: new Map<ShopifyId, CustomerFact>(),
    order: new Map<ShopifyId, OrderFact>(),
    product: new Map<ShopifyId, ProductFact>(),
    collection: new Map<ShopifyId, CollectionFact>(),
  };
  const fold = <F extends ObjectFact>(known: Map<ShopifyId, F>, fact: F) => {
    const before = known.get(fact.id);
    if (before === undefined) {
      known.set(fact.id, fact);
      return;
    }
    const { merged, conflict } = mergeGroups(before, fact);
    known.set(fact.id, merged);
    if (conflict) {
      folded.rereads.push({
        kind: 'reread',
        object: fact.kind,
        id: fact.id,
        reason: 'two states of the same time',
      });
    }
  };
  for (const fact of facts) {
    switch (fact.kind) {
      case 'customer':
        fold(objects.customer, fact);
        break;
      case 'order':
        fold(objects.order, fact);
        break;
      case 'product':
        fold(objects.product, fact);
        break;
      case 'collection':
        fold(objects.collection, fact);
        break;
      case 'merge':
        folded.merges.push(fact);
        break;
      case 'tag_message':
        folded.tagMessages.push(fact);
        break;
      case 'reread':
        folded.rereads.push(fact);
        break;
    }
  }
  folded.customers = [...objects.customer.values()];
  folded.orders = [...objects.order.values()];
  folded.products = [...objects.product.values()];
  folded.collections = [...objects.collection.values()];
  return folded;
}

interface WholeRead {
  readAt: Date;
  ids: ShopifyId[];
}

/** Of two reads at one instant nothing that either saw is lost. */
function laterRead(a: WholeRead, b: WholeRead): WholeRead {
  if (a.readAt.getTime() !== b.readAt.getTime()) return a.readAt > b.readAt ? a : b;
  return { readAt: a.readAt, ids: [...new Set([...a.ids, ...b.ids])].sort() };
}

function mergeGroups<F extends ObjectFact>(a: F, b: F): { merged: F; conflict: boolean } {
  const merged: Record<string, unknown> = { ...a };
  let conflict = false;
  for (const [name, value] of Object.entries(b)) {
    const mine = merged[name];
    if (value === undefined || name === 'kind' || name === 'id') continue;
    if (mine === undefined) {
      merged[name] = value;
    } else if (value instanceof Date) {
      merged[name] = value < (mine as Date) ? value : mine;
    } else if (value === true) {
      merged[name] = true;
    } else if ('readAt' in (value as object)) {
      merged[name] = laterRead(mine as WholeRead, value as WholeRead);
    } else {
      const [left, right] = [(mine as { stamp: Stamp }).stamp, (value as { stamp: Stamp }).stamp];
      conflict ||= stampsConflict(left, right);
      if (right > left) merged[name] = value;
    }
  }
  return { merged: merged as unknown as F, conflict };
}
