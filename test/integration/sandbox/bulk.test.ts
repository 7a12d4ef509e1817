import { describe, expect, it } from 'vitest';
import type { Change } from '../../../sandbox/store/model.ts';
import { addCustomer, addOrder } from '../../unit/sandbox/make-store.ts';
import {
  at,
  finished,
  linesOf,
  openSandbox,
  readBulk,
  RUN_MUTATION,
  RUN_QUERY,
  stage,
  startQuery,
} from './call-sandbox.ts';

const ORDERS = '{ orders { edges { node { id name lineItems { edges { node { id title } } } } } } }';
const ADD =
  'mutation($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id ... on Customer { tags } } userErrors { field message } } }';

describe('a bulk query', () => {
  it('goes from CREATED to COMPLETED and gives every row once, children by __parentId', async () => {
    const caller = await openSandbox({ seed: { customers: 400, seed: 3 } });
    const { store, ask } = caller;
    const changes: Change[] = [];
    store.subscribe((change) => changes.push(change));

    const { data } = await ask(RUN_QUERY, { query: ORDERS });
    const started = at(data, 'bulkOperationRunQuery', 'bulkOperation') as { id: string };
    expect(started).toMatchObject({ status: 'CREATED', objectCount: '0', url: null });
    const done = await finished(caller, started.id);
    expect(done).toMatchObject({ status: 'COMPLETED', type: 'QUERY', errorCode: null, partialDataUrl: null });
    const rows = await linesOf(done.url);
    const roots = rows.filter((row) => row['__parentId'] === undefined);
    const children = rows.filter((row) => row['__parentId'] !== undefined);
    expect([rows.length, roots.length].map(String)).toEqual([done.objectCount, done.rootObjectCount]);
    expect(roots.map((row) => row['id'])).toEqual(
      [...store.orders()].map(({ id }) => `gid://shopify/Order/${id}`),
    );
    for (const order of store.orders()) {
      const mine = children.filter((row) => row['__parentId'] === `gid://shopify/Order/${order.id}`);
      expect(mine.map((row) => row['id']).sort()).toEqual(
        order.lines.map(({ id }) => `gid://shopify/LineItem/${id}`).sort(),
      );
    }
    expect(roots[0]).toEqual({ id: roots[0]?.['id'], name: '#1001' });

    // Children stand anywhere, the same way every time; grouped ones behind their parent.
    const places = new Map(rows.map((row, index) => [row['id'], index]));
    const before = children.filter(
      (row) => (places.get(row['id']) ?? 0) < (places.get(row['__parentId']) ?? 0),
    );
    expect(before.length).toBeGreaterThan(0);
    const second = await finished(caller, await startQuery(caller, ORDERS));
    expect(await linesOf(second.url)).toEqual(rows);
    const grouped = await linesOf((await finished(caller, await startQuery(caller, ORDERS, true))).url);
    let parent: unknown;
    for (const row of grouped) {
      if (row['__parentId'] === undefined) parent = row['id'];
      else expect(row['__parentId']).toBe(parent);
    }
    expect(changes.map(({ kind }) => kind)).toEqual(['bulk_finished', 'bulk_finished', 'bulk_finished']);
  });

  it('serves its file with its length, whole and in ranges', async () => {
    const caller = await openSandbox({ seed: { customers: 50, seed: 1 } });
    const done = await finished(
      caller,
      await startQuery(caller, '{ customers { edges { node { id email } } } }'),
    );
    const url = done.url ?? '';
    const whole = await fetch(url);
    const text = await whole.text();
    expect(whole.headers.get('content-length')).toBe(done.fileSize);
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    expect(Buffer.byteLength(text)).toBe(Number(done.fileSize));
    const range = async (value: string) => {
      const response = await fetch(url, { headers: { range: value } });
      return [response.status, await response.text(), response.headers.get('content-range')];
    };
    const size = Number(done.fileSize);
    const bytes = Buffer.from(text);
    expect(await range('bytes=100-')).toEqual([
      206,
      bytes.subarray(100).toString(),
      `bytes 100-${size - 1}/${size}`,
    ]);
    expect(await range('bytes=10-19')).toEqual([
      206,
      bytes.subarray(10, 20).toString(),
      `bytes 10-19/${size}`,
    ]);
    expect(await range('bytes=-5')).toEqual([
      206,
      bytes.subarray(-5).toString(),
      `bytes ${size - 5}-${size - 1}/${size}`,
    ]);
    expect(await range(`bytes=${size}-`)).toEqual([416, '', `bytes */${size}`]);
    expect((await fetch(`${url}x`)).status).toBe(404);
    expect((await fetch(url, { method: 'HEAD' })).headers.get('content-length')).toBe(done.fileSize);
  });

  it('has no file when there are no rows, and obeys its search', async () => {
    const caller = await openSandbox();
    const none = await finished(caller, await startQuery(caller, ORDERS));
    expect(none).toMatchObject({ status: 'COMPLETED', url: null, objectCount: '0' });
    addCustomer(caller.store, { tags: ['x'] });
    addCustomer(caller.store);
    const query = '#graphql\n query Q { customers(query: "tag:x", first: 0) { edges { node { id } } } }';
    expect(await finished(caller, await startQuery(caller, query))).toMatchObject({ objectCount: '1' });
  });

  it('that asks for what the sandbox does not have fails, and its reason can be read', async () => {
    const caller = await openSandbox();
    addCustomer(caller.store);
    const id = await startQuery(caller, '{ customers { edges { node { id lifetimeDuration } } } }');
    expect(await finished(caller, id)).toMatchObject({
      status: 'FAILED',
      errorCode: 'INTERNAL_SERVER_ERROR',
      url: null,
    });
    const state: unknown = await (await fetch(`${caller.sandbox.url}/control/state`)).json();
    expect(at(state, 'failures', 0, 'failure')).toBe(
      'Customer.lifetimeDuration is not implemented by the sandbox.',
    );
  });

  it('runs at 5,000 rows a second, five at a time, and can be cancelled', async () => {
    const caller = await openSandbox({ fast: false, seed: { customers: 2000, seed: 1 } });
    const { ask } = caller;
    const query = '{ customers { edges { node { id } } } }';
    const startedAt = performance.now();
    const ids = [];
    for (let count = 0; count < 5; count += 1) ids.push(await startQuery(caller, query));
    const sixth = await ask(RUN_QUERY, { query });
    expect(at(sixth.data, 'bulkOperationRunQuery')).toEqual({
      bulkOperation: null,
      userErrors: [
        {
          field: null,
          message: `A bulk query operation for this app and shop is already in progress: ${ids[0]}.`,
          code: 'OPERATION_IN_PROGRESS',
        },
      ],
    });
    const running = await ask(
      '{ bulkOperations(first: 10, query: "operation_type:query -status:completed") { nodes { id } } currentBulkOperation { id } }',
    );
    expect(at(running.data, 'bulkOperations', 'nodes')).toEqual(ids.map((id) => ({ id })));
    expect(at(running.data, 'currentBulkOperation', 'id')).toBe(ids[4]);

    const cancelled = await ask(
      'mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { field message } } }',
      { id: ids[4] },
    );
    expect(at(cancelled.data, 'bulkOperationCancel')).toEqual({
      bulkOperation: { status: 'CANCELING' },
      userErrors: [],
    });
    expect(await finished(caller, ids[4])).toMatchObject({ status: 'CANCELED', url: null });
    expect(await finished(caller, ids[0])).toMatchObject({ status: 'COMPLETED', objectCount: '2000' });
    expect(performance.now() - startedAt).toBeGreaterThan(400);
    for (const id of ids.slice(1, 4)) await finished(caller, id);
    const again = await ask(
      'mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { field message } } }',
      { id: ids[0] },
    );
    expect(at(again.data, 'bulkOperationCancel')).toMatchObject({
      bulkOperation: { status: 'COMPLETED' },
      userErrors: [{ field: null }],
    });
    expect(await readBulk(caller, 'gid://shopify/BulkOperation/1')).toBeNull();
  });
});

