/**
 * The endpoint of the Flow action: a plain handler in front of Remix, like that of the webhooks. It answers within
 * Flow's ten seconds because it only notes what is asked for.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  ACTION_STATUS,
  receiveAction,
  type ActionContext,
  type ActionOutcome,
} from '../activation/flow/receive-action.server.ts';
import { answerEmpty } from './answer-empty.server.ts';
import { readBody } from './read-body.server.ts';

export const ACTION_LIMITS = { bytes: 64_000, milliseconds: 5_000 };

export function createFlowEndpoint(
  ctx: ActionContext,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const outcome = await receive(ctx, request);
    if (outcome === 'gone' || response.destroyed) return;
    ctx.log.debug({ outcome }, 'action of Flow');
    answerEmpty(request, response, ACTION_STATUS[outcome]);
  };
}

async function receive(ctx: ActionContext, request: IncomingMessage): Promise<ActionOutcome | 'gone'> {
  if (request.method !== 'POST') return 'wrong_method';
  const read = await readBody(request, ACTION_LIMITS);
  if (read.outcome !== 'read') return read.outcome;
  return receiveAction(ctx, { headers: request.headers, rawBody: read.body });
}
