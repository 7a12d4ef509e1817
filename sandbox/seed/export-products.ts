/**
 * Products of an export: one product with one variant per distinct SKU (title = the first name seen); without
 * SKU per distinct name; a line with neither is a custom line without product.
 */
import type { ExportOrderLine } from '../../app/intake/export/export-order.ts';
import type { SandboxProduct } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export class ProductShelf {
  readonly #store: Store;
  readonly #loadedAt: string;
  #products = new Map<string, SandboxProduct>();
  #handles = new Set<string>();

  constructor(store: Store, loadedAt: string) {
    this.#store = store;
    this.#loadedAt = loadedAt;
  }

  /** Lines come in the order of time, so a product is as old as its first order. */
  find(line: ExportOrderLine, at: Date): { productId: string | null; variantId: string | null } {
    const key = line.sku ? `sku ${line.sku}` : line.name ? `name ${line.name}` : undefined;
    if (key === undefined) return { productId: null, variantId: null };
    let product = this.#products.get(key);
    if (!product) {
      product = this.#make(line, at);
      this.#products.set(key, product);
      this.#store.putProduct(product);
    }
    return { productId: product.id, variantId: product.variants[0]?.id ?? null };
  }

  #make(line: ExportOrderLine, at: Date): SandboxProduct {
    const title = line.name || line.sku;
    return {
      id: this.#store.newId('product'),
      title,
      handle: this.#handle(title),
      vendor: line.vendor,
      productType: '',
      status: 'ACTIVE',
      tags: [],
      createdAt: at.toISOString(),
      updatedAt: this.#loadedAt,
      variants: [
        {
          id: this.#store.newId('other'),
          title: 'Default Title',
          sku: line.sku || null,
          priceMinor: Number(line.priceMinor),
        },
      ],
    };
  }

  #handle(title: string): string {
    const base =
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '-')
        .replace(/^-+|-+$/g, '') || 'product';
    let handle = base;
    for (let count = 1; this.#handles.has(handle); count += 1) handle = `${base}-${count}`;
    this.#handles.add(handle);
    return handle;
  }
}
