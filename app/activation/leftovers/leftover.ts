/** What an earlier installation left in the store, and what the merchant may say about it. Pure. */
export const LEFTOVER_KINDS = ['tag', 'segment', 'discount', 'definition'] as const;
export type LeftoverKind = (typeof LEFTOVER_KINDS)[number];

/** adopt: taken up again; remove: out of the store; leave: it is the store's own from now on. */
export type LeftoverDecision = 'adopt' | 'remove' | 'leave';

export interface Leftover {
  kind: LeftoverKind;
  /** The tag's key, Shopify's number of a segment or a discount, the key of a definition. */
  ref: string;
  name: string;
  /** The query of a segment; automatic or code of a discount. */
  detail: string;
  /** Ours without doubt; else only its name says so. */
  sure: boolean;
  state: 'asked' | 'adopted' | 'left' | 'removing';
  /** Of tags: customers who have it. */
  customers: number;
  failure: string | null;
}

export interface LeftoverGroup {
  title: string;
  one: string;
  many: string;
  /** What taking them up means; null: it cannot be done. */
  adopt: { label: string; says: string } | null;
}

export const LEFTOVER_GROUPS: Readonly<Record<LeftoverKind, LeftoverGroup>> = {
  tag: {
    title: 'Tags on customers',
    one: 'tag',
    many: 'tags',
    adopt: {
      label: 'Take them over',
      says: 'They stay as they are until you turn their segment on; then members keep them and others lose them.',
    },
  },
  segment: {
    title: 'Segments in Shopify',
    one: 'segment in Shopify',
    many: 'segments in Shopify',
    adopt: {
      label: 'Take them over',
      says: 'Each one is used again when you turn the segment with its tag on. One that no segment has the tag of stays in this list.',
    },
  },
  discount: { title: 'Discounts', one: 'discount', many: 'discounts', adopt: null },
  definition: {
    title: 'Customer metafields',
    one: 'metafield',
    many: 'metafields',
    adopt: {
      label: 'Take them over',
      says: 'Metafields are switched on: each value is compared, and written where it differs.',
    },
  },
};

/** "3 tags, 1 segment in Shopify": what waits for a decision. */
export function leftoverWords(all: readonly Pick<Leftover, 'kind'>[]): string {
  return LEFTOVER_KINDS.flatMap((kind) => {
    const n = all.filter((one) => one.kind === kind).length;
    const { one, many } = LEFTOVER_GROUPS[kind];
    return n === 0 ? [] : [`${n} ${n === 1 ? one : many}`];
  }).join(', ');
}
