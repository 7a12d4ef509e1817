import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import type { Fact } from '../../../app/intake/facts.ts';
import { redactionDigest } from '../../../app/intake/redaction-digest.server.ts';
import { storeConfirmedTags } from '../../../app/intake/store-confirmed-tags.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { at, customer, line, order, reordered } from './fact-makers.ts';

const redactionKey = Buffer.alloc(32, 7);
let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const apply = (shop: ShopId, ...facts: Fact[]) =>
  t.db.inShop(shop, (tx) => applyFacts(tx, facts, { now: at(59), redactionKey }));

/** Every fact of a shop, in one comparable value. */
async function state(shop: ShopId): Promise<Record<string, unknown[]>> {
  return t.db.inShop(shop, async (tx) => {
    const result: Record<string, unknown[]> = {};
    for (const [table, key] of [
      ['customer', 'id'],
      ['customer_alias', 'old_id'],
      ['orders', 'id'],
      ['order_line', 'order_id, id'],
      ['order_refund', 'order_id, id'],
      ['product', 'id'],
    ]) {
      const { rows } = await tx.query(`SELECT * FROM ${table} ORDER BY ${key}`);
      result[table as string] = rows.map(({ shop_id: _shop, ...row }) => row);
    }
    return result;
  });
}

const one = async (tx: ShopTx, text: string) => (await tx.query(text)).rows[0];
const rereads = async (shop: ShopId) =>
  (
    await t.db.inShop(shop, (tx) =>
      tx.query<{ what: string }>(
        `SELECT kind || ' ' || object_id || ': ' || reason AS what FROM reread ORDER BY 1`,
      ),
    )
  ).rows.map((row) => row.what);

describe('stamps decide', () => {
  test('an older state never overwrites a newer one, whichever comes first', async () => {
    const shop = await t.createShop();
    await apply(shop, customer('1', 5, { country: 'DE' }), customer('1', 9, { account: 'DISABLED' }));
    await apply(shop, customer('1', 3, { country: 'FR', account: 'INVITED' }));
    const row = await t.db.inShop(shop, (tx) => one(tx, 'SELECT state, country_code FROM customer'));
    expect(row).toEqual({ state: 'DISABLED', country_code: 'DE' });
  });

  test('a group that a message does not carry stays as it is', async () => {
    const shop = await t.createShop();
    await apply(shop, customer('1', 5, { country: 'DE', tags: ['a'], email: 'SUBSCRIBED' }));
    await apply(shop, customer('1', 6));
    const row = await t.db.inShop(shop, (tx) =>
      one(tx, 'SELECT country_code, tags, email_consent FROM customer'),
    );
    expect(row).toEqual({ country_code: 'DE', tags: ['a'], email_consent: 'SUBSCRIBED' });
  });

  test('the same times with other content have the object read again, once', async () => {
    const shop = await t.createShop();
    await apply(shop, order('10', 5, { totalMinor: 1n }));
    await apply(shop, order('10', 5, { totalMinor: 2n }));
    await apply(shop, customer('1', 5, { account: 'A' }), customer('1', 5, { account: 'B' }));
    expect(await rereads(shop)).toEqual([
      'customer 1: two states of the same time',
      'order 10: two states of the same time',
    ]);
    const { rows } = await t.db.pool.query(`SELECT work FROM shop_due WHERE shop_id = ${shop}`);
    expect(rows).toEqual([{ work: 'reread' }]);
  });

  test('lines and refunds are replaced with the core as a whole', async () => {
    const shop = await t.createShop();
    const refund = { id: '77', createdAt: at(4), refundedMinor: 300n };
    await apply(shop, order('10', 5, { lines: [line('1'), line('2')] }));
    await apply(
      shop,
      order('10', 6, { lines: [line('2'), line('3')], refunds: [refund], refundedMinor: 300n }),
    );
    await apply(shop, order('10', 4, { lines: [line('9')] }));
    const { order_line: lines, order_refund: refunds } = await state(shop);
    expect(lines?.map((row) => (row as { id: string }).id)).toEqual(['2', '3']);
    expect(refunds).toHaveLength(1);
  });
});

