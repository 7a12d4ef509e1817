/** Lists of what a store has few of: API subscriptions and metafield definitions. */
import type { SandboxMetafieldDefinition, SandboxSubscription } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { Listing } from './connection.ts';
import { byName } from './list-customers.ts';
import { sortedList } from './list-records.ts';
import { fullNamespace } from './metafield-namespace.ts';
import { NotImplemented } from './not-implemented.ts';
import { compileSearch } from './search.ts';
import type { SearchNotes } from './search.ts';
import { idField, keywordField, textField, textTest, timeField } from './search-fields.ts';

export interface SubscriptionArgs {
  query?: string | null;
  sortKey?: string | null;
  reverse?: boolean | null;
  topics?: string[] | null;
  uri?: string | null;
  callbackUrl?: string | null;
  format?: string | null;
}

/** Only those of the API: subscriptions of shopify.app.toml are not among them. */
export function listSubscriptions(
  store: Store,
  args: SubscriptionArgs,
  notes?: SearchNotes,
): Listing<SandboxSubscription> {
  const zone = store.shop.ianaTimezone;
  const now = () => store.clock.machineNow();
  const search = compileSearch<SandboxSubscription>(
    args.query,
    byName({
      id: idField((one) => one.id),
      created_at: timeField((one) => one.createdAt, zone, now),
      updated_at: timeField((one) => one.updatedAt, zone, now),
    }),
    (word) => {
      throw new NotImplemented(`Searching webhook subscriptions for the word '${word}'`);
    },
    notes,
  );
  const { topics, format } = args;
  const uri = args.uri ?? args.callbackUrl;
  const found = [...store.subscriptions.all()].filter(
    (one) =>
      search.test(one) &&
      (!topics || topics.includes(one.topic)) &&
      (!uri || one.uri === uri) &&
      (!format || one.format === format),
  );
  const byTime = (args.sortKey ?? 'CREATED_AT') === 'CREATED_AT';
  return sortedList(
    found,
    (one) => ({ value: byTime ? one.createdAt : 0, id: one.id }),
    args.reverse ?? false,
  );
}

export interface DefinitionArgs {
  ownerType: string;
  namespace?: string | null;
  key?: string | null;
  pinnedStatus?: string | null;
  query?: string | null;
  sortKey?: string | null;
  reverse?: boolean | null;
}

export function listDefinitions(
  store: Store,
  args: DefinitionArgs,
  notes?: SearchNotes,
): Listing<SandboxMetafieldDefinition> {
  const search = compileSearch<SandboxMetafieldDefinition>(
    args.query,
    byName({
      id: idField((one) => one.id),
      key: keywordField((one) => one.key),
      namespace: keywordField((one) => one.namespace),
      owner_type: keywordField((one) => one.ownerType),
      type: keywordField((one) => one.type),
      name: textField((one) => one.name),
    }),
    (word, quoted) => {
      const test = textTest(word, quoted);
      return (one) => test([one.name, one.key, one.description].filter(Boolean).join(' | '));
    },
    notes,
  );
  const { ownerType, namespace, key, pinnedStatus } = args;
  const found = [...store.metafieldDefinitions.all()].filter(
    (one) =>
      search.test(one) &&
      one.ownerType === ownerType &&
      ((namespace ?? null) === null || one.namespace === fullNamespace(namespace)) &&
      ((key ?? null) === null || one.key === key) &&
      (pinnedStatus !== 'PINNED' || one.pinnedPosition !== null) &&
      (pinnedStatus !== 'UNPINNED' || one.pinnedPosition === null),
  );
  const values: Record<string, (one: SandboxMetafieldDefinition) => string | number> = {
    ID: () => 0,
    RELEVANCE: () => 0,
    NAME: (one) => one.name.toLowerCase(),
    PINNED_POSITION: (one) => one.pinnedPosition ?? 0,
  };
  const value = values[args.sortKey ?? 'ID'];
  if (!value) throw new NotImplemented(`Sorting metafield definitions by ${args.sortKey}`);
  return sortedList(found, (one) => ({ value: value(one), id: one.id }), args.reverse ?? false);
}
