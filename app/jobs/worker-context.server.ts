import type { AppContext } from '../context.server.ts';
import type { FetchResult } from '../shopify/fetch-bulk-result.server.ts';
import type { UploadFile } from '../shopify/upload-file.server.ts';

/** What the worker's jobs and turns are given. */
export type WorkerContext = Pick<
  AppContext,
  'config' | 'db' | 'clock' | 'log' | 'cipher' | 'jobs' | 'adminFor'
> & { fetchResult: FetchResult; uploadFile: UploadFile };
