/**
 * What the segments that we make are called in Shopify: those of segments, and those that limit an offer's discount.
 * The name says whose one is, to people and to us: with the query it is the mark by which one is found again whose
 * making we did not hear of. Shopify adds " (2)" when the name is taken.
 */
export interface InShopify {
  id: string;
  name: string;
  query: string;
}

const LONGEST = 255;
const OF_SEGMENT = 'Regulars: ';
const OF_OFFER = 'Regulars offer: ';

export function nativeName(name: string): string {
  return cut(`${OF_SEGMENT}${name}`);
}

export function offerSegmentName(offer: string): string {
  return cut(`${OF_OFFER}${offer}`);
}

/** By characters: half of one that takes two units of UTF-16 is no text that Shopify could store. */
function cut(name: string): string {
  return [...name].slice(0, LONGEST).join('');
}

/** Whether a name in Shopify is this one, perhaps with the number that Shopify adds. */
export function isNamed(inShopify: string, asked: string): boolean {
  return (
    inShopify === asked || (inShopify.startsWith(asked) && /^ \(\d+\)$/.test(inShopify.slice(asked.length)))
  );
}

/** Whether it begins as the names that we give do. */
export function isNamedAsOurs(inShopify: string): boolean {
  return inShopify.startsWith(OF_SEGMENT) || inShopify.startsWith(OF_OFFER);
}
