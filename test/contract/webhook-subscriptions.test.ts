import { expect, it } from 'vitest';
import { at, contractShop } from './contract-shop.ts';

const shop = contractShop();
const CREATE = `mutation($topic: WebhookSubscriptionTopic!, $to: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $to) {
    webhookSubscription { id topic uri filter includeFields } userErrors { field message } } }`;

it('are made with a filter and fields, listed, and deleted', async () => {
  const uri = `https://example.com/${shop.mark}`;
  const made = await shop.run(CREATE, {
    topic: 'CUSTOMERS_UPDATE',
    to: { uri, format: 'JSON', filter: 'state:enabled', includeFields: ['id', 'updated_at'] },
  });
  expect(made).toMatchObject({
    webhookSubscription: {
      topic: 'CUSTOMERS_UPDATE',
      uri,
      filter: 'state:enabled',
      includeFields: ['id', 'updated_at'],
    },
    userErrors: [],
  });
  const id = at(made, 'webhookSubscription', 'id');
  const remove =
    'mutation($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { message } } }';
  shop.atTheEnd(() => shop.ask(remove, { id }));
  const list = async () =>
    at(await shop.run('{ webhookSubscriptions(first: 50) { nodes { id } } }'), 'nodes') as { id: string }[];
  expect((await list()).map((one) => one.id)).toContain(id);
  expect(await shop.run(remove, { id })).toEqual({ deletedWebhookSubscriptionId: id, userErrors: [] });
  expect((await list()).map((one) => one.id)).not.toContain(id);
});

it('an address without TLS is refused with words', async () => {
  const refused = await shop.run(CREATE, {
    topic: 'ORDERS_UPDATED',
    to: { uri: `http://example.com/${shop.mark}`, format: 'JSON' },
  });
  expect(refused['webhookSubscription']).toBeNull();
  expect(String(at(refused, 'userErrors', 0, 'message'))).toMatch(/protocol|https|address/i);
});
