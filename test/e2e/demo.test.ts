/** The demo as its user runs it: the whole way on the arithmetic store, and what becomes of a bad file and a signal. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoResult } from '../../scripts/demo-result.ts';
import { writeArithmeticExport } from '../support/arithmetic-export.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const STORE = [
  '--as-recorded',
  '--as-of',
  '2026-11-22',
  '--time-zone',
  'Europe/Berlin',
  '--fast',
  '--port',
  '4300',
];
let folder: string;
let orders: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'demo-'));
  orders = path.join(folder, 'orders.csv');
  writeArithmeticExport(orders);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  code: number | null;
  lines: string[];
  said: string;
}

function demo(args: string[], onSaid?: (said: string, stop: () => void) => void): Promise<Run> {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of ['NODE_ENV', 'VITEST', 'DATABASE_URL']) delete env[name];
  const child = spawn(process.execPath, ['scripts/demo.ts', ...args], { cwd: ROOT, env });
  let [out, said] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    onSaid?.(said, () => child.kill('SIGTERM'));
  });
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, lines: out.split('\n').filter(Boolean), said })),
  );
}

const resultOf = (run: Run) => JSON.parse(run.lines.at(-1) ?? 'null') as DemoResult;

test('the whole way: facts, cut points, the map, every tag in the store, exit 0', async () => {
  const dump = path.join(folder, 'customers.jsonl');
  const run = await demo([...STORE, '--orders', orders, '--headless', '--dump-customers', dump]);
  expect(run.said).not.toContain('stopped');
  expect(run.code).toBe(0);
  const result = resultOf(run);
  expect(result.store).toEqual({ customers: 200, orders: 320, products: 2, laterOrders: 0 });
  expect(result.facts).toEqual({
    customers: 200, orders: 320, guestOrders: 0, countedOrders: 320, netMinor: 2_650_000, currency: 'EUR',
    buyers: 200, oneTimeBuyers: 120, repeatBuyers: 80, leftOutOrders: 0,
  }); // prettier-ignore
  const { frequency, monetaryMinor, recencyDays, rhythmDays } = result.cutPoints;
  const near = (numbers: number[]) => numbers.map((number) => expect.closeTo(number, 6) as number);
  expect(frequency).toEqual(near([1, 1, 1.4, 2.2]));
  expect(monetaryMinor).toEqual(near([5000, 5000, 7000, 11_000]));
  expect(recencyDays).toEqual(near([81.6, 161.2, 240.8, 320.4]));
  expect(rhythmDays).toEqual([30, 60, 180]);
  const sizes = Object.fromEntries(result.segments.map(({ key, size }) => [key, size]));
  expect(result.segments).toHaveLength(25);
  expect(sizes).toMatchObject({
    'best-customers': 3, 'best-slowing': 3, 'best-away': 12, 'best-lost': 22,
    'steady-customers': 3, 'steady-slowing': 3, 'steady-away': 12, 'steady-lost': 22,
    new: 9, 'second-order-due': 9, 'one-order-away': 36, 'one-order-gone': 66,
    'win-back-30-59': 15, 'win-back-60-89': 15, 'win-back-90-179': 45, 'win-back-180-364': 93, 'win-back-365': 18,
  }); // prettier-ignore
  for (const { tag, size } of result.segments)
    expect([tag, result.shopify.customersByTag[tag] ?? 0]).toEqual([tag, size]);
  const pairs = Object.values(result.shopify.customersByTag).reduce((sum, count) => sum + count, 0);
  expect(result.tags).toEqual({ customersTagged: 200, added: pairs, removed: 0, failed: 0 });
  const dumped = readFileSync(dump, 'utf8').trim().split('\n');
  expect(dumped).toHaveLength(200);
  expect(dumped.flatMap((line) => (JSON.parse(line) as { tags: string[] }).tags)).toHaveLength(pairs);
});

test('drafts: the same facts, nothing turned on, nothing in the store', async () => {
  const run = await demo([...STORE, '--orders', orders, '--headless', '--drafts']);
  expect(run.code).toBe(0);
  const result = resultOf(run);
  expect(result.facts.netMinor).toBe(2_650_000);
  expect(result.segments).toEqual([]);
  expect(result.shopify.customersByTag).toEqual({});
  expect(result.tags).toEqual({ customersTagged: 0, added: 0, removed: 0, failed: 0 });
});

test('a bad file: its line and the reason, exit 2, no JSON', async () => {
  const bad = path.join(folder, 'bad.csv');
  const lines = readFileSync(orders, 'utf8').split('\n');
  lines[4] = (lines[4] ?? '').replace(',paid,', ',payed,');
  writeFileSync(bad, lines.join('\n'));
  const run = await demo([...STORE, '--orders', bad, '--headless']);
  expect(run.code).toBe(2);
  expect(run.lines).toEqual([]);
  expect(run.said).toMatch(/Line 5: The Financial Status "payed" is not known/);
});

test('SIGTERM while the app starts ends everything that was started', async () => {
  const run = await demo([...STORE, '--orders', orders], (said, stop) => {
    if (said.includes('Starting the app')) stop();
  });
  expect(run.code).toBe(143);
  const address = /at (http:\/\/localhost:\d+)/.exec(run.said)?.[1] ?? '';
  expect(address).not.toBe('');
  await expect(fetch(`${address}/control/state`)).rejects.toThrow();
});
