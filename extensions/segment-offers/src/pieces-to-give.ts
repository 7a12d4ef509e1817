import { linesOn, quantityOf, type PricedLine } from './lines.ts';
import type { Offer } from './offer.ts';

/**
 * "Buy X, get Y": which pieces are given, the cheapest first. A piece counts once, as bought or as given. The
 * offer applies k times if, with the k x Y cheapest pieces on the giving side set aside, k x X pieces on the buying
 * side are left; k is the greatest such number within `usesPerOrder`.
 */
export function piecesToGive(
  offer: Extract<Offer, { kind: 'buy_x_get_y' }>,
  lines: readonly PricedLine[],
): { line: PricedLine; quantity: number }[] {
  const { buy, get } = offer;
  const giving = linesOn(get.on, lines);
  const buying = new Set(linesOn(buy.on, lines));
  const bought = quantityOf([...buying]);
  const possible = (uses: number) => {
    const given = takeCheapest(giving, uses * get.quantity);
    if (!given) return undefined;
    const alsoBought = given.reduce((sum, { line, quantity }) => sum + (buying.has(line) ? quantity : 0), 0);
    return bought - alsoBought >= uses * buy.quantity ? given : undefined;
  };
  // What is possible k times is possible less often too, so the greatest k is found by halving.
  let best: { line: PricedLine; quantity: number }[] = [];
  let least = 0;
  let most = Math.min(offer.usesPerOrder ?? Infinity, Math.floor(bought / buy.quantity));
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    const given = possible(middle);
    if (given) {
      best = given;
      least = middle;
    } else most = middle - 1;
  }
  return best;
}

/** @returns undefined when there are not so many */
function takeCheapest(
  sorted: readonly PricedLine[],
  wanted: number,
): { line: PricedLine; quantity: number }[] | undefined {
  const taken: { line: PricedLine; quantity: number }[] = [];
  let left = wanted;
  for (const line of sorted) {
    if (left === 0) break;
    const quantity = Math.min(left, line.quantity);
    taken.push({ line, quantity });
    left -= quantity;
  }
  return left === 0 ? taken : undefined;
}
