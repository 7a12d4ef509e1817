/** A sandbox as a process of its own: how soon it is ready, how much memory it takes, what it answers. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = path.join(import.meta.dirname, '../..');
export const say = (words: string) => void process.stderr.write(`${words}\n`);
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
export const round = (value: number, digits = 3) => Number(value.toPrecision(digits));

interface Ready {
  address: string;
  shop: string;
  accessToken: string;
}

export interface SandboxProcess extends Ready {
  child: ChildProcess;
  readySeconds: number;
}

export async function startSandbox(customers: number): Promise<SandboxProcess> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      'sandbox/start.ts',
      ...['--customers', String(customers), '--seed', '1', '--plan', 'plus', '--fast', '--freeze', '--json'],
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  process.once('exit', () => child.kill());
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Ready));
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
  return { ...ready, child, readySeconds: round((performance.now() - startedAt) / 1000) };
}

/** Seconds until it has ended by SIGTERM. */
export async function stopSandbox({ child }: SandboxProcess): Promise<number> {
  const before = performance.now();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  return round((performance.now() - before) / 1000);
}

/** In gigabytes; undefined where the system does not say. */
export function memoryOf({ child }: SandboxProcess, line: 'VmHWM' | 'VmRSS'): number | undefined {
  const file = `/proc/${child.pid}/status`;
  if (!existsSync(file)) return undefined;
  const kilobytes = new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : round(Number(kilobytes) / 1e6);
}

/** A value within an answer. */
export function dig(value: unknown, ...keys: (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | null)?.[key],
    value,
  );
}

/** Asked again while it is throttled. */
export async function ask(
  sandbox: SandboxProcess,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<unknown> {
  for (;;) {
    const response = await fetch(`${sandbox.address}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-shopify-access-token': sandbox.accessToken },
      body: JSON.stringify({ query, variables }),
    });
    const body: unknown = await response.json();
    if (dig(body, 'errors') === undefined) return dig(body, 'data');
    if (dig(body, 'errors', 0, 'extensions', 'code') !== 'THROTTLED') throw new Error(JSON.stringify(body));
    await pause(50);
  }
}

/** Status and number of objects of a bulk operation. */
export async function bulkStatus(sandbox: SandboxProcess, id: unknown): Promise<unknown> {
  const query = 'query($id: ID!) { bulkOperation(id: $id) { status objectCount } }';
  return dig(await ask(sandbox, query, { id }), 'bulkOperation');
}
