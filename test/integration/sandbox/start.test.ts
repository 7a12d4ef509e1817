/** The sandbox as a process of its own: its options, what it prints, how it ends. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  arithmeticExport,
  exportFolder,
  exportRow,
  exportText,
} from '../../unit/sandbox/order-export-files.ts';

const SCRIPT = fileURLToPath(new URL('../../../sandbox/start.ts', import.meta.url));
const files = exportFolder();
afterAll(() => files.remove());

function start(args: string[]) {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  const ready = new Promise<Record<string, string>>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (stdout.endsWith('\n'))
        resolve(JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, string>);
    });
    void ended.then(() => reject(new Error(`ended: ${stderr}`)));
  });
  ready.catch(() => undefined);
  return { child, ready, ended };
}

async function state(address: string | undefined): Promise<Record<string, unknown>> {
  return (await (await fetch(`${address}/control/state`)).json()) as Record<string, unknown>;
}

describe('the process', () => {
  it('loads an export as of a day, says where it is, and ends on SIGTERM', async () => {
    const orders = files.write(arithmeticExport(), true);
    const { child, ready, ended } = start(['--orders', orders, '--as-recorded', '--as-of', '2026-11-22', '--time-zone', 'Europe/Berlin', '--json']); // prettier-ignore
    const said = await ready;
    expect(Object.keys(said)).toEqual(['address', 'shop', 'accessToken', 'apiKey', 'apiSecret']);
    expect(said['address']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await state(said['address'])).toMatchObject({
      shop: 'regulars-demo.myshopify.com',
      store: { customers: 200, orders: 320, products: 2, laterOrders: 0 },
      installed: false,
    });
    const clock = await (await fetch(`${said['address']}/control/clock`)).json();
    expect(clock).toMatchObject({ now: '2026-11-22T11:00:00.000Z', running: false });
    const response = await fetch(`${said['address']}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'x-shopify-access-token': said['accessToken'] ?? '' },
      body: '{"query":"{ shop { currencyCode ianaTimezone } }"}',
    });
    expect(await response.json()).toMatchObject({
      data: { shop: { currencyCode: 'EUR', ianaTimezone: 'Europe/Berlin' } },
    });
    // A long poll that is open does not keep it.
    const poll = fetch(`${said['address']}/control/clock?after=1`).catch(() => undefined);
    const stoppedAt = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(performance.now() - stoppedAt).toBeLessThan(5000);
    await poll;
  });

  it('generates the same store for the same seed', async () => {
    const dumps = [];
    for (const seed of ['5', '5', '6']) {
      const { ready } = start([
        '--customers',
        '60',
        '--seed',
        seed,
        '--freeze',
        '--domain',
        'shop-a.myshopify.com',
      ]);
      const said = await ready;
      expect(said['shop']).toBe('shop-a.myshopify.com');
      dumps.push(await (await fetch(`${said['address']}/control/customers.jsonl`)).text());
    }
    expect(dumps[0]).toBe(dumps[1]);
    expect(dumps[0]).not.toBe(dumps[2]);
  });

  it('gives a token with every scope, which outlives the app’s own', async () => {
    const said = await start(['--customers', '3']).ready;
    const post = (path: string, body: unknown, token = '') =>
      fetch(`${said['address']}${path}`, {
        method: 'POST',
        headers: { 'x-shopify-access-token': token },
        body: JSON.stringify(body),
      });
    await post('/control/expire-tokens', { refreshToo: true });
    const id = 'gid://shopify/Product/1';
    const answer = await post(
      '/admin/api/2026-10/graphql.json',
      { query: `mutation { productDelete(input: { id: "${id}" }) { userErrors { message } } } ` },
      said['accessToken'],
    );
    expect(answer.status).toBe(200);
    expect(JSON.stringify(await answer.json())).not.toContain('ACCESS_DENIED');
  });

  it('ends on SIGTERM under load, with requests that hang, a storm and bulk operations', async () => {
    const { child, ready, ended } = start(['--customers', '2000', '--json']);
    const said = await ready;
    const api = `${said['address']}/admin/api/2026-10/graphql.json`;
    const headers = { 'x-shopify-access-token': said['accessToken'] ?? '' };
    const post = (url: string, body: unknown) =>
      fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }).then(
        (response) => response.arrayBuffer(),
        () => undefined,
      );
    await post(`${said['address']}/control/faults`, { fault: 'hang', for: 300, count: 20, field: 'shop' });
    await post(`${said['address']}/control/faults`, { fault: 'bulk-stuck' });
    await post(`${said['address']}/control/storm`, { orders: 5000, seconds: 60 });
    const bulk =
      'mutation { bulkOperationRunQuery(query: "{ orders { edges { node { id } } } }") { userErrors { message } } }';
    await post(api, { query: bulk });
    const hanging = Array.from({ length: 20 }, () => post(api, { query: '{ shop { id } }' }));
    const page = '{ customers(first: 100) { nodes { id tags } } }';
    const load = Array.from({ length: 10 }, async () => {
      for (let call = 0; call < 500 && child.exitCode === null; call += 1) await post(api, { query: page });
    });
    const deadline = Date.now() + 20_000;
    let struck = 0;
    while (struck < 20 && Date.now() < deadline) {
      const { happened } = (await (await fetch(`${said['address']}/control/faults`)).json()) as {
        happened: Record<string, number>;
      };
      struck = happened['hang'] ?? 0;
    }
    expect(struck).toBe(20);
    const stoppedAt = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(performance.now() - stoppedAt).toBeLessThan(5000);
    await Promise.all([...hanging, ...load]);
  });

  it('refuses a bad option with one sentence and exit 2', async () => {
    const { code, stdout, stderr } = await start(['--plan', 'gold']).ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('--plan must be standard, advanced or plus.\n');
  });

  it('names the line of a bad file and its reason', async () => {
    const rows = [exportRow({ Name: '#1' }), exportRow({ Name: '#2', Total: 'lots' })];
    const { code, stdout, stderr } = await start(['--orders', files.write(exportText(rows))]).ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/orders-\d+\.csv: Line 3: .*lots/);
  });

  it('says that a port is taken', async () => {
    const said = await start(['--customers', '1']).ready;
    const port = new URL(said['address'] ?? '').port;
    expect(await start(['--customers', '1', '--port', port]).ended).toMatchObject({
      code: 2,
      stderr: '--port: this port is in use.\n',
    });
  });
});
