/**
 * The sandbox's business clock, followed by web and worker: asked once at the start, then by a long poll, so
 * that a day advanced in the sandbox's admin is the app's day at once. Never used against a real Shopify.
 */
import { z } from 'zod';
import { AppError } from './app-error.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.server.ts';

const stateSchema = z.object({ now: z.iso.datetime(), version: z.number().int(), running: z.boolean() });

export interface FollowedClock extends Clock {
  stop(): void;
}

/** @throws AppError 'shopify_unavailable' when the sandbox does not answer at the start */
export async function followSandboxClock(sandboxUrl: string, log: Log): Promise<FollowedClock> {
  const stopping = new AbortController();
  let state = await readClock(sandboxUrl, undefined, stopping.signal).catch((cause: unknown) => {
    throw new AppError('shopify_unavailable', `The sandbox does not answer at ${sandboxUrl}.`, { cause });
  });
  let readAt = Date.now();

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        state = await readClock(sandboxUrl, state.version, stopping.signal);
        readAt = Date.now();
      } catch (error) {
        if (stopping.signal.aborted) return;
        log.debug({ err: error }, 'the sandbox clock did not answer');
        await new Promise((resolve) => setTimeout(resolve, 500).unref());
      }
    }
  }
  void follow();

  return {
    now: () => new Date(Date.parse(state.now) + (state.running ? Date.now() - readAt : 0)),
    machineNow: () => new Date(),
    stop: () => stopping.abort(),
  };
}

async function readClock(sandboxUrl: string, after: number | undefined, signal: AbortSignal) {
  const query = after === undefined ? '' : `?after=${after}`;
  const response = await fetch(`${sandboxUrl}/control/clock${query}`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(35_000)]),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return stateSchema.parse(await response.json());
}
