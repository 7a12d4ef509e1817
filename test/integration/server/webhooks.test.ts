import fc from 'fast-check';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPool } from '../../../app/db/pool.server.ts';
import { createDb, type ShopId } from '../../../app/db/tenancy.server.ts';
import { payloadPurpose } from '../../../app/intake/inbox/payload-purpose.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import {
  cipher,
  deliver,
  headersFor,
  OLD_SECRET,
  send,
  sign,
  startWeb,
  type TestWeb,
} from './web-for-tests.ts';

const DOMAIN = 'a-shop.myshopify.com';
let t: TestDb;
let web: TestWeb;
let shop: ShopId;
beforeAll(async () => {
  t = await createTestDb();
  web = await startWeb(t.db);
  shop = await t.createShop({ domain: DOMAIN });
});
afterAll(async () => {
  await web.close();
  await t.close();
});
afterEach(() => t.db.inShop(shop, (tx) => tx.query('DELETE FROM inbox')));

interface Row {
  webhook_id: string;
  topic: string;
  state: string;
  payload: Buffer;
  triggered: string;
  batch: string;
}
const inbox = async (of = shop) =>
  (
    await t.db.inShop(of, (tx) =>
      tx.query<Row & Record<string, unknown>>(
        'SELECT *, triggered_at::text AS triggered, xmin::text AS batch FROM inbox ORDER BY id',
      ),
    )
  ).rows;

async function poll<T>(what: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const value = await what();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('not in time');
}

