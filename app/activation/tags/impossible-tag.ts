/** What Shopify's limits on tags are, and which tags they rule out. */
export const MAX_TAG_LENGTH = 255;
export const MAX_TAGS = 250;

/** Why a tag can never be written, or null. A comma would be split by Shopify into tags that are not ours. */
export function impossibleTag(tag: string): 'comma' | 'too_long' | 'blank' | null {
  if (tag.includes(',')) return 'comma';
  if (tag.trim() === '') return 'blank';
  return [...tag].length > MAX_TAG_LENGTH ? 'too_long' : null;
}
