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
