/** What is erased, and told, of one customer. */
import { describe, expect, test } from 'vitest';
import { createCipher } from '../../../app/cipher.server.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import { payloadPurpose } from '../../../app/intake/inbox/payload-purpose.ts';
import { replayDeadLetter } from '../../../app/intake/inbox/dead-letters.server.ts';
import { answerDataRequest } from '../../../app/privacy/answer-data-request.server.ts';
import { listPrivacyRequests, prunePrivacyRequests } from '../../../app/privacy/privacy-request.server.ts';
import { customer, order } from '../intake/fact-makers.ts';
import { ANNA, ANNA_BEFORE, BEN, cipher, now, redactionKey, privacyStage } from './privacy-stage.ts';

const stage = privacyStage();
const { fill, put, redact, tablesThatName } = stage;

describe('customers/redact', () => {
  test('leaves nothing of the customer, nor of those merged into them, and everything of the others', async () => {
    const shop = await stage.t.createShop();
    await fill(shop, ANNA, ANNA_BEFORE);
    await fill(shop, BEN, '8840001112224');
    const order = { id: 55, customer: { id: Number(ANNA) } };
    const waitingOrder = await put(shop, 'waiting', 'refunds/create', { id: 1, order_id: 55, note: ANNA });
    await put(shop, 'waiting', 'customers/update', { id: Number(ANNA_BEFORE) });
    const others = await put(shop, 'waiting', 'customers/update', { id: Number(BEN) });
    const dead = await put(shop, 'dead', 'orders/updated', order);
    const deadOfBen = await put(shop, 'dead', 'orders/updated', { customer: { id: Number(BEN) } });
    await stage.t.db.inShop(shop, (tx) =>
      answerDataRequest(tx, { customerId: ANNA, receivedAt: now, now, redactionKey, cipher }),
    );
    const benBefore = await tablesThatName(BEN, shop);
    expect(await tablesThatName(ANNA, shop)).toEqual(
      expect.arrayContaining([...benBefore, 'collected data']),
    );

    await redact(shop, ANNA);
    expect(await tablesThatName(ANNA, shop)).toEqual([]);
    expect(await tablesThatName(ANNA_BEFORE, shop)).toEqual([]);
    expect(await tablesThatName(BEN, shop)).toEqual(benBefore);
    const { rows } = await stage.root.query(
      `SELECT customer_id, count(*)::int AS n FROM orders WHERE shop_id = ${shop} GROUP BY 1 ORDER BY 1 NULLS FIRST`,
    );
    expect(rows).toEqual([
      { customer_id: null, n: 2 },
      { customer_id: BEN, n: 2 },
    ]);
    const { rows: letters } = await stage.root.query(
      `SELECT id, state, payload IS NULL AS empty FROM inbox WHERE shop_id = ${shop} ORDER BY id`,
    );
    expect(
      letters.filter((row: { empty: boolean }) => !row.empty).map((row: { id: string }) => row.id),
    ).toEqual([others, deadOfBen]);
    expect(letters).toContainEqual({ id: waitingOrder, state: 'done', empty: true });
    expect(letters).toContainEqual({ id: dead, state: 'dead', empty: true });
    expect(await stage.t.db.inShop(shop, (tx) => replayDeadLetter(tx, dead, now))).toBe('emptied');
    const { rows: again } = await stage.root.query(
      `SELECT kind, object_id FROM reread WHERE shop_id = ${shop} AND kind = 'order'`,
    );
    expect(again).toEqual([{ kind: 'order', object_id: '55' }]);
  });

  test('what cannot be decrypted is emptied, and holds nothing up', async () => {
    const shop = await stage.t.createShop();
    await fill(shop, ANNA, ANNA_BEFORE);
    const before = await put(shop, 'dead', 'orders/updated', { customer: { id: Number(ANNA) } });
    const closed = [await put(shop, 'dead', 'orders/updated', {}), await put(shop, 'waiting', 'x', {})];
    const after = await put(shop, 'dead', 'orders/updated', { customer: { id: Number(BEN) } });
    const otherKey = createCipher([Buffer.alloc(32, 9)]).encrypt(Buffer.from(ANNA), payloadPurpose(shop));
    await stage.root.query(`UPDATE inbox SET payload = $1 WHERE id = ANY($2)`, [otherKey, closed]);
    await redact(shop, ANNA);
    const { rows: letters } = await stage.root.query(
      `SELECT id, state, payload IS NULL AS empty, reason FROM inbox WHERE shop_id = ${shop} ORDER BY id`,
    );
    const emptied = { state: 'dead', empty: true };
    expect(letters).toMatchObject([
      { id: before, ...emptied, reason: expect.stringContaining('named') as string },
      ...closed.map((id) => ({ id, ...emptied, reason: expect.stringContaining('decrypted') as string })),
      { id: after, state: 'dead', empty: false },
    ]);
    expect(await tablesThatName(ANNA, shop)).toEqual([]);
  });

  test('late messages and imports bring nothing back; twice is as once; it is recorded', async () => {
    const shop = await stage.t.createShop();
    await fill(shop, ANNA, ANNA_BEFORE);
    await redact(shop, ANNA);
    await redact(shop, ANNA);
    await stage.t.db.inShop(shop, (tx) =>
      applyFacts(
        tx,
        [customer(ANNA, 50), customer(ANNA_BEFORE, 50), order('77', 50, { customerId: ANNA_BEFORE })],
        { now, redactionKey },
      ),
    );
    expect(await tablesThatName(ANNA_BEFORE, shop)).toEqual([]);
    const requests = await stage.t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher));
    expect(requests.map(({ kind, doneAt }) => [kind, doneAt])).toEqual([
      ['customer_redact', now],
      ['customer_redact', now],
    ]);
    expect(requests[0]?.dueAt.getTime()).toBe(now.getTime() + 30 * 86_400_000);
  });

  test('a customer that we never held, and a guest, are recorded and harm nobody', async () => {
    const shop = await stage.t.createShop();
    await fill(shop, BEN, '8840001112224');
    const before = await tablesThatName(BEN, shop);
    await redact(shop, '123');
    await redact(shop, null);
    expect(await tablesThatName(BEN, shop)).toEqual(before);
    expect(await stage.t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher))).toHaveLength(2);
  });
});