describe('a bulk mutation', () => {
  it('does every line and says which line is whose, in no order', async () => {
    const caller = await openSandbox();
    const { store, ask } = caller;
    const people = Array.from({ length: 20 }, () => addCustomer(store));
    const gid = (id: string) => `gid://shopify/Customer/${id}`;
    const lines = people.map(({ id }, n) => JSON.stringify({ id: gid(id), tags: [`tag-${n}`] }));
    lines.push(JSON.stringify({ id: gid('1'), tags: ['x'] }), '{"id": 5', JSON.stringify({ tags: ['x'] }));
    const path = await stage(caller, lines);
    const changes: string[] = [];
    store.subscribe((change) => changes.push(change.kind));
    const { data } = await ask(RUN_MUTATION, { mutation: ADD, path });
    const started = at(data, 'bulkOperationRunMutation', 'bulkOperation') as { id: string };
    expect(started).toMatchObject({ status: 'CREATED', type: 'MUTATION' });
    const done = await finished(caller, started.id);
    expect(done).toMatchObject({ status: 'COMPLETED', type: 'MUTATION', objectCount: '23' });
    const rows = await linesOf(done.url);
    const numbers = rows.map((row) => Number(row['__lineNumber']));
    expect(numbers.toSorted((a, b) => a - b)).toEqual([...lines.keys()]);
    expect(numbers).not.toEqual([...lines.keys()]);
    const byNumber = new Map(rows.map((row) => [row['__lineNumber'], row]));
    for (const [n, { id }] of people.entries()) {
      expect(byNumber.get(n)).toEqual({
        data: { tagsAdd: { node: { id: gid(id), tags: [`tag-${n}`] }, userErrors: [] } },
        __lineNumber: n,
      });
    }
    expect(at(byNumber.get(20), 'data', 'tagsAdd', 'userErrors')).toEqual([
      { field: ['id'], message: 'Customer does not exist' },
    ]);
    expect(at(byNumber.get(21), 'errors')).toHaveLength(1);
    expect(at(byNumber.get(22), 'errors')).toHaveLength(1);
    expect(changes.filter((kind) => kind === 'customer_tags_added')).toHaveLength(20);
    expect(changes.at(-1)).toBe('bulk_finished');
  });

  it('runs at 50 lines a second beside others, each at its own pace', async () => {
    const caller = await openSandbox({ fast: false });
    const { id } = addCustomer(caller.store);
    const lines = Array.from({ length: 30 }, (_, n) =>
      JSON.stringify({ id: `gid://shopify/Customer/${id}`, tags: [`t${n}`] }),
    );
    const path = await stage(caller, lines);
    const remove = ADD.replace('tagsAdd', 'tagsRemove');
    const startedAt = performance.now();
    const started = [];
    for (const mutation of [ADD, remove]) {
      const { data } = await caller.ask(RUN_MUTATION, { mutation, path });
      started.push(at(data, 'bulkOperationRunMutation', 'bulkOperation', 'id'));
    }
    for (const operation of started) {
      expect(await finished(caller, operation)).toMatchObject({ status: 'COMPLETED', objectCount: '30' });
    }
    const seconds = (performance.now() - startedAt) / 1000;
    expect(seconds).toBeGreaterThan(0.58);
    expect(seconds).toBeLessThan(5);
  });

  it('needs a file that was uploaded with its signature, and is not empty', async () => {
    const caller = await openSandbox();
    const { ask, sandbox } = caller;
    const errors = async (path: string) =>
      at(
        (await ask(RUN_MUTATION, { mutation: ADD, path })).data,
        'bulkOperationRunMutation',
        'userErrors',
        0,
      );
    expect(await errors('tmp/1/bulk/missing.jsonl')).toMatchObject({ field: null, code: 'NO_SUCH_FILE' });
    expect(await errors(await stage(caller, []))).toEqual({
      field: null,
      message: 'The input file is empty.',
      code: 'INVALID_STAGED_UPLOAD_FILE',
    });
    const form = new FormData();
    form.append('key', 'tmp/1/bulk/x/vars.jsonl');
    form.append('file', new Blob(['{}']), 'vars.jsonl');
    const url = `${sandbox.url}/staged/x`;
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(403);
    expect((await fetch(url, { method: 'POST', body: 'no form' })).status).toBe(400);
    const wrong = await ask(
      'mutation($i: [StagedUploadInput!]!) { stagedUploadsCreate(input: $i) { stagedTargets { url } } }',
      {
        i: [{ resource: 'IMAGE', filename: 'a', mimeType: 'image/png' }],
      },
    );
    expect(wrong.errors?.[0]?.extensions?.['code']).toBe('NOT_IMPLEMENTED_BY_THE_SANDBOX');
  });

  it('is not charged to the bucket, and the sandbox can close in the middle of one', async () => {
    const caller = await openSandbox({ fast: false });
    const { id } = addCustomer(caller.store);
    addOrder(caller.store, { customerId: id });
    const path = await stage(
      caller,
      Array.from({ length: 500 }, (_, n) =>
        JSON.stringify({ id: `gid://shopify/Customer/${id}`, tags: [`t${n}`] }),
      ),
    );
    const { data, cost } = await caller.ask(RUN_MUTATION, { mutation: ADD, path });
    expect([cost.requestedQueryCost, cost.actualQueryCost]).toEqual([10, 10]);
    const gid = String(at(data, 'bulkOperationRunMutation', 'bulkOperation', 'id'));
    const operation = caller.store.bulkOperation(gid.split('/').at(-1) ?? '');
    const deadline = Date.now() + 20_000;
    while ((operation?.objectCount ?? 0) < 5 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(operation).toMatchObject({ status: 'RUNNING', completedAt: null });
    const after = await caller.ask('{ __typename }');
    expect(after.cost.throttleStatus.currentlyAvailable).toBeGreaterThan(1900);
  });
});
