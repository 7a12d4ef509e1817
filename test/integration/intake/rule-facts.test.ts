/** Facts that rules ask for besides core and address: each in its group, stored by stamps, touching whom it must. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import type {
  CollectionFact,
  Fact,
  MetafieldValue,
  OrderFact,
  ProductFact,
} from '../../../app/intake/facts.ts';
import { collectionCore } from '../../../app/intake/normalise/collection-groups.ts';
import { orderLocation, readGroup } from '../../../app/intake/normalise/order-groups.ts';
import { productCore } from '../../../app/intake/normalise/product-groups.ts';
import { stampOf } from '../../../app/intake/stamp.ts';
import { setMetafields, setPostalCode } from '../../../app/pipeline/change-picks.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { at, customer, line, order } from './fact-makers.ts';

const redactionKey = Buffer.alloc(32, 7);
const NOBODY = {
  source: null,
  utmSource: null,
  utmMedium: null,
  utmCampaign: null,
  utmContent: null,
  utmTerm: null,
};
let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const apply = (shop: ShopId, ...facts: Fact[]) =>
  t.db.inShop(shop, (tx) => applyFacts(tx, facts, { now: at(59), redactionKey }));
const rows = async (shop: ShopId, text: string) =>
  (await t.db.inShop(shop, (tx) => tx.query(text))).rows as Record<string, unknown>[];
const times = (second: number) => ({ readAt: at(second), startedAt: at(second) });
const clock = { now: () => at(50), machineNow: () => at(50) };

/** What only a read of an order tells. */
const readOf = (
  id: string,
  second: number,
  told: { source?: string; returnOpen?: boolean } = {},
): OrderFact => ({
  kind: 'order',
  id,
  journey: readGroup<'journey'>(
    { first: { ...NOBODY, source: told.source ?? null }, last: NOBODY },
    times(second),
  ),
  channel: readGroup<'channel'>({ name: told.source ?? null }, times(second)),
  care: readGroup<'care'>({ returnOpen: told.returnOpen ?? false, disputeLost: false }, times(second)),
});
const product = (id: string, second: number, state: { type?: string; collections?: string[] } = {}): ProductFact => ({
  kind: 'product',
  id,
  core: productCore(
    { title: 'Cup', vendor: 'Acme', productType: state.type ?? 'Cups', handle: 'cup', status: 'ACTIVE', tags: [], createdAt: at(0) },
    at(second),
    at(second),
  ),
  ...(state.collections && { collections: { readAt: at(second), ids: state.collections } }),
}); // prettier-ignore
const collection = (id: string, second: number, products?: string[]): CollectionFact => ({
  kind: 'collection',
  id,
  core: collectionCore({ title: `C${id}`, handle: `c${id}` }, at(second), at(second)),
  ...(products && { products: { readAt: at(second), ids: products } }),
});
const metafields = (id: string, second: number, values: MetafieldValue[]): Fact => ({
  kind: 'customer',
  id,
  metafields: { values, stamp: stampOf(at(second), at(second), values) },
});
const zip = (id: string, second: number, code: string | null): Fact => ({
  kind: 'customer',
  id,
  zip: { zip: code, stamp: stampOf(at(second), at(second), { zip: code }) },
});
const liveRule = (shop: ShopId, rule: object) =>
  t.db.inShop(shop, (tx) =>
    tx.query(
      `INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, created_at)
       VALUES (${shop}, 'k', 'K', 'f', 'k', 'live', '${JSON.stringify(rule)}', '2026-01-01')`,
    ),
  );

