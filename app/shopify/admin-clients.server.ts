/**
 * The one Admin API client: over our own fetch, because the library's cannot wait for points. One throttle a
 * shop and process, shared by everybody who asks for that shop.
 *
 * What becomes of a request is judged in judge-answer.ts; this file acts on it. Refused before it was done
 * (throttled, busy): sent again. Answer lost: sent again only if doing it twice does no harm. 401: the token is
 * renewed once. Everything else is told as an AppError. Tokens and variables reach neither log nor error.
 */
import { AppError, assertNever } from '../app-error.ts';
import { backOffMs } from '../back-off.ts';
import type { Clock } from '../clock.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { sql } from '../db/sql.ts';
import type { Log } from '../log.server.ts';
import type { AdminAnswer, AdminClient, AdminRequestOptions, Priority } from './admin-client.ts';
import { ADMIN_API_VERSION } from './api-version.ts';
import { judgeAnswer, type Verdict } from './judge-answer.ts';
import { mayRepeat, operationName } from './may-repeat.ts';
import type { OfflineTokens } from './offline-token.server.ts';
import type { Fetch } from './sandbox-hook.server.ts';
import { createThrottle, type Throttle, type Timer } from './throttle.ts';

/** A page waits for nobody; background work is in no hurry. */
const PATIENCE: Record<
  Priority,
  { timeoutMs: number; tries: number; refusals: number; unknownCost: number }
> = {
  page: { timeoutMs: 10_000, tries: 3, refusals: 8, unknownCost: 100 },
  background: { timeoutMs: 30_000, tries: 8, refusals: 100, unknownCost: 1000 },
};
const BACK_OFF = { firstMs: 500, longestMs: 30_000 };

export interface AdminClientsContext {
  db: Db;
  clock: Clock;
  log: Log;
  tokens: OfflineTokens;
  /** Reaches shops' addresses (createShopifyFetch). */
  fetch: Fetch;
  /** 0 <= x < 1: jitter. */
  random?: () => number;
  timer?: Timer;
  timeoutMs?: Partial<Record<Priority, number>>;
}

export const machineTimer: Timer = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** @returns the client of a shop; the same one for the process's whole life */
export function createAdminClients(ctx: AdminClientsContext): (shopId: ShopId) => Promise<AdminClient> {
  const clients = new Map<ShopId, AdminClient>();
  return async (shopId) => {
    const known = clients.get(shopId);
    if (known) return known;
    const domain = await ctx.db.outsideShops(async (tx) => {
      const { rows } = await tx.query<{ domain: string }>(sql`SELECT domain FROM shop WHERE id = ${shopId}`);
      return rows[0]?.domain;
    });
    if (!domain)
      throw new AppError('not_found', 'This store is not known to the app.', { context: { shopId } });
    const again = clients.get(shopId);
    if (again) return again;
    const client = createAdminClient(ctx, domain);
    clients.set(shopId, client);
    return client;
  };
}

