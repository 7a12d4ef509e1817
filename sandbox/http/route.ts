/**
 * The sandbox's HTTP, as its parts see it: a route is a method, a path pattern and a function from request to
 * answer. The server does the rest (body limits, malformed JSON, errors), so no handler can take it down.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Sandbox } from '../sandbox.ts';

export interface SandboxRequest {
  method: string;
  url: URL;
  /** Named parts of the path pattern, decoded. */
  params: Readonly<Record<string, string>>;
  headers: IncomingHttpHeaders;
  /** Empty where the route takes the body as a stream. */
  body: Buffer;
  /** The body as it comes in, for a route that asks for it; larger than `maxBody` it fails with HttpError 413. */
  stream?: AsyncIterable<Buffer>;
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
  /** @throws HttpError 400 when the body is not a JSON object */
  json(): Record<string, unknown>;
}

export interface SandboxAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** A string is UTF-8 text. */
  body?: string | Buffer | Readable;
  /** The connection is reset after so many bytes of the body; less than 0: before any answer. */
  breakAt?: number;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** "/store/:name/customers/:id"; a last part "*rest" takes everything that follows (also nothing). */
  path: string;
  /** Bytes; 1 MiB unless told. */
  maxBody?: number;
  /** The handler reads the body itself, as it comes in. */
  streamed?: boolean;
  handle(request: SandboxRequest, sandbox: Sandbox): SandboxAnswer | Promise<SandboxAnswer>;
}

/** Ends a request with this status; `body` is sent as JSON. */
export class HttpError extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string>;

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export function jsonAnswer(body: unknown, status = 200, headers: Record<string, string> = {}): SandboxAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function htmlAnswer(body: string, status = 200, headers: Record<string, string> = {}): SandboxAnswer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}