describe('orders', () => {
  test('what a webhook does not carry is left as it is', async () => {
    const shop = await t.createShop();
    await apply(shop, order('10', 2), readOf('10', 3, { source: 'google', returnOpen: true }));
    await apply(shop, order('10', 4, { totalMinor: 5n }));
    const [row] = await rows(
      shop,
      'SELECT total_minor, journey_first_source, channel, return_open, dispute_lost FROM orders',
    );
    expect(row).toEqual({
      total_minor: '5',
      journey_first_source: 'google',
      channel: 'google',
      return_open: true,
      dispute_lost: false,
    });
  });

  test('before it was read nothing is claimed', async () => {
    const shop = await t.createShop();
    await apply(shop, order('10', 2));
    expect(await rows(shop, 'SELECT return_open, dispute_lost, channel, subscription FROM orders')).toEqual([
      { return_open: null, dispute_lost: null, channel: null, subscription: null },
    ]);
  });

  test('a read that tells something new touches the customer, one that does not touches nobody', async () => {
    const shop = await t.createShop();
    await apply(shop, customer('1', 1), order('10', 2), readOf('10', 3));
    expect([...(await apply(shop, readOf('10', 4)))]).toEqual([]);
    expect([...(await apply(shop, readOf('10', 5, { source: 'google' })))]).toEqual([['1', 'edit']]);
    expect([...(await apply(shop, readOf('10', 4, { source: 'old' })))]).toEqual([]);
    expect([...(await apply(shop, { ...order('10', 2), sellingPlan: true }))]).toEqual([['1', 'edit']]);
  });

  test('subscriptions: the first order by its selling plan, renewals by their source', async () => {
    const shop = await t.createShop();
    await apply(
      shop,
      { ...order('10', 2), sellingPlan: true },
      order('11', 2, { sourceName: 'subscription_contract' }),
      { ...order('12', 2, { sourceName: 'subscription_contract_checkout_one' }), sellingPlan: true },
      order('13', 2),
      order('14', 2, { sourceName: 'shopify_draft_order' }),
    );
    // A later webhook says nothing of selling plans.
    await apply(shop, order('10', 9, { lines: [line('101'), line('102')] }));
    expect(await rows(shop, 'SELECT id, subscription, staff_created FROM orders ORDER BY id')).toEqual([
      { id: '10', subscription: 'first', staff_created: false },
      { id: '11', subscription: 'renewal', staff_created: false },
      { id: '12', subscription: 'renewal', staff_created: false },
      { id: '13', subscription: null, staff_created: false },
      { id: '14', subscription: null, staff_created: true },
    ]);
  });

  test('a location is known by its id, and named when a read was allowed to see its name', async () => {
    const shop = await t.createShop();
    const placed = (second: number, name?: string): Fact => ({
      kind: 'order',
      id: '10',
      location: {
        ...orderLocation('77', at(second), at(second)),
        ...(name && { name: { text: name, readAt: at(second) } }),
      },
    });
    await apply(shop, order('10', 2), placed(2));
    expect(await rows(shop, 'SELECT id, name FROM location')).toEqual([{ id: '77', name: '' }]);
    // Rules compare names: whoever has ordered there is looked at again.
    expect([...(await apply(shop, placed(5, 'New name')))]).toEqual([['1', 'edit']]);
    expect([...(await apply(shop, placed(5, 'New name')))]).toEqual([]);
    await apply(shop, placed(4, 'Old name'));
    await apply(shop, placed(6));
    expect(await rows(shop, 'SELECT id, name FROM location')).toEqual([{ id: '77', name: 'New name' }]);
    expect(await rows(shop, 'SELECT location_id FROM orders')).toEqual([{ location_id: '77' }]);
  });

  test('a removed order says nothing any more', async () => {
    const shop = await t.createShop();
    await apply(shop, { ...order('10', 2), sellingPlan: true }, readOf('10', 3, { source: 'google' }));
    await apply(shop, { kind: 'order', id: '10', deletedAt: at(4) });
    await apply(shop, readOf('10', 9, { source: 'google' }));
    expect(
      await rows(shop, 'SELECT journey_first_source, channel, care_stamp, subscription FROM orders'),
    ).toEqual([{ journey_first_source: null, channel: null, care_stamp: null, subscription: null }]);
  });

  test('an order is read after its message only where a live rule asks for what the message lacks', async () => {
    const wish: Fact = { kind: 'reread', object: 'order', id: '10', reason: 'visits', when: 'reads' };
    const [quiet, asking] = [await t.createShop(), await t.createShop()];
    await liveRule(quiet, { v: 1, where: { field: 'email_consent', op: 'eq', value: 'SUBSCRIBED' } });
    await liveRule(asking, { v: 1, where: { field: 'first_visit_source', op: 'eq', value: 'google' } });
    for (const shop of [quiet, asking]) await apply(shop, order('10', 2, { customerId: null }), wish);
    expect(await rows(quiet, 'SELECT object_id FROM reread')).toEqual([]);
    expect(await rows(asking, 'SELECT object_id, not_before FROM reread')).toEqual([
      { object_id: '10', not_before: new Date(at(59).getTime() + 15_000) },
    ]);
  });
});

