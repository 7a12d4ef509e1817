/** Facts that rules ask for besides core and address: each in its group, stored by stamps, touching whom it must. */
import { describe, expect, test } from 'vitest';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import type { Fact } from '../../../app/intake/facts.ts';
import { orderLocation } from '../../../app/intake/normalise/order-groups.ts';
import { at, customer, line, order } from './fact-makers.ts';
import { collection, product, readOf, ruleFactsStage } from './rule-facts-stage.ts';

const stage = ruleFactsStage();
const { apply, rows, liveRule } = stage;

describe('orders', () => {
  test('what a webhook does not carry is left as it is', async () => {
    const shop = await stage.t.createShop();
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
    const shop = await stage.t.createShop();
    await apply(shop, order('10', 2));
    expect(await rows(shop, 'SELECT return_open, dispute_lost, channel, subscription FROM orders')).toEqual([
      { return_open: null, dispute_lost: null, channel: null, subscription: null },
    ]);
  });

  test('a read that tells something new touches the customer, one that does not touches nobody', async () => {
    const shop = await stage.t.createShop();
    await apply(shop, customer('1', 1), order('10', 2), readOf('10', 3));
    expect([...(await apply(shop, readOf('10', 4)))]).toEqual([]);
    expect([...(await apply(shop, readOf('10', 5, { source: 'google' })))]).toEqual([['1', 'edit']]);
    expect([...(await apply(shop, readOf('10', 4, { source: 'old' })))]).toEqual([]);
    expect([...(await apply(shop, { ...order('10', 2), sellingPlan: true }))]).toEqual([['1', 'edit']]);
  });

  test('subscriptions: the first order by its selling plan, renewals by their source', async () => {
    const shop = await stage.t.createShop();
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
    const shop = await stage.t.createShop();
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
    const shop = await stage.t.createShop();
    await apply(shop, { ...order('10', 2), sellingPlan: true }, readOf('10', 3, { source: 'google' }));
    await apply(shop, { kind: 'order', id: '10', deletedAt: at(4) });
    await apply(shop, readOf('10', 9, { source: 'google' }));
    expect(
      await rows(shop, 'SELECT journey_first_source, channel, care_stamp, subscription FROM orders'),
    ).toEqual([{ journey_first_source: null, channel: null, care_stamp: null, subscription: null }]);
  });

  test('an order is read after its message only where a live rule asks for what the message lacks', async () => {
    const wish: Fact = { kind: 'reread', object: 'order', id: '10', reason: 'visits', when: 'reads' };
    const [quiet, asking] = [await stage.t.createShop(), await stage.t.createShop()];
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
    const shop = await stage.t.createShop();
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
    const shop = await stage.t.createShop();
    await apply(shop, product('1', 2));
    await apply(shop, product('2', 2, { collections: [] }));
    expect(await rows(shop, 'SELECT kind, object_id, reason FROM reread')).toEqual([
      { kind: 'product', object_id: '1', reason: 'collections of a product' },
    ]);
  });

  test('buyers are touched where a live rule asks about products as they are now', async () => {
    const shop = await stage.t.createShop();
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
    const shop = await stage.t.createShop();
    await liveRule(shop, {
      v: 1,
      where: { field: 'bought', op: 'eq', value: true, with: { what: { vendor: ['Acme'] } } },
    });
    await apply(shop, order('10', 2, { lines: [line('1', { productId: '5' })] }), product('5', 2));
    expect([...(await apply(shop, product('5', 3, { type: 'Mugs' })))]).toEqual([]);
  });
});
