import type { SandboxSubscription } from '../../store/model.ts';
import { gid } from '../gid.ts';
import type { FieldResolvers } from './types.ts';

export function apiVersion(handle: string) {
  return { handle, displayName: handle, supported: true };
}

export const subscriptionFields: FieldResolvers<SandboxSubscription> = {
  id: (subscription) => gid('WebhookSubscription', subscription.id),
  legacyResourceId: (subscription) => subscription.id,
  topic: (subscription) => subscription.topic,
  uri: (subscription) => subscription.uri,
  callbackUrl: (subscription) => subscription.uri,
  endpoint: (subscription) => ({ __typename: 'WebhookHttpEndpoint', callbackUrl: subscription.uri }),
  format: (subscription) => subscription.format,
  includeFields: (subscription) => subscription.includeFields,
  filter: (subscription) => subscription.filter,
  metafieldNamespaces: (subscription) => subscription.metafieldNamespaces,
  metafields: () => [],
  name: (subscription) => subscription.name,
  apiVersion: (subscription) => apiVersion(subscription.apiVersion),
  createdAt: (subscription) => subscription.createdAt,
  updatedAt: (subscription) => subscription.updatedAt,
};
