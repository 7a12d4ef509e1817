/**
 * Answers of Shopify's that are none, or not what was asked for, while tags are written over real HTTP: the right
 * class (again, give up, tell a person), no change made twice, and one receipt for each change. And a crash between
 * Shopify's success and our record of it.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from '../../app/db/sql.ts';
import { pushTags } from '../../app/activation/tags/push-tags.server.ts';
import { readStandings } from '../../app/shopify/standing.server.ts';
import { isStale } from '../../app/shopify/standing.ts';
import { keepBulkMutations } from '../../app/activation/tags/bulk/keep-bulk-mutations.server.ts';
import type { FaultInput, FaultName } from '../../sandbox/faults/fault.ts';
import { createImportWorld, type ImportWorld } from '../integration/import/world.ts';
import { createTagStage, hungry, TAG, type TagStage } from './tag-stage.ts';

const DOMAIN = 'import-test.myshopify.com';
let world: ImportWorld;
/** Every change of tags that Shopify made, in order: what it would send a webhook of. */
const changes: { id: string; added: boolean }[] = [];

beforeAll(async () => {
  world = await createImportWorld({ empty: true });
  world.store.subscribe((change) => {
    if (change.kind === 'customer_tags_added') changes.push({ id: change.customerId, added: true });
    if (change.kind === 'customer_tags_removed') changes.push({ id: change.customerId, added: false });
  });
});
afterAll(() => world.close());
beforeEach(() => {
  changes.length = 0;
  world.sandbox.faults.disarmAll();
  world.sandbox.access.resetSwitches(DOMAIN);
});

function arm<N extends FaultName>(
  name: N,
  settings: FaultInput<N> | Record<string, unknown> = {},
): () => number {
  const armed = world.sandbox.faults.arm(name, settings);
  return () => armed.happened;
}

async function expectWrittenOnce(stage: TagStage, act = 'add'): Promise<void> {
  expect(stage.tagged()).toEqual(act === 'add' ? stage.ids : []);
  expect(await stage.outbox()).toEqual([]);
  const receipts = (await stage.receipts()).filter((one) => one.act === act);
  expect(receipts.map(({ outcome }) => outcome)).toEqual(stage.ids.map(() => 'confirmed'));
  expect(receipts.map(({ customer }) => customer).sort()).toEqual([...stage.ids].sort());
  expect(changes.filter(({ added }) => added === (act === 'add'))).toHaveLength(stage.ids.length);
}

describe('again, and only once', () => {
  test.each<[string, FaultName, Record<string, unknown>]>([
    ['THROTTLED', 'throttled', { count: 6 }],
    ['429 with Retry-After', 'too-many-requests', { retryAfter: 0.1, count: 3 }],
    ['502 before it was done', 'server-error', { status: 502, count: 2 }],
    ['503 after it was done', 'server-error', { status: 503, when: 'after', count: 2 }],
    ['a hang that answers too late', 'hang', { for: 30, count: 1 }],
    ['a hang after it was done', 'hang', { for: 30, when: 'after', count: 1 }],
    ['a reset before any answer', 'reset', { when: 'before', count: 2 }],
    ['a reset in mid-body, after it was done', 'reset', { count: 2 }],
    ['200 with errors', 'errors', { count: 2 }],
    [
      '200 with THROTTLED as an error of its own',
      'errors',
      { code: 'THROTTLED', message: 'Throttled', count: 2 },
    ],
    [
      'partial data, some aliases null before they were done',
      'partial-data',
      { share: 0.3, seed: 4, count: 9 },
    ],
    [
      'partial data, some aliases null after they were done',
      'partial-data',
      { share: 0.3, seed: 4, count: 9, when: 'after' },
    ],
    ['userErrors that pass', 'user-errors', { message: 'Try again later', count: 1 }],
  ])('%s', async (name, fault, settings) => {
    const stage = await createTagStage(world, { people: 12, timeoutMs: 400 });
    await stage.join(stage.ids);
    const happened = arm(fault, { field: 'tagsAdd', ...settings });
    await stage.pushToTheEnd();
    expect(happened()).toBeGreaterThan(0);
    world.sandbox.faults.disarmAll();
    if (name === 'userErrors that pass') {
      // Shopify's word on one customer: told and given up, the others go on.
      expect(stage.tagged()).toHaveLength(11);
      expect((await stage.receipts()).filter(({ outcome }) => outcome !== 'confirmed')).toHaveLength(1);
      return;
    }
    await expectWrittenOnce(stage);
    await stage.leave(stage.ids);
    await stage.pushToTheEnd();
    await expectWrittenOnce(stage, 'remove');
  });
});

