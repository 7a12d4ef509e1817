import type { ShopTx } from '../db/tenancy.server.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { conditionsOf } from './rule.ts';
import { rulesOf } from './segment.ts';

/** Keys and names of the other segments whose rules ask for membership of this one. */
export async function usedByRules(tx: ShopTx, key: string): Promise<{ key: string; name: string }[]> {
  const asks = (condition: object) =>
    'with' in condition && (condition as { with?: { segment?: string } }).with?.segment === key;
  return (await loadReadableSegments(tx))
    .filter(
      (segment) =>
        segment.key !== key && rulesOf(segment).some(({ where }) => conditionsOf(where).some(asks)),
    )
    .map(({ key: other, name }) => ({ key: other, name }));
}
