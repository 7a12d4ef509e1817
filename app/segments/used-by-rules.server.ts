import type { ShopTx } from '../db/tenancy.server.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { referencesOf } from './references.ts';

/** Keys and names of the other segments whose rules ask for membership of this one. */
export async function usedByRules(tx: ShopTx, key: string): Promise<{ key: string; name: string }[]> {
  return (await loadReadableSegments(tx))
    .filter((segment) => segment.key !== key && referencesOf(segment).includes(key))
    .map(({ key: other, name }) => ({ key: other, name }));
}
