/** segments/create, update and delete. */
import type { Id, SandboxSegment, SandboxShop } from '../../store/model.ts';
import { wireId, wireTime } from './wire-values.ts';
import type { Wire } from './wire-values.ts';

export function segmentPayload(segment: SandboxSegment, shop: SandboxShop): Wire {
  return {
    id: wireId(segment.id),
    name: segment.name,
    query: segment.query,
    creationDate: wireTime(segment.creationDate, shop.ianaTimezone),
    lastEditDate: wireTime(segment.lastEditDate, shop.ianaTimezone),
  };
}

export function segmentDeletedPayload(id: Id): Wire {
  return { id: wireId(id) };
}
