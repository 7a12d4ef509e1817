/**
 * Reads the result file of a bulk operation as bytes, from an offset on. The address comes in an answer of
 * Shopify's, but is treated as a stranger's: only Shopify's storage hosts (or the sandbox itself), no
 * redirects, no credentials.
 */
import { AppError } from '../app-error.ts';
import type { Config } from '../config.server.ts';
import type { Fetch } from './sandbox-hook.server.ts';

/** Shopify keeps bulk results in Google Cloud Storage; the last is for names of its own. */
const HOSTS = [/^storage\.googleapis\.com$/, /(^|\.)shopifycloud\.com$/, /(^|\.)shopify\.com$/];
/** For the headers, and then for each part of the body: a file may take long, silence may not. */
const SILENCE_MS = 30_000;

export interface BulkResult {
  /** Bytes from `from` on, gunzipped by fetch if they came packed. */
  body: AsyncIterable<Uint8Array>;
}

export type FetchResult = (
  url: string,
  options: { from: bigint; signal?: AbortSignal },
) => Promise<BulkResult>;

/**
 * @throws AppError 'not_found' when the file is gone (results live seven days), 'shopify_unavailable' when it
 *   cannot be read now, 'shopify_rejected' for an address that is not Shopify's
 */
export function createFetchResult(
  config: Pick<Config, 'sandboxUrl' | 'production'>,
  options: { fetch?: Fetch; silenceMs?: number } = {},
): FetchResult {
  const send: Fetch = options.fetch ?? ((url, init) => fetch(url, init));
  return async (address, { from, signal }) => {
    const url = allowedUrl(address, config);
    const watch = silenceWatch(options.silenceMs ?? SILENCE_MS, signal);
    let response: Response;
    try {
      response = await send(url.toString(), {
        redirect: 'manual',
        credentials: 'omit',
        headers: from > 0n ? { range: `bytes=${from}-`, 'accept-encoding': 'identity' } : {},
        signal: watch.signal,
      });
    } catch (cause) {
      watch.stop();
      signal?.throwIfAborted();
      throw unreadable({ reason: 'no answer' }, cause);
    }
    const fault = faultOf(response.status, from);
    if (fault) {
      watch.stop();
      await response.body?.cancel().catch(() => undefined);
      if (fault === 'end') return { body: nothing() };
      throw fault;
    }
    // A server that knows no ranges sends the file from its start: what has been read is passed over.
    const skip = response.status === 200 ? from : 0n;
    return { body: chunks(response, skip, watch, signal) };
  };
}

function allowedUrl(address: string, config: Pick<Config, 'sandboxUrl' | 'production'>): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const sandbox = config.production || !config.sandboxUrl ? undefined : new URL(config.sandboxUrl);
  const allowed =
    url !== undefined &&
    url.username === '' &&
    url.password === '' &&
    (sandbox
      ? url.origin === sandbox.origin
      : url.protocol === 'https:' && url.port === '' && HOSTS.some((host) => host.test(url.hostname)));
  if (!allowed) {
    throw new AppError('shopify_rejected', 'A result of Shopify lies at an address that is not Shopify’s.', {
      context: { host: url?.host ?? 'unreadable' },
    });
  }
  return url;
}

/** @returns 'end' when nothing is left after the offset */
function faultOf(status: number, from: bigint): AppError | 'end' | undefined {
  if (status === 200 || status === 206) return undefined;
  if (status === 416 && from > 0n) return 'end';
  if (status === 403 || status === 404 || status === 410) {
    return new AppError('not_found', 'Shopify’s result file is no longer there.', { context: { status } });
  }
  if (status >= 500 || status === 429 || status === 408) return unreadable({ status });
  return new AppError('shopify_rejected', 'Shopify did not hand out its result file.', {
    context: { status },
  });
}

async function* chunks(
  response: Response,
  skip: bigint,
  watch: SilenceWatch,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let left = skip;
  try {
    for await (const chunk of (response.body ?? nothing()) as AsyncIterable<Uint8Array>) {
      watch.heard();
      if (left >= BigInt(chunk.length)) {
        left -= BigInt(chunk.length);
        continue;
      }
      yield left > 0n ? chunk.subarray(Number(left)) : chunk;
      left = 0n;
      // The reader may take its time (a slow database is no silence of Shopify's).
      watch.heard();
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw unreadable({ reason: 'cut off' }, cause);
  } finally {
    watch.stop();
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // an empty file
}

function unreadable(context: Record<string, unknown>, cause?: unknown): AppError {
  return new AppError('shopify_unavailable', 'Shopify’s result file could not be read to its end.', {
    context,
    retryable: true,
    cause,
  });
}

interface SilenceWatch {
  signal: AbortSignal;
  heard(): void;
  stop(): void;
}

function silenceWatch(milliseconds: number, outer: AbortSignal | undefined): SilenceWatch {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error('silence'));
  let timer = setTimeout(abort, milliseconds);
  return {
    signal: outer ? AbortSignal.any([controller.signal, outer]) : controller.signal,
    heard() {
      clearTimeout(timer);
      timer = setTimeout(abort, milliseconds);
    },
    stop: () => clearTimeout(timer),
  };
}
