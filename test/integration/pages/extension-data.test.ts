import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { pauseSegment } from '../../../app/pipeline/pause-segment.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createPagesWorld, BROWSER, type PagesWorld } from './pages-world.ts';

const A = 'extensions-a.myshopify.com';
const B = 'extensions-b.myshopify.com';
const EXTENSION_ORIGIN = 'https://extensions.shopifycdn.com';

let world: PagesWorld;
let shopA: ShopId;
beforeAll(async () => {
  world = await createPagesWorld([A, B]);
  shopA = await world.importArithmeticStore(A);
  await world.call(B, '/app.data');
  const { db, log, clock } = world.context;
  const now = clock.now();
  const keys = ['best-away', 'repeat-buyers'];
  const { fingerprint } = await db.inShop(shopA, (tx) => reviewTurnOn(tx, { keys, now }));
  const done = await turnOn({ db, log }, shopA, { keys, fingerprint, actor: 'test', now });
  expect(done.outcome).toBe('done');
});
afterAll(() => world.close());

const ask = (domain: string, path: string) =>
  world.call(domain, path, { headers: { origin: EXTENSION_ORIGIN } });

describe('the block on Shopify’s page of a customer', () => {
  test('c100: 400.00 in each of 3 orders, last 200 days ago', async () => {
    const answer = await ask(A, '/api/customers/100');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const body = (await answer.json()) as {
      lifeCycle: string;
      spent: string;
      orders: number;
      segments: { name: string; since: string; why: string[] }[];
    };
    expect(body).toMatchObject({ lifeCycle: 'Best lost', spent: '€1,200.00', orders: 3 });
    expect(body.segments.map(({ name }) => name)).toEqual(['Repeat buyers']);
    expect(body.segments[0]?.since).toBe('since 22 Nov 2026: the segment was turned on');
    expect(body.segments[0]?.why.join()).toMatch(/orders: 3/);
  });

  test.each(['/api/customers/999999', '/api/customers/x', '/api/customers/1%20or%201'])(
    '%s is nobody of this store',
    async (path) => expect((await ask(A, path)).status).toBe(404),
  );

  test('another store’s customer is nobody', async () => {
    expect((await ask(B, '/api/customers/100')).status).toBe(404);
  });

  test('without a good session token there is no answer', async () => {
    const answer = await fetch(`${world.appUrl}/api/customers/100`, {
      headers: { 'user-agent': BROWSER, authorization: 'Bearer nonsense', origin: EXTENSION_ORIGIN },
    });
    expect(answer.status).toBe(401);
  });

  test('the browser’s question before a request from Shopify’s address is answered', async () => {
    const answer = await fetch(`${world.appUrl}/api/customers/100`, {
      method: 'OPTIONS',
      headers: {
        'user-agent': BROWSER,
        origin: EXTENSION_ORIGIN,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
  });
});

describe('templates of Shopify’s segment editor', () => {
  const templatesOf = async (domain: string) =>
    (await (await ask(domain, '/api/segment-templates')).json()) as {
      templates: { title: string; query: string; queryToInsert: string; createdOn: string }[];
    };

  test('are the live segments, by their tag', async () => {
    const { templates } = await templatesOf(A);
    expect(templates.map(({ title, query }) => [title, query])).toEqual([
      ['Best away', "customer_tags CONTAINS 'regulars-best-away'"],
      ['Repeat buyers', "customer_tags CONTAINS 'regulars-repeat-buyers'"],
    ]);
    expect(templates[0]?.createdOn).toBe(world.context.clock.now().toISOString());
  });

  test('a store without live segments has none', async () => {
    expect(await templatesOf(B)).toEqual({ templates: [] });
  });

  test('a paused segment is none of them', async () => {
    const { db, clock } = world.context;
    const paused = await pauseSegment({ db }, shopA, { key: 'best-away', actor: 'test', now: clock.now() });
    expect(paused).toBe(true);
    expect((await templatesOf(A)).templates.map(({ title }) => title)).toEqual(['Repeat buyers']);
  });
});
