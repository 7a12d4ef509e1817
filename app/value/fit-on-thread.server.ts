/** A fit takes seconds of one core: it runs on a thread of its own, so that webhooks go on being worked off. */
import { Worker } from 'node:worker_threads';
import type { StoreFit, StoreFitInput } from './models/store-fit.ts';

/** @throws what the thread threw, or that it was ended (by `signal`, too) */
export function fitOnThread(input: StoreFitInput, signal?: AbortSignal): Promise<StoreFit> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./fit-thread.server.ts', import.meta.url), {
      workerData: input,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const end = () => void worker.terminate();
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', end);
      reject(new Error(`the fit ended without an answer (exit ${code})`));
    });
  });
}
