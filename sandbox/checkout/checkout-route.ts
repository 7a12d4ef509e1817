/** POST /control/checkout: see checkout.ts. A cart that makes no sense: 422 and its sentence. */
import { ActError } from '../acts/act.ts';
import { storeNamed } from '../acts/act-routes.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { checkOut } from './checkout.ts';

export const checkoutRoute: Route = {
  method: 'POST',
  path: '/control/checkout',
  handle: async (request, sandbox) => {
    const { shop, ...input } = request.json();
    try {
      return jsonAnswer(await checkOut(sandbox, storeNamed(sandbox, shop), input));
    } catch (error) {
      if (error instanceof ActError) throw new HttpError(422, { error: error.message });
      throw error;
    }
  },
};