describe('what was touched, and why', () => {
  test.each<[string, Fact[], Fact[], [string, string][]]>([
    ['a new order', [customer('1', 1)], [order('10', 2)], [['1', 'order']]],
    ['an order that comes twice', [customer('1', 1), order('10', 2)], [order('10', 2)], []],
    ['a later time without any change', [order('10', 2)], [order('10', 3)], []],
    ['a refund', [order('10', 2)], [order('10', 3, { refundedMinor: 5n })], [['1', 'refund']]],
    ['a cancellation', [order('10', 2)], [order('10', 3, { cancelledAt: at(3) })], [['1', 'order']]],
    ['an edit', [order('10', 2)], [order('10', 3, { totalMinor: 5n })], [['1', 'edit']]],
    [
      'an order that moved',
      [order('10', 2)],
      [order('10', 3, { customerId: '2' })],
      [
        ['1', 'edit'],
        ['2', 'edit'],
      ],
    ],
    ['a removed order', [order('10', 2)], [{ kind: 'order', id: '10', deletedAt: at(3) }], [['1', 'edit']]],
    ['a guest order', [], [order('10', 2, { customerId: null })], []],
    [
      'consent',
      [customer('1', 1, { email: 'PENDING' })],
      [customer('1', 2, { email: 'SUBSCRIBED' })],
      [['1', 'consent']],
    ],
    ['a customer that only looks newer', [customer('1', 1)], [customer('1', 2)], []],
    [
      'a removed customer',
      [customer('1', 1)],
      [{ kind: 'customer', id: '1', deletedAt: at(3) }],
      [['1', 'edit']],
    ],
    [
      'a merge',
      [customer('1', 1), customer('2', 1), order('10', 2, { customerId: '2' })],
      [{ kind: 'merge', keptId: '1', deletedId: '2' }],
      [
        ['1', 'merge'],
        ['2', 'merge'],
      ],
    ],
    [
      'an order and its refund at once',
      [customer('1', 1)],
      [order('10', 2), order('10', 3, { refundedMinor: 1n })],
      [['1', 'order']],
    ],
  ])('%s', async (_name, before, facts, expected) => {
    const shop = await t.createShop();
    await apply(shop, ...before);
    const touched = await apply(shop, ...facts);
    expect([...touched].sort()).toEqual(expected);
  });
});

describe('removals, merges and redactions win for ever', () => {
  test('removed before created stays removed, and empty', async () => {
    const shop = await t.createShop();
    await apply(
      shop,
      { kind: 'order', id: '10', deletedAt: at(2) },
      { kind: 'customer', id: '1', deletedAt: at(2) },
    );
    await apply(shop, order('10', 9), customer('1', 9, { country: 'DE', tags: ['x'] }));
    const { orders, order_line: lines, customer: customers } = await state(shop);
    expect(orders).toEqual([
      expect.objectContaining({ deleted_at: at(2), customer_id: null, total_minor: '0' }),
    ]);
    expect(lines).toEqual([]);
    expect(customers).toEqual([
      expect.objectContaining({ id: '1', deleted_at: at(2), country_code: null, core_stamp: null, tags: [] }),
    ]);
  });

  test('a merge moves the orders, and later facts that name the old customer go to the kept one', async () => {
    const shop = await t.createShop();
    await apply(shop, customer('1', 1), customer('2', 1), order('10', 2, { customerId: '2' }));
    await apply(shop, { kind: 'merge', keptId: '1', deletedId: '2' });
    const touched = await apply(
      shop,
      order('11', 3, { customerId: '2' }),
      customer('2', 9, { country: 'FR' }),
    );
    expect([...touched]).toEqual([['1', 'order']]);
    const { customer: customers, orders } = await state(shop);
    expect(customers?.map((row) => (row as { id: string }).id)).toEqual(['1']);
    expect(orders?.map((row) => (row as { customer_id: string }).customer_id)).toEqual(['1', '1']);
    expect(await rereads(shop)).toEqual(['customer 1: customers merged']);
  });

  test('a chain of merges ends at who is kept today, in any order; circles are refused', async () => {
    const [a, b] = [await t.createShop(), await t.createShop()];
    const chain: Fact[] = [
      { kind: 'merge', keptId: '2', deletedId: '1' },
      { kind: 'merge', keptId: '3', deletedId: '2' },
      { kind: 'merge', keptId: '4', deletedId: '3' },
    ];
    for (const fact of chain) await apply(a, fact);
    for (const fact of chain.toReversed()) await apply(b, fact);
    await apply(a, { kind: 'merge', keptId: '1', deletedId: '4' });
    expect((await state(a))['customer_alias']).toEqual([
      { old_id: '1', kept_id: '4' },
      { old_id: '2', kept_id: '4' },
      { old_id: '3', kept_id: '4' },
    ]);
    expect(await state(a)).toEqual(await state(b));
  });

  test('a redacted customer never comes back: the order is kept without a customer', async () => {
    const shop = await t.createShop();
    await t.db.inShop(shop, (tx) =>
      tx.query({
        text: 'INSERT INTO redacted_customer VALUES ($1, $2, $3)',
        values: [shop, redactionDigest(redactionKey, shop, '1'), at(1)],
      }),
    );
    const touched = await apply(
      shop,
      customer('1', 5),
      order('10', 5),
      { kind: 'tag_message', id: '1', added: ['x'], removed: [], occurredAt: at(5) },
      { kind: 'reread', object: 'customer', id: '1', reason: 'test' },
      { kind: 'merge', keptId: '1', deletedId: '3' },
      order('11', 6, { customerId: '3' }),
    );
    expect([...touched.keys()]).toEqual(['3']);
    const { customer: customers, orders, customer_alias: aliases } = await state(shop);
    expect({ customers, aliases }).toEqual({ customers: [], aliases: [] });
    expect(orders?.map((row) => (row as { customer_id: string | null }).customer_id)).toEqual([null, null]);
    expect(await rereads(shop)).toEqual([]);
  });
});

