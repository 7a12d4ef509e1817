import type { BulkRunner } from '../bulk/bulk-runner.ts';
import type { StagedUploads } from '../bulk/staged-uploads.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';

/** What every resolver is given. */
export interface GraphContext {
  sandbox: Sandbox;
  store: Store;
  bulk: BulkRunner;
  uploads: StagedUploads;
  /** Set while a bulk query runs: connections then have no page size. */
  bulkPass?: BulkPass;
}

/** One root connection of a bulk query is read in slices, from a list that is taken once. */
export interface BulkPass {
  items: readonly unknown[] | undefined;
  start: number;
  size: number;
}
