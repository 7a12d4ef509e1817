/** What somebody changed of a discount of ours, in words: "what it gives: 50 % instead of 10 %". Pure. */
import { localDateOf } from '../../local-date.ts';
import type { Discount } from './store-discount.ts';

type Looks = Partial<Omit<Discount, 'status' | '__typename'>>;
type Items = NonNullable<Discount['customerGets']>['items'];

/** How a field is called, and its value in words; null: it cannot be said in a few. */
const FIELDS: { [F in keyof Looks]: [name: string, say: (looks: Looks, timeZone: string) => string | null] } = {
  title: ['title', ({ title }) => (title === undefined ? null : `“${title}”`)],
  startsAt: ['first day', ({ startsAt }, timeZone) => dayOf(startsAt, timeZone)],
  endsAt: ['last day', ({ endsAt }, timeZone) => (endsAt === null ? 'none' : dayOf(endsAt, timeZone))],
  tags: ['tags', () => null],
  usageLimit: ['number of uses', ({ usageLimit }) => (typeof usageLimit === 'number' ? String(usageLimit) : 'no limit')],
  codes: ['code', ({ codes }) => codes?.nodes.map(({ code }) => code).join(', ') ?? null],
  combinesWith: ['combinations', combinesWords],
  context: ['who may use it', contextWords],
  minimumRequirement: ['minimum', minimumWords],
  customerGets: ['what it gives', getsWords],
  customerBuys: ['what must be bought', () => null],
}; // prettier-ignore

/** @param before, after as `looksOf` gives them (JSON) */
export function differenceWords(before: string, after: string, timeZone: string): string {
  const [was, is] = [before, after].map((text) => JSON.parse(text) as Looks);
  return Object.entries(FIELDS)
    .filter(([field]) => JSON.stringify(was?.[field as keyof Looks]) !== JSON.stringify(is?.[field as keyof Looks]))
    .map(([, [name, say]]) => {
      const [old, now] = [was ?? {}, is ?? {}].map((looks) => say(looks, timeZone));
      return old && now && old !== now ? `${name}: ${now} instead of ${old}` : name;
    })
    .join('; ');
} // prettier-ignore

function dayOf(at: string | null | undefined, timeZone: string): string | null {
  return at ? localDateOf(new Date(at), timeZone) : null;
}

function combinesWords({ combinesWith }: Looks): string | null {
  if (!combinesWith) return null;
  const { productDiscounts, orderDiscounts, shippingDiscounts } = combinesWith;
  const with_ = [
    ...(productDiscounts ? ['product'] : []),
    ...(orderDiscounts ? ['order'] : []),
    ...(shippingDiscounts ? ['shipping'] : []),
  ];
  return with_.length === 0 ? 'with nothing' : `with ${with_.join(', ')} discounts`;
}

function contextWords({ context }: Looks): string | null {
  switch (context?.__typename) {
    case 'DiscountBuyerSelectionAll':
      return 'everybody';
    case 'DiscountCustomers':
      return 'certain customers';
    case 'DiscountCustomerSegments':
      return 'a customer segment';
    default:
      return null;
  }
}

function minimumWords({ minimumRequirement: minimum }: Looks): string | null {
  if (!minimum) return 'none';
  if (minimum.greaterThanOrEqualToQuantity !== undefined) return `${minimum.greaterThanOrEqualToQuantity} pieces`;
  const least = minimum.greaterThanOrEqualToSubtotal;
  return least ? `${least.amount} ${least.currencyCode}` : null;
} // prettier-ignore

function getsWords({ customerGets }: Looks): string | null {
  if (!customerGets) return null;
  const { value, items } = customerGets;
  if (value.percentage !== undefined) return `${percent(value.percentage)} off ${itemsWords(items)}`;
  if (value.amount) return `${value.amount.amount} ${value.amount.currencyCode} off ${itemsWords(items)}`;
  const effect = value.effect as { percentage?: number } | undefined;
  return value.quantity && effect?.percentage !== undefined
    ? `${value.quantity.quantity} of ${itemsWords(items)} at ${percent(effect.percentage)} off`
    : null;
}

const percent = (share: number) => `${Math.round(share * 10_000) / 100} %`;

/** Of long lists only the beginning is read, so they are not counted. */
function itemsWords(items: Items): string {
  if (items.products) return 'products';
  return items.collections ? 'collections' : 'everything';
}
