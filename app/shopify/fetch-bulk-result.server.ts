/**
 * Reads the result file of a bulk operation as bytes, from an offset on. The address comes in an answer of
 * Shopify's, but is treated as a stranger's: only Shopify's storage hosts (or the sandbox itself), no
 * redirects, no credentials.
 *
 * Offsets count the bytes of the plain file. Packed in transit (Content-Encoding) or as a file (gzip without
 * saying so), it is unpacked here; a packed file cannot be entered in the middle, so it is read from its start.
 */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../app-error.ts';
import type { Config } from '../config.server.ts';
import { allowedUrl } from './allowed-address.ts';
import type { Fetch } from './sandbox-hook.server.ts';

/** For the headers, and then for each part of the body: a file may take long, silence may not. */
const SILENCE_MS = 30_000;

export type FetchResult = (
  url: string,
  options: { from: bigint; signal?: AbortSignal },
) => Promise<AsyncIterable<Uint8Array>>;

type Bytes = AsyncIterable<Uint8Array>;

interface Reader {
  send: Fetch;
  silenceMs: number;
  signal: AbortSignal | undefined;
}

/**
 * Errors, of the call or while its bytes are read: AppError 'not_found' when the file is gone (results live
 * seven days), 'shopify_unavailable' when it cannot be read now, 'shopify_rejected' for an address that is not
 * Shopify's.
 */
export function createFetchResult(
  config: Pick<Config, 'sandboxUrl' | 'production'>,
  options: { fetch?: Fetch; silenceMs?: number } = {},
): FetchResult {
  return async (address, { from, signal }) => {
    const url = allowedUrl(address, config);
    const reader: Reader = {
      send: options.fetch ?? ((where, init) => fetch(where, init)),
      silenceMs: options.silenceMs ?? SILENCE_MS,
      signal,
    };
    if (from > 0n && !(await isPacked(reader, url))) return open(reader, url, from);
    return passOver(from, unpack(await open(reader, url, 0n)));
  };
}

/** Bytes from `from` on; `length` for a look at the beginning only. */
async function open(reader: Reader, url: string, from: bigint, length?: number): Promise<Bytes> {
  const watch = silenceWatch(reader.silenceMs, reader.signal);
  const range = length === undefined ? `bytes=${from}-` : `bytes=${from}-${from + BigInt(length) - 1n}`;
  let response: Response;
  try {
    response = await reader.send(url, {
      redirect: 'manual',
      credentials: 'omit',
      headers: from > 0n || length !== undefined ? { range, 'accept-encoding': 'identity' } : {},
      signal: watch.signal,
    });
  } catch (cause) {
    watch.pause();
    reader.signal?.throwIfAborted();
    throw unreadable({ reason: 'no answer' }, cause);
  }
  const { status } = response;
  if (status === 200 || status === 206) {
    // A server that knows no ranges sends the file from its start.
    return passOver(status === 200 ? from : 0n, bodyOf(reader, response, watch));
  }
  watch.pause();
  await response.body?.cancel().catch(() => undefined);
  if (status === 416) return nothing(); // the offset is the end
  throw faultOf(status);
}

function faultOf(status: number): AppError {
  const context = { status };
  // An address that has run out is answered with 400 by the storage.
  if (status === 400 || status === 403 || status === 404 || status === 410) {
    return new AppError('not_found', 'Shopify’s result file is no longer there.', { context });
  }
  if (status >= 500 || status === 429 || status === 408) return unreadable(context);
  return new AppError('shopify_rejected', 'Shopify did not hand out its result file.', { context });
}

async function* bodyOf(reader: Reader, response: Response, watch: SilenceWatch): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of (response.body ?? nothing()) as Bytes) {
      watch.pause(); // a slow database is no silence of Shopify's
      yield chunk;
      watch.start();
    }
  } catch (cause) {
    reader.signal?.throwIfAborted();
    throw unreadable({ reason: watch.signal.aborted ? 'silence' : 'cut off' }, cause);
  } finally {
    watch.pause();
  }
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function isPacked(reader: Reader, url: string): Promise<boolean> {
  for await (const chunk of await open(reader, url, 0n, 2)) return isGzip(chunk);
  return false;
}

async function* unpack(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  async function* all() {
    yield first.value as Uint8Array;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  if (!isGzip(first.value)) {
    yield* all();
    return;
  }
  const source = Readable.from(all());
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip) as Bytes;
  } catch (cause) {
    throw cause instanceof AppError ? cause : unreadable({ reason: 'damaged' }, cause);
  } finally {
    source.destroy();
  }
}

async function* passOver(count: bigint, bytes: Bytes): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of bytes) {
    if (left >= BigInt(chunk.length)) {
      left -= BigInt(chunk.length);
      continue;
    }
    yield left > 0n ? chunk.subarray(Number(left)) : chunk;
    left = 0n;
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
  start(): void;
  pause(): void;
}

/** Runs from the beginning. */
function silenceWatch(milliseconds: number, outer: AbortSignal | undefined): SilenceWatch {
  const controller = new AbortController();
  const begin = () => setTimeout(() => controller.abort(), milliseconds);
  let timer = begin();
  return {
    signal: outer ? AbortSignal.any([controller.signal, outer]) : controller.signal,
    start: () => {
      clearTimeout(timer);
      timer = begin();
    },
    pause: () => clearTimeout(timer),
  };
}
