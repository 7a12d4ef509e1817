import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { adoptMergedTags } from '../../../app/activation/tags/adopt-merged-tags.server.ts';
import { createBulks } from '../../../app/activation/tags/bulk/create-bulks.server.ts';
import { claimBatch } from '../../../app/activation/tags/claim-batch.server.ts';
import { deleteTagRecords } from '../../../app/activation/tags/delete-tag-records.server.ts';
import { dropOwnEchoes } from '../../../app/activation/tags/drop-own-echoes.server.ts';
import { queueChanged, queueCustomers } from '../../../app/activation/tags/queue-changed.server.ts';
import { insertTagWrites } from '../../../app/activation/tags/tag-write.server.ts';
import { dueShops } from '../../../app/db/shop-due.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import type { TagMessageFact } from '../../../app/intake/facts.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shopId: ShopId;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
beforeEach(async () => {
  shopId = await t.createShop();
});

const within = <T>(work: (tx: ShopTx) => Promise<T>) => t.db.inShop(shopId, work);
const own = (customer: number, tag: string, { pending = false, suppressed = false } = {}) =>
  within((tx) =>
    tx.query(sql`
      INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at, suppressed_at)
      VALUES (${shopId}, ${customer}, ${tag.toLowerCase()}, ${tag}, ${pending ? null : new Date()},
              ${suppressed ? new Date() : null})`),
  );
const known = (id: number, tags: string[] = []) =>
  within((tx) =>
    tx.query(sql`
      INSERT INTO customer (shop_id, id, tags, tags_stamp)
      VALUES (${shopId}, ${id}, ${tags}, '2026-01-01T00:00:00.000000Z|2026-01-01T00:00:00.000000Z|0')`),
  );
const claim = (machineNow = new Date()) =>
  within((tx) =>
    claimBatch(tx, {
      writer: 'w',
      machineNow,
      now: new Date(),
      leaseMs: 10_000,
      maxCustomers: 10,
      way: 'single',
    }),
  );

test('a row is due at once and wakes the shop, even when business time is years ahead', async () => {
  const ahead = new Date('2031-01-01T00:00:00Z');
  const queued = await within(async (tx) => {
    await tx.query('CREATE TEMPORARY TABLE changed_customer (customer_id bigint PRIMARY KEY) ON COMMIT DROP');
    await tx.query(
      'CREATE TEMPORARY TABLE touched_customer (customer_id bigint PRIMARY KEY, cause text) ON COMMIT DROP',
    );
    await tx.query('INSERT INTO changed_customer VALUES (1), (2)');
    return queueChanged(tx, ahead);
  });
  expect(queued).toBe(2);
  expect((await dueShops(t.db, 'outbox', new Date(), 100)).map((due) => due.shopId)).toContain(shopId);
  expect((await claim()).taken).toBe(2);
});

test('nothing changed wakes nobody', async () => {
  const queued = await within(async (tx) => {
    await tx.query('CREATE TEMPORARY TABLE changed_customer (customer_id bigint PRIMARY KEY) ON COMMIT DROP');
    await tx.query(
      'CREATE TEMPORARY TABLE touched_customer (customer_id bigint PRIMARY KEY, cause text) ON COMMIT DROP',
    );
    return queueChanged(tx, new Date());
  });
  expect(queued).toBe(0);
  expect((await dueShops(t.db, 'outbox', new Date(), 100)).map((due) => due.shopId)).not.toContain(shopId);
});

test('while a customer is held, messages of our own tags are echoes; any other tag is news', async () => {
  await known(1);
  await own(1, 'regulars-a', { pending: true });
  await within((tx) => queueCustomers(tx, ['1'], new Date()));
  const message = (added: string[], removed: string[] = [], id = '1'): TagMessageFact => ({
    kind: 'tag_message',
    id,
    added,
    removed,
    occurredAt: new Date(),
  });
  const kept = async (fact: TagMessageFact) => (await within((tx) => dropOwnEchoes(tx, [fact]))).length === 1;
  expect(await kept(message(['regulars-a'])), 'nobody holds the customer').toBe(true);
  expect((await claim()).writes).toHaveLength(1);
  expect(await kept(message(['Regulars-A']))).toBe(false);
  expect(await kept(message([], ['regulars-a']))).toBe(false);
  expect(await kept(message(['regulars-a', 'VIP'])), 'a tag of somebody else').toBe(true);
  expect(await kept(message(['regulars-a'], [], '2')), 'another customer').toBe(true);
});

test('while a file runs, only what it says is an echo: a tag of ours that is removed by hand is news', async () => {
  await known(1, ['regulars-b']);
  await own(1, 'regulars-a', { pending: true });
  await own(1, 'regulars-b');
  await within((tx) => queueCustomers(tx, ['1'], new Date()));
  await within((tx) =>
    createBulks(
      tx,
      [
        {
          customerId: '1',
          generation: '1',
          add: ['Regulars-A'],
          remove: [],
          removeFirst: false,
          after: 'done',
        },
      ],
      { machineNow: new Date() },
    ),
  );
  const facts = async (added: string[], removed: string[]) =>
    within((tx) =>
      dropOwnEchoes(tx, [{ kind: 'tag_message', id: '1', added, removed, occurredAt: new Date() }]),
    );
  const read = [{ kind: 'reread', object: 'customer', id: '1', reason: 'tags changed' }];
  expect(await facts(['regulars-a'], [])).toEqual([]);
  expect(await facts([], ['regulars-b']), 'by hand').toEqual(read);
  // As far as is known the tag is not there yet: to be read all the same.
  expect(await facts([], ['regulars-a']), 'what was just added is taken off').toEqual(read);
});

