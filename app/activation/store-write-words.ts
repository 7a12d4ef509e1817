/** What was written to the store besides tags, as a line of Activity. */
import type { StoreWrite } from './reach-writes.server.ts';

const KINDS: Readonly<Record<StoreWrite['kind'], string>> = {
  discount: 'Discount',
  offer_segment: 'Segment for a discount',
  segment: 'Segment in Shopify',
  definition: 'Metafield definition',
  metafields: 'Metafields',
};
const ACTS: Readonly<Record<StoreWrite['act'], string>> = {
  create: 'made',
  find: 'found in the store',
  update: 'changed',
  delete: 'removed',
};

/** "Discount removed"; "Metafields removed". */
export function storeWriteWords({ kind, act, reason }: Pick<StoreWrite, 'kind' | 'act' | 'reason'>): string {
  return reason === null ? `${KINDS[kind]} ${ACTS[act]}` : `${KINDS[kind]} not ${ACTS[act]}`;
}
