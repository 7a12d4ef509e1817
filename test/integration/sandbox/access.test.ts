import { describe, expect, it } from 'vitest';
import { API_KEY, API_SECRET, DOMAIN, openSandbox } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';

const EXCHANGE = {
  client_id: API_KEY,
  client_secret: API_SECRET,
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
  expiring: '1',
};

async function grant({ sandbox }: Caller, input: Record<string, unknown>, shop = DOMAIN) {
  const response = await fetch(`${sandbox.url}/admin/oauth/access_token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sandbox-shop': shop },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function statusWith({ post }: Caller, token: string | undefined): Promise<number> {
  const body = JSON.stringify({ query: '{ shop { id } }' });
  return (await post(body, { 'x-shopify-access-token': token ?? '' })).status;
}

describe('tokens', () => {
  it('are exchanged for a session token, live an hour, and refresh once', async () => {
    const caller = await openSandbox();
    const { sandbox } = caller;
    const idToken = sandbox.sessionTokenFor(DOMAIN);
    const { status, body } = await grant(caller, { ...EXCHANGE, subject_token: idToken });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^shpat_[0-9a-f]{32}$/),
      scope: expect.stringContaining('read_customers'),
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^shprt_/),
      refresh_token_expires_in: 7_776_000,
    });
    expect(await statusWith(caller, body['access_token'])).toBe(200);

    const refresh = { ...EXCHANGE, grant_type: 'refresh_token', refresh_token: body['refresh_token'] };
    const next = await grant(caller, refresh);
    expect(next.status).toBe(200);
    expect(next.body['access_token']).not.toBe(body['access_token']);
    expect(await statusWith(caller, next.body['access_token'])).toBe(200);
    // The old refresh token is dead.
    expect(await grant(caller, refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });

    const expire = { method: 'POST', body: JSON.stringify({ shop: DOMAIN }) };
    await fetch(`${sandbox.url}/control/expire-tokens`, expire);
    expect(await statusWith(caller, next.body['access_token'])).toBe(401);
    const again = await grant(caller, { ...refresh, refresh_token: next.body['refresh_token'] });
    expect(await statusWith(caller, again.body['access_token'])).toBe(200);
  });

  it('are refused to a wrong app, a wrong store and a wrong or old session token', async () => {
    const caller = await openSandbox();
    const subject_token = caller.sandbox.sessionTokenFor(DOMAIN);
    const error = async (input: Record<string, unknown>, shop = DOMAIN) => {
      const { status, body } = await grant(caller, { ...EXCHANGE, subject_token, ...input }, shop);
      return [status, body['error']];
    };
    expect(await error({ client_secret: 'x' })).toEqual([401, 'invalid_client']);
    expect(await error({ client_id: 'x' })).toEqual([401, 'invalid_client']);
    expect(await error({ subject_token: `${subject_token}x` })).toEqual([400, 'invalid_subject_token']);
    expect(await error({ subject_token: undefined })).toEqual([400, 'invalid_subject_token']);
    expect(await error({}, 'other.myshopify.com')).toEqual([400, 'invalid_subject_token']);
    expect(await error({ subject_token: caller.sandbox.sessionTokenFor('gone.myshopify.com') })).toEqual([
      400,
      'invalid_subject_token',
    ]);
    expect(
      await error({ requested_token_type: 'urn:shopify:params:oauth:token-type:online-access-token' }),
    ).toEqual([400, 'invalid_request']);
    expect(await error({ grant_type: 'password' })).toEqual([400, 'unsupported_grant_type']);
    expect(await error({ grant_type: 'refresh_token', refresh_token: 'x' })).toEqual([400, 'invalid_grant']);
  });

  it('all end when the app is removed', async () => {
    const caller = await openSandbox();
    const { sandbox } = caller;
    const { body } = await grant(caller, { ...EXCHANGE, subject_token: sandbox.sessionTokenFor(DOMAIN) });
    expect(sandbox.access.isInstalled(DOMAIN)).toBe(true);
    sandbox.access.uninstall(DOMAIN);
    expect(sandbox.access.isInstalled(DOMAIN)).toBe(false);
    expect(await statusWith(caller, body['access_token'])).toBe(401);
    const refresh = { ...EXCHANGE, grant_type: 'refresh_token', refresh_token: body['refresh_token'] };
    expect((await grant(caller, refresh)).status).toBe(400);
  });

  it('do not expire when none is asked to', async () => {
    const caller = await openSandbox();
    const subject_token = caller.sandbox.sessionTokenFor(DOMAIN);
    const { body } = await grant(caller, { ...EXCHANGE, subject_token, expiring: '0' });
    expect(Object.keys(body).sort()).toEqual(['access_token', 'scope']);
  });
});
