/**
 * The throttle against a simulated bucket: exact in its arithmetic, with the network's delay on both ways.
 * Time is simulated, so a minute of traffic takes milliseconds.
 */
import { describe, expect, it } from 'vitest';
import type { Priority } from '../../../app/shopify/admin-client.ts';
import { createThrottle, type Throttle } from '../../../app/shopify/throttle.ts';
import { exactBucket, simulation, type Simulation } from '../../support/bucket-in-time.ts';

describe('throttle', () => {
  async function traffic(options: { workers: number; cost: number; actual?: number; seconds: number }) {
    const timer = simulation();
    const shop = exactBucket(timer);
    const throttle = createThrottle(timer);
    async function worker() {
      for (;;) {
        const lease = await throttle.acquire(options.cost, 'background');
        await timer.sleep(40);
        const { status } = shop.take(options.cost, options.actual);
        await timer.sleep(60);
        lease.settle(status);
      }
    }
    for (let i = 0; i < options.workers; i += 1) void worker();
    await timer.runUntil(options.seconds * 1000);
    return shop;
  }

  it.each([
    { workers: 1, cost: 100 },
    { workers: 4, cost: 100 },
    { workers: 8, cost: 10 },
    { workers: 3, cost: 400, actual: 250 },
  ])('uses at least 95 % of the restore rate and is never refused when alone: %j', async (load) => {
    const seconds = 600;
    const shop = await traffic({ ...load, seconds });
    expect(shop.told.refused).toBe(0);
    // The full bucket at the start is extra: what counts is what came back meanwhile.
    expect(shop.told.spent).toBeGreaterThanOrEqual(0.95 * seconds * 100);
    expect(shop.told.spent).toBeLessThanOrEqual(seconds * 100 + 2000);
  });

  it('learns size and rate from the answers', async () => {
    const timer = simulation();
    const throttle = createThrottle(timer);
    expect(throttle.budget()).toEqual({ maximumAvailable: 0, restoreRate: 0, currentlyAvailable: 0 });
    const lease = await throttle.acquire(50, 'page');
    lease.settle({ maximumAvailable: 20_000, currentlyAvailable: 19_950, restoreRate: 1000 });
    expect(throttle.budget()).toEqual({
      maximumAvailable: 20_000,
      restoreRate: 1000,
      currentlyAvailable: 19_950,
    });
    await timer.runUntil(1000);
    expect(throttle.budget().currentlyAvailable).toBe(20_000);
  });

  it('sends one request ahead while it knows nothing', async () => {
    const timer = simulation();
    const throttle = createThrottle(timer);
    const granted: number[] = [];
    let first: { settle(status?: never): void } | undefined;
    for (const n of [1, 2, 3]) {
      void throttle.acquire(10, 'background').then((lease) => {
        granted.push(n);
        first ??= lease as never;
      });
    }
    await timer.runUntil(10_000);
    expect(granted).toEqual([1]);
    (first as unknown as { settle(status: unknown): void }).settle({
      maximumAvailable: 2000,
      currentlyAvailable: 1990,
      restoreRate: 100,
    });
    await timer.runUntil(10_001);
    expect(granted).toEqual([1, 2, 3]);
  });

  async function emptied(timer: Simulation): Promise<Throttle> {
    const throttle = createThrottle(timer);
    const lease = await throttle.acquire(2000, 'background');
    lease.settle({ maximumAvailable: 2000, currentlyAvailable: 0, restoreRate: 100 });
    return throttle;
  }

  it('lets pages go before background work that has waited longer', async () => {
    const timer = simulation();
    const throttle = await emptied(timer);
    const order: string[] = [];
    const ask = (name: string, priority: Priority) =>
      throttle.acquire(100, priority).then(() => order.push(`${name} at ${timer.now()}`));
    void ask('first background', 'background');
    void ask('second background', 'background');
    await timer.runUntil(500);
    void ask('page', 'page');
    await timer.runUntil(20_000);
    // Background leaves a tenth of the bucket (200 points) to pages.
    expect(order).toEqual(['page at 1000', 'first background at 4000', 'second background at 5000']);
  });

  it('waits (requested - available) / rate after a refusal', async () => {
    const timer = simulation();
    const throttle = createThrottle(timer);
    const lease = await throttle.acquire(10, 'page');
    lease.settle({ maximumAvailable: 2000, currentlyAvailable: 37, restoreRate: 50 });
    let at = -1;
    void throttle.acquire(137, 'page').then(() => (at = timer.now()));
    await timer.runUntil(60_000);
    expect(at).toBe(2000);
  });

  it('stands still while it was told to (Retry-After)', async () => {
    const timer = simulation();
    const throttle = await emptied(timer);
    await timer.runUntil(20_000);
    throttle.pauseFor(3000);
    let at = -1;
    void throttle.acquire(10, 'page').then(() => (at = timer.now()));
    await timer.runUntil(60_000);
    expect(at).toBe(23_000);
  });

  it('forgets who called off, and goes on with the next', async () => {
    const timer = simulation();
    const throttle = await emptied(timer);
    const controller = new AbortController();
    const waiting = throttle.acquire(1000, 'page', controller.signal);
    let at = -1;
    void throttle.acquire(100, 'page').then(() => (at = timer.now()));
    controller.abort(new Error('called off'));
    await expect(waiting).rejects.toThrow('called off');
    await timer.runUntil(60_000);
    expect(at).toBe(1000);
  });

  it('does not count a request twice that fails without an answer', async () => {
    const timer = simulation();
    const throttle = createThrottle(timer);
    (await throttle.acquire(10, 'page')).settle({
      maximumAvailable: 2000,
      currentlyAvailable: 1000,
      restoreRate: 100,
    });
    const lost = await throttle.acquire(300, 'page');
    expect(throttle.budget().currentlyAvailable).toBe(700);
    lost.settle();
    lost.settle();
    expect(throttle.budget().currentlyAvailable).toBe(700);
    (await throttle.acquire(0, 'page')).settle({
      maximumAvailable: 2000,
      currentlyAvailable: 1000,
      restoreRate: 100,
    });
    expect(throttle.budget().currentlyAvailable).toBe(1000);
  });

  it('shares a bucket with another process: refusals end by themselves', async () => {
    const timer = simulation();
    const shop = exactBucket(timer);
    let done = 0;
    for (let process = 0; process < 2; process += 1) {
      const throttle = createThrottle(timer);
      void (async () => {
        for (;;) {
          const lease = await throttle.acquire(100, 'background');
          await timer.sleep(50);
          const { granted, status } = shop.take(100);
          await timer.sleep(50);
          lease.settle(status);
          if (granted) done += 1;
        }
      })();
    }
    await timer.runUntil(600_000);
    expect(shop.told.spent).toBeGreaterThanOrEqual(0.95 * 60_000);
    expect(done * 100).toBe(shop.told.spent);
  });
});
