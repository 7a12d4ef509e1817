/** The Admin client against a scripted Shopify: which answers are tried again, how often, after how long, and how it ends. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { manualClock } from '../../../app/clock.ts';
import { createLog } from '../../../app/log.server.ts';
import type { AdminRequestOptions } from '../../../app/shopify/admin-client.ts';
import { createAdminClient } from '../../../app/shopify/admin-clients.server.ts';
import { RUN_BULK_QUERY } from '../../../app/shopify/documents/bulk.ts';
import { READ_SHOP } from '../../../app/shopify/documents/shop.ts';

type Step = Response | Error | 'hang' | (() => Response);
const status = { maximumAvailable: 2000, currentlyAvailable: 1900, restoreRate: 100 };
const done = (data: unknown = { ok: true }, throttleStatus = status) =>
  new Response(JSON.stringify({ data, extensions: { cost: { requestedQueryCost: 10, throttleStatus } } }), {
    headers: { date: 'Sun, 22 Nov 2026 10:00:07 GMT' },
  });
const throttled = (requested: number, currentlyAvailable: number) =>
  new Response(
    JSON.stringify({
      errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
      extensions: {
        cost: { requestedQueryCost: requested, throttleStatus: { ...status, currentlyAvailable } },
      },
    }),
  );
const cutOff = () =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"data":{"o'));
        controller.error(new Error('connection reset'));
      },
    }),
  );

function world(steps: Step[], options: { refresh?: boolean; timeoutMs?: number } = {}) {
  const sent: { url: string; token: string | null; body: { query: string; variables: unknown } }[] = [];
  const waits: number[] = [];
  let now = 0;
  const lines: string[] = [];
  const client = createAdminClient(
    {
      clock: manualClock('2026-11-22T12:00:00Z'),
      log: createLog({ level: 'trace', process: 'test' }, { write: (line) => void lines.push(line) }),
      tokens: {
        accessToken: async (_shop, rejected) => {
          if (rejected === undefined) return 'shpat_canary';
          if (options.refresh === false)
            throw new AppError('shopify_access', 'Open the app.', { retryable: false });
          return 'shpat_fresh';
        },
      },
      fetch: async (url, init) => {
        const headers = new Headers(init?.headers);
        sent.push({
          url,
          token: headers.get('x-shopify-access-token'),
          body: JSON.parse(String(init?.body)) as never,
        });
        const step = steps.shift();
        if (step === 'hang') {
          return new Promise((_resolve, reject) =>
            init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)),
          );
        }
        if (step === undefined) throw new Error('no step left');
        if (step instanceof Error) throw step;
        return typeof step === 'function' ? step() : step;
      },
      random: () => 0.5,
      timeoutMs: { page: options.timeoutMs ?? 20, background: options.timeoutMs ?? 20 },
      timer: {
        now: () => now,
        after(milliseconds, run) {
          waits.push(Math.round(milliseconds));
          queueMicrotask(() => {
            now += milliseconds;
            run();
          });
          return () => undefined;
        },
      },
    },
    'shop-a.myshopify.com',
  );
  const ask = (options?: AdminRequestOptions) => client.request(READ_SHOP, {}, options);
  return { client, ask, sent, waits, lines };
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('admin client', () => {
  it('posts to the shop’s address of our API version, and tells when it asked and what Shopify’s clock said', async () => {
    const { ask, sent } = world([done({ shop: { name: 'A' } })]);
    const before = Date.now();
    const answer = await ask({ priority: 'page' });
    const after = Date.now();
    expect(sent[0]).toEqual({
      url: 'https://shop-a.myshopify.com/admin/api/2026-10/graphql.json',
      token: 'shpat_canary',
      body: { query: READ_SHOP, variables: {} },
    });
    expect(answer.data).toEqual({ shop: { name: 'A' } });
    // Within the second that the header names (read-time.test.ts): this machine's clock says where.
    expect(Math.floor(answer.date.getTime() / 1000)).toBe(Date.parse('2026-11-22T10:00:07Z') / 1000);
    expect(answer.sentAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(answer.sentAt.getTime()).toBeLessThanOrEqual(after);
  });

  it('waits (requested - available) / rate when refused, and learns the cost', async () => {
    const { ask, sent, waits, client } = world([
      done(),
      throttled(450, 50),
      done({ ok: 1 }, { ...status, currentlyAvailable: 0 }),
      done(),
    ]);
    await ask({ priority: 'page' });
    await ask({ priority: 'page' });
    expect(waits).toEqual([4000]);
    await ask({ priority: 'page' });
    expect(waits).toEqual([4000, 4500]); // it has cost 450 before: never refused for the same reason twice
    expect(sent).toHaveLength(4);
    expect(client.budget()).toEqual(status);
  });

  it('obeys Retry-After in seconds', async () => {
    const { ask, waits } = world([
      new Response('', { status: 429, headers: { 'retry-after': '2.0' } }),
      done(),
    ]);
    await ask();
    expect(waits).toEqual([2000]);
  });

  it.each([
    ['502', () => new Response('bad gateway', { status: 502 })],
    ['503', () => new Response('', { status: 503 })],
    ['500', () => new Response('', { status: 500 })],
    ['connection refused', new Error('ECONNREFUSED')],
    ['a reset in mid-body', cutOff],
    ['a hang', 'hang' as const],
    [
      '200 with an internal error',
      () => new Response('{"errors":[{"extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}'),
    ],
  ] satisfies [string, Step][])('tries again with growing pauses: %s', async (_name, fault) => {
    const { ask, waits, sent } = world([fault, fault, fault, done()]);
    await ask();
    expect(sent).toHaveLength(4);
    expect(waits).toEqual([375, 750, 1500]);
  });

  it('gives up after a while: sooner for a page than for work in the background', async () => {
    const down = () => new Response('', { status: 503 });
    const page = world(Array.from({ length: 20 }, () => down));
    const forPage = await failure(page.ask({ priority: 'page' }));
    expect(page.sent).toHaveLength(3);
    const background = world(Array.from({ length: 20 }, () => down));
    const forBackground = await failure(background.ask());
    expect(background.sent).toHaveLength(8);
    for (const error of [forPage, forBackground]) {
      expect([error.code, error.retryable]).toEqual(['shopify_unavailable', true]);
    }
  });

  it('repeats a mutation only where twice is the same as once', async () => {
    const tags = world([cutOff, done({ tagsAdd: {} })]);
    const add = 'mutation Add($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id } } }';
    await tags.client.requestComposed(add, { id: 'gid://shopify/Customer/1', tags: ['a'] });
    expect(tags.sent).toHaveLength(2);

    const bulk = world([cutOff, done()]);
    const error = await failure(bulk.client.request(RUN_BULK_QUERY, { query: '{ shop { id } }' }));
    expect([error.code, error.retryable]).toEqual(['shopify_unavailable', false]);
    expect(bulk.sent).toHaveLength(1);

    // Refused before it was done: sent again, whatever it is.
    const refused = world([throttled(10, 0), new Response('', { status: 429 }), done({})]);
    await refused.client.request(RUN_BULK_QUERY, { query: '{ shop { id } }' });
    expect(refused.sent).toHaveLength(3);
  });

  it('renews the token once on 401', async () => {
    const unauthorised = () => new Response('', { status: 401 });
    const once = world([unauthorised, done()]);
    await once.ask();
    expect(once.sent.map(({ token }) => token)).toEqual(['shpat_canary', 'shpat_fresh']);
    const twice = world([unauthorised, unauthorised, done()]);
    expect((await failure(twice.ask())).code).toBe('shopify_access');
    expect(twice.sent).toHaveLength(2);
    const gone = world([unauthorised], { refresh: false });
    expect((await failure(gone.ask())).code).toBe('shopify_access');
  });

  it('tells at once what only a person can change', async () => {
    const { ask, sent } = world([new Response('', { status: 403 })]);
    const error = await failure(ask());
    expect(error.code).toBe('config');
    expect(error.context).toMatchObject({ shop: 'shop-a.myshopify.com', operation: 'ReadShop', status: 403 });
    expect(sent).toHaveLength(1);
  });

  it('refuses a request that can never fit into the bucket', async () => {
    const { ask } = world([throttled(2500, 2000), done()]);
    expect((await failure(ask())).code).toBe('shopify_throttled');
  });

  it('stops when it is called off: while waiting for points, for an answer, and between tries', async () => {
    const abort = new Error('called off');
    const hanging = world(['hang'], { timeoutMs: 60_000 });
    const controller = new AbortController();
    const answer = hanging.ask({ signal: controller.signal });
    setTimeout(() => controller.abort(abort), 1);
    await expect(answer).rejects.toBe(abort);

    const before = world([done()]);
    await expect(before.ask({ signal: AbortSignal.abort(abort) })).rejects.toBe(abort);
    expect(before.sent).toHaveLength(0);
  });

  it('puts neither token nor variables into errors and logs', async () => {
    const { client, lines } = world([
      new Response('', { status: 502 }),
      new Response('{"errors":[{"message":"no such field"}]}'),
    ]);
    const error = await failure(
      client.requestComposed(
        'query Q($x: String) { shop(x: $x) { id } }',
        { x: 'canary-value' },
        { cost: 10 },
      ),
    );
    const told = JSON.stringify([error.message, error.context, lines]);
    expect(lines.length).toBeGreaterThan(0);
    expect(told).not.toMatch(/canary/);
  });
});