export function createAdminClient(ctx: Omit<AdminClientsContext, 'db'>, shop: string): AdminClient {
  const timer = ctx.timer ?? machineTimer;
  const random = ctx.random ?? Math.random;
  const throttle = createThrottle(timer);
  /** The dearest that each document has been (its variables count): static ones only, so the map stays small. */
  const costs = new Map<string, number>();

  async function run(
    document: string,
    variables: unknown,
    options: AdminRequestOptions,
    fixed: boolean,
  ): Promise<AdminAnswer<unknown>> {
    const priority = options.priority ?? 'background';
    const patience = PATIENCE[priority];
    const repeatable = options.repeatable ?? mayRepeat(document);
    const about = { shop, operation: operationName(document) };
    let cost = (fixed ? costs.get(document) : undefined) ?? options.cost ?? patience.unknownCost;
    let rejected: string | undefined;
    let tries = 0;
    let refusals = 0;

    for (;;) {
      const token = await ctx.tokens.accessToken(shop, rejected);
      const lease = await throttle.acquire(cost, priority, options.signal);
      const sentAt = ctx.clock.machineNow();
      const { verdict, date } = await send(ctx, {
        shop,
        token,
        body: JSON.stringify({ query: document, variables }),
        signal: options.signal,
        timeoutMs: ctx.timeoutMs?.[priority] ?? patience.timeoutMs,
      });
      const told = verdict.kind === 'done' || verdict.kind === 'throttled' ? verdict.cost : undefined;
      lease.settle(told?.status);
      if (told?.requested !== undefined) {
        cost = told.requested;
        if (fixed) costs.set(document, Math.max(cost, costs.get(document) ?? 0));
      }

      switch (verdict.kind) {
        case 'done':
          return { data: verdict.data, date: readTime(date, sentAt), sentAt };
        case 'throttled': {
          refusals += 1;
          const most = told?.status?.maximumAvailable;
          if (refusals > patience.refusals || (most !== undefined && cost > most)) {
            throw new AppError('shopify_throttled', 'Shopify is too busy for this store just now.', {
              context: { ...about, refusals, cost },
              retryable: true,
            });
          }
          // With a status the throttle knows how long to wait; without one, a second is a guess.
          if (!told?.status) throttle.pauseFor(1000);
          continue;
        }
        case 'busy': {
          tries += 1;
          if (tries >= patience.tries) {
            throw new AppError('shopify_throttled', 'Shopify takes no more calls for this store just now.', {
              context: { ...about, tries },
              retryable: true,
            });
          }
          throttle.pauseFor(verdict.afterMs ?? backOff(tries, random));
          continue;
        }
        case 'lost': {
          tries += 1;
          const context = { ...about, reason: verdict.reason, tries };
          if (!repeatable) {
            throw new AppError(
              'shopify_unavailable',
              'Shopify’s answer to a change was lost; it may have been made.',
              { context, retryable: false },
            );
          }
          if (tries >= patience.tries) {
            throw new AppError('shopify_unavailable', 'Shopify does not answer at present.', {
              context,
              retryable: true,
            });
          }
          ctx.log.debug(context, 'asking Shopify again');
          await wait(timer, backOff(tries, random), options.signal);
          continue;
        }
        case 'unauthorised':
          if (rejected !== undefined) {
            throw new AppError(
              'shopify_access',
              'Shopify refuses this app’s access to the store. Open the app once in Shopify’s admin.',
              { context: about },
            );
          }
          rejected = token;
          continue;
        case 'refused':
          throw new AppError(verdict.error.code, verdict.error.userMessage, {
            context: { ...about, ...verdict.error.context },
            retryable: verdict.error.retryable,
          });
        default:
          assertNever(verdict);
      }
    }
  }

  return {
    shop,
    request: async (document, variables, options = {}) =>
      (await run(document, variables, options, true)) as never,
    requestComposed: (document, variables, options = {}) => run(document, variables, options, false),
    budget: () => throttle.budget(),
  };
}

/**
 * When Shopify read the state, by its clock. The Date header has whole seconds: a read would seem older than a
 * message of the same second that it already contains. Our own clock says where in that second the request left.
 */
export function readTime(date: Date | undefined, sentAt: Date): Date {
  if (!date) return sentAt;
  const second = date.getTime();
  return new Date(Math.min(Math.max(sentAt.getTime(), second), second + 999));
}

/** 0.5 s, 1 s, 2 s ... at most 30 s, of which a random half to whole is waited. */
function backOff(tries: number, random: () => number): number {
  const most = backOffMs(BACK_OFF, tries - 1);
  return most * (0.5 + random() / 2);
}

function wait(timer: Timer, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const callOff = timer.after(milliseconds, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    const abort = () => {
      callOff();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

async function send(
  ctx: Pick<AdminClientsContext, 'fetch'>,
  request: {
    shop: string;
    token: string;
    body: string;
    signal: AbortSignal | undefined;
    timeoutMs: number;
  },
): Promise<{ verdict: Verdict; date: Date | undefined }> {
  const limit = AbortSignal.timeout(request.timeoutMs);
  try {
    const response = await ctx.fetch(`https://${request.shop}/admin/api/${ADMIN_API_VERSION}/graphql.json`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-shopify-access-token': request.token,
      },
      body: request.body,
      signal: request.signal ? AbortSignal.any([limit, request.signal]) : limit,
    });
    const verdict = judgeAnswer({
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      body: await response.text(),
    });
    const date = new Date(response.headers.get('date') ?? '');
    return { verdict, date: Number.isNaN(date.getTime()) ? undefined : date };
  } catch {
    if (request.signal?.aborted) throw request.signal.reason;
    return {
      verdict: { kind: 'lost', reason: limit.aborted ? 'no answer in time' : 'connection failed' },
      date: undefined,
    };
  }
}

export type { Throttle };
