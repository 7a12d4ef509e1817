/**
 * One delivery, from its raw body to its outcome: check the signature, find the shop, append, and nothing
 * else. Whatever the message says is read later, by a worker.
 */
import { assertNever } from '../../app-error.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.server.ts';
import { isComplianceTopic } from '../normalise/webhook-fields.ts';
import type { InboxAppender } from './append.server.ts';
import type { ShopFinder } from './shop-finder.server.ts';
import { verifyHmac } from './verify-hmac.server.ts';
import { shopDomainOf, signatureOf, webhookHeaders, type Headers } from './webhook-headers.ts';

export type ReceiveOutcome =
  | 'accepted' // 200: stored
  | 'duplicate' // 200: stored before
  | 'nothing_held' // 200: a compliance topic of a shop that we hold nothing of
  | 'bad_signature' // 401: missing or wrong
  | 'malformed_shop' // 401: not the domain of a shop
  | 'unknown_shop' // 401: never installed, or erased
  | 'incomplete' // 400: signed, but without a topic or a delivery id
  | 'wrong_method' // 405
  | 'too_slow' // 408: the body did not come in time
  | 'too_large' // 413
  | 'not_stored'; // 503: try again

export const STATUS_OF: Readonly<Record<ReceiveOutcome, number>> = {
  accepted: 200,
  duplicate: 200,
  nothing_held: 200,
  bad_signature: 401,
  malformed_shop: 401,
  unknown_shop: 401,
  incomplete: 400,
  wrong_method: 405,
  too_slow: 408,
  too_large: 413,
  not_stored: 503,
};

export interface ReceiveContext {
  secrets: readonly [string, ...string[]];
  shops: ShopFinder;
  inbox: InboxAppender;
  clock: Clock;
  log: Log;
}

/** Never throws: what goes wrong on our side is 'not_stored'. */
export async function receiveWebhook(
  ctx: ReceiveContext,
  request: { headers: Headers; rawBody: Buffer },
): Promise<ReceiveOutcome> {
  if (!verifyHmac(request.rawBody, signatureOf(request.headers), ctx.secrets)) return 'bad_signature';
  const domain = shopDomainOf(request.headers);
  if (domain === undefined) return 'malformed_shop';
  const headers = webhookHeaders(request.headers);
  if (headers === undefined) return 'incomplete';
  const withoutShop = isComplianceTopic(headers.topic) ? 'nothing_held' : 'unknown_shop';
  try {
    const shopId = await ctx.shops.find(domain);
    if (shopId === undefined) return withoutShop;
    const outcome = await ctx.inbox.append(shopId, {
      ...headers,
      rawBody: request.rawBody,
      receivedAt: ctx.clock.machineNow(),
    });
    switch (outcome) {
      case 'accepted':
      case 'duplicate':
      case 'not_stored':
        return outcome;
      case 'shop_gone':
        ctx.shops.forget(domain);
        return withoutShop;
      default:
        return assertNever(outcome);
    }
  } catch (error) {
    ctx.log.error({ err: error, topic: headers.topic }, 'webhook could not be stored');
    return 'not_stored';
  }
}
