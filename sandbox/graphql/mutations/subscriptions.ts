import {
  createSubscription,
  deleteSubscription,
  updateSubscription,
} from '../../webhooks/api-subscriptions.ts';
import type {
  SubscriptionChange,
  SubscriptionInput,
  SubscriptionRules,
} from '../../webhooks/api-subscriptions.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import { takesOnly } from '../arguments.ts';
import type { GraphContext } from '../context.ts';
import { gid, parseGid } from '../gid.ts';
import type { FieldResolvers } from '../resolvers/types.ts';
import { API_VERSION } from '../versions.ts';

const INPUT = ['uri', 'callbackUrl', 'format', 'filter', 'includeFields', 'metafieldNamespaces', 'name'];

export const subscriptionMutations: FieldResolvers<unknown> = {
  webhookSubscriptionCreate: (
    _,
    args: { topic: string; webhookSubscription: SubscriptionInput },
    context: GraphContext,
  ) => {
    takesOnly(args.webhookSubscription, INPUT, 'WebhookSubscriptionInput');
    return payload(createSubscription(context.store, args.topic, args.webhookSubscription, rulesOf(context)));
  },

  webhookSubscriptionUpdate: (
    _,
    args: { id: string; webhookSubscription: SubscriptionInput },
    context: GraphContext,
  ) => {
    takesOnly(args.webhookSubscription, INPUT, 'WebhookSubscriptionInput');
    const { id } = parseGid(args.id);
    return payload(updateSubscription(context.store, id, args.webhookSubscription, rulesOf(context)));
  },

  webhookSubscriptionDelete: (_, args: { id: string }, { store }) => {
    const { id } = parseGid(args.id);
    const change = deleteSubscription(store, id);
    const deleted = change.outcome === 'done';
    return {
      deletedWebhookSubscriptionId: deleted ? gid('WebhookSubscription', id) : null,
      userErrors: deleted ? [] : change.userErrors,
    };
  },
};

function payload(change: SubscriptionChange) {
  switch (change.outcome) {
    case 'done':
      return { webhookSubscription: change.subscription, userErrors: [] };
    case 'refused':
      return { webhookSubscription: null, userErrors: change.userErrors };
  }
}

function rulesOf({ sandbox, store, apiVersion = API_VERSION }: GraphContext): SubscriptionRules {
  const webhooks = sandbox.plugins.find(({ name }) => name === 'webhooks') as Webhooks | undefined;
  if (!webhooks) throw new Error('The sandbox has no webhooks.');
  return webhooks.subscriptionRules(store.shop.domain, apiVersion);
}
