/**
 * Documents are streamed: browsers get the shell as soon as it is there, crawlers the whole page. Which pages
 * may frame us is decided per request by Shopify's library; the web process widens it for the sandbox.
 */
import { PassThrough } from 'node:stream';
import {
  createReadableStreamFromReadable,
  type ActionFunctionArgs,
  type AppLoadContext,
  type EntryContext,
  type LoaderFunctionArgs,
} from '@remix-run/node';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';

/** Single fetch gives up on a loader's stream after this long; rendering is ended a second later. */
export const streamTimeout = 10_000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  { regulars }: AppLoadContext,
): Promise<Response> {
  regulars.shopify.addDocumentResponseHeaders(request, headers);
  headers.set('Content-Type', 'text/html; charset=utf-8');
  const whole = isbot(request.headers.get('user-agent'));

  return new Promise((resolve, reject) => {
    let answered = false;
    const answer = () => {
      answered = true;
      const body = new PassThrough();
      resolve(
        new Response(createReadableStreamFromReadable(body), { status: failed ? 500 : status, headers }),
      );
      pipe(body);
    };
    let failed = false;
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={remixContext} url={request.url} />, {
      [whole ? 'onAllReady' : 'onShellReady']: answer,
      onShellError: reject,
      onError(error) {
        failed = true;
        // Before the answer the error is rejected above, and logged by handleError.
        if (answered)
          regulars.log.error({ err: error, path: new URL(request.url).pathname }, 'render failed');
      },
    });
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}

/** What a loader, an action or a render threw that nobody expected. An aborted request and a 404 are no errors. */
export function handleError(
  error: unknown,
  { request, context }: LoaderFunctionArgs | ActionFunctionArgs,
): void {
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  const { pathname } = new URL(request.url);
  context.regulars.log.error({ err: error, method: request.method, path: pathname }, 'page failed');
}
