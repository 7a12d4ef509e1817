import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long what is still coming is thrown away, so that the sender gets to read our answer. */
const FAREWELL_MS = 1_000;

/** A status and nothing else: no message says why. @param status 405 says that only POST is allowed */
export function answerEmpty(request: IncomingMessage, response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.setHeader('content-length', 0);
  if (status === 405) response.setHeader('allow', 'POST');
  if (!request.complete) {
    // The rest of the body is not read: the connection ends with the answer.
    response.setHeader('connection', 'close');
    request.resume();
    setTimeout(() => request.destroy(), FAREWELL_MS).unref();
  }
  response.end();
}
