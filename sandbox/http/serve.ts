/**
 * node:http around the routes. Whatever comes in, the process goes on: bodies are limited before they are kept,
 * malformed JSON is a 400, a handler that throws is a 500.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Sandbox } from '../sandbox.ts';
import { findRoute } from './router.ts';
import { HttpError, jsonAnswer } from './route.ts';
import type { Route, SandboxAnswer, SandboxRequest } from './route.ts';

const MAX_BODY = 1024 * 1024;

export function createHttpServer(routes: () => readonly Route[], sandbox: () => Sandbox): Server {
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 20_000 }, (request, response) => {
    void answer(request, response, routes(), sandbox());
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
    else socket.destroy();
  });
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
  sandbox: Sandbox,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    await send(request, response, await handle(request, routes, sandbox, gone.signal));
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const failure =
      error instanceof HttpError
        ? jsonAnswer(error.body, error.status)
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
): Promise<SandboxAnswer> {
  const method = request.method ?? 'GET';
  const target = request.url ?? '/';
  if (!URL.canParse(target, sandbox.url)) throw new HttpError(400, { error: 'Bad address' });
  const url = new URL(target, sandbox.url);
  const match = findRoute(routes, method, url.pathname);
  switch (match.outcome) {
    case 'none':
      throw new HttpError(404, { error: `The sandbox has nothing at ${url.pathname}` });
    case 'wrong_method':
      throw new HttpError(405, { error: `Only ${match.allowed.join(', ')} here` });
    case 'found': {
      const body = await readBody(request, match.route.maxBody ?? MAX_BODY);
      return match.route.handle(toRequest(request, method, url, match.params, body, signal), sandbox);
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

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => new HttpError(413, { error: `The body is larger than ${limit} bytes` });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: SandboxAnswer,
): Promise<void> {
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

/** Lets a caller who is still sending read the answer, but not for long. */
function discard(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), 1000);
  request.on('close', () => clearTimeout(timer));
  request.resume();
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
