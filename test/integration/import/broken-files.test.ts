/**
 * Result files that are not as they should be, and bulk operations that end badly: a scripted Shopify and a real
 * file server, so that every byte is chosen here.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { systemClock } from '../../../app/clock.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { runImport, type ImportContext } from '../../../app/intake/import/run-import.server.ts';
import { createLog } from '../../../app/log.server.ts';
import type { AdminClient } from '../../../app/shopify/admin-client.ts';
import type { BulkKind } from '../../../app/shopify/documents/bulk-queries.ts';
import { BULK_QUERIES } from '../../../app/shopify/documents/bulk-queries.ts';
import { READ_BULK_OPERATION, RUN_BULK_QUERY } from '../../../app/shopify/documents/bulk.ts';
import { PROBE_CUSTOMER } from '../../../app/shopify/documents/probe-data.ts';
import { RECENT_BULK_QUERIES } from '../../../app/shopify/documents/recent-bulk-queries.ts';
import { READ_SHOP } from '../../../app/shopify/documents/shop.ts';
import { createFetchResult } from '../../../app/shopify/fetch-bulk-result.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const CREATED = '2026-11-22T10:00:00Z';
let testDb: TestDb;
let server: Server;
let origin: string;
let shopId: ShopId;

/** What the file server does with a path, request by request; the last one stays. */
type Serve = { body: Buffer; cutAt?: number; status?: number; ranges?: boolean; packed?: boolean };
let files: Record<string, Serve[]>;
const requests: { path: string; range: string | undefined }[] = [];

/** What the bulk operation of a kind is, each time it is started. */
type Operation = Partial<Record<string, unknown>> & { status: string };
let operations: Record<BulkKind, Operation[]>;
let starts: BulkKind[];
let startAnswers: (() => unknown)[];
let recent: Record<string, unknown>[];

beforeAll(async () => {
  testDb = await createTestDb();
  server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, range: request.headers.range });
    const queue = files[path] ?? [];
    const serve = queue.length > 1 ? queue.shift() : queue[0];
    if (!serve) return void response.writeHead(404).end();
    if (serve.status) return void response.writeHead(serve.status).end();
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const from = serve.ranges === false || !range ? 0 : Number(range[1]);
    if (from >= serve.body.length && serve.body.length > 0) return void response.writeHead(416).end();
    const to = serve.ranges === false || !range?.[2] ? serve.body.length : Number(range[2]) + 1;
    const body = serve.body.subarray(from, to);
    response.writeHead(serve.ranges === false || !range ? 200 : 206, {
      'content-length': body.length,
      ...(serve.packed && { 'content-encoding': 'gzip' }),
    });
    if (serve.cutAt === undefined || serve.cutAt < from) return void response.end(body);
    response.write(body.subarray(0, serve.cutAt - from), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await testDb.close();
});

beforeEach(async () => {
  shopId = await testDb.createShop();
  files = {};
  requests.length = 0;
  starts = [];
  startAnswers = [];
  recent = [];
  const empty: Operation = { status: 'COMPLETED', url: null, objectCount: '0' };
  operations = { customers: [empty], orders: [empty], products: [empty] };
});
afterEach(() => expect(requests.length).toBeLessThan(200));

const kindOf = (query: string) =>
  (Object.keys(BULK_QUERIES) as BulkKind[]).find((kind) => BULK_QUERIES[kind] === query) as BulkKind;

const admin: AdminClient = {
  shop: 'x.myshopify.com',
  budget: () => ({ restoreRate: 100, maximumAvailable: 2000, currentlyAvailable: 2000 }),
  requestComposed: () => Promise.reject(new Error('not used')),
  request: async (document: string, variables: Record<string, unknown>) => {
    const answer = (data: unknown) => ({ data: data as never, date: new Date(), sentAt: new Date() });
    switch (document) {
      case READ_SHOP:
        return answer({
          shop: {
            id: 'gid://shopify/Shop/9', name: 'S', currencyCode: 'EUR', ianaTimezone: 'UTC', plan: { publicDisplayName: 'Basic' },
          },
          currentAppInstallation: { accessScopes: [] },
        }); // prettier-ignore
      case RUN_BULK_QUERY: {
        const scripted = startAnswers.shift();
        if (scripted) return answer(scripted());
        const kind = kindOf(String(variables['query']));
        starts.push(kind);
        const id = `gid://shopify/BulkOperation/${kind}-${starts.filter((k) => k === kind).length}`;
        return answer({
          bulkOperationRunQuery: {
            bulkOperation: { id, status: 'CREATED', createdAt: CREATED },
            userErrors: [],
          },
        });
      }
      case READ_BULK_OPERATION: {
        const [, kind, run] = /([a-z]+)-(\d+)$/.exec(String(variables['id'])) ?? [];
        const list = operations[kind as BulkKind];
        const operation = list[Math.min(Number(run), list.length) - 1];
        return answer({
          bulkOperation: operation && {
            id: variables['id'], errorCode: null, createdAt: CREATED, objectCount: '1', fileSize: null, url: null, partialDataUrl: null, ...operation,
          },
        }); // prettier-ignore
      }
      case PROBE_CUSTOMER:
        return answer({ customers: { nodes: [] } });
      case RECENT_BULK_QUERIES:
        return answer({ bulkOperations: { nodes: recent } });
      default:
        throw new Error('not used');
    }
  },
};

