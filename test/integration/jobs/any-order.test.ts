import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACTS } from '../../../sandbox/acts/act-routes.ts';
import { createWorkerWorld, type CaughtWebhook, type WorkerWorld } from '../../support/worker-world.ts';

let world: WorkerWorld;
beforeAll(async () => {
  world = await createWorkerWorld({ seed: { customers: 25, seed: 11 } });
});
afterAll(() => world.close());

/** Everything that can happen to a few customers, one after the other. */
async function aBusyHour(): Promise<CaughtWebhook[]> {
  const act = (name: string, input: unknown) =>
    ACTS[name]?.(world.store, input, world.sandbox) as { id?: string };
  const buyers = [
    ...new Set(
      [...world.store.orders()].flatMap((order) => (order.customerId === null ? [] : [order.customerId])),
    ),
  ];
  const [ada, ben, cleo, dora] = buyers as [string, string, string, string];
  const product = [...world.store.products()][0]?.id as string;
  const order = (customer: string, quantity = 1, status = 'paid'): string =>
    act('place-order', { customer, status, lines: [{ product, quantity }] }).id as string;
  const first = order(ada);
  const pending = order(ben, 2, 'pending');
  act('pay-order', { order: pending });
  act('refund-order', { order: first });
  act('cancel-order', { order: order(ada, 3) });
  act('edit-order-line', { order: order(cleo, 4), quantity: 2 });
  act('edit-order', { order: order(cleo), customer: ben });
  act('consent', { customer: ben, channel: 'email', state: 'UNSUBSCRIBED' });
  act('update-customer', { customer: ada, address: { city: 'Ghent', countryCode: 'BE' } });
  act('delete-order', { order: order(ben) });
  act('merge-customers', { keep: cleo, remove: dora });
  const gone = act('create-customer', { email: 'new@example.com', firstName: 'New', lastName: 'One' }).id;
  act('delete-customer', { customer: gone });
  return world.caught();
}

test('the same webhooks in any order, twice and in batches of any size: the same end state', async () => {
  // Both shops know the store from before.
  const inOrder = await world.newShop({ live: true });
  const shuffled = [];
  for (let n = 0; n < 6; n++) shuffled.push(await world.newShop({ live: true }));
  await world.caught();
  const webhooks = await aBusyHour();
  expect(webhooks.length).toBeGreaterThan(20);
  await world.deliver(inOrder, webhooks);
  await world.drainAll(inOrder);
  const expected = await world.snapshot(inOrder);
  expect(expected['aliases']).toHaveLength(1);

  const seeds = fc.sample(fc.integer(), { numRuns: shuffled.length, seed: 20_261_122 });
  for (const [index, shopId] of shuffled.entries()) {
    const [order] = fc.sample(fc.shuffledSubarray(webhooks, { minLength: webhooks.length }), {
      numRuns: 1,
      seed: seeds[index] ?? 0,
    });
    const again = (order ?? []).map((webhook, n) =>
      // Half of the second deliveries come under another id: Shopify's and ours do not tell them apart.
      n % 2 === 0
        ? webhook
        : { ...webhook, headers: { ...webhook.headers, 'x-shopify-webhook-id': `again-${n}` } },
    );
    const all = [...(order ?? []), ...again.reverse()];
    const size = 1 + (Math.abs(seeds[index] ?? 0) % 17);
    for (let from = 0; from < all.length; from += size) {
      await world.deliver(shopId, all.slice(from, from + size));
      await world.drain(shopId);
    }
    await world.drainAll(shopId);
    expect(await world.snapshot(shopId), `seed ${seeds[index]}, batches of ${size}`).toEqual(expected);
  }
});