describe('outcomes', () => {
  test('accepted: stored encrypted, with all digits of its time, and the worker is told', async () => {
    const body = '{"id":1,"email":"secret@example.com"}';
    const listener = new pg.Client({ connectionString: t.url });
    await listener.connect();
    const heard = new Promise((resolve) => listener.on('notification', resolve));
    await listener.query('LISTEN regulars_due');
    const answer = await deliver(web, DOMAIN, body);
    expect(answer.status).toBe(200);
    await heard;
    await listener.end();
    const [row] = await inbox();
    expect(row).toMatchObject({ topic: 'orders/updated', state: 'waiting', api_version: '2026-10' });
    expect(row?.triggered).toBe('2026-11-22 10:00:00.123456+00');
    expect(row?.payload.includes('secret')).toBe(false);
    expect(cipher.decrypt(row?.payload as Buffer, payloadPurpose(shop)).toString()).toBe(body);
    const { rows } = await t.db.pool.query(`SELECT work FROM shop_due WHERE shop_id = ${shop}`);
    expect(rows).toEqual([{ work: 'inbox' }]);
  });

  test('duplicate: the same delivery again, in sequence and at once, is stored once', async () => {
    const id = { 'x-shopify-webhook-id': 'the-same' };
    expect((await deliver(web, DOMAIN, '{}', id)).status).toBe(200);
    const again = await Promise.all(Array.from({ length: 20 }, () => deliver(web, DOMAIN, '{}', id)));
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await inbox()).toHaveLength(1);
  });

  test('the secret that is being rotated out is still good', async () => {
    const answer = await deliver(web, DOMAIN, '{}', { 'x-shopify-hmac-sha256': sign('{}', OLD_SECRET) });
    expect(answer.status).toBe(200);
  });

  test.each<[string, number, Record<string, string>]>([
    ['forged', 401, { 'x-shopify-hmac-sha256': sign('{}', 'somebody else’s') }],
    ['signed for another body', 401, { 'x-shopify-hmac-sha256': sign('{ }') }],
    ['an empty signature', 401, { 'x-shopify-hmac-sha256': '' }],
    ['an unknown shop', 401, { 'x-shopify-shop-domain': 'nobody.myshopify.com' }],
    ['no shop', 401, { 'x-shopify-shop-domain': '' }],
    ['a shop that is none', 401, { 'x-shopify-shop-domain': `${DOMAIN}.evil.com` }],
    ['no delivery id', 400, { 'x-shopify-webhook-id': '' }],
    ['no topic', 400, { 'x-shopify-topic': '' }],
  ])('%s: %i, and nothing is stored', async (_name, status, headers) => {
    expect((await deliver(web, DOMAIN, '{}', headers)).status).toBe(status);
    expect(await inbox()).toEqual([]);
  });

  test('without any signature: 401', async () => {
    expect((await send(web, { body: '{}' })).status).toBe(401);
  });

  test.each(['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('%s: 405', async (method) => {
    const answer = await send(web, { method, headers: headersFor(DOMAIN, '') });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  test('compliance topics are answered also for a shop that we hold nothing of; a forged one is not', async () => {
    for (const topic of ['customers/data_request', 'customers/redact', 'shop/redact']) {
      const headers = { 'x-shopify-topic': topic, 'x-shopify-shop-domain': 'nobody.myshopify.com' };
      expect((await deliver(web, DOMAIN, '{}', headers)).status).toBe(200);
      const forged = { ...headers, 'x-shopify-hmac-sha256': sign('{}', 'x') };
      expect((await deliver(web, DOMAIN, '{}', forged)).status).toBe(401);
    }
    expect(await inbox()).toEqual([]);
  });

  test('an uninstalled shop is still heard; an erased one is unknown, at once', async () => {
    const domain = 'b-shop.myshopify.com';
    const other = await t.createShop({ domain });
    expect((await deliver(web, domain, '{}')).status).toBe(200);
    await t.db.pool.query(`UPDATE shop SET state = 'uninstalled' WHERE id = ${other}`);
    expect((await deliver(web, domain, '{}')).status).toBe(200);
    await t.db.pool.query(`UPDATE shop SET state = 'redacted' WHERE id = ${other}`);
    expect((await deliver(web, domain, '{}')).status).toBe(401);
    expect((await deliver(web, domain, '{}', { 'x-shopify-topic': 'shop/redact' })).status).toBe(200);
    expect(await inbox(other)).toHaveLength(2);
  });

  test('too large: 413, announced or not, without reading on', async () => {
    const announced = await send(web, {
      headers: { ...headersFor(DOMAIN, '{}'), 'content-length': '1000001' },
      write: (request) => request.write('{'),
    });
    expect(announced).toMatchObject({ status: 413, headers: { connection: 'close' } });
    let chunks = 0;
    const endless = await send(web, {
      headers: headersFor(DOMAIN, '{}'),
      write(request) {
        const more = () => {
          chunks += 1;
          if (!request.destroyed && chunks < 1000) request.write(Buffer.alloc(100_000, 32), more);
        };
        more();
        request.on('error', () => undefined);
      },
    });
    expect(endless.status).toBe(413);
    expect(chunks).toBeLessThan(1000);
  });

  test('bodies from nothing to the limit are stored', async () => {
    for (const size of [0, 1, 4096, 999_999, 1_000_000]) {
      expect((await deliver(web, DOMAIN, 'x'.repeat(size))).status).toBe(200);
    }
    expect((await inbox()).map((row) => row.payload.length)).toEqual([29, 30, 4125, 1_000_028, 1_000_029]);
    expect((await deliver(web, DOMAIN, 'x'.repeat(1_000_001))).status).toBe(413);
  });

  test('a sender that dawdles is told so: 408', async () => {
    const impatient = await startWeb(t.db, { webhookLimits: { bytes: 1000, milliseconds: 50 } });
    const answer = await send(impatient, {
      headers: { ...headersFor(DOMAIN, '{}'), 'content-length': '2' },
      write: (request) => request.write('{'),
    });
    expect(answer.status).toBe(408);
    await impatient.close();
  });

  test('a sender that goes away is forgotten, and the next one is served', async () => {
    await expect(
      send(web, {
        headers: { ...headersFor(DOMAIN, '{}'), 'content-length': '2' },
        write: (request) => request.write('{', () => request.destroy()),
      }),
    ).rejects.toThrow();
    expect((await deliver(web, DOMAIN, '{}')).status).toBe(200);
  });

  test('whatever the headers say, the answer is below 500 and the process lives', async () => {
    const value = fc.stringMatching(/^[ -~]{0,300}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.record({ domain: value, topic: value, id: value, at: value, hmac: fc.option(value) }),
        async (h) => {
          const answer = await deliver(web, h.domain.trim() || 'x', '{}', {
            'x-shopify-topic': h.topic,
            'x-shopify-webhook-id': h.id,
            'x-shopify-triggered-at': h.at,
            ...(h.hmac === null ? {} : { 'x-shopify-hmac-sha256': h.hmac }),
          });
          expect(answer.status).toBeLessThan(500);
        },
      ),
      { numRuns: 100 },
    );
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`x-h${i}`, 'v']));
    await send(web, { headers: many, body: '{}' }).then(
      ({ status }) => expect([401, 431]).toContain(status),
      (error: NodeJS.ErrnoException) => expect(['ECONNRESET', 'EPIPE']).toContain(error.code),
    );
    expect((await deliver(web, DOMAIN, '{}')).status).toBe(200);
  });
});

