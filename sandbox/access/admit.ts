/** At the door of the Admin API: a good token of this store, a store that is open, an address on the list. */
import { HttpError } from '../http/route.ts';
import type { SandboxRequest } from '../http/route.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import type { Permissions } from './permissions.ts';

export const WRONG_TOKEN = '[API] Invalid API key or access token (unrecognized login or wrong password)';

export interface Caller {
  store: Store;
  token: string;
  permissions: Permissions;
}

/** @throws HttpError 401 for the token, 402 and 423 for the store, 403 for the address (its text is an assumption) */
export function admit(request: SandboxRequest, sandbox: Sandbox): Caller {
  const token = String(request.headers['x-shopify-access-token'] ?? '');
  const domain = sandbox.access.shopOf(token);
  const permissions = sandbox.access.permissionsOf(token);
  const named = request.headers['x-sandbox-shop'];
  const store = domain === undefined ? undefined : sandbox.stores.get(domain);
  if (!store || !permissions || (named !== undefined && named !== domain)) {
    throw new HttpError(401, { errors: WRONG_TOKEN });
  }
  const { ipAllowlist, shopStatus } = sandbox.access.switchesOf(store.shop.domain);
  if (shopStatus === 'frozen') throw new HttpError(402, { errors: 'Unavailable Shop' });
  if (shopStatus === 'locked') throw new HttpError(423, { errors: 'Locked' });
  if (ipAllowlist === 'blocked') {
    throw new HttpError(403, { errors: "[API] This IP address is not on the app's IP allowlist" });
  }
  return { store, token, permissions };
}
