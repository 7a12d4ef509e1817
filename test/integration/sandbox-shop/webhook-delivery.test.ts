/** Deliveries over real HTTP: headers, signature, retries, limits, faults. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeliveryQueue, RETRIES, RETRY_DELAYS_MS } from '../../../sandbox/webhooks/delivery-queue.ts';
import type { DeliveryQueue } from '../../../sandbox/webhooks/delivery.ts';

const SECRET = 'a secret for this test';
interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

let received: Received[] = [];
let answer: (number: number) => { status: number; location?: string } | 'never' = () => ({ status: 200 });
/** What every answer waits for. */
let hold: () => Promise<void> = () => Promise.resolve();
let server: Server;
let url: string;
let queue: DeliveryQueue;

beforeEach(async () => {
  received = [];
  answer = () => ({ status: 200 });
  hold = () => Promise.resolve();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const how = answer(received.length);
      if (how === 'never') return;
      void hold().then(() =>
        response.writeHead(how.status, how.location ? { location: how.location } : {}).end('ok'),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
  queue = newQueue();
});

afterEach(async () => {
  await queue.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function newQueue(options: { concurrency?: number; totalMs?: number } = {}) {
  return createDeliveryQueue({
    secret: SECRET,
    machineNow: () => new Date(),
    concurrency: options.concurrency ?? 4,
    limits: { connectMs: 1_000, totalMs: options.totalMs ?? 5_000 },
  });
}

function send(body: string, to = url) {
  queue.enqueue({
    envelope: {
      topic: 'orders/updated',
      shop: 'small.myshopify.com',
      apiVersion: '2026-10',
      eventId: 'event-1',
      triggeredAt: '2026-11-22T11:00:00.123000000Z',
      name: 'orders-main',
    },
    url: to,
    body,
  });
}

describe('a delivery', () => {
  it('carries every header and a signature of the raw body', async () => {
    const body = JSON.stringify({ id: 1, note: 'Grüße ☕' });
    send(body);
    expect(await queue.settled()).toEqual({ pending: 0, delivered: 1, failed: 0, dropped: 0 });
    expect(received).toHaveLength(1);
    expect(received[0]?.body).toBe(body);
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/updated',
      'x-shopify-shop-domain': 'small.myshopify.com',
      'x-shopify-api-version': '2026-10',
      'x-shopify-event-id': 'event-1',
      'x-shopify-triggered-at': '2026-11-22T11:00:00.123000000Z',
      'x-shopify-name': 'orders-main',
      'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(body).digest('base64'),
    });
    expect(received[0]?.headers['x-shopify-webhook-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is retried 8 times over 4 hours with the same id and body, then given up', async () => {
    answer = () => ({ status: 503 });
    send('{"original":true}');
    for (const delay of RETRY_DELAYS_MS) {
      expect(await queue.settled()).toMatchObject({ pending: 1 });
      const before = received.length;
      queue.age(delay - 2_000);
      await queue.settled();
      expect(received).toHaveLength(before);
      queue.age(2_100);
    }
    expect(await queue.settled()).toEqual({ pending: 0, delivered: 0, failed: 1, dropped: 0 });
    expect(received).toHaveLength(1 + RETRIES);
    expect(new Set(received.map((one) => one.headers['x-shopify-webhook-id'])).size).toBe(1);
    expect(new Set(received.map((one) => one.body))).toEqual(new Set(['{"original":true}']));
    expect(RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0)).toBeCloseTo(4 * 3_600_000, 3);
    expect(queue.recent()[0]).toMatchObject({ state: 'failed' });
    expect(queue.recent()[0]?.attempts).toHaveLength(9);
  });

  it('ends at the first 2xx', async () => {
    answer = (number) => ({ status: number < 3 ? 500 : 204 });
    send('{}');
    await queue.settled();
    queue.age(4 * 3_600_000);
    await queue.settled();
    queue.age(4 * 3_600_000);
    expect(await queue.settled()).toMatchObject({ delivered: 1, pending: 0 });
    queue.age(4 * 3_600_000);
    await queue.settled();
    expect(received).toHaveLength(3);
  });

  it('takes a redirect, no answer in time and nobody listening for failures', async () => {
    await queue.close();
    queue = newQueue({ totalMs: 60 });
    answer = (number) => (number === 1 ? { status: 302, location: '/elsewhere' } : 'never');
    send('{}');
    await queue.settled();
    send('{}');
    send('{}', 'http://127.0.0.1:1/webhooks');
    expect(await queue.settled()).toMatchObject({ delivered: 0, pending: 3 });
    expect(received).toHaveLength(2);
    const reasons = queue.recent().flatMap((delivery) => delivery.attempts.map(({ outcome }) => outcome));
    expect(reasons).toContainEqual({ outcome: 'refused', status: 302 });
    expect(reasons).toContainEqual({ outcome: 'unreachable', reason: 'no answer in time' });
    expect(reasons).toContainEqual({ outcome: 'unreachable', reason: 'ECONNREFUSED' });
  });
});

describe('many deliveries', () => {
  it('go out together, never more than the limit at once', async () => {
    await queue.close();
    queue = newQueue({ concurrency: 3 });
    const held: (() => void)[] = [];
    hold = () => new Promise((resolve) => held.push(resolve));
    for (let number = 0; number < 2_000; number += 1) send(`{"number":${number}}`);
    expect(queue.statistics('small.myshopify.com').pending).toBe(2_000);
    await expect.poll(() => held.length, { timeout: 20_000 }).toBe(3);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(received).toHaveLength(3);
    hold = () => Promise.resolve();
    for (const release of held) release();
    expect(await queue.settled()).toMatchObject({ delivered: 2_000, pending: 0 });
    expect(new Set(received.map((one) => one.body)).size).toBe(2_000);
    expect(new Set(received.map((one) => one.headers['x-shopify-webhook-id'])).size).toBe(2_000);
    expect(queue.recent(undefined, 1_000).length).toBeLessThanOrEqual(600);
  });
});

it('keeps thousands waiting for an app that is down, and brings them all when it is back', async () => {
  answer = () => ({ status: 500 });
  for (let number = 0; number < 4_000; number += 1) send(String(number));
  expect(await queue.settled()).toMatchObject({ pending: 4_000, delivered: 0 });
  answer = () => ({ status: 200 });
  received = [];
  queue.age(4 * 3_600_000);
  expect(await queue.settled()).toMatchObject({ pending: 0, delivered: 4_000 });
  expect(received).toHaveLength(4_000);
});

describe('faults', () => {
  const bodies = () => received.map((one) => Number(JSON.parse(one.body)));
  const order = Array.from({ length: 200 }, (_, number) => number);

  async function sendAll(faults: Parameters<DeliveryQueue['setFaults']>[0]) {
    await queue.close();
    queue = newQueue({ concurrency: 1 });
    queue.setFaults(faults);
    received = [];
    for (const number of order) send(String(number));
    return queue.settled();
  }

  it('none: in order, once each', async () => {
    expect(await sendAll({})).toMatchObject({ delivered: 200 });
    expect(bodies()).toEqual(order);
  });

  it('drop loses some for good', async () => {
    const { delivered, dropped, pending } = await sendAll({ seed: 7, drop: 0.25 });
    expect(dropped).toBeGreaterThan(20);
    expect([delivered + dropped, pending, received.length]).toEqual([200, 0, delivered]);
  });

  it('duplicate sends some twice, with the same webhook id', async () => {
    const { delivered } = await sendAll({ seed: 7, duplicate: 0.25 });
    expect(delivered).toBeGreaterThan(220);
    expect(received).toHaveLength(delivered);
    expect(new Set(received.map((one) => one.headers['x-shopify-webhook-id'])).size).toBe(200);
  });

  it('reorder changes the order and loses none', async () => {
    await sendAll({ seed: 7, reorder: 0.5 });
    const first = bodies();
    expect(first).not.toEqual(order);
    expect([...first].sort((one, other) => one - other)).toEqual(order);
    await sendAll({ seed: 7, reorder: 0.5 });
    expect(bodies()).toEqual(first);
  });

  it('delay keeps them until their time has come', async () => {
    expect(await sendAll({ seed: 7, delayMs: 3_600_000 })).toMatchObject({ delivered: 0, pending: 200 });
    queue.age(3_600_000);
    expect(await queue.settled()).toMatchObject({ delivered: 200, pending: 0 });
  });

  it('refuses nonsense', () => {
    expect(() => queue.setFaults({ drop: 2 })).toThrow('between 0 and 1');
  });
});
