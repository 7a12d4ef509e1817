/** A whole store comes in, exactly; again, killed at any point, and with webhooks in between. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import { normaliseWebhook } from '../../../app/intake/normalise/normalise-webhook.ts';
import { redactionDigest } from '../../../app/intake/redaction-digest.server.ts';
import type { FetchResult } from '../../../app/shopify/fetch-bulk-result.server.ts';
import { createCustomer } from '../../../sandbox/acts/create-customer.ts';
import { placeOrder } from '../../../sandbox/acts/place-order.ts';
import { refundOrder } from '../../../sandbox/acts/refund-order.ts';
import { updateCustomer } from '../../../sandbox/acts/update-customer.ts';
import { messageOf } from '../../../sandbox/webhooks/message-of-change.ts';
import { createImportWorld, type ImportWorld } from './world.ts';

let world: ImportWorld;

beforeAll(async () => {
  world = await createImportWorld({ customers: 400, seed: 11 });
});
afterAll(() => world.close());

describe('import of a generated store', () => {
  let shopId: ShopId;
  const steps: string[] = [];

  beforeAll(async () => {
    shopId = await world.newShop();
    const outcome = await world.import(shopId, {
      chunkLines: 137,
      afterLoad: async (_shopId, onProgress) => {
        await onProgress('profiles', 1, 2);
        const { step } = await world.run(shopId);
        steps.push(String(step));
        await onProgress('profiles', 2, 2);
      },
    });
    expect(outcome).toMatchObject({ outcome: 'done' });
  });

  it('has every customer, order, line, refund and product, with every amount', async () => {
    const expected = world.expected();
    expect(expected.customers.length).toBeGreaterThan(380);
    expect(expected.orders.length).toBeGreaterThan(300);
    expect(expected.refunds.length).toBeGreaterThan(10);
    expect(await world.facts(shopId)).toEqual(expected);
  });

  it('shows where it stood, and that it is done', async () => {
    expect(steps).toEqual(['profiles']);
    expect(await world.run(shopId)).toEqual({ state: 'done', step: 'done', message: null });
    const expected = world.expected();
    const inCollections = [...world.store.collections.all()].reduce((n, one) => n + one.productIds.length, 0);
    const parts = await world.parts(shopId);
    expect(parts.map((part) => [part['kind'], part['state'], part['lines'], part['objects']])).toEqual([
      ['customers', 'done', expected.customers.length, expected.customers.length],
      ['orders', 'done', ...Array(2).fill(expected.orders.length + expected.lines.length)],
      // Each collection of a product is a line.
      ['products', 'done', ...Array(2).fill(expected.products.length + inCollections)],
    ]);
    for (const part of parts) expect(part['byteOffset']).toBe(part['fileSize']);
  });

  it('has set the shop up: currency, time zone, permissions, and when it was synced', async () => {
    const { rows } = await world.testDb.db.inShop(shopId, (tx) =>
      tx.query<Record<string, unknown>>(sql`SELECT * FROM shop_settings WHERE shop_id = ${shopId}`),
    );
    expect(rows[0]).toMatchObject({ currency: 'EUR', iana_timezone: 'Europe/Berlin', name: 'Import Test' });
    expect(rows[0]?.['scopes']).toContain('read_orders');
    for (const time of ['first_imported_at', 'last_synced_at', 'reconciled_to']) {
      expect(Math.abs((rows[0]?.[time] as Date).getTime() - Date.now())).toBeLessThan(60_000);
    }
  });

  it('changes nothing when it runs again', async () => {
    const before = await world.facts(shopId);
    expect(await world.import(shopId)).toMatchObject({ outcome: 'done' });
    expect(await world.facts(shopId)).toEqual(before);
    const { rows } = await world.testDb.db.inShop(shopId, (tx) =>
      tx.query(sql`SELECT 1 FROM import_run WHERE shop_id = ${shopId}`),
    );
    expect(rows).toHaveLength(2);
  });

  it('does not bring a redacted customer back', async () => {
    const other = await world.newShop();
    const gone = world.expected().orders.find((order) => order['customerId'] !== null)?.[
      'customerId'
    ] as string;
    await world.testDb.db.inShop(other, (tx) =>
      tx.query(sql`INSERT INTO redacted_customer (shop_id, digest, redacted_at)
                   VALUES (${other}, ${redactionDigest(Buffer.alloc(32, 7), other, gone)}, ${new Date()})`),
    );
    await world.import(other);
    const facts = await world.facts(other);
    expect(facts.customers.some((customer) => customer['id'] === gone)).toBe(false);
    expect(facts.orders.some((order) => order['customerId'] === gone)).toBe(false);
    expect(facts.orders).toHaveLength(world.expected().orders.length);
  });
});

describe('an import that is killed', () => {
  /** Stops the stream with an error of our own after so many bytes, as a process that dies there. */
  class Killed extends Error {}
  const dyingAfter =
    (fetchResult: FetchResult, budget: { bytes: number }): FetchResult =>
    async (url, options) => {
      const bytes = await fetchResult(url, options);
      return (async function* () {
        for await (const chunk of bytes) {
          for (let at = 0; at < chunk.length; at += 1000) {
            const piece = chunk.subarray(at, at + 1000);
            budget.bytes -= piece.length;
            if (budget.bytes < 0) throw new Killed();
            yield piece;
          }
        }
      })();
    };

  it('goes on where it was, whatever the byte: same end state', async () => {
    const shopId = await world.newShop();
    let kills = 0;
    // 53 lines a chunk and a prime number of bytes between two deaths: every kind of place is hit.
    for (let life = 1; life <= 200; life += 1) {
      const context = world.context({ chunkLines: 53 });
      const fetchResult = dyingAfter(context.fetchResult, { bytes: 60_013 + life * 101 });
      try {
        expect(await world.import(shopId, { chunkLines: 53, fetchResult })).toMatchObject({
          outcome: 'done',
        });
        break;
      } catch (error) {
        expect(error).toBeInstanceOf(Killed);
        kills += 1;
      }
    }
    expect(kills).toBeGreaterThan(10);
    expect(await world.facts(shopId)).toEqual(world.expected());
    const { rows } = await world.testDb.db.inShop(shopId, (tx) =>
      tx.query(sql`SELECT 1 FROM import_run WHERE shop_id = ${shopId}`),
    );
    expect(rows).toHaveLength(1);
    const parts = await world.parts(shopId);
    expect(parts[1]?.['lines']).toBe(world.expected().orders.length + world.expected().lines.length);
  });

  it('stops between two chunks when it is asked to, and goes on', async () => {
    const shopId = await world.newShop();
    const stop = new AbortController();
    const context = world.context();
    let chunks = 0;
    const counted: FetchResult = async (url, options) => {
      const bytes = await context.fetchResult(url, { from: options.from });
      return (async function* () {
        for await (const chunk of bytes) {
          if ((chunks += 1) === 2) stop.abort(new Error('shutting down'));
          yield chunk;
        }
      })();
    };
    await expect(
      world.import(shopId, { signal: stop.signal, fetchResult: counted, chunkLines: 50 }),
    ).rejects.toThrow('shutting down');
    expect((await world.run(shopId))['state']).toBe('running');
    expect(await world.import(shopId)).toMatchObject({ outcome: 'done' });
    expect(await world.facts(shopId)).toEqual(world.expected());
  });

  it('runs afterLoad again when it died there, and reads nothing twice', async () => {
    const shopId = await world.newShop();
    let runs = 0;
    const afterLoad = async () => {
      runs += 1;
      if (runs === 1) throw new Error('died while computing');
    };
    await expect(world.import(shopId, { afterLoad })).rejects.toThrow('died');
    const before = world.sandbox.apiLog.counts(world.store.shop.domain).bulkOperations;
    expect(await world.import(shopId, { afterLoad })).toMatchObject({ outcome: 'done' });
    expect(runs).toBe(2);
    expect(world.sandbox.apiLog.counts(world.store.shop.domain).bulkOperations).toBe(before);
  });

  it('lets only one of two workers advance a part', async () => {
    const shopId = await world.newShop();
    const outcomes = await Promise.allSettled([
      world.import(shopId, { chunkLines: 150 }),
      world.import(shopId, { chunkLines: 150 }),
    ]);
    const again = await world.import(shopId);
    expect(outcomes.some(({ status }) => status === 'fulfilled') || again.outcome === 'done').toBe(true);
    expect(await world.facts(shopId)).toEqual(world.expected());
  });
});