describe('customers/data_request', () => {
  test('lists all that we hold, for 30 days', async () => {
    const shop = await stage.t.createShop();
    await fill(shop, ANNA, ANNA_BEFORE);
    const data = (await stage.t.db.inShop(shop, (tx) =>
      answerDataRequest(tx, { customerId: ANNA, receivedAt: now, now, redactionKey, cipher }),
    )) as Record<string, unknown[]>;
    expect(Object.fromEntries(Object.entries(data).map(([key, list]) => [key, list.length]))).toEqual({
      customer: 1,
      offers: 1,
      offersAwaited: 1,
      offersUsed: 1,
      metafields: 1,
      mergedFrom: 1,
      orders: 2,
      purchaseHistory: 1,
      scores: 1,
      predictions: 1,
      segments: 1,
      segmentHistory: 3,
      segmentChangesOfMany: 2,
      segmentsKept: 1,
      segmentsLeft: 1,
      namedForSegments: 1,
      leftOutByHand: 1,
      tagsGiven: 1,
      metafieldsWritten: 1,
      automationsStarted: 1,
      tagEdits: 1,
      tagHistory: 1,
      tagsFound: 1,
      tagsHeldOut: 1,
      controlGroups: 1,
      tagsImpossible: 1,
    });
    expect(data['orders']?.[0]).toMatchObject({ total_minor: 1000, lines: [{ title: 'Thing' }] });
    const [kept] = await stage.t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher));
    expect(kept?.result).toEqual(data);
    const { rows: stored } = await stage.root.query<{ result: Buffer }>(
      `SELECT result FROM privacy_request WHERE shop_id = ${shop}`,
    );
    expect(stored[0]?.result.toString('latin1')).not.toContain('total_minor');
    const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
    expect(await stage.t.db.inShop(shop, (tx) => prunePrivacyRequests(tx, later(29)))).toBe(0);
    expect(await stage.t.db.inShop(shop, (tx) => prunePrivacyRequests(tx, later(31)))).toBe(1);
  });

  test('of somebody that we do not hold: nothing, and recorded', async () => {
    const shop = await stage.t.createShop();
    for (const customerId of ['123', null]) {
      const data = await stage.t.db.inShop(shop, (tx) =>
        answerDataRequest(tx, { customerId, receivedAt: now, now, redactionKey, cipher }),
      );
      expect(data).toBeNull();
    }
    expect(await stage.t.db.inShop(shop, (tx) => listPrivacyRequests(tx, cipher))).toHaveLength(2);
  });
});
