import type { Clock } from '../../clock.ts';
import type { Db } from '../../db/tenancy.server.ts';
import type { Log } from '../../log.server.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import type { FetchResult } from '../../shopify/fetch-bulk-result.server.ts';
import type { UploadFile } from '../../shopify/upload-file.server.ts';

/** What writing tags needs. */
export interface PushContext {
  db: Db;
  admin: AdminClient;
  clock: Clock;
  log: Log;
  /** Reads the result file of a bulk operation. */
  fetchResult: FetchResult;
  /** Puts the lines of a bulk operation where Shopify reads them. */
  uploadFile: UploadFile;
}