describe('webhooks while the files are read', () => {
  it('are neither lost nor overtaken by the older rows', async () => {
    const shopId = await world.newShop();
    const context = world.context();
    const { store } = world;
    let acted = false;

    /** The acts happen after Shopify wrote its files; their messages are drained before the files are loaded. */
    async function act(): Promise<void> {
      acted = true;
      const messages: { topic: string; text: string; at: string }[] = [];
      const unsubscribe = store.subscribe((change) => {
        const at = new Date().toISOString();
        const message = messageOf(change, store, at);
        if (message) messages.push({ topic: message.topic, text: JSON.stringify(message.payload), at });
      });
      const paid = [...store.orders()].filter(
        (order) => order.financialStatus === 'PAID' && order.customerId,
      );
      refundOrder(store, { order: paid[0]?.id });
      const returned = paid.find((order, index) => index > 0 && order.lines.length > 0);
      refundOrder(store, { order: returned?.id, lines: [{ line: returned?.lines[0]?.id, quantity: 1 }] });
      updateCustomer(store, { customer: paid[2]?.customerId, state: 'INVITED' });
      const fresh = createCustomer(store, { email: 'new@example.com' });
      placeOrder(store, { customer: fresh.id, amount: '49.90' });
      unsubscribe();
      for (const { topic, text, at } of messages) {
        const read = normaliseWebhook({
          topic,
          text,
          shopDomain: store.shop.domain,
          triggeredAt: at,
          receivedAt: at,
        });
        if (read.outcome !== 'facts') continue;
        await context.db.inShop(shopId, (tx) =>
          applyFacts(tx, read.facts, { now: new Date(), redactionKey: context.redactionKey }),
        );
      }
    }
    const fetchResult: FetchResult = async (url, options) => {
      if (!acted) await act();
      return context.fetchResult(url, options);
    };
    // All three files are written before the first is read.
    const wait = async () => {
      const done = [...store.bulkOperations()].every(({ status }) => status === 'COMPLETED');
      await new Promise((resolve) => setTimeout(resolve, done ? 1 : 20));
    };
    expect(await world.import(shopId, { fetchResult, wait })).toMatchObject({ outcome: 'done' });
    expect(acted).toBe(true);

    const facts = await world.facts(shopId);
    const expected = world.expected();
    expect(facts.orders).toEqual(expected.orders);
    expect(facts.lines).toEqual(expected.lines);
    expect(facts.refunds).toEqual(expected.refunds);
    expect(facts.customers.map(({ id, state, updatedAt }) => ({ id, state, updatedAt }))).toEqual(
      expected.customers.map(({ id, state, updatedAt }) => ({ id, state, updatedAt })),
    );
  });
});
