/**
 * What the documents that write to a store are sent with: discounts as the app makes them of offers, segments,
 * metafields. What each needs is made before it, and everything is taken out at the end.
 */
import { METAFIELDS } from '../../app/activation/metafields/metafield-definitions.ts';
import type { Offer } from '../../app/activation/offers/offer.ts';
import { numberOf } from '../../app/activation/offers/store-discount.ts';
import type { OfferGives, OfferWay } from '../../app/activation/offers/terms.ts';
import { wantedDiscounts } from '../../app/activation/offers/wanted-discounts.ts';
import type { LocalDate } from '../../app/local-date.ts';
import * as discounts from '../../app/shopify/documents/discounts.ts';
import * as metafields from '../../app/shopify/documents/metafields.ts';
import * as segments from '../../app/shopify/documents/native-segments.ts';
import { at, type ContractShop } from './contract-shop.ts';

type Variables = Record<string, unknown>;
type Make = () => Variables | Promise<Variables>;

const KINDS = ['BASIC', 'BXGY', 'FREE_SHIPPING'] as const;
type Kind = (typeof KINDS)[number];

export function writingVariables(
  shop: ContractShop,
  known: { customer: () => string; order: () => string },
): Record<string, Make> {
  return { ...ofSegments(shop), ...ofMetafields(shop, known.customer), ...ofDiscounts(shop, known.order) };
}

function ofSegments(shop: ContractShop): Record<string, Make> {
  let made = 0;
  const segment = () => ({
    name: `${shop.mark} ${(made += 1)}`,
    query: `customer_tags CONTAINS '${shop.mark}'`,
  });
  const create = async () => {
    const id = at(await shop.run(segments.CREATE_SEGMENT, segment()), 'segment', 'id');
    shop.atTheEnd(() => shop.ask(segments.DELETE_SEGMENT, { id }));
    return String(id);
  };
  /** Those that a document makes by itself. */
  const clean = (variables: Variables) => {
    shop.atTheEnd(async () => {
      const { nodes } = (await shop.run(segments.LIST_SEGMENTS, {})) as {
        nodes: { id: string; name: string }[];
      };
      for (const { id, name } of nodes)
        if (name.startsWith(shop.mark)) await shop.ask(segments.DELETE_SEGMENT, { id });
    });
    return variables;
  };
  return {
    CREATE_SEGMENT: () => clean(segment()),
    UPDATE_SEGMENT: async () => ({
      id: await create(),
      name: `${shop.mark} renamed`,
      query: 'number_of_orders > 1',
    }),
    DELETE_SEGMENT: async () => ({ id: await create() }),
    READ_SEGMENTS: async () => ({ ids: [await create()] }),
    LIST_SEGMENTS: () => ({ after: null }),
    COUNT_MEMBERS: async () => ({ segmentId: await create() }),
    COUNT_MEMBERS_OF_QUERY: () => ({ query: 'number_of_orders > 1', timezone: 'Europe/Berlin' }),
  };
}

function ofMetafields(shop: ContractShop, customer: () => string): Record<string, Make> {
  // In the app's namespace, as the app does; a store that the app is in keeps its own definitions.
  const key = shop.mark.replaceAll('-', '_').slice(-30);
  const { type, description } = METAFIELDS.tier;
  const definition = { ownerType: 'CUSTOMER', namespace: '$app', key, type, name: shop.mark, description };
  const drop = async () => {
    const { nodes } = (await shop.run(metafields.READ_OWN_DEFINITIONS)) as {
      nodes: { id: string; key: string }[];
    };
    for (const one of nodes) if (one.key === key) await shop.ask(metafields.DROP_DEFINITION, { id: one.id });
  };
  const define = async () => {
    await drop();
    const { createdDefinition } = await shop.run(metafields.DEFINE_METAFIELD, { definition });
    shop.atTheEnd(drop);
    return at(createdDefinition, 'id');
  };
  const value = () => ({ ownerId: customer(), namespace: '$app', key: 'tier', type, value: 'Gold' });
  return {
    DEFINE_METAFIELD: async () => {
      await drop();
      shop.atTheEnd(drop);
      return { definition };
    },
    READ_OWN_DEFINITIONS: () => ({}),
    DROP_DEFINITION: async () => ({ id: await define() }),
    SET_METAFIELDS: () => ({ metafields: [{ ...value(), compareDigest: null }] }),
    DELETE_METAFIELDS: async () => {
      await shop.run(metafields.SET_METAFIELDS, { metafields: [value()] });
      const { ownerId, namespace, key: name } = value();
      return { metafields: [{ ownerId, namespace, key: name }] };
    },
    READ_OWN_METAFIELDS: () => ({ ids: [customer()] }),
  };
}

