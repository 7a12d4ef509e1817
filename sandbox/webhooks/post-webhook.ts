/**
 * One attempt: 1 s to connect, 5 s in all, only 2xx is a success, a redirect is a failure. The answer's body is
 * read and thrown away.
 */
import { request as httpRequest } from 'node:http';
import type { Agent } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface PostLimits {
  connectMs: number;
  totalMs: number;
}

export const SHOPIFY_LIMITS: PostLimits = { connectMs: 1_000, totalMs: 5_000 };

export type AttemptOutcome =
  | { outcome: 'delivered'; status: number }
  | { outcome: 'refused'; status: number }
  | { outcome: 'unreachable'; reason: string };

/** Never throws: a failure is an outcome. */
export function postWebhook(
  url: URL,
  body: string,
  headers: Record<string, string>,
  limits: PostLimits,
  agent?: Agent,
): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(body, 'utf8');
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': bytes.length },
      ...(agent && url.protocol === 'http:' ? { agent } : {}),
    });
    let settled = false;
    const finish = (outcome: AttemptOutcome) => {
      if (settled) return;
      settled = true;
      clearTimeout(connectTimer);
      clearTimeout(totalTimer);
      resolve(outcome);
      if (outcome.outcome === 'unreachable') request.destroy();
    };
    const giveUp = (reason: string) => () => finish({ outcome: 'unreachable', reason });
    const connectTimer = setTimeout(giveUp('no connection in time'), limits.connectMs);
    const totalTimer = setTimeout(giveUp('no answer in time'), limits.totalMs);
    request.on('socket', (socket) => {
      if (!socket.connecting) clearTimeout(connectTimer);
      else socket.once('connect', () => clearTimeout(connectTimer));
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      finish({ outcome: 'unreachable', reason: error.code ?? error.message }),
    );
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        finish({ outcome: status >= 200 && status < 300 ? 'delivered' : 'refused', status });
      });
      response.on('error', () => finish({ outcome: 'unreachable', reason: 'answer cut off' }));
    });
    request.end(bytes);
  });
}
