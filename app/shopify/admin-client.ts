/**
 * What the rooms know of Shopify's Admin API: one method for documents that codegen has typed, one for
 * documents that are put together (aliased mutations), and one error shape: whatever goes wrong is thrown as
 * an AppError of a `shopify_*` code. userErrors are data, and stay in the answer.
 *
 * The client pays the cost bucket itself: it waits for points (read from `throttleStatus`, never hard-coded),
 * retries THROTTLED, 429 and 5xx with back-off, and lets `page` requests go before `background` ones.
 */
import type { GeneratedMutationTypes, GeneratedQueryTypes } from './types/admin.generated.d.ts';

/** By text of the document: what it takes and what it gives. */
export type AdminOperations = GeneratedQueryTypes & GeneratedMutationTypes;
export type Priority = 'page' | 'background';

export interface AdminAnswer<T> {
  data: T;
  /** The response's Date header: the remote time of groups that carry none. Machine time. */
  date: Date;
  /** When the request was sent (machine time): the triggered-at of states that it read. */
  sentAt: Date;
}

export interface AdminRequestOptions {
  priority?: Priority;
  signal?: AbortSignal;
  /** Requested cost if known: spares a first refusal. Give it with documents put together (10 a mutation). */
  cost?: number;
  /**
   * Send it again when the answer was lost? Default: queries, and mutations that set a state (tagsAdd,
   * tagsRemove and the like: may-repeat.ts).
   */
  repeatable?: boolean;
}

export interface AdminClient {
  /** "NAME.myshopify.com" */
  readonly shop: string;
  request<D extends keyof AdminOperations & string>(
    document: D,
    variables: AdminOperations[D]['variables'],
    options?: AdminRequestOptions,
  ): Promise<AdminAnswer<AdminOperations[D]['return']>>;
  /** For documents put together at run time. The caller checks the shape of the answer. */
  requestComposed(
    document: string,
    variables: Record<string, unknown>,
    options?: AdminRequestOptions,
  ): Promise<AdminAnswer<unknown>>;
  /** What the bucket last said: how many points a second come back, and how many there are now (estimated). */
  budget(): { restoreRate: number; maximumAvailable: number; currentlyAvailable: number };
}
