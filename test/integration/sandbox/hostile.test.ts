/** Whatever comes in: the right status, and the sandbox goes on. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { at, DOMAIN, openSandbox } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';

const PATH = '/admin/api/2026-10/graphql.json';

function open({ sandbox }: Caller): Socket {
  const socket = connect(sandbox.port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** The status line's number of what comes back; 0 when the connection ends without one. */
async function statusOf(socket: Socket): Promise<number> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  const deadline = Date.now() + 20_000;
  while (!text.includes('\r\n') && !socket.destroyed && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
}

async function raw(caller: Caller, text: string): Promise<number> {
  const socket = open(caller);
  socket.write(text);
  return statusOf(socket);
}

async function stillServes({ ask }: Caller): Promise<void> {
  const { data } = await ask('{ shop { myshopifyDomain } }');
  expect(at(data, 'shop', 'myshopifyDomain')).toBe(DOMAIN);
}

describe('HTTP', () => {
  it('unknown ways are 404, wrong methods 405 with what is allowed', async () => {
    const caller = await openSandbox();
    const { sandbox } = caller;
    for (const path of [
      '/x',
      '/admin',
      '/admin/api/2026-10/shop.json',
      '/control/none',
      '/bulk/a/b',
      '/%00',
    ]) {
      expect((await fetch(sandbox.url + path)).status, path).toBe(404);
    }
    const wrong: [string, string, string][] = [
      ['GET', PATH, 'POST'],
      ['PUT', PATH, 'POST'],
      ['DELETE', '/control/state', 'GET'],
      ['GET', '/control/reset', 'POST'],
    ];
    for (const [method, path, allow] of wrong) {
      const response = await fetch(sandbox.url + path, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    }
    await stillServes(caller);
  });

  it('broken requests are 400, too many headers 431, wherever they stand', async () => {
    const caller = await openSandbox();
    expect(await raw(caller, 'nonsense\r\n\r\n')).toBe(400);
    expect(await raw(caller, `POST ${PATH} HTTP/1.1\r\n\r\n`)).toBe(400);
    expect(await raw(caller, `POST ${PATH} HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n`)).toBe(400);
    expect(
      await raw(
        caller,
        `POST ${PATH} HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`,
      ),
    ).toBe(400);
    const many = Array.from({ length: 10_000 }, (_, n) => `x-${n}: 1\r\n`).join('');
    expect(await raw(caller, `POST ${PATH} HTTP/1.1\r\nhost: a\r\n${many}\r\n`)).toBe(431);
    expect(await raw(caller, `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`)).toBe(431);
    for (const host of [
      'evil.com',
      'a.myshopify.com.evil.com',
      '169.254.169.254',
      '[::1]:1',
      '%00',
      'ä'.repeat(50),
    ]) {
      const status = await raw(
        caller,
        `POST ${PATH} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 2\r\n\r\n{}`,
      );
      expect([400, 401], host).toContain(status);
    }
    await stillServes(caller);
  });

  it('bodies over the limit are 413 before they are read, told of or not', async () => {
    const caller = await openSandbox();
    const huge = 100 * 1024 * 1024;
    const head = `POST ${PATH} HTTP/1.1\r\nhost: a\r\nx-shopify-access-token: ${caller.token}\r\n`;
    // Nothing of the body is ever sent.
    expect(await raw(caller, `${head}content-length: ${huge}\r\n\r\n`)).toBe(413);
    expect(await raw(caller, `${head}content-length: ${huge}\r\nexpect: 100-continue\r\n\r\n`)).toBe(413);
    expect(await raw(caller, `${head}content-length: 2\r\nexpect: 100-continue\r\n\r\n`)).toBe(100);

    const before = process.memoryUsage().rss;
    const socket = open(caller);
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
    const status = statusOf(socket);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    for (let sent = 0; sent < huge && !socket.destroyed; sent += 0x10000) {
      if (!socket.write(chunk)) {
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
      }
    }
    expect(await status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    await stillServes(caller);
  });

  it('slow senders are cut off and keep nobody waiting', async () => {
    const caller = await openSandbox({ httpLimits: { headersMs: 300, requestMs: 600, checkMs: 100 } });
    const slow = Array.from({ length: 50 }, () => open(caller));
    for (const socket of slow) socket.write(`POST ${PATH} HTTP/1.1\r\nhost: a\r\n`);
    const body = open(caller);
    body.write(`POST ${PATH} HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{`);
    await stillServes(caller);
    expect(new Set(await Promise.all(slow.map(statusOf)))).toEqual(new Set([408]));
    expect(await statusOf(body)).toBe(408);
    await stillServes(caller);
  });
});

describe('bodies', () => {
  it('that are no JSON, or odd JSON, are 400 or an answer of GraphQL', async () => {
    const caller = await openSandbox();
    const status = async (body: string) => (await caller.post(body)).status;
    const bad = [
      '', '{', '[]', 'null', '"x"', '{"query":1}', '{"query":""}', '\u0000', '['.repeat(100_000),
      '{"query":"{shop{id}}","variables":"x"}', `{"a":${'{"a":'.repeat(50_000)}`,
    ]; // prettier-ignore
    for (const body of bad) expect(await status(body), body.slice(0, 40)).toBe(400);
    const fine = [
      '{"query":"{shop{id}}","__proto__":{"x":1},"constructor":1}',
      '{"query":"{shop{id}}","query":"{shop{name}}"}',
      '{"query":"{shop{id}}","variables":{"__proto__":{"a":1},"n":123456789012345678901234567890}}',
      '{"query":"{shop{name}}\\u0000"}',
      '{"query":"\\ud800"}',
      `{"query":"{${'a:shop{id} '.repeat(20_000)}}"}`,
      `{"query":"${'{'.repeat(50_000)}"}`,
      '{"query":"fragment A on Shop { ...B } fragment B on Shop { ...A } { shop { ...A } }"}',
      '{"query":"query($x: __proto__) { shop { id } }"}',
      '{"query":"{ constructor hasOwnProperty __proto__ }"}',
    ];
    for (const body of fine) expect(await status(body), body.slice(0, 60)).toBe(200);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    await stillServes(caller);
  });

  it('documents that hide how deep they are nested are told so, and nobody is hurt', async () => {
    const caller = await openSandbox();
    const hidden = [
      `#${')'.repeat(20_000)}\n${'{a'.repeat(6500)}${'}'.repeat(6500)}`,
      `${'{a(b:")"){c(b:")")'.repeat(1400)}{a}${'}'.repeat(2800)}`,
    ];
    for (const query of hidden) {
      const { status, errors } = await caller.ask(query);
      expect([status, errors?.[0]?.message]).toEqual([200, 'Query is nested deeper than 100 levels']);
    }
    const brackets = await caller.ask('query($q: String) { customersCount(query: $q) { count } }', {
      q: `id:>1 ${'('.repeat(50_000)}`,
    });
    expect(brackets.errors?.[0]).toMatchObject({
      message: 'The search is nested deeper than 100 levels.',
      extensions: { code: 'BAD_REQUEST' },
    });
    const inText = await caller.ask(
      `{ customers(first: 1, query: "note:'${'('.repeat(200)}'") { nodes { id } } }`,
    );
    expect(inText.errors).toBeUndefined();
    await stillServes(caller);
  });

  it('tokens of any shape are 401', async () => {
    const caller = await openSandbox();
    const body = JSON.stringify({ query: '{ shop { id } }' });
    for (const token of [
      'x',
      '__proto__',
      'shpat_',
      'x'.repeat(8000),
      "' OR 1=1",
      `${caller.token} `.repeat(2),
      'ÿþ',
    ]) {
      expect((await caller.post(body, { 'x-shopify-access-token': token })).status, token.slice(0, 20)).toBe(
        401,
      );
    }
    await stillServes(caller);
  });

  it('order exports that are none are refused with their line', async () => {
    const caller = await openSandbox();
    const send = async (csv: string | Uint8Array<ArrayBuffer>, shop = 'new.myshopify.com') => {
      const url = `${caller.sandbox.url}/control/seed-orders?shop=${shop}`;
      const response = await fetch(url, { method: 'POST', body: csv });
      return [response.status, ((await response.json()) as { error?: string }).error];
    };
    expect(await send('')).toEqual([422, expect.any(String)]);
    expect(await send('a,b\n1,2\n')).toEqual([422, expect.any(String)]);
    expect(await send('"'.repeat(10_000))).toEqual([422, expect.any(String)]);
    expect(await send(new Uint8Array([0xff, 0xfe, 0, 0, 0x80]))).toEqual([422, expect.any(String)]);
    expect(await send('x', 'no store')).toEqual([422, expect.any(String)]);
    expect(await send('x', DOMAIN)).toEqual([409, expect.any(String)]);
    expect([...caller.sandbox.stores.keys()]).toEqual([DOMAIN]);
    await stillServes(caller);
  });
});