describe('nothing is acknowledged before it is stored', () => {
  async function holdInbox(): Promise<() => Promise<void>> {
    const holder = new pg.Client({ connectionString: t.superuserUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE inbox IN EXCLUSIVE MODE');
    return async () => {
      await holder.query('COMMIT');
      await holder.end();
    };
  }
  const waiters = (count: number) =>
    poll(async () => {
      const { rows } = await t.db.pool.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length >= count || undefined;
    });

  test('the answer waits for the commit', async () => {
    const release = await holdInbox();
    let answered = false;
    const answer = deliver(web, DOMAIN, '{}').then((result) => {
      answered = true;
      return result;
    });
    await waiters(1);
    expect(answered).toBe(false);
    await release();
    expect((await answer).status).toBe(200);
    expect(await inbox()).toHaveLength(1);
  });

  test('requests that come while an insert is under way share the next one', async () => {
    const release = await holdInbox();
    const answers = Array.from({ length: 60 }, (_, i) => deliver(web, DOMAIN, `{"id":${i}}`));
    await waiters(1);
    // Give the others time to arrive behind the first.
    await poll(
      () =>
        new Promise<true | undefined>((resolve) => {
          web.server.getConnections((_error, count) => resolve(count >= 60 || undefined));
        }),
    );
    await release();
    expect((await Promise.all(answers)).every(({ status }) => status === 200)).toBe(true);
    const rows = await inbox();
    expect(rows).toHaveLength(60);
    expect(new Set(rows.map((row) => row.batch)).size).toBeLessThan(6);
  });

  test('two processes, the same deliveries at once: each is stored once', async () => {
    const second = await startWeb(t.db);
    const ids = Array.from({ length: 50 }, (_, i) => ({ 'x-shopify-webhook-id': `id-${i}` }));
    const answers = await Promise.all(
      [web, second].flatMap((one) => ids.map((id) => deliver(one, DOMAIN, '{}', id))),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await inbox()).toHaveLength(50);
    await second.close();
  });

  test('a database that is away: 503 in under 5 seconds, and again 200 when it is back', async () => {
    const dead = createPool('postgresql://nobody@127.0.0.1:9/none', { max: 1, applicationName: 'test' });
    const broken = await startWeb(createDb(dead));
    const started = performance.now();
    expect((await deliver(broken, DOMAIN, '{}')).status).toBe(503);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect((await send(broken, { method: 'GET', path: '/readyz' })).status).toBe(503);
    expect((await send(broken, { method: 'GET', path: '/healthz' })).status).toBe(200);
    await broken.close();
    await dead.end();
  });

  test('a database that hangs: 503, and a second attempt is stored once', async () => {
    const release = await holdInbox();
    const id = { 'x-shopify-webhook-id': 'slow' };
    const started = performance.now();
    expect((await deliver(web, DOMAIN, '{}', id)).status).toBe(503);
    expect(performance.now() - started).toBeLessThan(5_000);
    await release();
    expect((await deliver(web, DOMAIN, '{}', id)).status).toBe(200);
    expect(await inbox()).toHaveLength(1);
  });
});
