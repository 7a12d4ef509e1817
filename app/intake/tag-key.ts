/**
 * How Shopify compares tags: without case, without outer blanks, composed and decomposed letters alike; the
 * first spelling wins. Everything here that asks "is it the same tag?" asks with this key, never with SQL's
 * lower(), which knows only ASCII in a database of locale C.
 */
export function tagKey(tag: string): string {
  return tag.trim().normalize('NFC').toLowerCase();
}
