/** Products are created, changed and deleted. */
import { z } from 'zod';
import { amountInput, amountOf, asOneAction, checkInput, findProduct, laterThan } from './act.ts';
import { normalTags } from './normal-tags.ts';
import type { Id, SandboxProduct } from '../store/model.ts';
import type { Store } from '../store/store.ts';

const fields = {
  vendor: z.string().trim().optional(),
  productType: z.string().trim().optional(),
  status: z.enum(['ACTIVE', 'ARCHIVED', 'DRAFT']).optional(),
  tags: z.array(z.string()).optional(),
};

export const createProductInput = z.object({
  title: z.string().trim().min(1),
  price: amountInput.default('0'),
  ...fields,
});
export const updateProductInput = z.object({
  product: z.string(),
  title: z.string().trim().min(1).optional(),
  ...fields,
});
export const deleteProductInput = z.object({ product: z.string() });

/** "Green Tea!" -> "green-tea". */
export function handleOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** @throws ActError */
export function createProduct(store: Store, input: unknown): SandboxProduct {
  const wanted = checkInput(createProductInput, input);
  const product: SandboxProduct = {
    id: store.newId('product'),
    title: wanted.title,
    handle: handleOf(wanted.title),
    vendor: wanted.vendor ?? store.shop.name,
    productType: wanted.productType ?? '',
    status: wanted.status ?? 'ACTIVE',
    tags: normalTags(wanted.tags ?? []),
    createdAt: store.clock.now().toISOString(),
    updatedAt: laterThan(null, store),
    variants: [
      {
        id: store.newId('other'),
        title: 'Default Title',
        sku: null,
        priceMinor: amountOf(wanted.price, store, 'price'),
      },
    ],
  };
  return asOneAction(store, () => {
    store.putProduct(product);
    store.emit({ kind: 'product_created', productId: product.id });
    return product;
  });
}

/** What is not named stays. @throws ActError */
export function updateProduct(store: Store, input: unknown): SandboxProduct {
  const { product: reference, ...wanted } = checkInput(updateProductInput, input);
  const product = findProduct(store, reference);
  return asOneAction(store, () => {
    if (wanted.title !== undefined) product.title = wanted.title;
    if (wanted.vendor !== undefined) product.vendor = wanted.vendor;
    if (wanted.productType !== undefined) product.productType = wanted.productType;
    if (wanted.status !== undefined) product.status = wanted.status;
    if (wanted.tags !== undefined) product.tags = normalTags(wanted.tags);
    product.updatedAt = laterThan(product.updatedAt, store);
    store.putProduct(product);
    store.emit({ kind: 'product_updated', productId: product.id });
    return product;
  });
}

/** It leaves its collections, too. @throws ActError */
export function deleteProduct(store: Store, input: unknown): { deletedProductId: Id } {
  const product = findProduct(store, checkInput(deleteProductInput, input).product);
  return asOneAction(store, () => {
    for (const collection of [...store.collections.all()]) {
      if (!collection.productIds.includes(product.id)) continue;
      const productIds = collection.productIds.filter((id) => id !== product.id);
      store.collections.put({ ...collection, productIds });
    }
    store.deleteProduct(product.id);
    store.emit({ kind: 'product_deleted', productId: product.id });
    return { deletedProductId: product.id };
  });
}
