/** What bulk operations and their files are held to: places, sizes, and the time until they expire. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { LONGEST_MS, RESULT_LIFE_MS } from '../../../sandbox/bulk/bulk-runner.ts';
import { UPLOAD_LIFE_MS } from '../../../sandbox/bulk/staged-uploads.ts';
import { addCustomer } from '../../unit/sandbox/make-store.ts';
import {
  at, DOMAIN, finished, openSandbox, readBulk, RUN_MUTATION, RUN_QUERY, stage, startQuery,
} from './call-sandbox.ts'; // prettier-ignore
import type { Caller } from './call-sandbox.ts';

const CUSTOMERS = '{ customers { edges { node { id } } } }';
const ADD = 'mutation($id: ID!) { tagsAdd(id: $id, tags: ["x"]) { userErrors { message } } }';
const TARGET =
  'mutation($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) { stagedTargets { url parameters { name value } } } }';

async function target({ ask }: Caller): Promise<{ url: string; fields: [string, string][] }> {
  const input = [
    { resource: 'BULK_MUTATION_VARIABLES', filename: 'v.jsonl', mimeType: 'text/jsonl', httpMethod: 'POST' },
  ];
  const made = at((await ask(TARGET, { input })).data, 'stagedUploadsCreate', 'stagedTargets', 0) as {
    url: string;
    parameters: { name: string; value: string }[];
  };
  return { url: made.url, fields: made.parameters.map(({ name, value }) => [name, value]) };
}

function form(fields: readonly [string, string][], file = '{"id":"gid://shopify/Customer/1"}\n'): FormData {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  data.append('file', new Blob([file]), 'v.jsonl');
  return data;
}

const errorOf = async (caller: Caller, path: string) =>
  at(
    (await caller.ask(RUN_MUTATION, { mutation: ADD, path })).data,
    'bulkOperationRunMutation',
    'userErrors',
    0,
    'code',
  );

describe('time', () => {
  it('ends the address of a result after seven days', async () => {
    const caller = await openSandbox();
    addCustomer(caller.store);
    const { url } = await finished(caller, await startQuery(caller, CUSTOMERS));
    caller.sandbox.control.ageBulk(RESULT_LIFE_MS - 60_000);
    expect((await fetch(url ?? '')).status).toBe(200);
    caller.sandbox.control.ageBulk(60_000);
    const late = await fetch(url ?? '');
    expect([late.status, await late.text()]).toEqual([400, expect.stringContaining('ExpiredToken')]);
    // A new result is good for seven days from now.
    const again = await finished(caller, await startQuery(caller, CUSTOMERS));
    expect((await fetch(again.url ?? '')).status).toBe(200);
  });

  it('ends a staged upload, before the file came and after', async () => {
    const caller = await openSandbox();
    const early = await target(caller);
    const path = await stage(caller, ['{"id":"gid://shopify/Customer/1"}']);
    caller.sandbox.control.ageBulk(UPLOAD_LIFE_MS);
    expect((await fetch(early.url, { method: 'POST', body: form(early.fields) })).status).toBe(400);
    expect(await errorOf(caller, path)).toBe('NO_SUCH_FILE');
  });

  it.each([
    ['QUERY', LONGEST_MS.QUERY],
    ['MUTATION', LONGEST_MS.MUTATION],
  ] as const)('ends a %s that takes too long, with what there is', async (type, longest) => {
    const caller = await openSandbox();
    const { id } = addCustomer(caller.store);
    caller.sandbox.faults.arm('bulk-stuck', { afterLines: 1, type });
    let operation: unknown;
    if (type === 'QUERY') operation = await startQuery(caller, CUSTOMERS);
    else {
      const path = await stage(caller, [JSON.stringify({ id: `gid://shopify/Customer/${id}` })]);
      const { data } = await caller.ask(RUN_MUTATION, { mutation: ADD, path });
      operation = at(data, 'bulkOperationRunMutation', 'bulkOperation', 'id');
    }
    const deadline = Date.now() + 20_000;
    while ((await readBulk(caller, operation)).objectCount !== '1' && Date.now() < deadline);
    caller.sandbox.control.ageBulk(longest - 60_000);
    expect((await readBulk(caller, operation)).status).toBe('RUNNING');
    caller.sandbox.control.ageBulk(60_000);
    const state = await finished(caller, operation);
    expect(state).toMatchObject({ status: 'FAILED', errorCode: 'TIMEOUT', url: null });
    expect((await fetch(state.partialDataUrl ?? '')).status).toBe(200);
    expect(caller.sandbox.faults.happened('bulk-stuck')).toBe(1);
  });
});

describe('places', () => {
  it('are five for queries and five for mutations, in each store', async () => {
    const other = 'other.myshopify.com';
    const caller = await openSandbox({
      stores: [DOMAIN, other].map((domain) => ({ domain, seed: { empty: true } as const })),
    });
    caller.sandbox.faults.arm('bulk-stuck', { count: 10 });
    const path = await stage(caller, ['{"id":"gid://shopify/Customer/1"}']);
    for (let n = 0; n < 5; n += 1) {
      await startQuery(caller, CUSTOMERS);
      expect(await errorOf(caller, path)).toBeUndefined();
    }
    expect(await errorOf(caller, path)).toBe('OPERATION_IN_PROGRESS');
    const { data } = await caller.ask(RUN_QUERY, { query: CUSTOMERS });
    expect(at(data, 'bulkOperationRunQuery', 'userErrors', 0)).toMatchObject({
      code: 'OPERATION_IN_PROGRESS',
      message: expect.stringMatching(
        /^A bulk query operation for this app and shop is already in progress: gid:\/\/shopify\/BulkOperation\/\d+\.$/,
      ),
    });
    const elsewhere = await fetch(`${caller.sandbox.url}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'x-shopify-access-token': caller.sandbox.accessTokenFor(other) },
      body: JSON.stringify({ query: RUN_QUERY, variables: { query: CUSTOMERS } }),
    });
    expect(at(await elsewhere.json(), 'data', 'bulkOperationRunQuery', 'userErrors')).toEqual([]);
    expect(caller.sandbox.faults.happened('bulk-stuck')).toBe(10);
  });
});

describe('staged files', () => {
  it('belong to the store that staged them', async () => {
    const other = 'other.myshopify.com';
    const caller = await openSandbox({
      stores: [DOMAIN, other].map((domain) => ({ domain, seed: { empty: true } as const })),
    });
    const path = await stage(caller, ['{}']);
    const answer = await fetch(`${caller.sandbox.url}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'x-shopify-access-token': caller.sandbox.accessTokenFor(other) },
      body: JSON.stringify({ query: RUN_MUTATION, variables: { mutation: ADD, path } }),
    });
    expect(at(await answer.json(), 'data', 'bulkOperationRunMutation', 'userErrors', 0, 'code')).toBe(
      'NO_SUCH_FILE',
    );
  });

  it('are refused without their signature, in another order, empty, or when the form is none', async () => {
    const caller = await openSandbox();
    const { url, fields } = await target(caller);
    const post = async (body: FormData | string, headers: Record<string, string> = {}) =>
      (await fetch(url, { method: 'POST', body, headers })).status;
    const forged = fields.map(([name, value]): [string, string] => [
      name,
      name === 'x-goog-signature' ? 'forged' : value,
    ]);
    expect(await post(form(forged))).toBe(403);
    expect(await post(form([]))).toBe(403);
    const fileFirst = new FormData();
    fileFirst.append('file', new Blob(['{}']), 'v.jsonl');
    for (const [name, value] of fields) fileFirst.append(name, value);
    expect(await post(fileFirst)).toBe(403);
    const after = form(fields);
    after.append('more', 'x');
    expect(await post(after)).toBe(400);
    const multipart = { 'content-type': 'multipart/form-data; boundary=b' };
    expect(await post('no form')).toBe(400);
    expect(await post('--b\r\nno headers', multipart)).toBe(400);
    expect(
      await post(
        `--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n${'x'.repeat(100_000)}`,
        multipart,
      ),
    ).toBe(400);
    expect(await post(form(fields, ''))).toBe(201);
    const key = fields.find(([name]) => name === 'key')?.[1] ?? '';
    expect(await errorOf(caller, key)).toBe('INVALID_STAGED_UPLOAD_FILE');
    // A boundary that seems to begin in the middle of the file is text like any other.
    expect(await post(form(fields, '\r\n--\r\n----x\r\n{"id":"1"}\r\n'))).toBe(201);
    expect(await errorOf(caller, key)).toBeUndefined();
  });

  it('of more than 100 MB are taken and then refused; they never lie in memory', async () => {
    const caller = await openSandbox();
    const { url, fields } = await target(caller);
    const before = process.memoryUsage().rss;
    let most = before;
    const line = Buffer.alloc(1024 * 1024, 'x');
    line[line.length - 1] = 10;
    const parts = fields.map(
      ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const upload = httpRequest(url, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    const answered = once(upload, 'response') as Promise<[{ statusCode: number; resume(): void }]>;
    upload.write(`${parts.join('')}--b\r\nContent-Disposition: form-data; name="file"; filename="v"\r\n\r\n`);
    for (let megabyte = 0; megabyte < 101; megabyte += 1) {
      if (!upload.write(line)) await once(upload, 'drain');
      most = Math.max(most, process.memoryUsage().rss);
    }
    upload.end('\r\n--b--\r\n');
    const [response] = await answered;
    response.resume();
    expect(response.statusCode).toBe(201);
    expect(most - before).toBeLessThan(80 * 1024 * 1024);
    const key = fields.find(([name]) => name === 'key')?.[1] ?? '';
    const { data } = await caller.ask(RUN_MUTATION, { mutation: ADD, path: key });
    expect(at(data, 'bulkOperationRunMutation', 'userErrors', 0)).toMatchObject({
      message: 'The input file size exceeds the maximum allowed size of 100 MB.',
      code: 'INVALID_STAGED_UPLOAD_FILE',
    });
  });
});
