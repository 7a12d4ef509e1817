/**
 * Bulk mutations that go wrong, over real HTTP: failing lines, shuffled and cut results, operations that end early, no
 * free slot, a file that is too large, an upload and a result that expired. Only what failed is done again, nothing is
 * changed twice, and one receipt says of each change how it came about.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBulks } from '../../app/activation/tags/bulk/create-bulks.server.ts';
import { bulkFile } from '../../app/activation/tags/bulk/bulk-mutation-document.ts';
import { BULK_SLOTS, MAX_FILE_BYTES } from '../../app/activation/tags/choose-way.ts';
import type { PushContext } from '../../app/activation/tags/push-context.server.ts';
import { pushTags } from '../../app/activation/tags/push-tags.server.ts';
import { runBulkMutation, stageUpload } from '../../app/activation/tags/bulk/bulk-api.server.ts';
import { sql } from '../../app/db/sql.ts';
import type { FaultName } from '../../sandbox/faults/fault.ts';
import { createImportWorld, type ImportWorld } from '../integration/import/world.ts';
import { createTagStage, hungry, type TagStage } from './tag-stage.ts';

const DOMAIN = 'import-test.myshopify.com';
const SHOPIFY_TAKES = 100 * 1024 * 1024;
const PEOPLE = 200;
let world: ImportWorld;
/** Every change of tags that Shopify made. */
const changes: string[] = [];

beforeAll(async () => {
  world = await createImportWorld({ empty: true });
  world.store.subscribe((change) => {
    if (change.kind === 'customer_tags_added') changes.push(change.customerId);
  });
});
afterAll(() => world.close());
beforeEach(() => {
  changes.length = 0;
  world.sandbox.faults.disarmAll();
});

/** A stage with everybody queued; `singly` fills with those whom the single way names. */
async function staged(change: Partial<PushContext> = {}) {
  const stage = await createTagStage(world, { people: PEOPLE });
  const singly: string[] = [];
  const hungryCtx = hungry(stage);
  const ctx: PushContext = {
    ...hungryCtx,
    ...change,
    admin: {
      ...hungryCtx.admin,
      requestComposed: (document, variables, options) => {
        for (const [name, value] of Object.entries(variables)) {
          if (/^id\d+$/.test(name)) singly.push(String(value).replace('gid://shopify/Customer/', ''));
        }
        return stage.ctx.admin.requestComposed(document, variables, options);
      },
    },
  };
  await stage.join(stage.ids);
  const toTheEnd = async () => {
    for (let tries = 0; tries < 6; tries++) {
      await pushTags(ctx, stage.shopId);
      if ((await stage.outbox()).length === 0) return;
      await stage.dueNow();
    }
  };
  return { stage, ctx, singly, toTheEnd };
}

async function expectOnce(stage: TagStage, singly: readonly string[]): Promise<void> {
  expect(await stage.outbox()).toEqual([]);
  expect(stage.tagged()).toEqual(stage.ids);
  expect([...changes].sort(), 'each changed once in Shopify').toEqual([...stage.ids].sort());
  const receipts = (await stage.receipts()).filter(({ outcome }) => outcome === 'confirmed');
  expect(receipts.map(({ customer }) => customer).sort()).toEqual([...stage.ids].sort());
  const alone = new Set(singly);
  expect(singly, 'nobody is asked for singly more than once').toHaveLength(alone.size);
  for (const { customer, way } of receipts) expect(way).toBe(alone.has(customer) ? 'single' : 'bulk');
}

const starts = () =>
  world.sandbox.apiLog.recent(DOMAIN).filter(({ fields }) => fields.includes('bulkOperationRunMutation'))
    .length;

describe('only what failed is done again', () => {
  const FAILING = [3, 17, 41];
  test.each<[string, Partial<Record<FaultName, Record<string, unknown>>>, number]>([
    ['lines with errors', { 'bulk-lines': { lines: FAILING, as: 'errors', count: 12 } }, 3 * BULK_SLOTS],
    ['refused lines', { 'bulk-lines': { lines: FAILING, count: 12 } }, 3 * BULK_SLOTS],
    ['shuffled results', { 'bulk-shuffled': { count: 4 } }, 0],
    [
      'shuffled results with failing lines',
      { 'bulk-shuffled': { count: 4 }, 'bulk-lines': { lines: FAILING, as: 'errors', count: 12 } },
      3 * BULK_SLOTS,
    ],
    ['an operation cancelled half-way', { 'bulk-canceled': { afterLines: 30, count: 1 } }, 20],
    ['an operation that failed half-way', { 'bulk-failed': { afterLines: 30, count: 1 } }, 20],
    ['an operation out of time', { 'bulk-timeout': { afterLines: 10, count: 1 } }, 40],
    ['an operation that expired', { 'bulk-expired': { afterLines: 10, count: 1 } }, 40],
  ])('%s', async (_name, faults, again) => {
    const { stage, singly, toTheEnd } = await staged();
    for (const [name, settings] of Object.entries(faults)) {
      world.sandbox.faults.arm(name as FaultName, { field: 'tagsAdd', ...settings });
    }
    await toTheEnd();
    for (const name of Object.keys(faults)) {
      expect(world.sandbox.faults.happened(name as FaultName), name).toBeGreaterThan(0);
    }
    expect(singly).toHaveLength(again);
    await expectOnce(stage, singly);
  });

  test.each<[string, FaultName, Record<string, unknown>]>([
    ['a result whose address expired', 'result-expired', { count: 1 }],
    ['a result cut in the middle of a line', 'result-cut', { count: 1, how: 'file' }],
    ['an empty result', 'bulk-empty-file', { count: 1 }],
    ['no result at all', 'bulk-no-url', { count: 1 }],
  ])(
    '%s: repeated, because it may have happened, and changed once all the same',
    async (_name, fault, settings) => {
      const { stage, singly, toTheEnd } = await staged();
      world.sandbox.faults.arm(fault, settings);
      await toTheEnd();
      expect(world.sandbox.faults.happened(fault)).toBe(1);
      // One file's customers at most, of four.
      expect(singly.length).toBeGreaterThan(0);
      expect(singly.length).toBeLessThanOrEqual(PEOPLE / BULK_SLOTS);
      await expectOnce(stage, singly);
    },
  );
});

