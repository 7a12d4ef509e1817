/**
 * A bulk mutation has exactly one top-level field, so adds and removes are operations of their own. The
 * operation's name says which file of ours it runs: after a crash the operation is found by it in Shopify's
 * list, because the text of a bulk operation is kept with it.
 */
import type { ShopifyId } from '../../../intake/facts.ts';
import { customerGid, readPayload, type TagPayload } from '../tag-mutation.ts';

export type BulkAct = 'add' | 'remove';

/** Unique for ever: ids may begin anew with a new database, times do not. */
export function bulkMarker(bulkId: string, startedAt: Date): string {
  return `RegularsTags_${bulkId}_${startedAt.getTime()}`;
}

export function bulkDocument(act: BulkAct, marker: string): string {
  const field = act === 'add' ? 'tagsAdd' : 'tagsRemove';
  return (
    `mutation ${marker}($id: ID!, $tags: [String!]!) { ${field}(id: $id, tags: $tags) ` +
    `{ node { ... on Customer { id tags } } userErrors { field message } } }`
  );
}

export interface BulkLine {
  customerId: ShopifyId;
  tags: readonly string[];
}

/** The file that is staged: one line of variables a customer. */
export function bulkFile(lines: readonly BulkLine[]): string {
  return lines
    .map((line) => `${JSON.stringify({ id: customerGid(line.customerId), tags: line.tags })}\n`)
    .join('');
}

export interface BulkResultLine {
  /** 0-based line of the staged file. */
  line: number;
  /** Null: the line was answered without a payload that can be read. */
  payload: TagPayload | null;
}

/** One line of the result file, or null when it is not one of ours (never thrown for: one bad line is one retry). */
export function readResultLine(text: string): BulkResultLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { __lineNumber: line, data } = value as { __lineNumber?: unknown; data?: unknown };
  if (typeof line !== 'number' || !Number.isSafeInteger(line) || line < 0) return null;
  const fields =
    typeof data === 'object' && data !== null ? (data as { tagsAdd?: unknown; tagsRemove?: unknown }) : {};
  return { line, payload: readPayload(fields.tagsAdd ?? fields.tagsRemove) };
}
