/**
 * What an answer of the Admin API means for the request: done, wait, try again, or tell somebody. Every case
 * that Shopify documents, and whatever else a proxy may send.
 */
import { AppError } from '../app-error.ts';
import type { ThrottleStatus } from './throttle.ts';

export type Verdict =
  | { kind: 'done'; data: unknown; cost: Cost | undefined }
  /** Refused for want of points: nothing was done. */
  | { kind: 'throttled'; cost: Cost | undefined }
  /** Refused for being too many: nothing was done. `afterMs`: what Retry-After said. */
  | { kind: 'busy'; afterMs: number | undefined }
  /** No answer, or none that says anything: it may have been done, or not. */
  | { kind: 'lost'; reason: string }
  /** The access token is not good (any more). */
  | { kind: 'unauthorised' }
  | { kind: 'refused'; error: AppError };

export interface Cost {
  /** What the bucket must hold for it: reserved before, refunded in part after. */
  requested: number | undefined;
  status: ThrottleStatus | undefined;
}

export interface RawAnswer {
  status: number;
  retryAfter: string | null;
  body: string;
}

export function judgeAnswer(answer: RawAnswer): Verdict {
  const { status } = answer;
  if (status === 200) return judgeBody(answer.body);
  if (status === 401) return { kind: 'unauthorised' };
  if (status === 429) return { kind: 'busy', afterMs: readRetryAfter(answer.retryAfter) };
  if (status >= 500) return { kind: 'lost', reason: `status ${status}` };
  return { kind: 'refused', error: errorOfStatus(status) };
}

/** Seconds (with decimals) as Shopify sends them. */
export function readRetryAfter(header: string | null): number | undefined {
  const seconds = Number(header ?? '');
  return header?.trim() && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function errorOfStatus(status: number): AppError {
  const context = { status };
  switch (status) {
    case 402:
      return new AppError('shopify_access', 'The store is frozen: its plan must be paid first.', { context });
    case 403:
      return new AppError(
        'config',
        'Shopify refuses calls from this network address. Is it on the app’s IP allowlist (Dev Dashboard, Settings)?',
        { context },
      );
    case 404:
      return new AppError(
        'shopify_access',
        'Shopify does not know this store (any more), or our API version.',
        {
          context,
        },
      );
    case 423:
      return new AppError('shopify_access', 'The store is locked. Shopify’s support can unlock it.', {
        context,
      });
    case 430:
      return new AppError(
        'shopify_unavailable',
        'Shopify took our calls for an attack and refused them for now.',
        { context, retryable: true },
      );
    default:
      return new AppError('shopify_rejected', 'Shopify did not accept the request.', { context });
  }
}

interface Body {
  data?: unknown;
  errors?: unknown;
  extensions?: { cost?: { requestedQueryCost?: unknown; throttleStatus?: Record<string, unknown> } };
}

function judgeBody(text: string): Verdict {
  let body: Body;
  try {
    body = JSON.parse(text) as Body;
  } catch {
    return { kind: 'lost', reason: 'the answer was cut off' };
  }
  if (typeof body !== 'object' || body === null) return { kind: 'lost', reason: 'the answer was no object' };
  const cost = readCost(body);
  const errors = readErrors(body.errors);
  if (errors.length === 0) {
    return body.data === undefined || body.data === null
      ? { kind: 'lost', reason: 'the answer held no data' }
      : { kind: 'done', data: body.data, cost };
  }
  const codes = errors.map((error) => error.code);
  if (codes.includes('THROTTLED')) return { kind: 'throttled', cost };
  if (codes.includes('INTERNAL_SERVER_ERROR') || codes.includes('TIMEOUT')) {
    return { kind: 'lost', reason: 'Shopify reported an internal error' };
  }
  // What Shopify says of our document; the text may repeat an input, so it is kept short.
  const context = {
    codes: codes.filter((code) => code !== ''),
    said: errors[0]?.message.slice(0, 200),
  };
  if (codes.includes('ACCESS_DENIED')) {
    return {
      kind: 'refused',
      error: new AppError(
        'shopify_access',
        'Shopify denied access to something this app needs: a permission is missing or was taken back.',
        { context },
      ),
    };
  }
  if (codes.includes('SHOP_INACTIVE')) {
    return {
      kind: 'refused',
      error: new AppError('shopify_access', 'The store is not active at Shopify.', { context }),
    };
  }
  return {
    kind: 'refused',
    error: new AppError('shopify_rejected', 'Shopify did not accept a request of this app.', { context }),
  };
}

function readErrors(errors: unknown): { message: string; code: string }[] {
  if (errors === undefined || errors === null) return [];
  // A refusal before GraphQL is a plain string.
  if (!Array.isArray(errors)) return [{ message: String(errors), code: '' }];
  return errors.map((error: { message?: unknown; extensions?: { code?: unknown } } | null) => ({
    message: String(error?.message ?? ''),
    code: String(error?.extensions?.code ?? ''),
  }));
}

function readCost(body: Body): Cost | undefined {
  const cost = body.extensions?.cost;
  if (!cost) return undefined;
  const status = cost.throttleStatus;
  const number = (value: unknown) => (typeof value === 'number' && value >= 0 ? value : undefined);
  const maximumAvailable = number(status?.['maximumAvailable']);
  const currentlyAvailable = number(status?.['currentlyAvailable']);
  const restoreRate = number(status?.['restoreRate']);
  return {
    requested: number(cost.requestedQueryCost),
    status:
      maximumAvailable === undefined || currentlyAvailable === undefined || restoreRate === undefined
        ? undefined
        : { maximumAvailable, currentlyAvailable, restoreRate },
  };
}
