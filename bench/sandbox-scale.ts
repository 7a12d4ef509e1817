/**
 * The sandbox with 1,000,000 customers and 5,000,000 orders as a process of its own: how soon it is ready, how much
 * memory it takes, how long answers take, how much a tag on every fifth customer adds, how fast it exports. Then the
 * app's import, against a smaller store so that it ends: the sandbox's export in the same run, with the fast switch,
 * must be the faster of the two. The last line of stdout is JSON; exit 1 when a bound is broken.
 *
 * usage: node bench/sandbox-scale.ts [customers] [customers to tag] [seconds of export] [customers to import]
 *   [seconds of import]
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../app/clock.ts';
import { sql } from '../app/db/sql.ts';
import { createPool } from '../app/db/pool.server.ts';
import { createDb } from '../app/db/tenancy.server.ts';
import type { Db, ShopId } from '../app/db/tenancy.server.ts';
import { BULK_QUERIES } from '../app/shopify/documents/bulk-queries.ts';
import { runImport } from '../app/intake/import/run-import.server.ts';
import { createLog } from '../app/log.server.ts';
import { createAdminClient } from '../app/shopify/admin-clients.server.ts';
import { createFetchResult } from '../app/shopify/fetch-bulk-result.server.ts';
import { createShopifyFetch } from '../app/shopify/sandbox-hook.server.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../scripts/database.ts';
import { startEmbeddedPostgres } from '../scripts/postgres.ts';

const BOUNDS = { readySeconds: 180, peakGigabytes: 4, answerSeconds: 10 };
const customers = Number(process.argv[2] ?? 1_000_000);
const tagged = Number(process.argv[3] ?? Math.round(customers / 5));
const exportSeconds = Number(process.argv[4] ?? 60);
const importCustomers = Number(process.argv[5] ?? 50_000);
const importSeconds = Number(process.argv[6] ?? 300);
const ROOT = path.join(import.meta.dirname, '..');
const say = (words: string) => void process.stderr.write(`${words}\n`);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const round = (value: number, digits = 3) => Number(value.toPrecision(digits));

interface Ready {
  address: string;
  shop: string;
  accessToken: string;
}

interface Process extends Ready {
  child: ChildProcess;
  readySeconds: number;
}

async function startSandbox(count: number): Promise<Process> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      'sandbox/start.ts',
      ...['--customers', String(count), '--seed', '1', '--plan', 'plus', '--fast', '--freeze', '--json'],
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
async function stopSandbox({ child }: Process): Promise<number> {
  const before = performance.now();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  return round((performance.now() - before) / 1000);
}

/** Of a sandbox's process, in gigabytes; undefined where the system does not say. */
function memory(line: 'VmHWM' | 'VmRSS'): number | undefined {
  const file = `/proc/${ready.child.pid}/status`;
  if (!existsSync(file)) return undefined;
  const kilobytes = new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : round(Number(kilobytes) / 1e6);
}

say(`Starting a sandbox with ${customers.toLocaleString('en')} customers ...`);
let ready = await startSandbox(customers);
const { readySeconds } = ready;
say(`Ready in ${readySeconds} s, ${memory('VmRSS')} GB`);