describe('tell a person', () => {
  test.each<[string, () => void, string]>([
    [
      'a revoked token',
      () => void world.sandbox.faults.arm('revoke-token', { field: 'tagsAdd' }),
      'shopify_access',
    ],
    [
      'an address that is not allowed',
      () => void world.sandbox.access.setSwitches(DOMAIN, { ipAllowlist: 'blocked' }),
      'config',
    ],
    [
      'a frozen store',
      () => void world.sandbox.access.setSwitches(DOMAIN, { shopStatus: 'frozen' }),
      'shopify_access',
    ],
    [
      'a locked store',
      () => void world.sandbox.access.setSwitches(DOMAIN, { shopStatus: 'locked' }),
      'shopify_access',
    ],
  ])('%s: the run ends at once, the rows wait, and later all is written', async (name, cause, code) => {
    const stage = await createTagStage(world, { people: 5 });
    await stage.join(stage.ids);
    const before = world.sandbox.apiLog.counts(DOMAIN).requests;
    cause();
    if (name === 'a revoked token') {
      // The token that was revoked is what this client has; the next one is good.
      await expect(pushTags({ ...stage.ctx }, stage.shopId)).resolves.toBeDefined();
      expect(world.sandbox.faults.happened('revoke-token')).toBeGreaterThan(0);
    } else {
      await expect(pushTags(stage.ctx, stage.shopId)).rejects.toMatchObject({ code });
      expect(await stage.outbox()).toHaveLength(5);
      expect(stage.tagged()).toEqual([]);
    }
    expect(world.sandbox.apiLog.counts(DOMAIN).requests - before).toBeLessThan(5);
    world.sandbox.access.resetSwitches(DOMAIN);
    await stage.dueNow();
    await stage.pushToTheEnd();
    await expectWrittenOnce(stage);
  });
});

describe('bulk mutations', () => {
  test.each<[string, Record<string, unknown>, () => number]>([
    ['not enabled', { bulkMutations: false }, () => 1],
    ['no IP allowlist', { ipAllowlist: 'missing' }, () => 1],
  ])('%s: one by one instead, not asked again for a week, then renewed', async (_name, switches) => {
    const stage = await createTagStage(world, { people: 150 });
    await stage.join(stage.ids);
    world.sandbox.access.setSwitches(DOMAIN, switches);
    const starts = () =>
      world.sandbox.apiLog.recent(DOMAIN).filter(({ fields }) => fields.includes('bulkOperationRunMutation'))
        .length;
    const before = starts();
    await pushTags(hungry(stage), stage.shopId);
    await stage.pushToTheEnd();
    await expectWrittenOnce(stage);
    expect((await stage.receipts()).every(({ way }) => way === 'single')).toBe(true);
    const asked = starts() - before;
    expect(asked).toBeGreaterThan(0);
    const standing = () => world.testDb.db.inShop(stage.shopId, readStandings);
    expect((await standing()).bulk_mutations).toMatchObject({ state: 'refused', why: 'not_enabled' });

    await stage.leave(stage.ids);
    await pushTags(hungry(stage), stage.shopId);
    await stage.pushToTheEnd();
    expect(starts() - before).toBe(asked);
    await expectWrittenOnce(stage, 'remove');

    world.sandbox.access.resetSwitches(DOMAIN);
    const nextWeek = new Date(Date.now() + 7 * 86_400_000);
    const later = { ...stage.ctx, clock: { ...stage.ctx.clock, machineNow: () => nextWeek } };
    const { signal } = new AbortController();
    expect(await keepBulkMutations(stage.ctx, stage.shopId, signal)).toBe('not_due');
    expect(await keepBulkMutations(later, stage.shopId, signal)).toBe('granted');
    expect(isStale((await standing()).bulk_mutations, nextWeek)).toBe(false);
    const written = changes.length;
    expect(written).toBe(300); // the question itself writes nothing
  });
});

describe('a crash between Shopify’s success and our record', () => {
  /** Everything of ours stops right after Shopify has done it: the answer is there, nothing is recorded. */
  async function crashAfter(stage: TagStage, field: string): Promise<number> {
    let crashes = 0;
    const real = stage.ctx.admin;
    const dying: TagStage['ctx'] = {
      ...stage.ctx,
      admin: {
        ...real,
        requestComposed: async (...input) => {
          const answer = await real.requestComposed(...input);
          if (input[0].includes(field)) {
            crashes += 1;
            throw new Error('killed here');
          }
          return answer;
        },
      },
    };
    await expect(pushTags(dying, stage.shopId)).rejects.toThrow('killed here');
    return crashes;
  }

  test('the next run converges, and nothing flaps', async () => {
    const stage = await createTagStage(world, { people: 20 });
    await stage.join(stage.ids);
    expect(await crashAfter(stage, 'tagsAdd')).toBeGreaterThan(0);
    expect(stage.tagged()).toEqual(stage.ids); // Shopify has it
    expect(await stage.receipts()).toEqual([]); // we do not know
    await stage.dueNow();
    await stage.pushToTheEnd();
    await expectWrittenOnce(stage);
    expect(changes).toHaveLength(20);

    await stage.leave(stage.ids);
    expect(await crashAfter(stage, 'tagsRemove')).toBeGreaterThan(0);
    expect(stage.tagged()).toEqual([]);
    await stage.dueNow();
    await stage.pushToTheEnd();
    await expectWrittenOnce(stage, 'remove');
    expect(changes).toHaveLength(40); // once on, once off
  });

  test('who left meanwhile loses the tag that nobody recorded; who came back keeps it', async () => {
    const stage = await createTagStage(world, { people: 10 });
    await stage.join(stage.ids);
    await crashAfter(stage, 'tagsAdd');
    const [left, stayed] = [stage.ids.slice(0, 4), stage.ids.slice(4)];
    await stage.leave(left);
    await stage.dueNow();
    await stage.pushToTheEnd();
    expect(stage.tagged()).toEqual(stayed);
    expect(changes.filter(({ id }) => stayed.includes(id))).toHaveLength(stayed.length);
    const owned = await world.testDb.db.inShop(stage.shopId, (tx) =>
      tx.query(sql`SELECT 1 FROM tag_owned WHERE shop_id = ${stage.shopId}`),
    );
    expect(owned.rowCount).toBe(stayed.length);
    expect(TAG).toBe('regulars-a');
  });
});
