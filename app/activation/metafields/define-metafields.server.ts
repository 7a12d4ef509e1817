/** Our metafields' definitions in the store: made when they are switched on, removed with all values when off. */
import { AppError } from '../../app-error.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import {
  DEFINE_METAFIELD,
  DROP_DEFINITION,
  READ_OWN_DEFINITIONS,
} from '../../shopify/documents/metafields.ts';
import {
  METAFIELD_KEYS,
  METAFIELD_NAMESPACE,
  METAFIELDS,
  type MetafieldKey,
} from './metafield-definitions.ts';

export interface DefineReceipts {
  write(key: MetafieldKey, act: 'create' | 'find'): Promise<void>;
  drop(key: MetafieldKey): Promise<void>;
}

/**
 * Makes those that are missing; one that is there already is taken as it is.
 * @param options.receipts of each one: `write` before the request goes out, so that a crash behind it loses none,
 *   `drop` when Shopify refuses
 * @throws AppError 'shopify_user_error' when Shopify refuses one
 */
export async function defineMetafields(
  admin: AdminClient,
  { signal, receipts }: { signal?: AbortSignal; receipts: DefineReceipts },
): Promise<void> {
  const there = new Set((await readDefinitions(admin, signal)).map(({ key }) => key));
  for (const key of METAFIELD_KEYS) {
    await receipts.write(key, there.has(key) ? 'find' : 'create');
    if (there.has(key)) continue;
    const { type, name, description } = METAFIELDS[key];
    const definition = {
      ownerType: 'CUSTOMER' as const,
      namespace: METAFIELD_NAMESPACE,
      key,
      type,
      name,
      description,
    };
    // Made twice, the second one is "taken": asking again does no harm. Only this app can have made it.
    const { data } = await admin.request(
      DEFINE_METAFIELD,
      { definition },
      { repeatable: true, cost: 10, ...(signal ? { signal } : {}) },
    );
    const refused = data.metafieldDefinitionCreate?.userErrors.find(({ code }) => code !== 'TAKEN');
    if (refused) {
      await receipts.drop(key);
      throw new AppError(
        'shopify_user_error',
        `Shopify does not take the metafield “${name}”: ${refused.message}`,
        { context: { key, code: refused.code } },
      );
    }
  }
}

export interface OwnDefinition {
  id: string;
  key: MetafieldKey;
}

/** Those of ours that the store has. */
export async function readDefinitions(admin: AdminClient, signal?: AbortSignal): Promise<OwnDefinition[]> {
  const { data } = await admin.request(READ_OWN_DEFINITIONS, {}, signal ? { signal } : {});
  const known: readonly string[] = METAFIELD_KEYS;
  return data.metafieldDefinitions.nodes.flatMap(({ id, key }) =>
    known.includes(key) ? [{ id, key: key as MetafieldKey }] : [],
  );
}

export interface DropReceipts {
  write(one: OwnDefinition): Promise<void>;
  drop(one: OwnDefinition): Promise<void>;
}

/**
 * Removes those that are there, with every value of theirs.
 * @param options.receipts of each one: `write` before the request goes out, so that a crash behind it loses none (once,
 *   however often it is asked for), `drop` when Shopify refuses
 * @returns how many
 */
export async function dropMetafields(
  admin: AdminClient,
  { signal, receipts }: { signal?: AbortSignal; receipts?: DropReceipts } = {},
): Promise<number> {
  let dropped = 0;
  for (const { id, key } of await readDefinitions(admin, signal)) {
    await receipts?.write({ id, key });
    const answer = await admin.request(
      DROP_DEFINITION,
      { id },
      { repeatable: true, cost: 10, ...(signal ? { signal } : {}) },
    );
    const refused = answer.data.metafieldDefinitionDelete?.userErrors.find(
      ({ code }) => code !== 'NOT_FOUND',
    );
    if (refused) {
      await receipts?.drop({ id, key });
      throw new AppError('shopify_user_error', `Shopify does not remove a metafield: ${refused.message}`, {
        context: { key, code: refused.code },
      });
    }
    dropped += 1;
  }
  return dropped;
}