describe('products and collections', () => {
  const pairs = async (shop: ShopId) =>
    (await rows(shop, 'SELECT product_id, collection_id FROM product_collection ORDER BY 1, 2')).map(
      (row) => `${row['product_id']} in ${row['collection_id']}`,
    );

  test('a whole read of either side says what has ended', async () => {
    const shop = await t.createShop();
    await apply(shop, product('1', 2, { collections: ['7', '8'] }), collection('7', 3, ['1', '2']));
    expect(await pairs(shop)).toEqual(['1 in 7', '1 in 8', '2 in 7']);
    await apply(shop, product('1', 4, { collections: ['7'] }));
    expect(await pairs(shop)).toEqual(['1 in 7', '2 in 7']);
    await apply(shop, collection('7', 5, ['2']));
    expect(await pairs(shop)).toEqual(['2 in 7']);
    // What was read before then cannot bring it back.
    await apply(shop, product('1', 3, { collections: ['7', '8'] }));
    expect(await pairs(shop)).toEqual(['2 in 7']);
    await apply(shop, { kind: 'collection', id: '7', deletedAt: at(6) });
    await apply(shop, product('2', 9, { collections: ['7'] }));
    expect(await pairs(shop)).toEqual([]);
  });

  test('a product that changed by a message is read for its collections', async () => {
    const shop = await t.createShop();
    await apply(shop, product('1', 2));
    await apply(shop, product('2', 2, { collections: [] }));
    expect(await rows(shop, 'SELECT kind, object_id, reason FROM reread')).toEqual([
      { kind: 'product', object_id: '1', reason: 'collections of a product' },
    ]);
  });

  test('buyers are touched where a live rule asks about products as they are now', async () => {
    const shop = await t.createShop();
    await apply(shop, order('10', 2, { lines: [line('1', { productId: '5' })] }), product('5', 2));
    expect([...(await apply(shop, product('5', 3, { type: 'Mugs' })))]).toEqual([]);
    await liveRule(shop, {
      v: 1,
      where: { field: 'bought', op: 'eq', value: true, with: { what: { collection: ['7'] } } },
    });
    expect([...(await apply(shop, product('5', 4, { type: 'Cups' })))]).toEqual([['1', 'product']]);
    expect([...(await apply(shop, product('5', 5, { type: 'Cups' })))]).toEqual([]);
    expect([...(await apply(shop, collection('7', 6, ['5'])))]).toEqual([['1', 'product']]);
    expect([...(await apply(shop, collection('7', 7, ['5'])))]).toEqual([]);
    expect([...(await apply(shop, collection('7', 8, [])))]).toEqual([['1', 'product']]);
    expect([...(await apply(shop, { kind: 'product', id: '5', deletedAt: at(9) }))]).toEqual([
      ['1', 'product'],
    ]);
  });

  test('a rule about what was sold, by title or vendor of the line, touches nobody', async () => {
    const shop = await t.createShop();
    await liveRule(shop, {
      v: 1,
      where: { field: 'bought', op: 'eq', value: true, with: { what: { vendor: ['Acme'] } } },
    });
    await apply(shop, order('10', 2, { lines: [line('1', { productId: '5' })] }), product('5', 2));
    expect([...(await apply(shop, product('5', 3, { type: 'Mugs' })))]).toEqual([]);
  });
});

