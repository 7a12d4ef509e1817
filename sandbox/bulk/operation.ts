/** A bulk operation as the store holds it; GraphQL and the finish webhook read it. Times are machine time. */
import type { Id, Instant } from '../store/model.ts';

export type BulkStatus =
  'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELING' | 'CANCELED' | 'EXPIRED';

export interface BulkOperation {
  id: Id;
  type: 'QUERY' | 'MUTATION';
  status: BulkStatus;
  errorCode: 'ACCESS_DENIED' | 'INTERNAL_SERVER_ERROR' | 'TIMEOUT' | null;
  /** The document. */
  query: string;
  createdAt: Instant;
  completedAt: Instant | null;
  objectCount: number;
  rootObjectCount: number;
  fileSize: number | null;
  url: string | null;
  partialDataUrl: string | null;
  /** Why it failed, for people at the sandbox; Shopify tells apps the code only. */
  failure: string | null;
}
