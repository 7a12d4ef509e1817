/** GET /control/flow-triggers?shop=&handle=&limit= : what the app told Flow, oldest first; and their numbers in the state. */
import { storeNamed } from '../acts/act-routes.ts';
import { jsonAnswer } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { Sandbox, SandboxPlugin } from '../sandbox.ts';

const SHOWN = 100;

export const flowRoute: Route = {
  method: 'GET',
  path: '/control/flow-triggers',
  handle: ({ url }, sandbox) => {
    const store = storeNamed(sandbox, url.searchParams.get('shop') ?? undefined);
    const handle = url.searchParams.get('handle');
    const found = [...store.flowTriggers.all()].filter((one) => handle === null || one.handle === handle);
    const limit = Number(url.searchParams.get('limit') ?? SHOWN);
    return jsonAnswer({ total: found.length, triggers: limit > 0 ? found.slice(-limit) : [] });
  },
};

export function createFlow(sandbox: Sandbox): SandboxPlugin {
  return {
    name: 'flow',
    state(domain) {
      const received: Record<string, number> = {};
      for (const { handle } of sandbox.stores.get(domain)?.flowTriggers.all() ?? []) {
        received[handle] = (received[handle] ?? 0) + 1;
      }
      return { received };
    },
  };
}
