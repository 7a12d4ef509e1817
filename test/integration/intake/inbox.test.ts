import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCipher } from '../../../app/cipher.server.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { createInboxAppender, type Delivery } from '../../../app/intake/inbox/append.server.ts';
import { listDeadLetters, replayDeadLetter } from '../../../app/intake/inbox/dead-letters.server.ts';
import { markDead, markDone } from '../../../app/intake/inbox/mark-done.server.ts';
import { createNotifier } from '../../../app/intake/inbox/notifier.server.ts';
import { pruneInbox } from '../../../app/intake/inbox/prune.server.ts';
import { readMessages } from '../../../app/intake/inbox/read-messages.server.ts';
import { stillWaiting, takeBatch } from '../../../app/intake/inbox/take-batch.server.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { at } from './fact-makers.ts';

const cipher = createCipher([Buffer.alloc(32, 4)]);
let t: TestDb;
let shop: ShopId;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
beforeEach(async () => {
  shop = await t.createShop();
});

let serial = 0;
const delivery = (text: string, more: Partial<Delivery> = {}): Delivery => ({
  topic: 'orders/delete',
  webhookId: `w${(serial += 1)}`,
  apiVersion: '2026-10',
  eventId: null,
  triggeredAt: '2026-11-22T10:00:00.123456Z',
  receivedAt: at(1),
  rawBody: Buffer.from(text),
  ...more,
});
const appender = (limits: Parameters<typeof createInboxAppender>[1] = {}) =>
  createInboxAppender({ db: t.db, cipher, log: silentLog(), notifier: createNotifier(t.db.pool) }, limits);
const fill = async (texts: readonly string[]) => {
  const inbox = appender();
  return Promise.all(texts.map((text) => inbox.append(shop, delivery(text))));
};
const inShop = <T>(work: Parameters<typeof t.db.inShop<T>>[1]) => t.db.inShop(shop, work);

describe('batches', () => {
  test('oldest first, bounded in number and in size, one row at least', async () => {
    await fill(['{"id":1}', '{"id":2}', '{"id":3}', `{"id":4,"x":"${'y'.repeat(5000)}"}`]);
    const take = (rows: number, bytes: number) => inShop((tx) => takeBatch(tx, { rows, bytes }));
    expect(await take(2, 1e6)).toHaveLength(2);
    expect(await take(500, 90)).toHaveLength(2);
    expect(await take(500, 1)).toHaveLength(1);
    expect(await take(500, 1e6)).toHaveLength(4);
    const first = await take(500, 1e6);
    expect(first.map((row) => BigInt(row.id))).toEqual(
      first.map((row) => BigInt(row.id)).sort((a, b) => Number(a - b)),
    );
  });

  test('rows open to what came, with every digit of their time; done rows are empty and gone', async () => {
    await fill(['{"id":11}', '{"id":12}']);
    const rows = await inShop((tx) => takeBatch(tx));
    const messages = readMessages(rows, { shopId: shop, domain: 'a.myshopify.com' }, cipher);
    expect(messages.map(({ normalised }) => normalised)).toMatchObject([
      { outcome: 'facts', facts: [{ id: '11' }] },
      { outcome: 'facts', facts: [{ id: '12' }] },
    ]);
    expect(rows[0]?.triggeredAt).toBe('2026-11-22T10:00:00.123456Z');
    const ids = rows.map((row) => row.id);
    await inShop((tx) => markDone(tx, ids.slice(0, 1), at(2)));
    expect(await inShop((tx) => stillWaiting(tx, ids))).toEqual(new Set(ids.slice(1)));
    const { rows: stored } = await inShop((tx) =>
      tx.query('SELECT state, payload IS NULL AS empty FROM inbox ORDER BY id'),
    );
    expect(stored).toEqual([
      { state: 'done', empty: true },
      { state: 'waiting', empty: false },
    ]);
  });

  test('a payload of one shop cannot be read as another’s', async () => {
    await fill(['{"id":11}']);
    const rows = await inShop((tx) => takeBatch(tx));
    const other = await t.createShop();
    expect(() => readMessages(rows, { shopId: other, domain: 'b.myshopify.com' }, cipher)).toThrow(
      /decrypted/,
    );
  });
});