describe('postal codes and metafields', () => {
  const birthday = (value: string | null): MetafieldValue => ({
    key: 'custom.birthday',
    type: 'date',
    value,
  });
  const zips = (shop: ShopId) => rows(shop, 'SELECT zip FROM customer ORDER BY id');
  const fields = (shop: ShopId) =>
    rows(
      shop,
      `SELECT customer_id AS id, namespace_key AS key, value, number_value AS number, date_value AS date
         FROM customer_metafield ORDER BY 1, 2`,
    );
  const turn = (shop: ShopId, on: boolean, preview = false) =>
    t.db.inShop(shop, (tx) => setPostalCode(tx, on, { clock, preview }));
  const pick = (shop: ShopId, list: { key: string; type: string }[], preview = false) =>
    t.db.inShop(shop, (tx) => setMetafields(tx, list, { clock, preview }));

  test('a postal code is kept only while the switch is on', async () => {
    const shop = await t.createShop();
    await apply(shop, customer('1', 1), zip('1', 2, '01067'));
    expect(await zips(shop)).toEqual([{ zip: null }]);
    await turn(shop, true);
    await apply(shop, zip('1', 3, '01067'));
    expect(await zips(shop)).toEqual([{ zip: '01067' }]);
    expect(await turn(shop, false, true)).toMatchObject({ changed: true, emptied: 1, reading: 'nothing' });
    expect(await zips(shop)).toEqual([{ zip: '01067' }]);
    expect(await turn(shop, false)).toMatchObject({ changed: true, emptied: 1, reading: 'nothing' });
    // A read that was under way comes too late.
    await apply(shop, zip('1', 9, '01067'));
    expect(await rows(shop, 'SELECT zip, zip_stamp FROM customer')).toEqual([{ zip: null, zip_stamp: null }]);
    expect(await rows(shop, `SELECT kind FROM background_run`)).toEqual([{ kind: 'rule' }]);
    expect(await turn(shop, false)).toMatchObject({ changed: false });
  });

  test('values by their type; what is none of it is empty', async () => {
    const shop = await t.createShop();
    await t.db.inShop(shop, (tx) => tx.query(`UPDATE shop_settings SET iana_timezone = 'Europe/Berlin'`));
    const types = [
      'single_line_text_field',
      'number_integer',
      'number_decimal',
      'boolean',
      'date',
      'date_time',
    ];
    const done = await pick(
      shop,
      types.map((type) => ({ key: `custom.${type}`, type })),
    );
    expect(done).toMatchObject({ outcome: 'done', effect: { changed: true, reading: 'with_first_import' } });
    const good = ['tea', '-7', '1.25', 'true', '1990-02-28', '2026-11-01T23:30:00Z'];
    const values = (list: (string | null)[]) =>
      types.map((type, i) => ({ key: `custom.${type}`, type, value: list[i] ?? null }));
    await apply(shop, customer('1', 1), customer('2', 1));
    await apply(shop, metafields('1', 2, values(good)));
    await apply(shop, metafields('2', 2, values(['', 'many', '1e9', 'yes', '2026-02-30', 'soon'])));
    const stored = await fields(shop);
    expect(stored.filter(({ id }) => id === '1')).toEqual([
      { id: '1', key: 'custom.boolean', value: 'true', number: null, date: null },
      { id: '1', key: 'custom.date', value: '1990-02-28', number: null, date: '1990-02-28' },
      { id: '1', key: 'custom.date_time', value: '2026-11-01T23:30:00Z', number: null, date: '2026-11-02' },
      { id: '1', key: 'custom.number_decimal', value: '1.25', number: '1.250000000', date: null },
      { id: '1', key: 'custom.number_integer', value: '-7', number: '-7.000000000', date: null },
      { id: '1', key: 'custom.single_line_text_field', value: 'tea', number: null, date: null },
    ]);
    expect(stored.filter(({ id, value }) => id === '2' && value !== null)).toEqual([
      { id: '2', key: 'custom.single_line_text_field', value: '', number: null, date: null },
    ]);
  });

  test('only what is picked is kept; the later read wins; a change touches the customer', async () => {
    const shop = await t.createShop();
    await pick(shop, [{ key: 'custom.birthday', type: 'date' }]);
    await apply(shop, customer('1', 1));
    const first = metafields('1', 3, [
      birthday('1990-01-01'),
      { key: 'custom.other', type: 'boolean', value: 'true' },
    ]);
    expect([...(await apply(shop, first))]).toEqual([['1', 'edit']]);
    expect([...(await apply(shop, metafields('1', 4, [birthday('1990-01-01')])))]).toEqual([]);
    expect([...(await apply(shop, metafields('1', 2, [birthday('1980-01-01')])))]).toEqual([]);
    expect(await fields(shop)).toMatchObject([{ id: '1', key: 'custom.birthday', date: '1990-01-01' }]);
    expect([...(await apply(shop, metafields('1', 6, [birthday(null)])))]).toEqual([['1', 'edit']]);
    expect([...(await apply(shop, metafields('1', 5, [birthday('1990-01-01')])))]).toEqual([]);
    expect(await fields(shop)).toMatchObject([{ value: null, date: null }]);
    await pick(shop, []);
    expect(await fields(shop)).toEqual([]);
  });

  test.each([
    ['eleven', Array.from({ length: 11 }, (_, i) => ({ key: `custom.f${i}`, type: 'date' })), 'too_many'],
    ['a list', [{ key: 'custom.sizes', type: 'list.single_line_text_field' }], 'type'],
    ['a reference', [{ key: 'custom.file', type: 'file_reference' }], 'type'],
    ['no key', [{ key: 'birthday', type: 'date' }], 'not_a_key'],
    ['a quote', [{ key: 'custom.a"}b', type: 'date' }], 'not_a_key'],
    ['one twice', [1, 2].map(() => ({ key: 'custom.birthday', type: 'date' })), 'twice'],
  ])('%s: refused, and nothing changes', async (_name, list, why) => {
    const shop = await t.createShop();
    expect(await pick(shop, list)).toMatchObject({ outcome: 'refused', refusal: { why } });
    expect(await rows(shop, 'SELECT metafields FROM shop_settings')).toEqual([{ metafields: [] }]);
  });

  test('after the first import a new pick is read in the background; runs wait for each other', async () => {
    const shop = await t.createShop();
    await apply(shop, customer('1', 1));
    await t.db.inShop(shop, (tx) => tx.query(`UPDATE shop_settings SET first_imported_at = '2026-01-01'`));
    expect(await turn(shop, true)).toEqual({
      changed: true,
      emptied: 0,
      reading: 'in_background',
      customers: 1,
    });
    const parts = () =>
      rows(shop, 'SELECT run_id, kind, state, byte_offset FROM import_part ORDER BY run_id, kind');
    expect(await parts()).toMatchObject([{ kind: 'customers', state: 'starting' }]);
    const { rows: due } = await t.db.pool.query(`SELECT work FROM shop_due WHERE shop_id = ${shop}`);
    expect(due).toContainEqual({ work: 'import' });
    // Another pick while it reads: its customers are read once more, by the new picks.
    await t.db.inShop(shop, (tx) => tx.query(`UPDATE import_part SET state = 'loading', byte_offset = 99`));
    await pick(shop, [{ key: 'custom.birthday', type: 'date' }]);
    expect(await parts()).toMatchObject([{ kind: 'customers', state: 'starting', byte_offset: '0' }]);
    // Past reading, the run is left alone and another waits.
    await t.db.inShop(shop, (tx) => tx.query(`UPDATE import_run SET step = 'profiles'`));
    await pick(shop, [{ key: 'custom.tier', type: 'single_line_text_field' }]);
    expect(await parts()).toHaveLength(2);
  });

  test('a customer’s message has what is picked read again, and nothing where nothing is picked', async () => {
    const wish: Fact = { kind: 'reread', object: 'customer', id: '1', reason: 'picks', when: 'picks' };
    const shop = await t.createShop();
    await apply(shop, customer('1', 1), wish);
    expect(await rows(shop, 'SELECT object_id FROM reread')).toEqual([]);
    await turn(shop, true);
    await apply(shop, customer('1', 2), wish);
    expect(await rows(shop, 'SELECT kind, object_id FROM reread')).toEqual([
      { kind: 'customer', object_id: '1' },
    ]);
  });

  test('they go with a removed and with a merged customer', async () => {
    const shop = await t.createShop();
    await pick(shop, [{ key: 'custom.birthday', type: 'date' }]);
    for (const id of ['1', '2', '3']) {
      await apply(shop, customer(id, 1), metafields(id, 2, [birthday('1990-01-01')]));
    }
    await apply(shop, { kind: 'merge', keptId: '2', deletedId: '1' });
    await apply(shop, { kind: 'customer', id: '3', deletedAt: at(9) });
    expect((await fields(shop)).map(({ id }) => id)).toEqual(['2']);
    await apply(
      shop,
      metafields('1', 10, [birthday('1990-01-01')]),
      metafields('3', 10, [birthday('1990-01-01')]),
    );
    expect((await fields(shop)).map(({ id }) => id)).toEqual(['2']);
  });
});

