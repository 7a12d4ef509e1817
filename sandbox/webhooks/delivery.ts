/** What a queue of webhooks takes, keeps and tells. */
import type { Id } from '../store/model.ts';
import type { FaultCounts, WebhookFaults } from './faults.ts';
import type { AttemptOutcome, PostLimits } from './post-webhook.ts';
import type { Envelope } from './sign-webhook.ts';

export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'dropped';

export interface Delivery {
  /** Grows by one with every delivery. */
  readonly number: number;
  readonly envelope: Envelope;
  readonly url: string;
  readonly body: string;
  /** Of the API; null for those of shopify.app.toml. */
  readonly subscriptionId: Id | null;
  /** The copy of one that had been delivered long before. */
  readonly stale: boolean;
  state: DeliveryState;
  attempts: { at: string; outcome: AttemptOutcome }[];
  /** Machine time of the next attempt, in milliseconds. */
  dueAt: number;
}

export interface DeliveryStatistics {
  pending: number;
  delivered: number;
  /** Given up after the last retry. */
  failed: number;
  /** Lost on purpose, by a fault. */
  dropped: number;
}

export interface Message {
  envelope: Omit<Envelope, 'webhookId'>;
  url: string;
  body: string;
  subscriptionId?: Id | null;
  /** The day of the business clock in shop time, "2026-11-22". */
  day?: string;
}

/** Part of a snapshot. */
export interface QueueState {
  counts: DeliveryStatistics;
  /** `dueIn`: milliseconds to the next attempt. */
  pending: { delivery: Delivery; dueIn: number }[];
}

export interface DeliveryQueueOptions {
  secret: string;
  machineNow: () => Date;
  concurrency?: number;
  limits?: PostLimits;
  /** How many finished deliveries the live view remembers. */
  remember?: number;
  /** Told of every delivery that is done with: delivered, or given up after the last retry. */
  onDone?: (delivery: Delivery) => void;
}

export interface DeliveryQueue {
  enqueue(message: Message): void;
  /** @throws when they make no sense */
  setFaults(faults: Partial<WebhookFaults>): void;
  faults(): WebhookFaults;
  faultCounts(): FaultCounts;
  /** Lets the retry clock run ahead by so many milliseconds. */
  age(milliseconds: number): void;
  statistics(shop?: string): DeliveryStatistics;
  /** Newest first. */
  recent(shop?: string, limit?: number): readonly Delivery[];
  /** What a store has that is not done with, as plain data. */
  dump(shop: string): QueueState;
  /** Back to what `dump` gave, or to nothing. What is in flight now arrives, and is not counted. */
  replace(shop: string, state: QueueState | undefined): void;
  /** Nothing waits, nothing was; faults end. */
  reset(): void;
  /** Resolves when nothing is in flight or due: what waits for a retry is still pending. */
  settled(): Promise<DeliveryStatistics>;
  close(): Promise<void>;
}
