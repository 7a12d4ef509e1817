/**
 * Bulk results and operations that go wrong at Shopify, each by the sandbox's own switch: the import ends as one
 * that nobody disturbed, or in a named state with a way on; nothing is counted twice.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../app/app-error.ts';
import type { ShopId } from '../../app/db/tenancy.server.ts';
import type { FaultInput, FaultName } from '../../sandbox/faults/fault.ts';
import { createImportWorld, type Facts, type ImportWorld } from '../integration/import/world.ts';

const DOMAIN = 'import-test.myshopify.com';
let world: ImportWorld;
let shopId: ShopId;
let clean: Facts;

beforeAll(async () => {
  world = await createImportWorld({ customers: 24, seed: 33 });
  const calm = await world.newShop();
  await world.import(calm);
  clean = await world.facts(calm);
});
afterAll(() => world.close());
beforeEach(async () => {
  shopId = await world.newShop();
  world.sandbox.faults.disarmAll();
});

/** How often it has happened since it was armed. */
function arm<N extends FaultName>(
  name: N,
  settings: FaultInput<N> | Record<string, unknown> = {},
): () => number {
  const armed = world.sandbox.faults.arm(name, settings);
  return () => armed.happened;
}

/** As a job: come back for as long as it says that it may help. */
async function importToItsEnd(): Promise<{ outcome: string; message?: string }> {
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      return await world.import(shopId, { chunkLines: 90 });
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error;
    }
  }
  throw new Error('not at its end after five tries');
}

async function expectClean(): Promise<void> {
  expect(await world.facts(shopId)).toEqual(clean);
}

describe('result files', () => {
  it.each<[string, FaultName, Record<string, unknown>]>([
    ['cut in mid-line, the connection broken', 'result-cut', { count: 2 }],
    ['cut in mid-character, the connection broken', 'result-cut', { at: 'middle-of-character', count: 2 }],
    ['cut in mid-line, as if that were all', 'result-cut', { how: 'file', count: 2 }],
    ['cut in mid-character, as if that were all', 'result-cut', { at: 'middle-of-character', how: 'file' }],
    ['with CRLF', 'result-crlf', { count: 3 }],
    ['packed, and said so', 'result-gzip', { count: 3 }],
    ['packed without a word', 'result-gzip', { told: false, count: 3 }],
    ['at an address that has run out', 'result-expired', {}],
    ['behind a busy storage', 'server-error', { on: 'bulk-result', count: 2 }],
    ['behind a connection that is reset', 'reset', { on: 'bulk-result', count: 2 }],
    [
      'with orphans, duplicates and unknown fields',
      'bulk-rows',
      { orphans: 4, duplicates: 9, unknownField: true, count: 3 },
    ],
    ['in another order, children before their parents', 'bulk-shuffled', { seed: 8, count: 3 }],
  ])('%s', async (_name, fault, settings) => {
    const happened = arm(fault, settings);
    expect(await importToItsEnd()).toMatchObject({ outcome: 'done' });
    expect(happened()).toBeGreaterThan(0);
    await expectClean();
  });

  it('a line of 50 MB: a sentence, no memory, and a way on', async () => {
    const happened = arm('result-long-line', { megabytes: 50 });
    const before = process.memoryUsage().rss;
    expect(await importToItsEnd()).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('too long') as string,
    });
    expect(happened()).toBe(1);
    // The sandbox, in the same process, makes the line; the app holds 16 MB of it at most.
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
    expect(await importToItsEnd()).toMatchObject({ outcome: 'done' });
    await expectClean();
  });

  it('an empty file and no address: nothing is taken for an empty store without a second look', async () => {
    const happened = [arm('bulk-no-url', { count: 1 }), arm('bulk-empty-file', { after: 1, count: 1 })];
    const ended = await importToItsEnd();
    expect(happened[0]?.()).toBe(1);
    if (ended.outcome === 'failed') expect(await importToItsEnd()).toMatchObject({ outcome: 'done' });
    await expectClean();
  });
});

describe('operations', () => {
  it.each<[string, FaultName, Record<string, unknown>]>([
    ['FAILED with partial data', 'bulk-failed', { afterLines: 20, count: 2 }],
    ['FAILED with TIMEOUT', 'bulk-timeout', { afterLines: 20 }],
    ['EXPIRED', 'bulk-expired', {}],
    ['the finish webhook lost', 'bulk-finish-lost', { count: 3 }],
    ['FAILED with ACCESS_DENIED: page by page', 'bulk-failed', { code: 'ACCESS_DENIED', count: 1 }],
    ['a start that is denied: page by page', 'bulk-denied', { type: 'QUERY', count: 3 }],
  ])('%s', async (_name, fault, settings) => {
    const happened = arm(fault, settings);
    expect(await importToItsEnd()).toMatchObject({ outcome: 'done' });
    expect(happened()).toBeGreaterThan(0);
    await expectClean();
  });

  it('CANCELED by somebody: a named state, and started again by a person', async () => {
    const happened = arm('bulk-canceled', { afterLines: 10 });
    const ended = await importToItsEnd();
    expect(ended).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('cancelled') as string,
    });
    expect(happened()).toBe(1);
    expect(await world.run(shopId)).toMatchObject({ state: 'failed', message: ended.message });
    expect(await importToItsEnd()).toMatchObject({ outcome: 'done' });
    await expectClean();
  });
});

describe('the way to Shopify', () => {
  it.each<[string, FaultName, Record<string, unknown>]>([
    ['a storm of THROTTLED', 'throttled', { share: 0.4, seed: 2 }],
    ['429 with Retry-After', 'too-many-requests', { retryAfter: 0.05, count: 4 }],
    ['503 before it was done', 'server-error', { count: 2 }],
    ['502 after it was done', 'server-error', { status: 502, when: 'after', count: 2 }],
    ['reset after it was done', 'reset', { count: 2 }],
    ['500 inside a 200', 'errors', { count: 2 }],
  ])('%s', async (_name, fault, settings) => {
    const happened = arm(fault, settings);
    expect(await importToItsEnd()).toMatchObject({ outcome: 'done' });
    expect(happened()).toBeGreaterThan(0);
    await expectClean();
    const running = [...world.store.bulkOperations()].filter(({ status }) => status === 'RUNNING');
    expect(running).toEqual([]);
  });

  it('an address that is refused in the middle: the run waits, and goes on', async () => {
    world.sandbox.faults.arm('bulk-denied', { type: 'QUERY', count: 3 });
    const { access } = world.sandbox;
    let looks = 0;
    const stop = world.sandbox.apiLog.subscribe(() => {
      looks += 1;
      if (looks === 8) access.setSwitches(DOMAIN, { ipAllowlist: 'blocked' });
    });
    try {
      await expect(world.import(shopId)).rejects.toMatchObject({ code: 'config' });
    } finally {
      stop();
      access.resetSwitches(DOMAIN);
    }
    expect(looks).toBeLessThan(12); // one more call, not a hundred
    expect(await world.run(shopId)).toMatchObject({ state: 'running' });
    expect(await importToItsEnd()).toMatchObject({ outcome: 'done' });
    await expectClean();
  });
});
