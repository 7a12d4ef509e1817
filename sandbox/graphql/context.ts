import type { BulkRunner } from '../bulk/bulk-runner.ts';
import type { StagedUploads } from '../bulk/staged-uploads.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import type { SearchNotes } from './search.ts';

/** What every resolver is given. */
export interface GraphContext {
  sandbox: Sandbox;
  store: Store;
  bulk: BulkRunner;
  uploads: StagedUploads;
  /** Of the request: "2026-10". */
  apiVersion?: string;
  /** Set while a bulk query runs: connections then have no page size. */
  bulkPass?: BulkPass;
  /** Collects what searches of this request were not taken as they stand, for `extensions.search`. */
  searches?: SearchReport[];
}

export interface SearchReport extends SearchNotes {
  path: (string | number)[];
  query: string;
}

/** One root connection of a bulk query is read in slices, from a list that is begun once. */
export class BulkPass {
  source: Iterator<unknown> | undefined;
  readonly size: number;
  done = false;

  constructor(size: number) {
    this.size = size;
  }

  /** The next slice; `done` when there is none behind it. */
  take(): unknown[] {
    const items: unknown[] = [];
    while (items.length < this.size) {
      const next = this.source?.next();
      if (!next || next.done) {
        this.done = true;
        break;
      }
      items.push(next.value);
    }
    return items;
  }
}
