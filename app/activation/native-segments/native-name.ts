/**
 * What a segment of ours is called in Shopify. The name says whose it is, to people and to us: with the query it is
 * the mark by which one is found again whose making we did not hear of. Shopify adds " (2)" when the name is taken.
 */
const LONGEST = 255;

export function nativeName(name: string): string {
  return `Regulars: ${name}`.slice(0, LONGEST);
}

/** Whether a name in Shopify is this one, perhaps with the number that Shopify adds. */
export function isNamed(inShopify: string, asked: string): boolean {
  return (
    inShopify === asked || (inShopify.startsWith(asked) && /^ \(\d+\)$/.test(inShopify.slice(asked.length)))
  );
}
