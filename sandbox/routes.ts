/** Every route and plugin of the sandbox; a new part is added here and nowhere else. */
import { oauthRoutes } from './access/oauth-route.ts';
import { actRoutes } from './acts/act-routes.ts';
import { createAdmin } from './admin/admin.ts';
import { checkoutRoute } from './checkout/checkout-route.ts';
import { controlRoutes } from './control/control-routes.ts';
import { worldRoutes } from './control/world-routes.ts';
import { createDiscounts, discountRoute } from './discounts/discount-routes.ts';
import { createFlow, flowRoute } from './flow/flow-routes.ts';
import type { Route } from './http/route.ts';
import type { Sandbox, SandboxPlugin } from './sandbox.ts';
import { createSegments, segmentRoutes } from './segments/segment-routes.ts';
import { createWebhooks } from './webhooks/webhooks.ts';

export const fixedRoutes: readonly Route[] = [
  ...oauthRoutes,
  ...controlRoutes,
  ...worldRoutes,
  ...actRoutes,
  ...segmentRoutes,
  discountRoute,
  flowRoute,
  checkoutRoute,
];

/** @throws when the app's configuration cannot be read */
export function createPlugins(sandbox: Sandbox): SandboxPlugin[] {
  const webhooks = createWebhooks(sandbox);
  return [
    webhooks,
    createAdmin(sandbox, webhooks),
    createSegments(sandbox),
    createDiscounts(sandbox),
    createFlow(sandbox),
  ];
}