function run(changes: Partial<ImportContext> = {}) {
  return runImport(
    {
      db: testDb.db,
      admin,
      clock: systemClock,
      log: createLog({ level: 'silent', process: 'test' }),
      fetchResult: createFetchResult({ sandboxUrl: origin, production: false }, { silenceMs: 300 }),
      redactionKey: Buffer.alloc(32),
      afterLoad: async () => undefined,
      wait: () => new Promise((resolve) => setImmediate(resolve)),
      chunkLines: 3,
      ...changes,
    },
    shopId,
  );
}

function serve(kind: BulkKind, ...steps: Serve[]): void {
  files[`/${kind}`] = steps;
  operations[kind] = [{ status: 'COMPLETED', url: `${origin}/${kind}`, objectCount: '9' }];
}

const product = (id: number, more: Record<string, unknown> = {}) => ({
  id: `gid://shopify/Product/${id}`, title: `Größe ${id} – ☕`, vendor: 'V', productType: '', status: 'ACTIVE', tags: [],
  createdAt: CREATED, updatedAt: CREATED, ...more,
}); // prettier-ignore
const money = (amount: string) => ({ shopMoney: { amount } });
const order = (id: number, more: Record<string, unknown> = {}) => ({
  id: `gid://shopify/Order/${id}`, name: `#${id}`, createdAt: CREATED, processedAt: CREATED, updatedAt: CREATED, cancelledAt: null,
  test: false, displayFinancialStatus: 'PAID', currencyCode: 'EUR', presentmentCurrencyCode: 'EUR', sourceName: 'web', tags: [],
  discountCodes: [], customer: { id: 'gid://shopify/Customer/1' }, purchasingEntity: null, totalPriceSet: money('10.00'),
  currentTotalPriceSet: money('10.00'), currentSubtotalPriceSet: money('10.00'), currentTotalTaxSet: money('0.00'),
  currentShippingPriceSet: money('0.00'), totalDiscountsSet: money('0.00'), totalRefundedSet: money('0.00'),
  netPaymentSet: money('10.00'), customerJourneySummary: null, refunds: [], ...more,
}); // prettier-ignore
const line = (id: number, parent: number, more: Record<string, unknown> = {}) => ({
  id: `gid://shopify/LineItem/${id}`, title: 'T', sku: null, vendor: null, quantity: 1, currentQuantity: 1, isGiftCard: false,
  product: null, variant: null, originalTotalSet: money('10.00'), discountedTotalSet: money('10.00'),
  __parentId: `gid://shopify/Order/${parent}`, ...more,
}); // prettier-ignore
const jsonl = (nodes: unknown[], ending = '\n') =>
  Buffer.from(nodes.map((node) => JSON.stringify(node) + ending).join(''));
const products = (count: number) => Array.from({ length: count }, (_, index) => product(index + 1));

async function stored(): Promise<{ products: string[]; orders: string[]; lines: string[] }> {
  return testDb.db.inShop(shopId, async (tx) => {
    const p = await tx.query<{ v: string }>(
      sql`SELECT id || ' ' || title AS v FROM product WHERE shop_id = ${shopId} ORDER BY id`,
    );
    const o = await tx.query<{ v: string }>(
      sql`SELECT id || ' ' || gift_card_minor AS v FROM orders WHERE shop_id = ${shopId} ORDER BY id`,
    );
    const l = await tx.query<{ v: string }>(
      sql`SELECT order_id || ' ' || id AS v FROM order_line WHERE shop_id = ${shopId} ORDER BY order_id, id`,
    );
    const values = (result: { rows: { v: string }[] }) => result.rows.map(({ v }) => v);
    return { products: values(p), orders: values(o), lines: values(l) };
  });
}
const titles = (count: number) => products(count).map(({ title }, index) => `${index + 1} ${title}`);

