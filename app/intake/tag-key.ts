/**
 * How Shopify compares tags: without case, without outer blanks, composed and decomposed letters alike; the first
 * spelling wins. Everything here that asks "is it the same tag?" asks with this key.
 *
 * SQL's lower(), which knows only ASCII in a database of locale C, stands in for it where what customers have is compared
 * with the tags of segments and offers: those are small ASCII letters, digits, "-" and "_" (segments/segment-names.ts,
 * activation/tags/tag-prefix.ts), and what has one of them as its key consists of ASCII letters, too (but for the Kelvin
 * sign, and for outer blanks, which Shopify does not keep). Only found tags that the merchant gave us to keep or remove
 * (activation/tags/found-tags.server.ts) can have other letters: of those lower() proposes, and this decides.
 */
export function tagKey(tag: string): string {
  return tag.trim().normalize('NFC').toLowerCase();
}
