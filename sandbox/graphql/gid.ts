import type { Id } from '../store/model.ts';
import { badRequest } from './not-implemented.ts';

export function gid(type: string, id: Id): string {
  return `gid://shopify/${type}/${id}`;
}

/** @throws a top-level error when the text is no global id, as Shopify does */
export function parseGid(text: string): { type: string; id: Id } {
  const match = /^gid:\/\/shopify\/([A-Za-z]+)\/(\d+)(?:\?.*)?$/.exec(text);
  if (!match) throw badRequest(`Invalid global id '${text}'`, 'INVALID_GLOBAL_ID');
  return { type: match[1] as string, id: match[2] as string };
}
