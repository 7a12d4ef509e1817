/**
 * An offer whose new discount is not there yet is kept in the app discount that it is to leave, on the terms that it had
 * there, while what else the discount serves is changed. Pure.
 */
import type { WantedDiscount } from './wanted-discounts.ts';

/** What was written into an app discount last. */
type Served = Pick<WantedDiscount, 'serves' | 'input'>;

interface Row {
  offerId: string | null;
  slot: number | null;
  title: string;
  discountId: string | null;
  served: string | null;
}

/** For the row; null: the discount has one offer for all its life. */
export function servedText({ way, serves, input }: WantedDiscount): string | null {
  return way === 'function' ? JSON.stringify({ serves, input } satisfies Served) : null;
}

/** The offers whose holders get the discount as it is in Shopify. */
export function servedIds(row: Row): string[] {
  if (row.offerId !== null) return [row.offerId];
  return servedOf(row)?.serves.map(({ id }) => id) ?? [];
}

/** By which names an order shows the discount that was just written, and for which offers each of them stands. */
export function shownBy(row: Row, { title, input }: WantedDiscount): { name: string; offerIds: string[] }[] {
  const whole = { name: String(input['code'] ?? title), offerIds: servedIds(row) };
  const served = row.offerId === null ? servedOf(row) : null;
  if (served === null) return [whole];
  const { offers } = partsOf(served.input);
  const each = served.serves.flatMap(({ id, tag }) =>
    offers.flatMap((offer) => (offer.tag === tag ? [{ name: offer.title, offerIds: [id] }] : [])),
  );
  return [whole, ...each];
}

/**
 * What is to be asked for now.
 * @param wanted null: by the offers as they are the discount would go
 * @param stays whether the offer's new discount is still missing
 * @returns null: it may go
 */
export function withKept(
  row: Row,
  wanted: WantedDiscount | null,
  stays: (offerId: string) => boolean,
): WantedDiscount | null {
  const served = servedOf(row);
  const kept = (served?.serves ?? []).filter(
    ({ id }) => stays(id) && !wanted?.serves.some((one) => one.id === id),
  );
  if (served === null || kept.length === 0) return wanted;
  const before = partsOf(served.input);
  const tags = new Set(kept.map(({ tag }) => tag));
  const offers = before.offers.filter(({ tag }) => tags.has(tag));
  if (wanted === null) {
    const input = withParts(served.input, { ...before, offers });
    return {
      key: `slot:${row.slot}`, way: 'function', kind: 'app', offerId: null, slot: row.slot, serves: kept,
      title: row.title, body: 'app', input, paused: false, segment: null,
    }; // prettier-ignore
  }
  const now = partsOf(wanted.input);
  const parts: Parts = {
    offers: [...now.offers, ...offers],
    collections: [...new Set([...now.collections, ...before.collections])],
    classes: [...new Set([...now.classes, ...before.classes])].sort(),
    startsAt: [now.startsAt, before.startsAt].sort()[0] ?? now.startsAt,
    endsAt: [now.endsAt, before.endsAt].sort()[1] ?? now.endsAt,
    // What only one of them may be combined with would cost more than was approved for the other.
    combines: Object.fromEntries(
      Object.entries(now.combines).map(([what, may]) => [what, may && before.combines[what] === true]),
    ),
  };
  return { ...wanted, serves: [...wanted.serves, ...kept], input: withParts(wanted.input, parts) };
}

function servedOf({ discountId, served }: Row): Served | null {
  return discountId === null || served === null ? null : (JSON.parse(served) as Served);
}

/** Of the input of an app discount (wanted-discounts.ts). */
interface Parts {
  offers: { tag: string; title: string }[];
  collections: string[];
  classes: string[];
  startsAt: string;
  endsAt: string;
  combines: Record<string, boolean>;
}

function partsOf(input: Record<string, unknown>): Parts {
  const { metafields, discountClasses, startsAt, endsAt, combinesWith } = input as {
    metafields: { key: string; value: string }[];
    discountClasses: string[];
    startsAt: string;
    endsAt: string;
    combinesWith: Record<string, boolean>;
  };
  const valueOf = (key: string): unknown => JSON.parse(metafields.find((one) => one.key === key)?.value ?? '{}'); // prettier-ignore
  const { offers = [] } = valueOf('offers') as { offers?: Parts['offers'] };
  const { collections = [] } = valueOf('offer-variables') as { collections?: string[] };
  return { offers, collections, classes: discountClasses, startsAt, endsAt, combines: combinesWith };
}

function withParts(input: Record<string, unknown>, parts: Parts): Record<string, unknown> {
  const { offers, collections, classes, startsAt, endsAt, combines } = parts;
  const values: Record<string, unknown> = {
    offers: { offers },
    'offer-variables': { tags: offers.map(({ tag }) => tag), collections },
  };
  const metafields = (input['metafields'] as { key: string }[]).map((one) => ({
    ...one,
    value: JSON.stringify(values[one.key]),
  }));
  return { ...input, startsAt, endsAt, discountClasses: classes, combinesWith: combines, metafields };
}
