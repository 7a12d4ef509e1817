/** Every fault of a call over HTTP, as a client meets it; each test asserts that its fault happened. */
import { describe, expect, it } from 'vitest';
import { API_KEY, API_SECRET, DOMAIN, openSandbox } from './call-sandbox.ts';
import { ADD, outcome, SHOP, shopOf } from './fault-shop.ts';

describe('answers of the Admin API', () => {
  it('throttled: the next calls, whatever the bucket holds; nothing is done', async () => {
    const { ask, sandbox, ids, tagged } = await shopOf();
    sandbox.faults.arm('throttled', { count: 2, field: 'tagsAdd' });
    expect((await ask('{ shop { name } }')).errors).toBeUndefined();
    for (let call = 0; call < 2; call += 1) {
      const { status, errors, cost } = await ask(ADD, { id: ids[0] });
      expect([status, errors]).toMatchObject([
        200,
        [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
      ]);
      expect(cost).toMatchObject({
        requestedQueryCost: 10,
        actualQueryCost: null,
        throttleStatus: { currentlyAvailable: 0 },
      });
    }
    expect(tagged()).toBe(0);
    expect((await ask(ADD, { id: ids[0] })).errors).toBeUndefined();
    expect(sandbox.faults.happened('throttled')).toBe(2);
    expect(sandbox.apiLog.counts(DOMAIN).throttled).toBe(2);
    expect(sandbox.apiLog.recent(DOMAIN).map(({ faults }) => faults)).toEqual([
      [],
      ['throttled'],
      ['throttled'],
      [],
    ]);
  });

  it('too-many-requests: 429 with Retry-After, whole or in parts of a second', async () => {
    const { post, sandbox } = await shopOf();
    sandbox.faults.arm('too-many-requests', { retryAfter: 2 });
    sandbox.faults.arm('too-many-requests', { retryAfter: 0.25 });
    const [first, second] = [await post(SHOP), await post(SHOP)];
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '2.0']);
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '0.25']);
    expect((await post(SHOP)).status).toBe(200);
    expect(sandbox.faults.happened('too-many-requests')).toBe(2);
    expect(sandbox.apiLog.recent(DOMAIN)[0]).toMatchObject({ status: 429, fields: ['shop'] });
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('server-error %s it was done', async (when, done) => {
    const { post, sandbox, ids, tagged } = await shopOf();
    sandbox.faults.arm('server-error', { status: 502, when });
    const body = JSON.stringify({ query: ADD, variables: { id: ids[0] } });
    expect((await post(body)).status).toBe(502);
    expect(tagged()).toBe(done);
    expect((await post(body)).status).toBe(200);
    expect(sandbox.faults.happened('server-error')).toBe(1);
  });

  it('hang: late, or never; the sandbox serves others meanwhile and forgets who went away', async () => {
    const { post, sandbox, ids, tagged } = await shopOf();
    const body = JSON.stringify({ query: ADD, variables: { id: ids[0] } });
    sandbox.faults.arm('hang', { for: 0.2 });
    const startedAt = performance.now();
    expect((await post(body)).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(190);

    sandbox.faults.arm('hang', { for: 60, field: 'tagsAdd' });
    const impatient = fetch(`${sandbox.url}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'x-shopify-access-token': sandbox.accessTokenFor(DOMAIN) },
      body,
      signal: AbortSignal.timeout(300),
    });
    expect((await post(SHOP)).status).toBe(200);
    expect(await outcome(impatient)).toContain('timeout');
    sandbox.faults.arm('hang', { for: 0.05, then: 'close' });
    expect(await outcome(post(SHOP))).toBe('fetch failed');
    expect(sandbox.faults.happened('hang')).toBe(3);
    expect(tagged()).toBe(1);
  });

  it('reset: the answer breaks off in the middle, after it was done', async () => {
    const { post, sandbox, ids, tagged } = await shopOf();
    sandbox.faults.arm('reset');
    const response = await post(JSON.stringify({ query: ADD, variables: { id: ids[0] } }));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(tagged()).toBe(1);
    sandbox.faults.arm('reset', { when: 'before' });
    expect(await outcome(post(SHOP))).toBe('fetch failed');
    expect(await outcome(post(SHOP))).toBe(200);
    expect(sandbox.faults.happened('reset')).toBe(2);
  });

  it('errors: 200 with errors and no data, and nothing is done', async () => {
    const { ask, sandbox, ids, tagged } = await shopOf();
    sandbox.faults.arm('errors', { field: 'tagsAdd' });
    const { status, data, errors } = await ask(ADD, { id: ids[0] });
    expect([status, data, errors?.[0]?.extensions?.['code']]).toEqual([200, {}, 'INTERNAL_SERVER_ERROR']);
    expect([tagged(), sandbox.faults.happened('errors')]).toEqual([0, 1]);
  });

  it('user-errors: 200, and the payload says no', async () => {
    const { ask, sandbox, ids, tagged } = await shopOf();
    sandbox.faults.arm('user-errors', { message: 'Not today', path: ['id'] });
    expect((await ask(ADD, { id: ids[0] })).data).toEqual({
      tagsAdd: { node: null, userErrors: [{ field: ['id'], message: 'Not today' }] },
    });
    expect([tagged(), sandbox.faults.happened('user-errors')]).toEqual([0, 1]);
  });

  it('partial-data: some aliases are null with an error each, the others are done', async () => {
    const { ask, sandbox, ids, tagged } = await shopOf(40);
    const fault = sandbox.faults.arm('partial-data', { share: 0.5, seed: 7, field: 'tagsAdd' });
    const aliases = ids.map((id, n) => `t${n}: tagsAdd(id: "${id}", tags: ["x"]) { userErrors { message } }`);
    const { data, errors } = await ask(`mutation { ${aliases.join(' ')} }`);
    const nulls = Object.entries(data).filter(([, value]) => value === null);
    expect(fault.happened).toBeGreaterThan(5);
    expect(fault.happened).toBeLessThan(35);
    expect(nulls).toHaveLength(fault.happened);
    expect(errors?.map(({ path }) => (path as string[])[0])).toEqual(nulls.map(([alias]) => alias));
    expect(tagged()).toBe(40 - fault.happened);
  });
});

describe('tokens', () => {
  it('revoke-token: in the middle, from one call to the next', async () => {
    const { post, sandbox } = await shopOf();
    sandbox.faults.arm('revoke-token', { after: 2 });
    const statuses = [];
    for (let call = 0; call < 5; call += 1) statuses.push((await post(SHOP)).status);
    expect(statuses).toEqual([200, 200, 401, 401, 401]);
    expect(sandbox.faults.happened('revoke-token')).toBe(1);
  });

  it('expire-token: the refresh token still works', async () => {
    const { post, sandbox } = await shopOf();
    const issued = sandbox.control.accessToken(DOMAIN, { expiring: true });
    const headers = { 'x-shopify-access-token': issued.access_token };
    sandbox.faults.arm('expire-token');
    expect((await post(SHOP, headers)).status).toBe(401);
    expect((await post(SHOP, headers)).status).toBe(401);
    const response = await fetch(`${sandbox.url}/admin/oauth/access_token`, {
      method: 'POST',
      headers: { 'x-sandbox-shop': DOMAIN },
      body: JSON.stringify({
        client_id: API_KEY,
        client_secret: API_SECRET,
        grant_type: 'refresh_token',
        refresh_token: issued.refresh_token,
      }),
    });
    const fresh = (await response.json()) as { access_token: string };
    expect((await post(SHOP, { 'x-shopify-access-token': fresh.access_token })).status).toBe(200);
    expect(sandbox.faults.happened('expire-token')).toBe(1);
  });

  it('the token endpoint itself may fail', async () => {
    const { sandbox } = await shopOf();
    sandbox.faults.arm('server-error', { on: 'token', status: 503 });
    const ask = () => fetch(`${sandbox.url}/admin/oauth/access_token`, { method: 'POST', body: '{}' });
    expect([(await ask()).status, (await ask()).status]).toEqual([503, 401]);
    expect(sandbox.faults.happened('server-error')).toBe(1);
  });
});

it('one store’s faults are not another’s', async () => {
  const other = 'other.myshopify.com';
  const { sandbox, ask } = await openSandbox({
    stores: [DOMAIN, other].map((domain) => ({ domain, seed: { empty: true } as const })),
  });
  sandbox.faults.arm('throttled', { shop: other, count: 1 });
  expect((await ask('{ shop { name } }')).errors).toBeUndefined();
  expect(sandbox.faults.happened('throttled')).toBe(0);
});
