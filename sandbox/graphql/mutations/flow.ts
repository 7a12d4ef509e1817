import { receiveTrigger } from '../../flow/receive-trigger.ts';
import { appExtensions } from '../../functions/app-extensions.ts';
import type { GraphContext } from '../context.ts';
import type { FieldResolvers } from '../resolvers/types.ts';

/** The older `body` argument is refused by name. */
export const flowMutations: FieldResolvers<unknown> = {
  flowTriggerReceive: (
    _,
    args: { handle?: string | null; payload?: unknown },
    { store, sandbox }: GraphContext,
  ) => {
    const { handle, payload } = args;
    const { flowTriggers } = appExtensions(sandbox);
    return { userErrors: receiveTrigger(store, flowTriggers, { handle, payload }) };
  },
};