test('a merge makes the other customer’s tags ours on the one that was kept', async () => {
  await known(10, ['regulars-a']);
  await own(20, 'regulars-a');
  await own(20, 'regulars-b');
  await own(20, 'regulars-c', { suppressed: true });
  await own(10, 'regulars-a');
  await within((tx) =>
    tx.query(sql`INSERT INTO customer_alias (shop_id, old_id, kept_id) VALUES (${shopId}, 20, 10)`),
  );
  // The merged one may be compared first: nothing is forgotten by that.
  await within((tx) => queueCustomers(tx, ['20'], new Date(0)));
  expect(await claim()).toMatchObject({ taken: 1, writes: [] });
  await within((tx) => queueCustomers(tx, ['10'], new Date()));
  const { writes } = await claim();
  expect(writes).toMatchObject([{ customerId: '10', add: [] }]);
  expect([...(writes[0]?.remove ?? [])].sort()).toEqual(['regulars-a', 'regulars-b']);
});

test('a merge drops nothing that was decided about tags, or waits for a decision', async () => {
  await known(10);
  for (const [customer, tag, suppressed] of [
    [20, 'regulars-off', true],
    [20, 'regulars-lost', false],
    [20, 'regulars-both', true],
    [10, 'regulars-both', false],
  ] as const)
    await own(customer, tag, { suppressed });
  await within(async (tx) => {
    await tx.query(
      sql`UPDATE tag_owned SET lost_in = 7 WHERE shop_id = ${shopId} AND tag_key = 'regulars-lost'`,
    );
    await tx.query(sql`
      INSERT INTO tag_found (shop_id, customer_id, tag_key, tag, found_at, state)
      VALUES (${shopId}, 20, 'regulars-x', 'regulars-x', ${new Date()}, 'left')`);
    await tx.query(sql`INSERT INTO customer_alias (shop_id, old_id, kept_id) VALUES (${shopId}, 20, 10)`);
    await adoptMergedTags(tx, ['10']);
    const { rows } = await tx.query(sql`
      SELECT customer_id AS id, tag_key AS key, added_at IS NOT NULL AS added, suppressed_at IS NOT NULL AS suppressed,
             lost_in AS lost FROM tag_owned WHERE shop_id = ${shopId} ORDER BY tag_key`);
    expect(rows).toEqual([
      { id: '10', key: 'regulars-both', added: true, suppressed: false, lost: null },
      { id: '10', key: 'regulars-lost', added: true, suppressed: false, lost: '7' },
      { id: '10', key: 'regulars-off', added: true, suppressed: true, lost: null },
    ]);
    const { rows: found } = await tx.query(sql`
      SELECT customer_id AS id, tag_key AS key, state FROM tag_found WHERE shop_id = ${shopId}`);
    expect(found).toEqual([{ id: '10', key: 'regulars-x', state: 'left' }]);
  });
});

test('what is given up again and again leaves one line; what was done in between counts', async () => {
  const row = (customerId: string, outcome: 'confirmed' | 'failed', reason?: string) => ({
    customerId,
    tag: 'regulars-a',
    act: 'add' as const,
    outcome,
    ...(reason ? { reason } : {}),
  });
  const write = (...rows: Parameters<typeof row>[]) =>
    within((tx) => insertTagWrites(tx, rows.map((one) => row(...one)), { at: new Date(), way: 'single' }));
  await write(['1', 'failed', 'too_many_tags'], ['5', 'failed', 'customer_gone']);
  await write(['1', 'failed', 'too_many_tags'], ['5', 'failed', 'customer_gone']);
  await write(['1', 'confirmed']);
  await write(['1', 'failed', 'too_many_tags'], ['5', 'failed', 'too_many_tags']);
  const lines = sql`
    SELECT customer_id AS id, coalesce(reason, outcome) AS said FROM tag_write WHERE shop_id = ${shopId} ORDER BY customer_id, id`;
  expect((await within((tx) => tx.query(lines))).rows).toEqual([
    { id: '1', said: 'too_many_tags' },
    { id: '1', said: 'confirmed' },
    { id: '1', said: 'too_many_tags' },
    { id: '5', said: 'customer_gone' },
    { id: '5', said: 'too_many_tags' },
  ]);
}); // prettier-ignore

test('erasure leaves nothing of the customer, and nothing of another customer or shop goes', async () => {
  const other = await t.createShop();
  await own(1, 'regulars-a');
  await own(2, 'regulars-a');
  await t.db.inShop(other, (tx) => queueCustomers(tx, ['1'], new Date()));
  await within((tx) => queueCustomers(tx, ['1', '2'], new Date()));
  expect(await within((tx) => deleteTagRecords(tx, ['1']))).toBe(2);
  expect(await within((tx) => deleteTagRecords(tx, ['1']))).toBe(0);
  const queued = async (of: ShopId) => {
    const waiting = sql`SELECT customer_id AS id FROM tag_outbox WHERE shop_id = ${of}`;
    return (await t.db.inShop(of, (tx) => tx.query(waiting))).rows;
  };
  expect(await queued(shopId)).toEqual([{ id: '2' }]);
  expect(await queued(other)).toEqual([{ id: '1' }]);
});
