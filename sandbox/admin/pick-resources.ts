/** What the resource picker of App Bridge offers: products with their variants, or collections, by words. */
import { GraphQLError } from 'graphql';
import { decimalOf } from '../../app/money.ts';
import type { Listing } from '../graphql/connection.ts';
import { listCollections, listProducts } from '../graphql/list-products.ts';
import type { SearchNotes } from '../graphql/search.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { SandboxCollection, SandboxProduct } from '../store/model.ts';
import type { Store } from '../store/store.ts';

const MOST = 50;

/** `q`: words or the API's search syntax; `query`: the app's own filter, which always holds. */
export function pickResources(store: Store, request: SandboxRequest): SandboxAnswer {
  const query = request.url.searchParams;
  const states = request.url.searchParams.getAll('status').filter((state) => /^[a-z]+$/.test(state));
  const only = states.length > 0 ? `status:${states.join(',')}` : null;
  const text = [query.get('query'), query.get('q'), only]
    .map((part) => part?.trim())
    .filter(Boolean)
    .map((part) => `(${part})`)
    .join(' AND ');
  const notes: SearchNotes = { parsed: null, warnings: [] };
  try {
    return jsonAnswer(found(store, request.params['kind'] ?? '', text, notes));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return jsonAnswer({ items: [], more: false, complaint: error.message });
  }
}

function found(store: Store, kind: string, query: string, notes: SearchNotes) {
  switch (kind) {
    case 'product':
      return take(listProducts(store, { query, sortKey: 'TITLE' }, { notes }), (product) => describeProduct(product, store)); // prettier-ignore
    case 'collection':
      return take(listCollections(store, { query, sortKey: 'TITLE' }, notes), describeCollection);
    default:
      throw new HttpError(404, { error: `There is nothing to pick of the kind ${kind}` });
  }
}

function take<Item>(listing: Listing<Item>, describe: (item: Item) => unknown) {
  const items: unknown[] = [];
  let more = false;
  for (const item of listing.after()) {
    if (items.length === MOST) {
      more = true;
      break;
    }
    items.push(describe(item));
  }
  return { items, more };
}

/** As the picker gives a product to the app: the fields of the Admin API that it documents. */
function describeProduct(product: SandboxProduct, store: Store) {
  const id = `gid://shopify/Product/${product.id}`;
  return {
    id,
    label: product.title,
    detail: [product.vendor, product.productType].filter(Boolean).join(' · '),
    selection: {
      id,
      title: product.title,
      handle: product.handle,
      vendor: product.vendor,
      productType: product.productType,
      status: product.status,
      tags: product.tags,
      images: [],
      options: [],
      totalVariants: product.variants.length,
      variants: product.variants.map((variant) => ({
        id: `gid://shopify/ProductVariant/${variant.id}`,
        title: variant.title,
        displayName: `${product.title} - ${variant.title}`,
        sku: variant.sku,
        price: decimalOf(BigInt(variant.priceMinor), store.shop.currency),
        product: { id },
      })),
      createdAt: product.createdAt,
      updatedAt: product.updatedAt,
    },
  };
}

function describeCollection(collection: SandboxCollection) {
  const id = `gid://shopify/Collection/${collection.id}`;
  return {
    id,
    label: collection.title,
    detail: `${collection.productIds.length} products`,
    selection: {
      id,
      title: collection.title,
      handle: collection.handle,
      productsCount: collection.productIds.length,
      sortOrder: collection.sortOrder,
      image: null,
      ruleSet: null,
      updatedAt: collection.updatedAt,
    },
  };
}
