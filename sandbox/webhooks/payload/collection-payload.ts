/** collections/create, update and delete: a collection without its products, as at Shopify. */
import type { Id, SandboxCollection, SandboxShop } from '../../store/model.ts';
import { gid, wireId, wireTime } from './wire-values.ts';
import type { Wire } from './wire-values.ts';

export function collectionPayload(collection: SandboxCollection, shop: SandboxShop): Wire {
  const updatedAt = wireTime(collection.updatedAt, shop.ianaTimezone);
  return {
    id: wireId(collection.id),
    handle: collection.handle,
    title: collection.title,
    updated_at: updatedAt,
    body_html: collection.descriptionHtml,
    published_at: updatedAt,
    sort_order: collection.sortOrder.toLowerCase().replaceAll('_', '-'),
    template_suffix: null,
    published_scope: 'web',
    admin_graphql_api_id: gid('Collection', collection.id),
  };
}

export function collectionDeletedPayload(id: Id): Wire {
  return { id: wireId(id), published_scope: 'web', admin_graphql_api_id: gid('Collection', id) };
}
