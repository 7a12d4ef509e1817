/** GET /control/discounts?shop= : every discount with its status on the business clock; and their numbers in the state. */
import { storeNamed } from '../acts/act-routes.ts';
import { jsonAnswer } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { Sandbox, SandboxPlugin } from '../sandbox.ts';
import { discountStatus } from './discount-status.ts';

export const discountRoute: Route = {
  method: 'GET',
  path: '/control/discounts',
  handle: ({ url }, sandbox) => {
    const store = storeNamed(sandbox, url.searchParams.get('shop') ?? undefined);
    const now = store.clock.now();
    const discounts = [...store.discounts.all()].map((one) => ({ ...one, status: discountStatus(one, now) }));
    return jsonAnswer({ discounts });
  },
};

export function createDiscounts(sandbox: Sandbox): SandboxPlugin {
  return {
    name: 'discounts',
    state(domain) {
      const store = sandbox.stores.get(domain);
      const all = store ? [...store.discounts.all()] : [];
      const active = all.filter((one) => store && discountStatus(one, store.clock.now()) === 'ACTIVE');
      return {
        count: all.length,
        active: active.length,
        activeAutomatic: active.filter(({ method }) => method === 'automatic').length,
      };
    },
  };
}
