/**
 * POST /admin/oauth/access_token: token exchange (a session token for an offline token) and refresh.
 * Answers and error names as the library expects them (`invalid_subject_token` makes it ask for a new one).
 */
import { withHttpFaults } from '../faults/http-faults.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { Route, SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Sandbox } from '../sandbox.ts';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const OFFLINE = 'urn:shopify:params:oauth:token-type:offline-access-token';

export const oauthRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/admin/oauth/access_token',
    maxBody: 64 * 1024,
    handle: (request, sandbox) => {
      const chance = { shop: String(request.headers['x-sandbox-shop'] ?? '') };
      return withHttpFaults(sandbox.faults, 'token', chance, request.signal, () =>
        grantToken(request, sandbox),
      );
    },
  },
];

function grantToken(request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  const input = readInput(request);
  const { access } = sandbox;
  if (!access.isThisApp(input['client_id'], input['client_secret'])) {
    return refusal(401, 'invalid_client', 'The client id or secret is wrong.');
  }
  const shop = String(request.headers['x-sandbox-shop'] ?? '');

  if (input['grant_type'] === 'refresh_token') {
    const issued = access.refresh(shop, String(input['refresh_token'] ?? ''));
    return issued
      ? jsonAnswer(issued)
      : refusal(400, 'invalid_grant', 'This refresh token is unknown, used or expired.');
  }
  if (input['grant_type'] !== TOKEN_EXCHANGE || input['subject_token_type'] !== ID_TOKEN) {
    return refusal(400, 'unsupported_grant_type', 'The sandbox knows token exchange and refresh_token.');
  }
  if (input['requested_token_type'] !== OFFLINE) {
    return refusal(400, 'invalid_request', 'Online access tokens are not implemented by the sandbox.');
  }
  const domain = access.shopOfSessionToken(String(input['subject_token'] ?? ''));
  if (domain === undefined || (shop !== '' && shop !== domain) || !sandbox.stores.has(domain)) {
    return refusal(400, 'invalid_subject_token', 'The session token is not valid.');
  }
  return jsonAnswer(access.issue(domain, { expiring: input['expiring'] === '1' || input['expiring'] === 1 }));
}

function readInput(request: SandboxRequest): Record<string, unknown> {
  if (/^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '')) {
    return Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
  }
  return request.json();
}

function refusal(status: number, error: string, description: string): SandboxAnswer {
  throw new HttpError(status, { error, error_description: description });
}