async function part(kind: BulkKind): Promise<Record<string, unknown>> {
  return testDb.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query(sql`
      SELECT state, message, lines_done::int AS lines FROM import_part
       WHERE shop_id = ${shopId} AND kind = ${kind} ORDER BY run_id DESC LIMIT 1`);
    return rows[0] ?? {};
  });
}

describe('result files', () => {
  it('an empty store: no file at all', async () => {
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect(requests).toEqual([]);
  });

  it('an empty file, CRLF, blank lines, no end on the last line', async () => {
    serve('customers', { body: Buffer.alloc(0) });
    operations.customers[0] = { ...operations.customers[0], status: 'COMPLETED', objectCount: '0' };
    serve('products', {
      body: Buffer.concat([jsonl(products(4), '\r\n'), Buffer.from('\r\n\n'), jsonl([product(5)], '')]),
    });
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect((await stored()).products).toEqual(titles(5));
  });

  it('cut at any byte, in a line or in a character: read on from the last chunk', async () => {
    const body = jsonl(products(7));
    const cup = body.indexOf(Buffer.from('☕'), 200) + 1; // inside the character
    const cuts = [10, cup, body.length - 3];
    serve('products', ...cuts.map((cutAt) => ({ body, cutAt })), { body });
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect((await stored()).products).toEqual(titles(7));
    expect(requests.some(({ range }) => range?.match(/^bytes=[1-9]/))).toBe(true);
    expect(starts).toEqual(['customers', 'orders', 'products']);
    expect((await part('products'))['lines']).toBe(7);
  });

  it('shorter than Shopify said, without an error: the rest is asked for', async () => {
    const body = jsonl(products(5));
    serve('products', { body: body.subarray(0, body.length - 30) }, { body });
    operations.products[0] = {
      ...operations.products[0],
      status: 'COMPLETED',
      fileSize: String(body.length),
    };
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect((await stored()).products).toEqual(titles(5));
  });

  it.each([
    ['packed in transit', { packed: true }],
    ['packed as a file', {}],
  ])('%s, whole and after a cut', async (_name, how) => {
    const body = gzipSync(jsonl(products(300)), { level: 1 });
    serve(
      'products',
      { body, cutAt: Math.floor(body.length * 0.9), ...how },
      { body, ...how, ranges: false },
    );
    expect(await run({ chunkLines: 100 })).toMatchObject({ outcome: 'done' });
    expect((await stored()).products).toEqual(titles(300));
    expect((await part('products'))['lines']).toBe(300);
  });

  it('from a server without ranges: what was read is passed over', async () => {
    const body = jsonl(products(8));
    serve('products', { body, cutAt: body.length - 5, ranges: false }, { body, ranges: false });
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect((await stored()).products).toEqual(titles(8));
    expect((await part('products'))['lines']).toBe(8);
  });

  it('damaged in the middle: a sentence, and what was good before it stays', async () => {
    serve('products', {
      body: Buffer.concat([jsonl(products(2)), Buffer.from('{"id": oops}\n'), jsonl([product(3)])]),
    });
    const outcome = await run();
    expect(outcome).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('damaged') as string,
    });
    expect((await stored()).products).toEqual(titles(2));
    expect((await part('products'))['state']).toBe('failed');
    // The way on: starting again makes a new run.
    serve('products', { body: jsonl(products(3)) });
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect((await stored()).products).toEqual(titles(3));
  });

  it('a line of 17 MB: refused without holding more than the limit', async () => {
    serve('products', { body: jsonl([product(1), product(2, { title: 'x'.repeat(17 * 1024 * 1024) })]) });
    expect(await run()).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('too long') as string,
    });
  });

  it('rows that are not as asked for are counted and told, and the others come in', async () => {
    serve('products', {
      body: jsonl([product(1), { id: 'gid://shopify/Product/2' }, product(3, { extra: { new: [1] } })]),
    });
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect((await stored()).products).toHaveLength(2);
    expect((await part('products'))['message']).toContain('product: not as expected at');
  });

  it('children anywhere, orphans, duplicates', async () => {
    serve('orders', {
      body: jsonl([
        line(11, 1), line(99, 404), order(2), line(21, 2, { isGiftCard: true }), line(12, 1), order(1), order(1),
        line(11, 1), line(22, 2, { __parentId: 'gid://shopify/Draft/2' }),
      ]),
    }); // prettier-ignore
    expect(await run({ chunkLines: 2 })).toMatchObject({ outcome: 'done' });
    expect(await stored()).toEqual({
      products: [],
      orders: ['1 0', '2 1000'],
      lines: ['1 11', '1 12', '2 21'],
    });
    expect((await part('orders'))['message']).toContain('Some rows could not be read');
  });

  it('silence in the middle of a file is not waited for without end', async () => {
    let silent = true;
    const real = createFetchResult({ sandboxUrl: origin, production: false }, { silenceMs: 100 });
    serve('products', { body: jsonl(products(4)) });
    const quiet = createServer((_request, response) => {
      response.writeHead(200);
      response.write(jsonl([product(1)])); // and nothing more
    });
    await new Promise<void>((resolve) => quiet.listen(0, '127.0.0.1', resolve));
    const quietOrigin = `http://127.0.0.1:${(quiet.address() as AddressInfo).port}`;
    const stuck = createFetchResult({ sandboxUrl: quietOrigin, production: false }, { silenceMs: 100 });
    try {
      const outcome = await run({
        fetchResult: (url, options) => {
          if (!silent) return real(url, options);
          silent = false;
          return stuck(url.replace(origin, quietOrigin), options);
        },
      });
      expect(outcome).toMatchObject({ outcome: 'done' });
      expect((await stored()).products).toEqual(titles(4));
    } finally {
      quiet.closeAllConnections();
      await new Promise((resolve) => quiet.close(resolve));
    }
  });
});