describe('tag messages', () => {
  const message = (added: string[], removed: string[] = []): Fact => ({
    kind: 'tag_message',
    id: '1',
    added,
    removed,
    occurredAt: at(9),
  });

  test('the echo of a confirmed write ends here, whatever its case', async () => {
    const shop = await t.createShop();
    await apply(shop, customer('1', 1, { tags: ['vip'] }));
    await t.db.inShop(shop, (tx) =>
      storeConfirmedTags(tx, [{ id: '1', tags: ['vip', 'regulars-new'], date: at(3), sentAt: at(2) }]),
    );
    expect([...(await apply(shop, message(['Regulars-New'], ['regulars-one'])))]).toEqual([]);
    expect(await rereads(shop)).toEqual([]);
  });

  test.each([
    ['a tag that is not there', message(['summer'])],
    ['a tag that is still there', message([], ['vip'])],
  ])('%s has the customer read again', async (_name, fact) => {
    const shop = await t.createShop();
    await apply(shop, customer('1', 1, { tags: ['vip'] }), fact);
    expect(await rereads(shop)).toEqual(['customer 1: tags changed']);
  });

  test('confirmed tags never overwrite a later state, nor bring a removed customer back', async () => {
    const shop = await t.createShop();
    await apply(shop, customer('1', 8, { tags: ['late'] }), { kind: 'customer', id: '2', deletedAt: at(1) });
    await t.db.inShop(shop, (tx) =>
      storeConfirmedTags(tx, [
        { id: '1', tags: ['early'], date: at(3), sentAt: at(2) },
        { id: '2', tags: ['early'], date: at(3), sentAt: at(2) },
        { id: '3', tags: ['early'], date: at(3), sentAt: at(2) },
      ]),
    );
    const { customer: customers } = await state(shop);
    expect(customers?.map((row) => (row as { tags: string[] }).tags)).toEqual([['late'], []]);
  });
});

test('a customer known only from an order has a row, and is asked for unless its message comes', async () => {
  const shop = await t.createShop();
  await apply(shop, order('10', 2), order('11', 2, { customerId: '2' }));
  expect(await rereads(shop)).toHaveLength(2);
  await apply(shop, customer('2', 3));
  expect(await rereads(shop)).toEqual(['customer 1: customer known only from an order']);
});

const histories: fc.Arbitrary<Fact[]> = fc.array(
  fc.oneof(
    fc
      .record({
        id: fc.constantFrom('1', '2', '3'),
        s: fc.integer({ min: 1, max: 6 }),
        c: fc.constantFrom('DE', 'FR'),
      })
      .map(({ id, s, c }): Fact =>
        customer(id, s, { country: c, tags: [c], ...(s % 2 ? { email: c } : {}) }),
      ),
    fc
      .record({
        id: fc.constantFrom('10', '11'),
        s: fc.integer({ min: 1, max: 4 }),
        trigger: fc.integer({ min: 1, max: 4 }),
        who: fc.constantFrom('1', '2', '3', null),
        lines: fc.uniqueArray(fc.constantFrom('1', '2', '3'), { minLength: 0, maxLength: 3 }),
      })
      .map(({ id, s, trigger, who, lines }): Fact =>
        order(id, s, { customerId: who, lines: lines.map((l) => line(l)) }, trigger),
      ),
    fc
      .record({ s: fc.integer({ min: 1, max: 3 }), id: fc.constantFrom('2', '3') })
      .map(({ s, id }): Fact => ({ kind: 'customer', id, deletedAt: at(s) })),
    fc.integer({ min: 1, max: 3 }).map((s): Fact => ({ kind: 'order', id: '11', deletedAt: at(s) })),
    fc.constant<Fact>({ kind: 'merge', keptId: '2', deletedId: '1' }),
    fc.constant<Fact>({ kind: 'merge', keptId: '3', deletedId: '2' }),
  ),
  { minLength: 1, maxLength: 10 },
);

test('any permutation, duplication and batching of the same facts ends the same', async () => {
  await fc.assert(
    fc.asyncProperty(reordered(histories), async ([facts, shuffled, size]) => {
      const [a, b] = [await t.createShop(), await t.createShop()];
      for (const fact of facts) await apply(a, fact);
      for (let i = 0; i < shuffled.length; i += size) await apply(b, ...shuffled.slice(i, i + size));
      expect(await state(b)).toEqual(await state(a));
    }),
    { numRuns: 30 },
  );
});
