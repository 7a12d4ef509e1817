import type { Store } from '../store/store.ts';
import { fullNamespace } from './metafield-namespace.ts';
import { keywordField } from './search-fields.ts';
import type { FieldTest } from './search.ts';

/**
 * `metafields.NAMESPACE.KEY:VALUE`. Shopify finds only those whose definition is filterable in the admin; here
 * every metafield is found, and it is not subject to the lag.
 */
export function metafieldFilter<T extends { id: string }>(
  store: Store,
  ownerType: string,
  name: string,
): FieldTest<T> | undefined {
  const path = /^metafields\.([^.]+)\.([^.]+)$/.exec(name);
  if (!path) return undefined;
  const [namespace, key] = [fullNamespace(path[1]), path[2] ?? ''];
  return keywordField((item) => store.metafields.find(ownerType, item.id, namespace, key)?.value ?? null);
}
