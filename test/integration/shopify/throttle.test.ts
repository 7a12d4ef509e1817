/** The client against the sandbox's own bucket, over HTTP and in real time: more than the bucket holds, and never refused. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../app/clock.ts';
import { createLog } from '../../../app/log.server.ts';
import type { AdminClient } from '../../../app/shopify/admin-client.ts';
import { createAdminClient } from '../../../app/shopify/admin-clients.server.ts';
import { READ_CUSTOMERS } from '../../../app/shopify/documents/read-again.ts';
import { createShopifyFetch } from '../../../app/shopify/sandbox-hook.server.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';

const SHOP = 'bucket.myshopify.com';
let sandbox: Sandbox;
let ids: string[];

beforeAll(async () => {
  sandbox = await startSandbox({
    apiKey: 'key',
    apiSecret: 'a-secret-for-tests-only',
    stores: [{ domain: SHOP, plan: 'plus', seed: { customers: 60, seed: 2 } }],
  });
  const store = sandbox.stores.get(SHOP);
  ids = [...(store?.customers() ?? [])].slice(0, 50).map(({ id }) => `gid://shopify/Customer/${id}`);
});
afterAll(() => sandbox.close());

/** What the last answer says that it cost: the bucket fills up again while a slow machine reads it. */
let lastCost = 0;

function newClient(): AdminClient {
  const send = createShopifyFetch({ sandboxUrl: sandbox.url, production: false });
  const fetch: typeof send = async (...given) => {
    const answer = await send(...given);
    const { extensions } = (await answer.clone().json()) as {
      extensions: { cost: { actualQueryCost: number } };
    };
    lastCost = extensions.cost.actualQueryCost;
    return answer;
  };
  return createAdminClient(
    {
      clock: systemClock,
      log: createLog({ level: 'silent', process: 'test' }),
      tokens: { accessToken: async () => sandbox.accessTokenFor(SHOP) },
      fetch,
    },
    SHOP,
  );
}

it('spends the whole bucket and what comes back, without one refusal, and a page waits less than the rest', async () => {
  const client = newClient();
  await client.request(READ_CUSTOMERS, { ids });
  const { maximumAvailable, restoreRate } = client.budget();
  const cost = lastCost;
  expect(cost).toBeGreaterThan(200);
  const many = Math.ceil((maximumAvailable + 2 * restoreRate) / cost);

  const began = performance.now();
  const ended: string[] = [];
  const ask = (name: 'page' | 'background') =>
    client.request(READ_CUSTOMERS, { ids }, { priority: name }).then(() => void ended.push(name));
  const work = Array.from({ length: many }, () => ask('background'));
  work.push(ask('page'));
  await Promise.all(work);

  expect(sandbox.apiLog.counts(SHOP).throttled).toBe(0);
  expect(ended.indexOf('page')).toBeLessThan(many - 1);
  // It did have to wait: more was asked for than the bucket held.
  expect(performance.now() - began).toBeGreaterThan(1000);
});
