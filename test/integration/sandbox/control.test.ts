import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verifySessionToken } from '../../../sandbox/access/session-token.ts';
import { addCustomer } from '../../unit/sandbox/make-store.ts';
import { API_KEY, API_SECRET, DOMAIN, openSandbox } from './call-sandbox.ts';

async function json(url: string, body?: unknown) {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the control API', () => {
  it('tells what the store holds and what was called', async () => {
    const { sandbox, store, ask } = await openSandbox({ seed: { customers: 30, seed: 2 } });
    addCustomer(store, { tags: ['regulars-new', 'VIP'], email: 'new@example.com' });
    await ask('{ shop { id } }');
    await ask('{ nonsense }');
    const { body } = await json(`${sandbox.url}/control/state?shop=${DOMAIN}`);
    expect(body).toMatchObject({
      shop: DOMAIN,
      store: { customers: 31, orders: store.orderCount(), products: store.productCount(), laterOrders: 0 },
      customersByTag: { 'regulars-new': 1 },
      api: { requests: 2, throttled: 0, bulkOperations: 0 },
      webhooks: { pending: 0, delivered: 0, failed: 0 },
      installed: true,
    });
    const dump = await (await fetch(`${sandbox.url}/control/customers.jsonl`)).text();
    const lines = dump.trimEnd().split('\n');
    expect(lines).toHaveLength(31);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      email: 'new@example.com',
      tags: ['regulars-new', 'VIP'],
    });
    expect((await json(`${sandbox.url}/control/state?shop=none.myshopify.com`)).status).toBe(404);
    const calls = (await json(`${sandbox.url}/control/api-calls`)).body['calls'];
    expect(calls).toMatchObject([
      { fields: ['shop'], requestedCost: 1, errors: 0 },
      { fields: [], errors: 1 },
    ]);
  });

  it('turns the clock and wakes who waits for it', async () => {
    const { sandbox, store } = await openSandbox();
    const clock = `${sandbox.url}/control/clock`;
    const { body: first } = await json(clock);
    expect(first).toEqual({ now: '2026-11-22T11:00:00.000Z', version: 1, running: false });
    const waiting = json(`${clock}?after=1`);
    const { body: turned } = await json(clock, { advanceDays: 2 });
    expect(turned).toEqual({ now: '2026-11-24T11:00:00.000Z', version: 2, running: false });
    expect((await waiting).body).toEqual(turned);
    expect(store.clock.now().toISOString()).toBe('2026-11-24T11:00:00.000Z');
    expect((await json(clock, { advanceMs: 1500 })).body['now']).toBe('2026-11-24T11:00:01.500Z');
    expect((await json(clock, { to: '2026-12-01' })).body['now']).toBe('2026-12-01T12:00:00.000Z');
    expect((await json(clock, { to: '2026-12-01T00:00:00+01:00' })).body['now']).toBe(
      '2026-11-30T23:00:00.000Z',
    );
    expect((await json(clock, { running: true })).body['running']).toBe(true);
    for (const bad of [{}, { advanceDays: 1.5 }, { advanceMs: 'x' }, { to: 'tomorrow' }, { running: 1 }]) {
      expect((await json(clock, bad)).status).toBe(400);
    }
  });

  it('turns no clock to where there are no dates', async () => {
    const { sandbox } = await openSandbox();
    const url = (name: string) => `${sandbox.url}/control/${name}`;
    const { body: before } = await json(url('clock'));
    for (const far of [
      { advanceDays: 1e15 },
      { advanceDays: -1e5 },
      { advanceMs: 1e300 },
      { to: '9999-12-30', advanceDays: 9, running: true },
    ]) {
      const { status, body } = await json(url('clock'), far);
      const error = 'The clock can stand between 1970-01-01 and 9999-12-31';
      expect([status, body], JSON.stringify(far)).toEqual([400, { error }]);
    }
    const { body: after } = await json(url('clock'));
    expect(after).toEqual({ ...before, version: after['version'] });
    for (const [name, far] of [
      ['age-deliveries', { hours: 1e300 }],
      ['age-bulk', { days: 1e300 }],
      ['search-index', { advanceMs: 1e300 }],
      ['segment-index', { advanceMs: 1e300 }],
    ] as const) {
      expect((await json(url(name), far)).status, name).toBe(400);
    }
  });

  it('opens the app as the admin frame does', async () => {
    const seen: URL[] = [];
    const agents: (string | undefined)[] = [];
    const app = createServer((request, response) => {
      seen.push(new URL(request.url ?? '', 'http://app'));
      agents.push(request.headers['user-agent']);
      response.writeHead(request.url?.startsWith('/gone') ? 410 : 200).end('hello');
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      app.closeAllConnections();
      app.close();
    });
    const { sandbox } = await openSandbox();
    const open = `${sandbox.url}/control/open-app`;
    expect((await json(open, {})).status).toBe(409);
    const appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
    expect((await json(`${sandbox.url}/control/app-url`, { url: `${appUrl}/` })).body).toEqual({ appUrl });
    expect((await json(open, { shop: DOMAIN })).body).toEqual({ status: 200 });
    expect((await json(open, { path: '/gone?x=1' })).body).toEqual({ status: 410 });
    const parameters = Object.fromEntries(seen[0]?.searchParams ?? []);
    expect(parameters).toMatchObject({ embedded: '1', shop: DOMAIN, locale: 'en' });
    expect(Buffer.from(parameters['host'] ?? '', 'base64').toString()).toBe('admin.shopify.com/store/test');
    expect(verifySessionToken(parameters['id_token'] ?? '', { apiKey: API_KEY, apiSecret: API_SECRET })).toBe(
      DOMAIN,
    );
    expect(seen[1]?.searchParams.get('x')).toBe('1');
    expect(agents[0]).toContain('Chrome/');
    const { body } = await json(`${sandbox.url}/control/session-token?shop=${DOMAIN}`);
    expect(verifySessionToken(String(body['idToken']), { apiKey: API_KEY, apiSecret: API_SECRET })).toBe(
      DOMAIN,
    );
  });

  it('has the acts of the panel and its pages', async () => {
    const { sandbox, store } = await openSandbox();
    const created = await json(`${sandbox.url}/control/create-customer`, { email: 'anna@example.com' });
    expect(created.status).toBe(200);
    expect(store.customerByEmail('anna@example.com')).toBeDefined();
    expect((await fetch(`${sandbox.url}/store/test/customers`)).status).toBe(200);
    expect((await fetch(`${sandbox.url}/app-bridge.js`)).status).toBe(200);
  });
});
