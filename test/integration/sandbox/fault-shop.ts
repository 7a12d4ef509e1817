/** A store of a few customers whose API will fail, and the ways to write tags and notes in it. */
import { addCustomer } from '../../unit/sandbox/make-store.ts';
import { openSandbox } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';

export const SHOP = JSON.stringify({ query: '{ shop { name } }' });
export const ADD =
  'mutation($id: ID!) { tagsAdd(id: $id, tags: ["x"]) { node { id } userErrors { field message } } }';
export const CUSTOMERS = '{ customers { edges { node { id note } } } }';

/** @returns how many bear a tag, too */
export async function shopOf(people = 1): Promise<Caller & { ids: string[]; tagged: () => number }> {
  const caller = await openSandbox();
  const ids = Array.from(
    { length: people },
    (_, number) => `gid://shopify/Customer/${addCustomer(caller.store, { note: `Füße ${number}` }).id}`,
  );
  const tagged = () => [...caller.store.customers()].filter(({ tags }) => tags.length > 0).length;
  return { ...caller, ids, tagged };
}

/** The status, or what broke. */
export async function outcome(call: Promise<Response>): Promise<number | string> {
  try {
    const response = await call;
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