/** A value within an answer. */
function dig(value: unknown, ...keys: (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | null)?.[key],
    value,
  );
}

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  for (;;) {
    const response = await fetch(`${ready.address}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-shopify-access-token': ready.accessToken },
      body: JSON.stringify({ query, variables }),
    });
    const body: unknown = await response.json();
    if (dig(body, 'errors') === undefined) return dig(body, 'data');
    if (dig(body, 'errors', 0, 'extensions', 'code') !== 'THROTTLED') throw new Error(JSON.stringify(body));
    await pause(50);
  }
}

/** Seconds of the first and of the middle of five answers. */
async function timed(name: string, query: string, variables: Record<string, unknown> = {}) {
  const times: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const before = performance.now();
    await ask(query, variables);
    times.push((performance.now() - before) / 1000);
  }
  const [first = 0] = times;
  const middle = times.toSorted((a, b) => a - b)[2] ?? 0;
  say(`  ${name}: first ${round(first)} s, then ${round(middle)} s`);
  return { name, first: round(first), middle: round(middle) };
}

const page = await ask(
  '{ customers(first: 250, sortKey: CREATED_AT) { nodes { id email } pageInfo { endCursor } } }',
);
const someone = String(dig(page, 'customers', 'nodes', 100, 'id'));
const email = String(dig(page, 'customers', 'nodes', 100, 'email'));
const after = String(dig(page, 'customers', 'pageInfo', 'endCursor'));
const counts = await ask('{ customersCount(limit: null) { count } ordersCount(limit: null) { count } }');
const orders = Number(dig(counts, 'ordersCount', 'count'));
say(`${String(dig(counts, 'customersCount', 'count'))} customers, ${orders} orders`);

const FIELDS = 'id email tags updatedAt';
say('Answers ...');
const answers = [
  await timed('counts', '{ customersCount(limit: null) { count } ordersCount(limit: null) { count } }'),
  await timed('first page of customers', `{ customers(first: 250) { nodes { ${FIELDS} } } }`),
  await timed(
    'a page by age',
    `query($after: String) { customers(first: 250, sortKey: CREATED_AT, after: $after) { nodes { ${FIELDS} } } }`,
    { after },
  ),
  await timed(
    'newest customers',
    `{ customers(first: 50, sortKey: CREATED_AT, reverse: true) { nodes { ${FIELDS} } } }`,
  ),
  await timed(
    'last updated',
    `{ customers(first: 50, sortKey: UPDATED_AT, reverse: true) { nodes { ${FIELDS} } } }`,
  ),
  await timed(
    'first page of orders',
    '{ orders(first: 50) { nodes { id name lineItems(first: 10) { nodes { id title } } } } }',
  ),
  await timed('newest orders', '{ orders(first: 50, reverse: true) { nodes { id name } } }'),
  await timed(
    'a customer and its orders',
    `query($id: ID!) { customer(id: $id) { ${FIELDS} numberOfOrders orders(first: 50) { nodes { id name } } } }`,
    { id: someone },
  ),
  await timed('by e-mail', 'query($q: String) { customers(first: 5, query: $q) { nodes { id } } }', {
    q: `email:${email}`,
  }),
  await timed('by tag', '{ customers(first: 50, query: "tag:VIP") { nodes { id } } }'),
  await timed('by a tag that nobody has', '{ customers(first: 50, query: "tag:nobody") { nodes { id } } }'),
  await timed('many of a tag', '{ customers(first: 250, query: "tag:wholesale") { nodes { id } } }'),
  await timed(
    'orders of last month',
    '{ ordersCount(query: "created_at:>=2026-10-22", limit: null) { count } }',
  ),
  await timed(
    'tagsAdd',
    'mutation($id: ID!) { tagsAdd(id: $id, tags: ["bench"]) { userErrors { message } } }',
    { id: someone },
  ),
];

const bulkStatus = async (id: unknown) =>
  dig(
    await ask('query($id: ID!) { bulkOperation(id: $id) { status objectCount } }', { id }),
    'bulkOperation',
  );

/** tagsAdd for many, as the app does it: one staged file of lines, one bulk mutation. */
async function tagMany(count: number) {
  const before = memory('VmRSS');
  const ids = await ask('{ customers(first: 1) { nodes { id } } }');
  const lowest = BigInt(String(dig(ids, 'customers', 'nodes', 0, 'id')).replace(/\D+/g, ''));
  const staged = await ask(
    `mutation { stagedUploadsCreate(input: [{ resource: BULK_MUTATION_VARIABLES, filename: "lines.jsonl",
       mimeType: "text/jsonl", httpMethod: POST }]) { stagedTargets { url parameters { name value } } } }`,
  );
  const target = dig(staged, 'stagedUploadsCreate', 'stagedTargets', 0);
  const form = new FormData();
  let key = '';
  for (const parameter of dig(target, 'parameters') as { name: string; value: string }[]) {
    form.append(parameter.name, parameter.value);
    if (parameter.name === 'key') key = parameter.value;
  }
  const lines = Array.from(
    { length: count },
    (_, n) => `{"id":"gid://shopify/Customer/${lowest + BigInt(n)}","tags":["Regular: ${n % 7}"]}`,
  );
  form.append('file', new Blob([lines.join('\n')]), 'lines.jsonl');
  const began = performance.now();
  const upload = await fetch(String(dig(target, 'url')), { method: 'POST', body: form });
  if (upload.status !== 201) throw new Error(`the upload was answered ${upload.status}`);
  const started = await ask(
    `mutation($path: String!) { bulkOperationRunMutation(stagedUploadPath: $path,
       mutation: "mutation($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { message } } }"
     ) { bulkOperation { id } userErrors { message } } }`,
    { path: key },
  );
  const id = dig(started, 'bulkOperationRunMutation', 'bulkOperation', 'id');
  let slowest = 0;
  for (;;) {
    const asked = performance.now();
    const status = dig(await bulkStatus(id), 'status');
    slowest = Math.max(slowest, performance.now() - asked);
    if (status === 'COMPLETED') break;
    if (status !== 'RUNNING' && status !== 'CREATED')
      throw new Error(`the bulk mutation is ${String(status)}`);
    await pause(200);
  }
  const seconds = (performance.now() - began) / 1000;
  const result = {
    customers: count,
    seconds: round(seconds),
    gigabytesBefore: before,
    gigabytesAfter: memory('VmRSS'),
    slowestAnswerMeanwhile: round(slowest / 1000),
  };
  say(`  ${JSON.stringify(result)}`);
  return result;
}

say(`Tagging ${tagged.toLocaleString('en')} customers in bulk ...`);
const tagging = tagged > 0 ? await tagMany(tagged) : null;

/** The app's own query of all orders, for so many seconds; small questions are asked meanwhile. */
async function exportOrders(seconds: number) {
  const started = await ask(
    'mutation($query: String!) { bulkOperationRunQuery(query: $query) { bulkOperation { id } userErrors { message } } }',
    { query: BULK_QUERIES.orders },
  );
  const id = dig(started, 'bulkOperationRunQuery', 'bulkOperation', 'id');
  if (id === undefined) throw new Error(JSON.stringify(started));
  const began = performance.now();
  const times: number[] = [];
  let status: unknown = 'CREATED';
  let rows = 0;
  while ((status === 'CREATED' || status === 'RUNNING') && performance.now() - began < seconds * 1000) {
    const asked = performance.now();
    const operation = await bulkStatus(id);
    times.push((performance.now() - asked) / 1000);
    [status, rows] = [dig(operation, 'status'), Number(dig(operation, 'objectCount'))];
    await pause(100);
  }
  const took = (performance.now() - began) / 1000;
  const finished = status === 'COMPLETED';
  if (!finished)
    await ask('mutation($id: ID!) { bulkOperationCancel(id: $id) { userErrors { message } } }', { id });
  const sorted = times.toSorted((a, b) => a - b);
  const result = {
    seconds: round(took),
    rows,
    rowsPerSecond: Math.round(rows / took),
    finished,
    answersMeanwhile: { middle: round(sorted[sorted.length >> 1] ?? 0), slowest: round(sorted.at(-1) ?? 0) },
    gigabytes: memory('VmRSS'),
  };
  say(`  ${JSON.stringify(result)}`);
  return result;
}

say(`Exporting orders for at most ${exportSeconds} s ...`);
const exporting = exportSeconds > 0 ? await exportOrders(exportSeconds) : null;
const peakGigabytes = memory('VmHWM') ?? 0;
const stopSeconds = await stopSandbox(ready);

// --- the app's import against it, on the same machine --------------------------------------------------------
async function createShop(db: Db): Promise<ShopId> {
  const shopId = await db.outsideShops(async (tx) => {
    const { rows } = await tx.query<{ id: ShopId }>(
      sql`INSERT INTO shop (domain) VALUES (${ready.shop}) RETURNING id`,
    );
    const id = rows[0]?.id as ShopId;
    await tx.query(sql`INSERT INTO shop_lock (shop_id) VALUES (${id})`);
    return id;
  });
  await db.inShop(shopId, (tx) =>
    tx.query(sql`
      INSERT INTO shop_settings (shop_id, currency, iana_timezone, salt) VALUES (${shopId}, 'USD', 'UTC', 'bench')`),
  );
  return shopId;
}

interface Progress {
  seconds: number;
  exported: number;
  exporting: boolean;
  imported: number;
}

async function importFor(seconds: number) {
  const folder = path.join(tmpdir(), `regulars-bench-${process.pid}`);
  const server = await startEmbeddedPostgres({ folder: path.join(folder, 'data'), throwaway: true });
  const password = randomBytes(8).toString('hex');
  const url = await ensureDatabase(server.superuserUrl(), 'regulars_bench');
  await prepareDatabase(url, { role: { name: APP_ROLE, password } });
  const asApp = new URL(url);
  Object.assign(asApp, { username: APP_ROLE, password });
  const pool = createPool(asApp.toString(), { max: 4, applicationName: 'bench' });
  const stop = new AbortController();
  try {
    const db = createDb(pool);
    const shopId = await createShop(db);
    const where = { sandboxUrl: ready.address, production: false };
    const log = createLog({ level: 'silent', process: 'bench' });
    const context = {
      db,
      admin: createAdminClient(
        {
          clock: systemClock,
          log,
          tokens: { accessToken: async () => ready.accessToken },
          fetch: createShopifyFetch(where),
        },
        ready.shop,
      ),
      clock: systemClock,
      log,
      fetchResult: createFetchResult(where),
      redactionKey: Buffer.alloc(32, 7),
      afterLoad: async () => undefined,
      signal: stop.signal,
    };
    const began = performance.now();
    const parts = () =>
      db.inShop(shopId, async (tx) => {
        const { rows } = await tx.query<{ lines: number }>(
          sql`SELECT lines_done::int AS lines FROM import_part WHERE shop_id = ${shopId}`,
        );
        return rows;
      });
    let over = false;
    const run = runImport(context, shopId).finally(() => (over = true));
    const watched = run.catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    const seen: Progress[] = [];
    while (!over && performance.now() - began < seconds * 1000) {
      await pause(1000);
      const operations = await ask(
        '{ bulkOperations(first: 10, query: "operation_type:query") { nodes { status objectCount } } }',
      );
      const nodes = dig(operations, 'bulkOperations', 'nodes') as { status: string; objectCount: string }[];
      seen.push({
        seconds: (performance.now() - began) / 1000,
        exported: nodes.reduce((sum, { objectCount }) => sum + Number(objectCount), 0),
        exporting: nodes.some(({ status }) => status === 'RUNNING'),
        imported: (await parts()).reduce((sum, { lines }) => sum + lines, 0),
      });
    }
    const finished = over;
    stop.abort();
    await watched;
    return { ...ratesOf(seen), finished };
  } finally {
    stop.abort();
    await pool.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows a second of both sides: over the time in which each was at work. */
function ratesOf(seen: readonly Progress[]) {
  const rate = (steps: readonly Progress[], of: (step: Progress) => number) => {
    const [first, last] = [steps[0], steps.at(-1)];
    if (!first || !last || last === first) return null;
    return Math.round((of(last) - of(first)) / (last.seconds - first.seconds));
  };
  const loading = seen.filter(({ imported }) => imported > 0);
  const both = loading.filter(({ exporting }) => exporting);
  return {
    seconds: round(seen.at(-1)?.seconds ?? 0),
    exportedRows: seen.at(-1)?.exported ?? 0,
    importedRows: seen.at(-1)?.imported ?? 0,
    exportRowsPerSecond: rate(
      seen.filter(({ exporting }) => exporting),
      ({ exported }) => exported,
    ),
    exportRowsPerSecondWhileImporting: rate(both, ({ exported }) => exported),
    importRowsPerSecond: rate(loading, ({ imported }) => imported),
    importRowsPerSecondAlone: rate(
      loading.filter(({ exporting }) => !exporting),
      ({ imported }) => imported,
    ),
  };
}

let importing: Awaited<ReturnType<typeof importFor>> | null = null;
if (importCustomers > 0) {
  say(
    `Importing a store of ${importCustomers.toLocaleString('en')} customers, for at most ${importSeconds} s ...`,
  );
  ready = await startSandbox(importCustomers);
  importing = await importFor(importSeconds);
  say(`  ${JSON.stringify(importing)}`);
  await stopSandbox(ready);
}

const slowest = Math.max(...answers.map(({ middle }) => middle));
const { exportRowsPerSecond, importRowsPerSecond } = importing ?? {};
const broken = [
  ...(readySeconds > BOUNDS.readySeconds ? ['ready'] : []),
  ...(peakGigabytes > BOUNDS.peakGigabytes ? ['memory'] : []),
  ...(slowest > BOUNDS.answerSeconds ? ['answers'] : []),
  ...(importing && (exportRowsPerSecond ?? 0) <= (importRowsPerSecond ?? 0)
    ? ['the export bounds the import']
    : []),
];
const result = {
  customers,
  orders,
  readySeconds,
  peakGigabytes,
  answers,
  tagging,
  exporting,
  stopSeconds,
  importCustomers,
  importing,
  /** Of the last minute: other work on the machine slows all of it. */
  load: round(loadavg()[0] ?? 0),
  bounds: BOUNDS,
  broken,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(broken.length > 0 ? 1 : 0);
