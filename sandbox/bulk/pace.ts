/** Real-time pace of bulk operations: assumptions, since Shopify publishes none. Per operation. */
export const QUERY_ROWS_PER_SECOND = 5000;
export const MUTATION_LINES_PER_SECOND = 50;

/** Waits until `done` units are due at `perSecond`, but always lets other work in. */
export async function keepPace(
  done: number,
  startedAt: number,
  perSecond: number,
  signal: AbortSignal,
): Promise<void> {
  const wait = startedAt + (done / perSecond) * 1000 - performance.now();
  if (wait <= 1 || signal.aborted) return new Promise((resolve) => setImmediate(resolve));
  await pause(wait, signal);
}

export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
