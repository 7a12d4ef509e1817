/**
 * One batch of metafields to Shopify: sets 25 at a time by compare-and-set, removals after them. What somebody else
 * has changed meanwhile (STALE_OBJECT) is read again and set on top of that; a value that is there already is not
 * written again, which is also how a write whose record was lost is found.
 */
import { AppError } from '../../app-error.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import {
  DELETE_METAFIELDS,
  READ_OWN_METAFIELDS,
  SET_METAFIELDS,
} from '../../shopify/documents/metafields.ts';
import { customerGid } from '../tags/tag-mutation.ts';
import { METAFIELD_NAMESPACE, METAFIELDS, type MetafieldKey } from './metafield-definitions.ts';
import type { MetafieldPlan } from './plan-metafields.ts';

/** Shopify's limit of one metafieldsSet. */
export const MOST_METAFIELDS = 25;
const MOST_READ = 50;
/** So often a value is set on top of what somebody else has set, within one batch. */
const TRIES = 3;

interface Entry {
  customerId: ShopifyId;
  key: MetafieldKey;
  value: string;
  compareDigest: string | null;
}

export interface SentMetafields {
  /** With Shopify's digest, to be kept for the next comparison. */
  set: { customerId: ShopifyId; key: MetafieldKey; value: string; compareDigest: string }[];
  removed: { customerId: ShopifyId; key: MetafieldKey }[];
  /** Reason by customer; 'gone': Shopify has no such customer. */
  failed: Map<ShopifyId, string>;
}

/** @throws AppError when Shopify cannot be asked at all; what was done until then is found again as it is */
export async function sendMetafields(
  admin: AdminClient,
  plans: ReadonlyMap<ShopifyId, MetafieldPlan>,
  { signal, onSet }: { signal?: AbortSignal; onSet?: (done: SentMetafields['set']) => Promise<void> } = {},
): Promise<SentMetafields> {
  const sent: SentMetafields = { set: [], removed: [], failed: new Map() };
  const options = { priority: 'background' as const, ...(signal ? { signal } : {}) };
  let open: Entry[] = [...plans].flatMap(([customerId, { set }]) =>
    set.map((one) => ({ customerId, ...one })),
  );
  for (let tries = 0; open.length > 0; tries += 1) {
    const stale: Entry[] = [];
    for (const chunk of inChunks(open, MOST_METAFIELDS)) {
      const round = await setAll(admin, chunk, options);
      sent.set.push(...round.set);
      if (round.set.length > 0) await onSet?.(round.set);
      for (const { entry, reason } of round.refused) {
        if (reason === 'stale') stale.push(entry);
        else sent.failed.set(entry.customerId, reason);
      }
    }
    if (tries + 1 >= TRIES) {
      for (const { customerId } of stale) sent.failed.set(customerId, 'changed_by_others');
      break;
    }
    open = await readAgain(admin, stale, sent, options);
  }
  const removals = [...plans].flatMap(([customerId, { remove }]) =>
    remove.map((key) => ({ customerId, key })),
  );
  for (const chunk of inChunks(removals, MOST_METAFIELDS)) await removeAll(admin, chunk, sent, options);
  return sent;
}

/** One call; one that is refused is halved until who it is about stands alone, because a call is all or none. */
async function removeAll(
  admin: AdminClient,
  entries: SentMetafields['removed'],
  sent: SentMetafields,
  options: { priority: 'background'; signal?: AbortSignal },
): Promise<void> {
  const metafields = entries.map(({ customerId, key }) => ({
    ownerId: customerGid(customerId),
    namespace: METAFIELD_NAMESPACE,
    key,
  }));
  const { data } = await admin.request(DELETE_METAFIELDS, { metafields }, { ...options, repeatable: true });
  const refused = data.metafieldsDelete?.userErrors[0]?.message;
  if (refused === undefined) {
    sent.removed.push(...entries);
  } else if (entries.length === 1) {
    for (const { customerId } of entries) sent.failed.set(customerId, refused);
  } else {
    const half = Math.ceil(entries.length / 2);
    await removeAll(admin, entries.slice(0, half), sent, options);
    await removeAll(admin, entries.slice(half), sent, options);
  }
}

