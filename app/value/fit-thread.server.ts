/** The thread's side of fit-on-thread.server.ts: one fit, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { fitStore, type StoreFitInput } from './models/store-fit.ts';

parentPort?.postMessage(fitStore(workerData as StoreFitInput));