const seconds = fc.integer({ min: 1, max: 5 });
const few = (...of: string[]) => fc.uniqueArray(fc.constantFrom(...of), { maxLength: of.length });
const histories: fc.Arbitrary<Fact[]> = fc.array(
  fc.oneof(
    fc
      .record({
        id: fc.constantFrom('10', '11'),
        s: seconds,
        plan: fc.boolean(),
        who: fc.constantFrom('1', '2'),
      })
      .map(({ id, s, plan, who }): Fact => ({
        ...order(id, s, { customerId: who, sourceName: s % 2 ? 'web' : 'subscription_contract' }),
        ...(plan && { sellingPlan: true }),
      })),
    fc
      .record({ id: fc.constantFrom('10', '11'), s: seconds, source: fc.constantFrom('google', 'mail') })
      // One state at a time: two reads at one instant see the same.
      .map(({ id, s, source }): Fact => ({
        ...order(id, 1),
        ...readOf(id, s, { source, returnOpen: s > 3 }),
      })),
    fc.constant<Fact>({ kind: 'order', id: '11', deletedAt: at(3) }),
    fc
      .record({ id: fc.constantFrom('5', '6'), s: seconds, collections: few('7', '8') })
      .map(({ id, s, collections }): Fact => product(id, s, { collections })),
    fc
      .record({ id: fc.constantFrom('7', '8'), s: seconds, products: few('5', '6') })
      .map(({ id, s, products }): Fact => collection(id, s, products)),
    fc.constantFrom<Fact>(
      { kind: 'product', id: '6', deletedAt: at(4) },
      { kind: 'collection', id: '8', deletedAt: at(4) },
      { kind: 'merge', keptId: '2', deletedId: '1' },
      { kind: 'customer', id: '3', deletedAt: at(4) },
    ),
    fc
      .record({ id: fc.constantFrom('2', '3'), s: seconds, code: fc.constantFrom('1', '2', null) })
      .map(({ id, s, code }): Fact => ({ ...customer(id, s), ...(zip(id, s, code) as object) }) as Fact),
    fc
      .record({ id: fc.constantFrom('2', '3'), s: seconds, day: fc.constantFrom('1990-01-01', null) })
      .map(({ id, s, day }): Fact =>
        metafields(id, s, [{ key: 'custom.birthday', type: 'date', value: day }]),
      ),
  ),
  { minLength: 1, maxLength: 12 },
);

