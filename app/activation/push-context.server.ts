import type { Clock } from '../clock.ts';
import type { Db } from '../db/tenancy.server.ts';
import type { Log } from '../log.server.ts';
import type { AdminClient } from '../shopify/admin-client.ts';

/** What writing tags needs. `fetchResult` reads the result file of a bulk operation, from `from` bytes on. */
export interface PushContext {
  db: Db;
  admin: AdminClient;
  clock: Clock;
  log: Log;
  fetchResult(url: string): Promise<AsyncIterable<Uint8Array>>;
}
