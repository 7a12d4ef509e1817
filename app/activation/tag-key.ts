/**
 * How Shopify compares tags: without case, without outer blanks, composed and decomposed letters alike; the
 * first spelling wins. Everything here that asks "is it the same tag?" asks with this key.
 */
export function tagKey(tag: string): string {
  return tag.trim().normalize('NFC').toLowerCase();
}

export const MAX_TAG_LENGTH = 255;
export const MAX_TAGS = 250;

/** Why a tag can never be written, or null. A comma would be split by Shopify into tags that are not ours. */
export function impossibleTag(tag: string): 'comma' | 'too_long' | 'blank' | null {
  if (tag.includes(',')) return 'comma';
  if (tag.trim() === '') return 'blank';
  return [...tag].length > MAX_TAG_LENGTH ? 'too_long' : null;
}