test('no free slot: files wait for one, and start when there is one', async () => {
  const { stage, ctx, singly } = await staged();
  world.sandbox.faults.arm('bulk-stuck', { field: 'tagsRemove', count: 5 });
  const others: string[] = [];
  for (let n = 0; n < 5; n++) {
    const target = await stageUpload(stage.ctx.admin, `other${n}.jsonl`);
    const file = { name: `other${n}.jsonl`, text: bulkFile([{ customerId: '1', tags: ['x'] }]) };
    const run = await runBulkMutation(stage.ctx.admin, {
      mutation: `mutation Other${n}($id: ID!, $tags: [String!]!) { tagsRemove(id: $id, tags: $tags) { userErrors { field message } } }`,
      stagedUploadPath: await stage.ctx.uploadFile(target, file, new AbortController().signal),
      clientIdentifier: `another-app-${n}`,
    });
    if (run.kind !== 'started') throw new Error(`not started: ${JSON.stringify(run)}`);
    others.push(run.id);
  }
  const before = starts();
  const pushing = pushTags(ctx, stage.shopId);
  const deadline = Date.now() + 20_000;
  while (starts() < before + BULK_SLOTS && Date.now() < deadline) await sleep(20);
  expect(starts() - before, 'every file was told to wait').toBeGreaterThanOrEqual(BULK_SLOTS);
  expect(changes).toEqual([]);
  expect(world.sandbox.faults.happened('bulk-stuck')).toBe(5);
  await cancelAll(stage, others);
  await pushing;
  expect(singly, 'nobody was taken out of a waiting file').toEqual([]);
  await expectOnce(stage, singly);
});

async function cancelAll(stage: TagStage, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { data } = (await stage.ctx.admin.requestComposed(
      'mutation Cancel($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { id } userErrors { message } } }',
      { id },
      { priority: 'page', cost: 10 },
    )) as { data: { bulkOperationCancel: { userErrors: unknown[] } } };
    expect(data.bulkOperationCancel.userErrors).toEqual([]);
  }
}

test('an upload that expired before it was run is made again', async () => {
  let uploads = 0;
  const { stage, ctx, singly, toTheEnd } = await staged();
  const { uploadFile } = ctx;
  ctx.uploadFile = async (...input) => {
    const key = await uploadFile(...input);
    if (++uploads === 1) world.sandbox.control.ageBulk(86_400_000);
    return key;
  };
  await toTheEnd();
  expect(uploads, 'four files, at least one of them twice').toBeGreaterThan(BULK_SLOTS);
  expect(singly).toEqual([]);
  await expectOnce(stage, singly);
});

describe('a file over 100 MB', () => {
  test('is refused by Shopify, and its customers go one by one', async () => {
    let padded = 0;
    const { stage, ctx, singly, toTheEnd } = await staged();
    const { uploadFile } = ctx;
    let bulk: string | undefined;
    ctx.uploadFile = (target, file, signal) => {
      bulk ??= file.name;
      if (file.name !== bulk) return uploadFile(target, file, signal);
      padded += 1;
      return uploadFile(target, { ...file, text: file.text + ' '.repeat(SHOPIFY_TAKES) }, signal);
    };
    await toTheEnd();
    expect(padded, 'tried three times').toBe(3);
    expect(singly).toHaveLength(PEOPLE / BULK_SLOTS);
    await expectOnce(stage, singly);
  });

  test('is never made: a file is cut before it is half as large, and every customer is in one', async () => {
    const stage = await createTagStage(world, { people: 0 });
    const people = 300;
    const tags = Array.from({ length: 30 }, (_, n) => `${n}`.padEnd(255, '‫ש'));
    const writes = Array.from({ length: people }, (_, n) => ({
      customerId: String(n + 1),
      generation: '1',
      add: tags,
      remove: [],
      removeFirst: false,
      after: 'done' as const,
    }));
    const maxBytes = 1_000_000;
    expect(MAX_FILE_BYTES).toBeLessThan(SHOPIFY_TAKES / 2);
    const lines = await world.testDb.db.inShop(stage.shopId, async (tx) => {
      const made = await createBulks(tx, writes, { machineNow: new Date(), maxBytes });
      expect(made.length).toBeGreaterThan(3);
      const { rows } = await tx.query<{ id: string; customerId: string; tags: string[] }>(sql`
        SELECT bulk_id AS id, customer_id AS "customerId", tags FROM tag_bulk_line WHERE shop_id = ${stage.shopId}`);
      return rows;
    });
    expect(new Set(lines.map(({ customerId }) => customerId)).size).toBe(people);
    expect(lines).toHaveLength(people);
    for (const [, file] of Map.groupBy(lines, ({ id }) => id)) {
      expect(Buffer.byteLength(bulkFile(file))).toBeLessThanOrEqual(maxBytes);
    }
  });
});