interface Round {
  set: SentMetafields['set'];
  refused: { entry: Entry; reason: string }[];
}

/** One call; those that Shopify names are taken out and the others sent again, because a call is all or none. */
async function setAll(
  admin: AdminClient,
  entries: readonly Entry[],
  options: { priority: 'background'; signal?: AbortSignal },
): Promise<Round> {
  const round: Round = { set: [], refused: [] };
  let left = [...entries];
  while (left.length > 0) {
    const { data } = await admin.request(
      SET_METAFIELDS,
      {
        metafields: left.map(({ customerId, key, value, compareDigest }) => ({
          ownerId: customerGid(customerId),
          namespace: METAFIELD_NAMESPACE,
          key,
          type: METAFIELDS[key].type,
          value,
          compareDigest,
        })),
      },
      { ...options, cost: 10 },
    );
    const answer = data.metafieldsSet;
    const errors = answer?.userErrors ?? [];
    if (answer && errors.length === 0) {
      const digests = new Map(
        (answer.metafields ?? []).map(({ owner, key, compareDigest }) => [
          `${'id' in owner ? owner.id : ''} ${key}`,
          compareDigest,
        ]),
      );
      for (const { customerId, key, value } of left) {
        const compareDigest = digests.get(`${customerGid(customerId)} ${key}`);
        if (compareDigest !== undefined) round.set.push({ customerId, key, value, compareDigest });
      }
      return round;
    }
    const named = new Map(
      errors.flatMap((error) =>
        error.elementIndex === null || error.elementIndex === undefined ? [] : [[error.elementIndex, error]],
      ),
    );
    if (named.size === 0) {
      const reason = errors[0]?.message ?? 'no_answer';
      round.refused.push(...left.map((entry) => ({ entry, reason })));
      return round;
    }
    round.refused.push(
      ...left.flatMap((entry, index) => {
        const error = named.get(index);
        if (!error) return [];
        const stale = error.code === 'STALE_OBJECT';
        return [{ entry, reason: stale ? 'stale' : /owner/i.test(error.message) ? 'gone' : error.message }];
      }),
    );
    left = left.filter((_, index) => !named.has(index));
  }
  return round;
}

/** As it is now in Shopify. @returns those that are still to be set, with the digest to set them on */
async function readAgain(
  admin: AdminClient,
  stale: readonly Entry[],
  sent: SentMetafields,
  options: { priority: 'background'; signal?: AbortSignal },
): Promise<Entry[]> {
  const still: Entry[] = [];
  const ids = [...new Set(stale.map(({ customerId }) => customerId))];
  for (const chunk of inChunks(ids, MOST_READ)) {
    const { data } = await admin.request(READ_OWN_METAFIELDS, { ids: chunk.map(customerGid) }, options);
    const found = new Map(
      data.nodes.flatMap((node) => (node && 'id' in node ? [[node.id, node] as const] : [])),
    );
    for (const entry of stale.filter(({ customerId }) => chunk.includes(customerId))) {
      const node = found.get(customerGid(entry.customerId));
      const now = node?.[entry.key] ?? null;
      if (!node) sent.failed.set(entry.customerId, 'gone');
      else if (now?.value === entry.value) {
        const { customerId, key, value } = entry;
        sent.set.push({ customerId, key, value, compareDigest: now.compareDigest });
      } else still.push({ ...entry, compareDigest: now?.compareDigest ?? null });
    }
  }
  return still;
}

function inChunks<T>(all: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let from = 0; from < all.length; from += size) chunks.push(all.slice(from, from + size));
  return chunks;
}

/** For the callers that want to know whether to go on. */
export const isFinal = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'shopify_access' || error.code === 'config');