test('any permutation, duplication and batching of these facts ends the same', async () => {
  const tables = [
    ['orders', 'id'],
    ['customer', 'id'],
    ['customer_metafield', 'customer_id'],
    ['product', 'id'],
    ['collection', 'id'],
    ['product_collection', 'product_id, collection_id'],
    ['location', 'id'],
  ] as const;
  const state = async (shop: ShopId) => {
    const all: Record<string, unknown> = {};
    for (const [table, key] of tables) {
      all[table] = (await rows(shop, `SELECT * FROM ${table} ORDER BY ${key}`)).map(
        ({ shop_id: _shop, ...row }) => row,
      );
    }
    return all;
  };
  const ready = async () => {
    const shop = await t.createShop();
    await t.db.inShop(shop, (tx) => setPostalCode(tx, true, { clock }));
    await t.db.inShop(shop, (tx) => setMetafields(tx, [{ key: 'custom.birthday', type: 'date' }], { clock }));
    // A metafield alone makes no customer.
    await apply(shop, customer('2', 0), customer('3', 0));
    return shop;
  };
  await fc.assert(
    fc.asyncProperty(
      histories.chain((facts) =>
        fc.tuple(
          fc.constant(facts),
          fc.shuffledSubarray([...facts, ...facts], {
            minLength: facts.length * 2,
            maxLength: facts.length * 2,
          }),
          fc.integer({ min: 1, max: 5 }),
        ),
      ),
      async ([facts, shuffled, size]) => {
        const [a, b] = [await ready(), await ready()];
        for (const fact of facts) await apply(a, fact);
        for (let i = 0; i < shuffled.length; i += size) await apply(b, ...shuffled.slice(i, i + size));
        expect(await state(b)).toEqual(await state(a));
      },
    ),
    { numRuns: 15 },
  );
});
