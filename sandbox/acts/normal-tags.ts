import { sortTags, splitTags } from './change-tags.ts';

/** Tags as Shopify keeps them: trimmed, split at commas, unique without case, sorted. */
export function normalTags(tags: readonly string[]): string[] {
  return sortTags(splitTags(tags));
}