describe('bulk operations that end badly', () => {
  it.each([
    ['FAILED', 'INTERNAL_SERVER_ERROR'],
    ['FAILED', 'TIMEOUT'],
    ['EXPIRED', null],
  ])('%s %s: started again, and again in the end', async (status, errorCode) => {
    serve('products', { body: jsonl(products(2)) });
    const good = operations.products[0] as Operation;
    operations.products = [{ status, errorCode, partialDataUrl: `${origin}/partial` }, good];
    files['/partial'] = [{ body: jsonl([product(77)]) }];
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect((await stored()).products).toEqual(titles(2)); // nothing of the partial data
    expect(starts.filter((kind) => kind === 'products')).toHaveLength(2);

    operations.products = [{ status, errorCode }];
    expect(await run()).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('Start the import again') as string,
    });
    expect(starts.filter((kind) => kind === 'products')).toHaveLength(2 + 3);
  });

  it('CANCELED by somebody: not started again behind their back', async () => {
    operations.orders = [{ status: 'CANCELED' }];
    expect(await run()).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('cancelled') as string,
    });
    expect(starts.filter((kind) => kind === 'orders')).toHaveLength(1);
  });

  it('a file that is gone (404): read anew', async () => {
    const body = jsonl(products(6));
    serve('products', { body, cutAt: body.length - 5 }, { body, status: 404 }, { body });
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect((await stored()).products).toEqual(titles(6));
    expect(starts.filter((kind) => kind === 'products')).toHaveLength(2);
  });

  it('no free slot: waits for one', async () => {
    const busy = () => ({
      bulkOperationRunQuery: {
        bulkOperation: null,
        userErrors: [{ field: null, message: 'already in progress', code: 'OPERATION_IN_PROGRESS' }],
      },
    });
    startAnswers = [busy, busy, busy, busy];
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect([...starts].sort()).toEqual(['customers', 'orders', 'products']);
  });

  it('a start whose answer was lost is found again, not started twice', async () => {
    recent = [
      { id: 'gid://shopify/BulkOperation/customers-1', status: 'RUNNING', createdAt: new Date().toISOString(), query: BULK_QUERIES.customers },
    ]; // prettier-ignore
    startAnswers = [
      () => {
        throw new AppError('shopify_unavailable', 'lost', { retryable: false });
      },
    ];
    expect(await run()).toMatchObject({ outcome: 'done' });
    expect(starts).toEqual(['orders', 'products']);
  });

  it('Shopify away for now: thrown, so that the job comes back, and the run goes on', async () => {
    startAnswers = [
      () => {
        throw new AppError('shopify_unavailable', 'away', { retryable: true });
      },
    ];
    await expect(run()).rejects.toMatchObject({ retryable: true });
    expect(await run()).toMatchObject({ outcome: 'done' });
    const { rows } = await testDb.db.inShop(shopId, (tx) =>
      tx.query(sql`SELECT 1 FROM import_run WHERE shop_id = ${shopId}`),
    );
    expect(rows).toHaveLength(1);
  });
});
