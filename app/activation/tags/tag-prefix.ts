/** What the shop's prefix may be: plain, because every tag begins with it, and short enough to leave room. */
export const MAX_PREFIX = 40;

/** A sentence for beside the field, or null. */
export function prefixFault(prefix: string): string | null {
  if (prefix.includes(',')) return 'A prefix must not hold a comma, which Shopify would read as two tags.';
  if (!/^[a-z0-9]+([-_][a-z0-9]+)*[-_]$/.test(prefix)) {
    return 'Use small letters and digits, with a hyphen or an underscore at the end, such as “regulars-”.';
  }
  if (prefix.length > MAX_PREFIX) return `A prefix has at most ${MAX_PREFIX} characters.`;
  return null;
}
