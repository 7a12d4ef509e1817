/**
 * The endpoint of all webhook topics: a plain handler in front of Remix, whose own path is ten times slower.
 * It reads the body within its limits, passes it on and answers with the outcome's status; no message says why.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  receiveWebhook,
  STATUS_OF,
  type ReceiveContext,
  type ReceiveOutcome,
} from '../intake/inbox/receive-webhook.server.ts';
import { answerEmpty } from './answer-empty.server.ts';
import { readBody } from './read-body.server.ts';

export const WEBHOOK_LIMITS = { bytes: 1_000_000, milliseconds: 5_000 };

export type WebhookEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createWebhookEndpoint(ctx: ReceiveContext, limits = WEBHOOK_LIMITS): WebhookEndpoint {
  return async (request, response) => {
    const outcome = await receive(ctx, request, limits);
    if (outcome === 'gone' || response.destroyed) return;
    ctx.log.debug({ outcome, topic: request.headers['x-shopify-topic'] }, 'webhook');
    answerEmpty(request, response, STATUS_OF[outcome]);
  };
}

async function receive(
  ctx: ReceiveContext,
  request: IncomingMessage,
  limits: typeof WEBHOOK_LIMITS,
): Promise<ReceiveOutcome | 'gone'> {
  if (request.method !== 'POST') return 'wrong_method';
  const read = await readBody(request, limits);
  if (read.outcome !== 'read') return read.outcome;
  return receiveWebhook(ctx, { headers: request.headers, rawBody: read.body });
}
