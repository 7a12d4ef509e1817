/** For the review of a change: what it does beyond tags, to offers and to segments in Shopify. Reads only. */
import type { Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { proposeChange } from '../segments/propose-change.server.ts';
import { readTurnedOff } from '../segments/read-turned-off.server.ts';
import type { SegmentChange } from '../segments/segment-change.ts';
import { nativeAtStake, type NativeAtStake } from './native-segments/native-at-stake.server.ts';
import { offersAtStake, type OfferAtStake } from './offers/offers-at-stake.server.ts';

export interface AtStake {
  offers: OfferAtStake[];
  natives: NativeAtStake[];
}

/**
 * @param options.segments as reviewed
 * @param options.now business time
 * @param options.heldBy WITH ..., held (customer_id, segment_id) of these segments, where it was worked out before
 */
export async function readAtStake(
  tx: ShopTx,
  change: SegmentChange,
  options: {
    segments: readonly { key: string; gains: number; loses: number }[];
    now: Date;
    heldBy?: (segmentIds: readonly string[]) => Sql;
  },
): Promise<AtStake> {
  const proposal = await proposeChange(tx, change);
  const off = await readTurnedOff(tx, change, proposal);
  const moved = options.segments.flatMap(({ key, gains, loses }) => (gains + loses > 0 ? [key] : []));
  return {
    offers: await offersAtStake(tx, proposal, { ...options, off }),
    natives: await nativeAtStake(tx, proposal, { off, moved }),
  };
}
