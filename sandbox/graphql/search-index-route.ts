/** POST /control/search-index `{ shop?, lagMs?, advanceMs?, catchUp? }`: how far searches are behind, and their clock. */
import { z } from 'zod';
import { storeNamed } from '../acts/act-routes.ts';
import { TEN_YEARS_MS } from '../clock.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { startSearchIndex } from './search-index.ts';

const input = z.object({
  shop: z.string().optional(),
  lagMs: z.number().min(0).max(TEN_YEARS_MS).optional(),
  advanceMs: z.number().min(0).max(TEN_YEARS_MS).default(0),
  catchUp: z.boolean().default(false),
});

export const searchIndexRoute: Route = {
  method: 'POST',
  path: '/control/search-index',
  handle: (request, sandbox) => {
    const wanted = input.safeParse(request.json());
    if (!wanted.success) throw new HttpError(400, { error: z.prettifyError(wanted.error) });
    const { shop, lagMs, advanceMs, catchUp } = wanted.data;
    const index = startSearchIndex(storeNamed(sandbox, shop), sandbox.fast);
    if (lagMs !== undefined) index.lagMs = lagMs;
    index.advance(advanceMs);
    if (catchUp) index.catchUp();
    return jsonAnswer({ lagMs: index.lagMs });
  },
};
