/**
 * The merchant's switches for what is read besides: postal codes, and customer metafields. Values that are deleted
 * change what rules see, so everybody is evaluated anew in the background; new values are evaluated when they have
 * been read.
 */
import type { Clock } from '../clock.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { refuseMetafields, type MetafieldRefusal, type MetafieldType } from '../intake/picks.ts';
import { readPicks } from '../intake/read-picks.server.ts';
import { reviewPicks, storePicks, type PicksEffect } from '../intake/store-picks.server.ts';
import { noteAvailability } from '../segments/note-availability.server.ts';
import { wishRecompute } from './background-run.server.ts';

export type PicksChange =
  { outcome: 'done'; effect: PicksEffect } | { outcome: 'refused'; refusal: MetafieldRefusal };

interface Options {
  clock: Clock;
  /** Only say what would happen. */
  preview?: boolean;
}

/** Turned off, the postal codes that are kept are deleted at once. */
export async function setPostalCode(tx: ShopTx, on: boolean, options: Options): Promise<PicksEffect> {
  const { metafields } = await readPicks(tx);
  return change(tx, { postalCodes: on, metafields }, options);
}

/** @param list all that are to be read from now on: "namespace.key" and Shopify's type, at most ten */
export async function setMetafields(
  tx: ShopTx,
  list: readonly { key: string; type: string }[],
  options: Options,
): Promise<PicksChange> {
  const refusal = refuseMetafields(list);
  if (refusal) return { outcome: 'refused', refusal };
  const metafields = list.map(({ key, type }) => ({ key, type: type as MetafieldType }));
  const { postalCodes } = await readPicks(tx);
  return { outcome: 'done', effect: await change(tx, { postalCodes, metafields }, options) };
}

async function change(
  tx: ShopTx,
  wanted: Parameters<typeof storePicks>[1],
  { clock, preview }: Options,
): Promise<PicksEffect> {
  if (preview) return reviewPicks(tx, wanted);
  const effect = await storePicks(tx, wanted, clock.machineNow());
  // Who asks for what is no longer read stands still; what is read again comes with its import.
  await noteAvailability(tx, { now: clock.now(), release: effect.reading === 'nothing' ? 'wish' : 'later' });
  if (effect.emptied > 0) await wishRecompute(tx, { cause: 'rule', now: clock.now() });
  return effect;
}
