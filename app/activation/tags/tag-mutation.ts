/**
 * One document with many aliased tagsAdd / tagsRemove (10 points each, at most 1,000 points a request). Aliases
 * run in the order in which they are written, so a customer's adds come before its removes.
 *
 * Ids and tags travel as variables; nothing of them is in the document.
 */
import { z } from 'zod';
import type { ShopifyId } from '../../intake/facts.ts';
import { failureOf, type WriteAnswer } from './write-failure.ts';

/** 1,000 points a request at 10 points each. */
export const MAX_MUTATIONS = 100;

export interface TagWrite {
  customerId: ShopifyId;
  add: readonly string[];
  remove: readonly string[];
  removeFirst: boolean;
}

export interface TagMutation {
  document: string;
  variables: Record<string, unknown>;
  mutations: number;
}

export function mutationsOf(write: TagWrite): number {
  return (write.add.length > 0 ? 1 : 0) + (write.remove.length > 0 ? 1 : 0);
}

/** Puts the writes together; the caller keeps them within MAX_MUTATIONS. */
export function composeTagMutation(writes: readonly TagWrite[]): TagMutation {
  const declarations: string[] = [];
  const fields: string[] = [];
  const variables: Record<string, unknown> = {};
  writes.forEach((write, index) => {
    declarations.push(`$id${index}: ID!`);
    variables[`id${index}`] = customerGid(write.customerId);
    const acts = [
      { alias: `add${index}`, field: 'tagsAdd', tags: write.add },
      { alias: `remove${index}`, field: 'tagsRemove', tags: write.remove },
    ];
    for (const { alias, field, tags } of write.removeFirst ? acts.reverse() : acts) {
      if (tags.length === 0) continue;
      declarations.push(`$${alias}: [String!]!`);
      variables[alias] = tags;
      fields.push(
        `  ${alias}: ${field}(id: $id${index}, tags: $${alias}) { node { ...tagged } userErrors { field message } }`,
      );
    }
  });
  return {
    document: `mutation WriteTags(${declarations.join(', ')}) {\n${fields.join('\n')}\n}\nfragment tagged on Node { ... on Customer { id tags } }`,
    variables,
    mutations: fields.length,
  };
}

const payloadSchema = z.object({
  node: z.object({ id: z.string().optional(), tags: z.array(z.string()).optional() }).nullable(),
  userErrors: z.array(z.object({ field: z.array(z.string()).nullish(), message: z.string() })),
});
export type TagPayload = z.infer<typeof payloadSchema>;

/** Whatever a payload is, as a payload or null. */
export function readPayload(value: unknown): TagPayload | null {
  const parsed = payloadSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** One customer's answer out of the whole document's data. */
export function answerOf(write: TagWrite, index: number, data: unknown): WriteAnswer {
  const all = (data ?? {}) as Record<string, unknown>;
  const add = write.add.length > 0 ? [readPayload(all[`add${index}`])] : [];
  const remove = write.remove.length > 0 ? [readPayload(all[`remove${index}`])] : [];
  return combinePayloads(write.removeFirst ? [...remove, ...add] : [...add, ...remove]);
}

/** The tags of the last payload that has some; the first refusal of any. */
export function combinePayloads(payloads: readonly (TagPayload | null)[]): WriteAnswer {
  const failure = payloads.map((payload) => failureOf(payload?.userErrors ?? [])).find(Boolean) ?? null;
  const tags = payloads.findLast((payload) => payload?.node?.tags)?.node?.tags;
  if (tags) return { kind: 'answered', tags, failure };
  if (failure) return { kind: 'refused', failure };
  return { kind: 'unknown', reason: 'no_answer' };
}

export function customerGid(id: ShopifyId): string {
  return `gid://shopify/Customer/${id}`;
}
