/** The assortment of a generated store: what a mid-size outdoor and clothing shop sells. */
import { currencyExponent } from '../../app/money.ts';
import type { SandboxProduct } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { Random } from './random.ts';

const TYPES: readonly { type: string; items: readonly string[]; from: number; to: number; sizes: boolean }[] = [
  { type: 'T-shirts', items: ['Trail Tee', 'Ringer Tee', 'Linen Tee', 'Merino Tee', 'Pocket Tee'], from: 19, to: 49, sizes: true },
  { type: 'Jackets', items: ['Rain Shell', 'Down Jacket', 'Wind Breaker', 'Wool Coat'], from: 89, to: 329, sizes: true },
  { type: 'Trousers', items: ['Hiking Trousers', 'Canvas Chinos', 'Running Tights'], from: 49, to: 139, sizes: true },
  { type: 'Shoes', items: ['Trail Runner', 'Leather Boot', 'Canvas Sneaker'], from: 69, to: 219, sizes: true },
  { type: 'Accessories', items: ['Beanie', 'Wool Socks', 'Leather Belt', 'Scarf', 'Cap'], from: 9, to: 45, sizes: false },
  { type: 'Bags', items: ['Day Pack', 'Duffel', 'Tote', 'Bike Bag'], from: 35, to: 189, sizes: false },
  { type: 'Coffee', items: ['House Blend', 'Decaf', 'Single Origin'], from: 11, to: 24, sizes: false },
]; // prettier-ignore
const VENDORS = ['Northbound', 'Field & Fen', 'Ostrava', 'Kestrel', 'Harbour Works'];
const COLOURS = ['Black', 'Moss', 'Sand', 'Navy', 'Rust', 'Stone', 'Berry'];
const SIZES = ['S', 'M', 'L', 'XL'];

export interface Catalogue {
  /** Weighted: some things sell far more often than others. */
  pickGoods(random: Random): SandboxProduct;
  giftCard: SandboxProduct;
  /** What subscriptions deliver. */
  refill: SandboxProduct;
}

export function makeCatalogue(store: Store, random: Random, createdAt: string, loadedAt: string): Catalogue {
  const unit = 10 ** currencyExponent(store.shop.currency);
  const goods: [SandboxProduct, number][] = [];
  const make = (title: string, type: string, price: number, sizes: readonly string[], tags: string[]) => {
    const sku = title
      .replace(/[^A-Z0-9]+/gi, '')
      .slice(0, 14)
      .toUpperCase();
    const product: SandboxProduct = {
      id: store.newId('product'),
      title,
      handle: title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
      vendor: random.pick(VENDORS),
      productType: type,
      status: random.chance(0.06) ? 'ARCHIVED' : 'ACTIVE',
      tags,
      createdAt,
      updatedAt: loadedAt,
      variants: sizes.map((size) => ({
        id: store.newId('other'),
        title: size,
        sku: sizes.length > 1 ? `${sku}-${size}` : sku,
        priceMinor: price * unit,
      })),
    };
    store.putProduct(product);
    // A copy: what was sold stays as it was when the store's product changes.
    return structuredClone(product);
  };
  for (const { type, items, from, to, sizes } of TYPES) {
    for (const item of items) {
      for (const colour of type === 'Coffee' ? ['250 g', '1 kg'] : pickSome(random, COLOURS, 3)) {
        const price = random.integer(from, to);
        const tags = [random.pick(['core', 'summer', 'winter', 'new-season'])];
        const product = make(`${item} ${colour}`, type, price, sizes ? SIZES : ['Default Title'], tags);
        goods.push([product, random.logNormal(1, 0.9)]);
      }
    }
  }
  const catalogue = {
    pickGoods: weighted(goods),
    giftCard: make('Gift Card', 'Gift cards', 50, ['25', '50', '100'], []),
    refill: make('Coffee Subscription 1 kg', 'Coffee', 24, ['Default Title'], ['subscription']),
  };
  putCollections(
    store,
    goods.map(([product]) => product),
    loadedAt,
  );
  return catalogue;
}

/** One for each type, and one across them. */
function putCollections(store: Store, goods: readonly SandboxProduct[], loadedAt: string): void {
  const put = (title: string, products: readonly SandboxProduct[]) => {
    const id = store.newId('other');
    store.collections.put({
      id,
      title,
      handle: title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
      descriptionHtml: '',
      sortOrder: 'MANUAL',
      productIds: products.map((product) => product.id),
      updatedAt: loadedAt,
    });
  };
  for (const { type } of TYPES) {
    put(
      type,
      goods.filter(({ productType }) => productType === type),
    );
  }
  put(
    'New season',
    goods.filter(({ tags }) => tags.includes('new-season')),
  );
}

/** As `random.pickWeighted`, for a long list that is picked from millions of times. */
function weighted<T>(items: readonly (readonly [T, number])[]): (random: Random) => T {
  const ends = new Float64Array(items.length);
  let total = 0;
  for (const [index, [, weight]] of items.entries()) ends[index] = total += weight;
  return (random) => {
    const wanted = random.next() * total;
    let low = 0;
    let high = items.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) > wanted) high = middle;
      else low = middle + 1;
    }
    return (items[low] as readonly [T, number])[0];
  };
}

function pickSome<T>(random: Random, items: readonly T[], count: number): T[] {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(random.integer(0, left.length - 1), 1),
  ).flat();
}
