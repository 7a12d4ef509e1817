/** Every route and plugin of the sandbox; a new part is added here and nowhere else. */
import { oauthRoutes } from './access/oauth-route.ts';
import { actRoutes } from './acts/act-routes.ts';
import { createAdmin } from './admin/admin.ts';
import { controlRoutes } from './control/control-routes.ts';
import { worldRoutes } from './control/world-routes.ts';
import type { Route } from './http/route.ts';
import type { Sandbox, SandboxPlugin } from './sandbox.ts';
import { createWebhooks } from './webhooks/webhooks.ts';

export const fixedRoutes: readonly Route[] = [...oauthRoutes, ...controlRoutes, ...worldRoutes, ...actRoutes];

/** @throws when the app's configuration cannot be read */
export function createPlugins(sandbox: Sandbox): SandboxPlugin[] {
  const webhooks = createWebhooks(sandbox);
  return [webhooks, createAdmin(sandbox, webhooks)];
}
