/** Tags compare without case and by composed letters, as Shopify compares them. */
export function tagKey(tag: string): string {
  return tag.trim().normalize('NFC').toLowerCase();
}
