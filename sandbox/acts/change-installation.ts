/** The merchant removes the app, or grants it other scopes. */
import { z } from 'zod';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import { ActError, asOneAction, checkInput } from './act.ts';

/** Every token ends before the app hears of it, as at Shopify. @throws ActError */
export function uninstallApp(store: Store, _input: unknown, sandbox: Sandbox): { uninstalled: string } {
  const { domain } = store.shop;
  if (!sandbox.access.isInstalled(domain)) throw new ActError('The app is not installed');
  return asOneAction(store, () => {
    sandbox.access.uninstall(domain);
    store.emit({ kind: 'app_uninstalled' });
    return { uninstalled: domain };
  });
}

export const changeScopesInput = z.object({ scopes: z.array(z.string().min(1)) });

/** @throws ActError */
export function changeScopes(
  store: Store,
  input: unknown,
  sandbox: Sandbox,
): { previous: string[]; current: string[] } {
  const { domain } = store.shop;
  const { scopes } = checkInput(changeScopesInput, input);
  if (!sandbox.access.isInstalled(domain)) throw new ActError('The app is not installed');
  const previous = sandbox.access.scopesOf(domain);
  return asOneAction(store, () => {
    sandbox.access.setScopes(domain, scopes);
    store.emit({ kind: 'scopes_updated', previous, current: scopes });
    return { previous, current: scopes };
  });
}
