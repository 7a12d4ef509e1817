/**
 * GET /control/segments?shop= : every segment, with its number of members as settled when `counts=1`;
 * POST /control/segment-index `{ shop?, lagMs?, advanceMs?, catchUp? }`: how far memberships lag behind, and their clock.
 */
import { z } from 'zod';
import { storeNamed } from '../acts/act-routes.ts';
import { TEN_YEARS_MS } from '../clock.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { Sandbox, SandboxPlugin } from '../sandbox.ts';
import { findMembers } from './find-members.ts';
import { segmentIndexOf } from './segment-index.ts';

const input = z.object({
  shop: z.string().optional(),
  lagMs: z.number().min(0).max(TEN_YEARS_MS).optional(),
  advanceMs: z.number().min(0).max(TEN_YEARS_MS).default(0),
  catchUp: z.boolean().default(false),
});

export const segmentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/control/segments',
    handle: async ({ url }, sandbox) => {
      const store = storeNamed(sandbox, url.searchParams.get('shop') ?? undefined);
      const counts = url.searchParams.get('counts') === '1';
      const segments: unknown[] = [];
      for (const segment of store.segments.all()) {
        segments.push(
          counts ? { ...segment, members: (await findMembers(store, segment.query)).length } : segment,
        );
      }
      return jsonAnswer({ lagMs: segmentIndexOf(store).lagMs, segments });
    },
  },
  {
    method: 'POST',
    path: '/control/segment-index',
    handle: (request, sandbox) => {
      const wanted = input.safeParse(request.json());
      if (!wanted.success) throw new HttpError(400, { error: z.prettifyError(wanted.error) });
      const { shop, lagMs, advanceMs, catchUp } = wanted.data;
      const index = segmentIndexOf(storeNamed(sandbox, shop), sandbox.fast);
      if (lagMs !== undefined) index.lagMs = lagMs;
      index.advance(advanceMs);
      if (catchUp) index.catchUp();
      return jsonAnswer({ lagMs: index.lagMs });
    },
  },
];

/** Follows every store from its beginning, so that memberships lag from the first write on. */
export function createSegments(sandbox: Sandbox): SandboxPlugin {
  for (const store of sandbox.stores.values()) segmentIndexOf(store, sandbox.fast);
  return {
    name: 'segments',
    storeAdded: (store) => void segmentIndexOf(store, sandbox.fast),
    state: (domain) => ({ count: sandbox.stores.get(domain)?.segments.size ?? 0 }),
  };
}
