/** What an import is given. */
import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/tenancy.server.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import type { Log } from '../../log.server.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import type { FetchResult } from '../../shopify/fetch-bulk-result.server.ts';

/** `step` as in import_run.step; `done` and `total` in whatever the step counts. */
export type OnProgress = (step: string, done: number, total: number) => void | Promise<void>;

export interface ImportContext {
  db: Db;
  admin: AdminClient;
  clock: Clock;
  log: Log;
  fetchResult: FetchResult;
  /** Customers that were redacted are not brought back. */
  redactionKey: Buffer;
  /** Works out everything that is computed: runs once all facts are there, and again if it was interrupted. */
  afterLoad(shopId: ShopId, onProgress: OnProgress): Promise<unknown>;
  /** Stops between two chunks (shutdown); the next call goes on from there. */
  signal?: AbortSignal;
  /** Waits between two looks at Shopify; default: time. May return early: it only looks again. */
  wait?(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
  /** Lines in one transaction. */
  chunkLines?: number;
}
