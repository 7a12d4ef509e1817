/**
 * Reads a request's body as it comes, within a limit of size and of time. What is announced as too large is
 * refused before a byte of it is read, and what turns out too large is not kept.
 */
import type { IncomingMessage } from 'node:http';

export type ReadBody =
  | { outcome: 'read'; body: Buffer }
  | { outcome: 'too_large' }
  | { outcome: 'too_slow' }
  /** The sender went away: nobody waits for an answer. */
  | { outcome: 'gone' };

export function readBody(
  source: IncomingMessage,
  limits: { bytes: number; milliseconds: number },
): Promise<ReadBody> {
  const announced = Number(source.headers['content-length'] ?? 0);
  if (announced > limits.bytes) return Promise.resolve({ outcome: 'too_large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (result: ReadBody) => {
      clearTimeout(timer);
      source.off('data', onData);
      source.off('end', onEnd);
      source.off('close', onGone);
      source.off('error', onGone);
      // Errors after the answer (the sender hangs up) are nobody's concern.
      source.on('error', () => undefined);
      resolve(result);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.bytes) finish({ outcome: 'too_large' });
      else chunks.push(chunk);
    };
    const onEnd = () => finish({ outcome: 'read', body: Buffer.concat(chunks) });
    const onGone = () => finish({ outcome: 'gone' });
    const timer = setTimeout(() => finish({ outcome: 'too_slow' }), limits.milliseconds);
    source.on('data', onData);
    source.on('end', onEnd);
    source.on('close', onGone);
    source.on('error', onGone);
  });
}
