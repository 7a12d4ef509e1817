/** Facts that rules ask for: any permutation, duplication and batching of them ends the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import type { Fact } from '../../../app/intake/facts.ts';
import { setMetafields, setPostalCode } from '../../../app/pipeline/change-picks.server.ts';
import { at, customer, order, reordered } from './fact-makers.ts';
import { clock, collection, metafields, product, readOf, zip, ruleFactsStage } from './rule-facts-stage.ts';

const stage = ruleFactsStage();
const { apply, rows } = stage;

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
    const shop = await stage.t.createShop();
    await stage.t.db.inShop(shop, (tx) => setPostalCode(tx, true, { clock }));
    await stage.t.db.inShop(shop, (tx) =>
      setMetafields(tx, [{ key: 'custom.birthday', type: 'date' }], { clock }),
    );
    // A metafield alone makes no customer.
    await apply(shop, customer('2', 0), customer('3', 0));
    return shop;
  };
  await fc.assert(
    fc.asyncProperty(reordered(histories), async ([facts, shuffled, size]) => {
      const [a, b] = [await ready(), await ready()];
      for (const fact of facts) await apply(a, fact);
      for (let i = 0; i < shuffled.length; i += size) await apply(b, ...shuffled.slice(i, i + size));
      expect(await state(b)).toEqual(await state(a));
    }),
    { numRuns: 15 },
  );
});