describe('append', () => {
  test('beyond what may wait, deliveries are refused at once, and later taken again', async () => {
    const inbox = appender({ waitingRows: 3 });
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => inbox.append(shop, delivery('{}'))));
    expect(outcomes).toEqual(['accepted', 'accepted', 'accepted', 'not_stored', 'not_stored', 'not_stored']);
    expect(await inbox.append(shop, delivery('{}'))).toBe('accepted');
    const small = appender({ waitingBytes: 10 });
    expect(await small.append(shop, delivery('x'.repeat(11)))).toBe('not_stored');
    expect(await small.append(shop, delivery('x'.repeat(10)))).toBe('accepted');
  });

  test('of the same id in one insert, one is new', async () => {
    const inbox = appender();
    const outcomes = await Promise.all(
      ['first', 'same', 'same', 'same'].map((webhookId) => inbox.append(shop, delivery('{}', { webhookId }))),
    );
    expect(outcomes).toEqual(['accepted', 'accepted', 'duplicate', 'duplicate']);
    const other = await t.createShop();
    expect(await inbox.append(other, delivery('{}', { webhookId: 'same' }))).toBe('accepted');
  });

  test('one shop’s trouble is not another’s', async () => {
    const inbox = appender();
    const gone = '999999' as ShopId;
    const [bad, good] = await Promise.all([
      inbox.append(gone, delivery('{}')),
      inbox.append(shop, delivery('{}')),
    ]);
    expect([bad, good]).toEqual(['shop_gone', 'accepted']);
  });
});

describe('dead letters', () => {
  const die = async () => {
    await fill(['nonsense']);
    const [row] = await inShop((tx) => takeBatch(tx));
    await inShop((tx) => markDead(tx, row?.id as string, 'the body is not JSON', at(2)));
    return row?.id as string;
  };

  test('are listed with their reason, block nobody, and come back when replayed', async () => {
    const id = await die();
    expect(await inShop((tx) => takeBatch(tx))).toEqual([]);
    expect(await inShop((tx) => listDeadLetters(tx))).toEqual([
      {
        id,
        topic: 'orders/delete',
        reason: 'the body is not JSON',
        receivedAt: at(1),
        finishedAt: at(2),
        replayable: true,
      },
    ]);
    expect(await inShop((tx) => replayDeadLetter(tx, id, at(3)))).toBe('queued');
    expect(await inShop((tx) => takeBatch(tx))).toHaveLength(1);
    expect(await inShop((tx) => replayDeadLetter(tx, id, at(3)))).toBe('not_found');
    expect(await inShop((tx) => replayDeadLetter(tx, 'x', at(3)))).toBe('not_found');
  });

  test('lose their payload after 7 days, and everything is forgotten after 14; what waits is kept', async () => {
    const id = await die();
    await fill(['{"id":1}', '{"id":2}']);
    const [done] = await inShop((tx) => takeBatch(tx));
    await inShop((tx) => markDone(tx, [done?.id as string], at(2)));
    const after = (days: number) => new Date(at(2).getTime() + days * 86_400_000 + 1);
    expect(await inShop((tx) => pruneInbox(tx, after(6)))).toEqual({ emptied: 0, removed: 0 });
    expect(await inShop((tx) => pruneInbox(tx, after(7)))).toEqual({ emptied: 1, removed: 0 });
    expect(await inShop((tx) => replayDeadLetter(tx, id, at(3)))).toBe('emptied');
    expect(await inShop((tx) => pruneInbox(tx, after(14)))).toEqual({ emptied: 0, removed: 2 });
    expect(await inShop((tx) => takeBatch(tx))).toHaveLength(1);
  });
});
