/** A tag that another segment had before a rename is not given to a third thing, and cannot be asked for in a rule. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRename, startRename } from '../../../app/activation/rename/rename-tags.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { shopFaults } from '../../../app/segments/available-fields.ts';
import { readShopFacts } from '../../../app/segments/presets-read-ideas.server.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { renameSegment } from '../../../app/segments/rename-segment.server.ts';
import { createSegmentShop, putSegments } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const NOW = new Date('2026-03-20T11:00:00Z');
const BUYERS = { v: 1, where: { field: 'orders', op: 'gte', value: 1 } };

test('while its segment is there, a former tag is taken for all others and free for the segment itself', async () => {
  const shop = await createSegmentShop(t, {
    now: NOW,
    timeZone: 'UTC',
    store: { customers: [], orders: [] },
  });
  await shop.in((tx) => putSegments(tx, { vip: { rule: BUYERS }, other: { rule: BUYERS, status: 'draft' } }));
  const rename = await shop.in((tx) =>
    startRename(tx, { what: 'tag', key: 'vip', to: 'gold' }, { actor: '7', now: NOW }),
  );
  expect(rename.outcome).toBe('started');
  expect(await shop.in(readRename)).not.toBeNull();
  const make = (tag: string) =>
    shop.in((tx) => createSegment(tx, { name: 'New', tag, rule: BUYERS, actor: '7', now: NOW }));
  expect(await make('VIP'.toLowerCase())).toMatchObject({
    outcome: 'invalid',
    faults: [{ path: 'tag', message: expect.stringContaining('was the tag of another segment') as string }],
  });
  expect(await shop.in((tx) => renameSegment(tx, { key: 'other', name: 'Other', tag: 'vip' }))).toMatchObject(
    { outcome: 'invalid' },
  );
  const faults = await shop.in(async (tx) =>
    shopFaults(
      { v: 1, where: { field: 'customer_tags', op: 'has_any', value: ['regulars-vip'] } },
      { ...(await readShopFacts(tx, await readRuleDay(tx, NOW))), tagPrefix: 'changed-' },
    ),
  );
  expect(faults).toMatchObject([{ path: 'where.value.0' }]);
  // Back to its own.
  await shop.in((tx) => tx.query(sql`UPDATE tag_rename SET state = 'done' WHERE shop_id = ${shop.shopId}`));
  const back = await shop.in((tx) =>
    startRename(tx, { what: 'tag', key: 'vip', to: 'vip' }, { actor: '7', now: NOW }),
  );
  expect(back.outcome).toBe('started');
});
