/** The `metafields` that a subscription asks for by namespace, at the end of the payload. */
import type { SandboxMetafield, SandboxShop } from '../../store/model.ts';
import { gid, wireId, wireTime } from './wire-values.ts';
import type { Wire } from './wire-values.ts';

export function metafieldPayload(metafield: SandboxMetafield, shop: SandboxShop): Wire {
  return {
    id: wireId(metafield.id),
    namespace: metafield.namespace,
    key: metafield.key,
    value: metafield.value,
    description: null,
    owner_id: wireId(metafield.ownerId),
    created_at: wireTime(metafield.createdAt, shop.ianaTimezone),
    updated_at: wireTime(metafield.updatedAt, shop.ianaTimezone),
    owner_resource: metafield.ownerType.toLowerCase(),
    type: metafield.type,
    admin_graphql_api_id: gid('Metafield', metafield.id),
  };
}
