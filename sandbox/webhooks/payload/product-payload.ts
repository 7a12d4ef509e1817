/** products/create, products/update. */
import type { SandboxProduct, SandboxShop } from '../../store/model.ts';
import { gid, wireId, wireMoney, wireTime } from './wire-values.ts';
import type { Wire } from './wire-values.ts';

export function productPayload(product: SandboxProduct, shop: SandboxShop): Wire {
  const createdAt = wireTime(product.createdAt, shop.ianaTimezone);
  const updatedAt = wireTime(product.updatedAt, shop.ianaTimezone);
  return {
    admin_graphql_api_id: gid('Product', product.id),
    body_html: '',
    created_at: createdAt,
    handle: product.handle,
    id: wireId(product.id),
    product_type: product.productType,
    published_at: product.status === 'ACTIVE' ? createdAt : null,
    template_suffix: null,
    title: product.title,
    updated_at: updatedAt,
    vendor: product.vendor,
    status: product.status.toLowerCase(),
    published_scope: 'web',
    tags: product.tags.join(', '),
    variants: product.variants.map((variant, index) => ({
      admin_graphql_api_id: gid('ProductVariant', variant.id),
      barcode: null,
      compare_at_price: null,
      created_at: createdAt,
      id: wireId(variant.id),
      inventory_policy: 'deny',
      position: index + 1,
      price: wireMoney(variant.priceMinor, shop.currency),
      product_id: wireId(product.id),
      sku: variant.sku,
      taxable: true,
      title: variant.title,
      updated_at: updatedAt,
      option1: variant.title,
      option2: null,
      option3: null,
      image_id: null,
      inventory_item_id: null,
      inventory_quantity: 0,
      old_inventory_quantity: 0,
    })),
    options: [],
    images: [],
    image: null,
    media: [],
    variant_gids: product.variants.map((variant) => ({
      admin_graphql_api_id: gid('ProductVariant', variant.id),
      updated_at: product.updatedAt,
    })),
    has_variants_that_requires_components: false,
    category: null,
  };
}
