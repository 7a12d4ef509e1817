/**
 * node:http around the routes. Whatever comes in, the process goes on: bodies are limited before they are kept,
 * malformed JSON is a 400, a slow or endless sender is cut off, a handler that throws is a 500.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Sandbox } from '../sandbox.ts';
import { findRoute } from './router.ts';
import { HttpError, jsonAnswer } from './route.ts';
import type { Route, SandboxAnswer, SandboxRequest } from './route.ts';

const MAX_BODY = 1024 * 1024;

export interface HttpLimits {
  /** Milliseconds for the headers to be in. */
  headersMs: number;
  /** Milliseconds for the whole request to be in. */
  requestMs: number;
  /** How often the two are looked at. */
  checkMs: number;
}

export const HTTP_LIMITS: HttpLimits = { headersMs: 20_000, requestMs: 60_000, checkMs: 5000 };

export function createHttpServer(
  routes: () => readonly Route[],
  sandbox: () => Sandbox,
  limits: HttpLimits = HTTP_LIMITS,
): Server {
  const { headersMs, requestMs, checkMs } = limits;
  const server = createServer(
    { requestTimeout: requestMs, headersTimeout: headersMs, connectionsCheckingInterval: checkMs },
    (request, response) => void answer(request, response, routes(), sandbox()),
  );
  // "Expect: 100-continue": who is refused by the headers alone need not send the body.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response, routes(), sandbox(), () => response.writeContinue());
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable) socket.destroy();
    else socket.end(`HTTP/1.1 ${statusOf(error)}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  return server;
}

/** What node's parser refused before there was a request. */
function statusOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout';
  return '400 Bad Request';
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
  sandbox: Sandbox,
  wantBody?: () => void,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    await send(request, response, await handle(request, routes, sandbox, gone.signal, wantBody));
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    if (gone.signal.aborted) return;
    const failure =
      error instanceof HttpError
        ? jsonAnswer(error.body, error.status, error.headers)
        : jsonAnswer(
            { error: `The sandbox failed: ${error instanceof Error ? error.message : String(error)}` },
            500,
          );
    if (!(error instanceof HttpError)) process.stderr.write(`sandbox: ${describe(error)}\n`);
    const unread = !request.readableEnded;
    if (unread) response.setHeader('connection', 'close');
    await send(request, response, failure).catch(() => response.destroy());
    if (unread) discard(request);
  }
}

async function handle(
  request: IncomingMessage,
  routes: readonly Route[],
  sandbox: Sandbox,
  signal: AbortSignal,
  wantBody?: () => void,
): Promise<SandboxAnswer> {
  const method = request.method ?? 'GET';
  const target = request.url ?? '/';
  if (!URL.canParse(target, sandbox.url)) throw new HttpError(400, { error: 'Bad address' });
  const url = new URL(target, sandbox.url);
  const match = findRoute(routes, method, url.pathname);
  switch (match.outcome) {
    case 'none':
      throw new HttpError(404, { error: `The sandbox has nothing at ${url.pathname}` });
    case 'wrong_method': {
      const allow = match.allowed.join(', ');
      throw new HttpError(405, { error: `Only ${allow} here` }, { allow });
    }
    case 'found': {
      const { route, params } = match;
      const limit = route.maxBody ?? MAX_BODY;
      if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
      wantBody?.();
      const body = route.streamed ? Buffer.alloc(0) : await readBody(request, limit);
      const given = toRequest(request, method, url, params, body, signal);
      if (route.streamed) given.stream = limited(request, limit);
      return route.handle(given, sandbox);
    }
  }
}

function toRequest(
  request: IncomingMessage,
  method: string,
  url: URL,
  params: Record<string, string>,
  body: Buffer,
  signal: AbortSignal,
): SandboxRequest {
  return {
    method,
    url,
    params,
    headers: request.headers,
    body,
    signal,
    json() {
      let value: unknown;
      try {
        value = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
      } catch {
        throw new HttpError(400, { errors: 'Malformed JSON' });
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new HttpError(400, { errors: 'A JSON object is wanted' });
      }
      return value as Record<string, unknown>;
    },
  };
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, { error: `The body is larger than ${limit} bytes` });
}

async function* limited(request: IncomingMessage, limit: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    yield chunk;
  }
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of limited(request, limit)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: SandboxAnswer,
): Promise<void> {
  if (answer.breakAt !== undefined) return breakOff(response, answer, answer.breakAt);
  const { body } = answer;
  if (body instanceof Readable) {
    response.writeHead(answer.status ?? 200, answer.headers);
    if (request.method === 'HEAD') {
      body.destroy();
      response.end();
      return;
    }
    await pipeline(body, response);
    return;
  }
  const bytes = Buffer.from(body ?? '');
  response.writeHead(answer.status ?? (body === undefined ? 204 : 200), {
    ...(body === undefined ? {} : { 'content-length': String(bytes.length) }),
    ...answer.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** A fault: headers that promise the whole body, a part of it, and then the connection is gone. */
async function breakOff(response: ServerResponse, answer: SandboxAnswer, at: number): Promise<void> {
  const { socket } = response;
  const reset = () => void socket?.resetAndDestroy();
  const { body } = answer;
  if (at < 0 || !socket) {
    if (body instanceof Readable) body.destroy();
    return reset();
  }
  const whole = body instanceof Readable ? undefined : Buffer.from(body ?? '');
  response.writeHead(answer.status ?? 200, {
    ...(whole === undefined ? {} : { 'content-length': String(whole.length) }),
    ...answer.headers,
  });
  let left = at;
  for await (const chunk of (whole === undefined ? body : [whole]) as AsyncIterable<Buffer>) {
    const part = chunk.subarray(0, left);
    left -= part.length;
    // What was written must have left before the reset, which throws away all that is still here.
    if (part.length > 0) await new Promise((resolve) => response.write(part, resolve));
    if (left <= 0) break;
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  reset();
}

/** Lets a caller who is still sending read the answer, but not for long. */
function discard(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), 1000);
  request.on('close', () => clearTimeout(timer));
  request.resume();
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