function ofDiscounts(shop: ContractShop, order: () => string): Record<string, Make> {
  let codes = 0;
  const input = async (kind: Kind | 'APP', way: OfferWay): Promise<Variables> => {
    const [wanted] = wantedDiscounts([offerOf(shop, await givesOf(shop, kind), way, (codes += 1))], {
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
    });
    if (!wanted) throw new Error('an offer without a discount');
    if (wanted.segment === null) return { ...wanted.input, tags: ['regulars-1'] };
    const id = at(await shop.run(segments.CREATE_SEGMENT, { ...wanted.segment, name: `${shop.mark} ${codes} for a discount` }), 'segment', 'id'); // prettier-ignore
    shop.atTheEnd(() => shop.ask(segments.DELETE_SEGMENT, { id }));
    return { ...wanted.input, context: { customerSegments: { add: [id] } }, tags: ['regulars-1'] };
  };
  /** By title: also those that a document makes by itself. */
  const clean = () =>
    shop.atTheEnd(async () => {
      const { nodes } = (await shop.run(discounts.READ_DISCOUNTS, { after: null })) as {
        nodes: { id: string; discount: { __typename: string; title: string } }[];
      };
      for (const { id, discount } of nodes) {
        if (!discount.title.includes(shop.mark)) continue;
        const code = discount.__typename.startsWith('DiscountCode');
        const gid = `gid://shopify/${code ? 'DiscountCodeNode' : 'DiscountAutomaticNode'}/${numberOf(id)}`;
        await shop.ask(code ? discounts.DELETE_CODE : discounts.DELETE_AUTOMATIC, { id: gid });
      }
    });
  const document = (name: string) => (discounts as unknown as Record<string, string>)[name] ?? '';
  const made = async (kind: Kind, way: 'native' | 'code') => {
    clean();
    const discount = await input(kind, way);
    const payload = await shop.run(document(`CREATE_${way === 'code' ? 'CODE' : 'AUTOMATIC'}_${kind}`), {
      discount,
    });
    const node = at(payload, way === 'code' ? 'codeDiscountNode' : 'automaticDiscountNode', 'id');
    if (typeof node !== 'string') throw new Error(JSON.stringify(payload));
    return { id: node, discount };
  };
  const all: Record<string, Make> = {};
  for (const kind of KINDS) {
    for (const way of ['native', 'code'] as const) {
      const named = `${way === 'code' ? 'CODE' : 'AUTOMATIC'}_${kind}`;
      all[`CREATE_${named}`] = async () => {
        clean();
        return { discount: await input(kind, way) };
      };
      all[`UPDATE_${named}`] = () => made(kind, way);
    }
  }
  const id = async (way: 'native' | 'code') => ({ id: (await made('BASIC', way)).id });
  return {
    ...all,
    CREATE_AUTOMATIC_APP: async () => {
      clean();
      return { discount: await input('APP', 'function') };
    },
    UPDATE_AUTOMATIC_APP: async () => {
      const { functionHandle: _, ...discount } = await input('APP', 'function');
      return { id: 'gid://shopify/DiscountAutomaticNode/1', discount };
    },
    DEACTIVATE_AUTOMATIC: () => id('native'),
    DEACTIVATE_CODE: () => id('code'),
    DELETE_AUTOMATIC: () => id('native'),
    DELETE_CODE: () => id('code'),
    READ_DISCOUNTS: () => ({ after: null }),
    READ_ORDER_DISCOUNTS: () => ({ ids: [order()] }),
  };
}

async function givesOf(shop: ContractShop, kind: Kind | 'APP'): Promise<OfferGives> {
  if (kind === 'FREE_SHIPPING') return { kind: 'free_shipping' };
  if (kind !== 'BXGY') return { kind: 'percentage', percent: 10, on: { all: true } };
  const found = await shop.run('{ products(first: 1) { nodes { id } } }');
  const on = { products: [numberOf(String(at(found, 'nodes', 0, 'id')))] };
  return { kind: 'buy_x_get_y', buy: { quantity: 2, on }, get: { quantity: 1, percent: 100, on } };
}

/** Far ahead: nobody of a real store meets it. */
function offerOf(shop: ContractShop, gives: OfferGives, way: OfferWay, n: number): Offer {
  return {
    id: String(n),
    segmentId: '1',
    segmentKey: 'vip',
    segmentName: 'VIP',
    segmentStatus: 'live',
    name: `${shop.mark} ${n}`,
    tag: `${shop.mark}-${n}`,
    // A discount on shipping is not combined with another one on shipping.
    terms: {
      gives,
      combines: { product: false, order: false, shipping: gives.kind !== 'free_shipping' },
      once: true,
    },
    state: 'running',
    startsOn: '2030-01-01' as LocalDate,
    endsOn: '2030-02-01' as LocalDate,
    keepDays: 14,
    mostHolders: null,
    mostCostMinor: null,
    lineWaits: false,
    currency: null,
    way,
    code: way === 'code' ? `${shop.mark}-${n}`.toUpperCase() : null,
    slot: way === 'function' ? 1 : null,
    madeAt: new Date(0),
    endedAt: null,
    endCause: null,
  };
}
