/** Every fault of bulk operations and their files, as a client meets it; each test asserts that its fault happened. */
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../sandbox/store/model.ts';
import {
  at, DOMAIN, finished, linesOf, readBulk, RUN_MUTATION, RUN_QUERY, stage, startQuery,
} from './call-sandbox.ts'; // prettier-ignore
import type { Caller } from './call-sandbox.ts';
import { ADD, CUSTOMERS, outcome, shopOf } from './fault-shop.ts';

describe('bulk operations', () => {
  it.each([
    ['bulk-failed', 'FAILED', 'INTERNAL_SERVER_ERROR'],
    ['bulk-timeout', 'FAILED', 'TIMEOUT'],
    ['bulk-canceled', 'CANCELED', null],
    ['bulk-expired', 'EXPIRED', null],
  ] as const)('%s: ends with partial data', async (name, status, errorCode) => {
    const caller = await shopOf(30);
    const { sandbox, store } = caller;
    const ends: Change[] = [];
    store.subscribe((change) => ends.push(change));
    sandbox.faults.arm(name, { afterLines: 7, type: 'QUERY' });
    const id = await startQuery(caller, CUSTOMERS);
    const state = await finished(caller, id);
    expect(state).toMatchObject({ status, errorCode, url: null, objectCount: '7' });
    expect(state.completedAt).not.toBeNull();
    expect(await linesOf(state.partialDataUrl)).toHaveLength(7);
    expect(ends).toMatchObject([{ kind: 'bulk_finished' }]);
    expect(sandbox.faults.happened(name)).toBe(1);
    expect(await finished(caller, await startQuery(caller, CUSTOMERS))).toMatchObject({
      status: 'COMPLETED',
      objectCount: '30',
    });
  });

  it('bulk-failed in a mutation: lines after the break are not carried out', async () => {
    const caller = await shopOf(20);
    caller.sandbox.faults.arm('bulk-failed', { afterLines: 5, type: 'MUTATION', code: 'TIMEOUT' });
    const state = await finished(caller, await startMutation(caller, caller.ids));
    expect(state).toMatchObject({ status: 'FAILED', errorCode: 'TIMEOUT', url: null });
    expect((await linesOf(state.partialDataUrl)).map((line) => line['__lineNumber']).sort()).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect(caller.tagged()).toBe(5);
    expect(caller.sandbox.faults.happened('bulk-failed')).toBe(1);
  });

  it('bulk-stuck: runs on until it is cancelled, and takes its place away', async () => {
    const caller = await shopOf(3);
    caller.sandbox.faults.arm('bulk-stuck', { count: 5 });
    const ids = [];
    for (let n = 0; n < 5; n += 1) ids.push(await startQuery(caller, CUSTOMERS));
    const sixth = await caller.ask(RUN_QUERY, { query: CUSTOMERS });
    expect(at(sixth.data, 'bulkOperationRunQuery', 'userErrors', 0, 'code')).toBe('OPERATION_IN_PROGRESS');
    expect((await readBulk(caller, ids[0])).status).not.toBe('COMPLETED');
    const cancel = 'mutation($id: ID!) { bulkOperationCancel(id: $id) { userErrors { message } } }';
    for (const id of ids) await caller.ask(cancel, { id });
    for (const id of ids) expect((await finished(caller, id)).status).toBe('CANCELED');
    expect(caller.sandbox.faults.happened('bulk-stuck')).toBe(5);
  });

  it('bulk-denied: access is refused at the start', async () => {
    const { ask, sandbox } = await shopOf();
    sandbox.faults.arm('bulk-denied', { type: 'QUERY' });
    const { data, errors } = await ask(RUN_QUERY, { query: CUSTOMERS });
    expect([data, errors?.[0]?.extensions?.['code']]).toEqual([
      { bulkOperationRunQuery: null },
      'ACCESS_DENIED',
    ]);
    expect(sandbox.faults.happened('bulk-denied')).toBe(1);
  });

  it('bulk-shuffled: every line once, in another order, the same for the same seed', async () => {
    const caller = await shopOf(50);
    const plain = await linesOf((await finished(caller, await startQuery(caller, CUSTOMERS))).url);
    const shuffled = async () => {
      caller.sandbox.faults.arm('bulk-shuffled', { seed: 4 });
      return linesOf((await finished(caller, await startQuery(caller, CUSTOMERS))).url);
    };
    const first = await shuffled();
    expect(first).not.toEqual(plain);
    expect(first).toEqual(await shuffled());
    const byId = (lines: Record<string, unknown>[]) => lines.map(({ id }) => id).sort();
    expect(byId(first)).toEqual(byId(plain));
    expect(caller.sandbox.faults.happened('bulk-shuffled')).toBe(2);
  });

  it('bulk-no-url and bulk-empty-file: COMPLETED, and yet there is nothing', async () => {
    const caller = await shopOf(3);
    caller.sandbox.faults.arm('bulk-no-url');
    const none = await finished(caller, await startQuery(caller, CUSTOMERS));
    expect(none).toMatchObject({ status: 'COMPLETED', url: null, objectCount: '3' });
    caller.sandbox.faults.arm('bulk-empty-file');
    const empty = await finished(caller, await startQuery(caller, CUSTOMERS));
    expect([empty.status, await (await fetch(empty.url ?? '')).text()]).toEqual(['COMPLETED', '']);
    expect(caller.sandbox.faults.counts()).toEqual({ 'bulk-no-url': 1, 'bulk-empty-file': 1 });
  });

  it('bulk-finish-lost: done, and nobody is told', async () => {
    const caller = await shopOf();
    const ends: Change[] = [];
    caller.store.subscribe((change) => ends.push(change));
    caller.sandbox.faults.arm('bulk-finish-lost');
    await finished(caller, await startQuery(caller, CUSTOMERS));
    expect(ends).toEqual([]);
    await finished(caller, await startQuery(caller, CUSTOMERS));
    expect(ends).toMatchObject([{ kind: 'bulk_finished' }]);
    expect(caller.sandbox.faults.happened('bulk-finish-lost')).toBe(1);
  });

  it('bulk-rows: orphans, rows that come twice, fields that nobody asked for', async () => {
    const caller = await shopOf(5);
    caller.sandbox.faults.arm('bulk-rows', { orphans: 2, duplicates: 3, unknownField: true });
    const lines = await linesOf((await finished(caller, await startQuery(caller, CUSTOMERS))).url);
    expect(lines).toHaveLength(10);
    expect(lines.filter((line) => line['__parentId'] !== undefined)).toHaveLength(2);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(7);
    expect(lines.filter((line) => '__newField' in line)).toHaveLength(8);
    expect(caller.sandbox.faults.happened('bulk-rows')).toBe(1);
  });

  it.each(['userErrors', 'errors'] as const)('bulk-lines as %s: by number, and by share', async (as) => {
    const caller = await shopOf(30);
    const { faults } = caller.sandbox;
    const { id } = faults.arm('bulk-lines', { lines: [2, 5], as, message: 'No' });
    const run = async () => {
      const done = await finished(caller, await startMutation(caller, caller.ids));
      const lines = await linesOf(done.url);
      expect(lines).toHaveLength(30);
      return lines.filter((line) =>
        as === 'errors' ? 'errors' in line : at(line, 'data', 'tagsAdd', 'userErrors', 0) !== undefined,
      );
    };
    expect((await run()).map((line) => line['__lineNumber']).sort()).toEqual([2, 5]);
    expect([caller.tagged(), faults.happened('bulk-lines')]).toEqual([28, 2]);
    faults.disarm(id);
    const half = faults.arm('bulk-lines', { share: 0.5, seed: 3, as });
    const failed = await run();
    expect(failed.length).toBeGreaterThan(3);
    expect(failed.length).toBeLessThan(27);
    expect(failed).toHaveLength(half.happened);
  });
});

describe('result files', () => {
  async function resultOf(caller: Caller): Promise<{ url: string; whole: Buffer }> {
    const { url } = await finished(caller, await startQuery(caller, CUSTOMERS));
    return { url: url ?? '', whole: Buffer.from(await (await fetch(url ?? '')).arrayBuffer()) };
  }

  it('result-expired: 400 in the words of the storage, then it is there again', async () => {
    const caller = await shopOf();
    const { url } = await resultOf(caller);
    caller.sandbox.faults.arm('result-expired');
    const refused = await fetch(url);
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('ExpiredToken')]);
    expect((await fetch(url)).status).toBe(200);
    expect(caller.sandbox.faults.happened('result-expired')).toBe(1);
  });

  it.each(['middle-of-line', 'middle-of-character'] as const)('result-cut in the %s', async (place) => {
    const caller = await shopOf(40);
    const { url, whole } = await resultOf(caller);
    caller.sandbox.faults.arm('result-cut', { at: place, how: 'file' });
    const cut = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(cut.length).toBeGreaterThan(0);
    expect(cut.length).toBeLessThan(whole.length);
    expect(cut.equals(whole.subarray(0, cut.length))).toBe(true);
    expect(cut.at(-1)).not.toBe(10);
    const broken = cut.toString('utf8').endsWith('�');
    expect(broken).toBe(place === 'middle-of-character');

    // A transfer that breaks can be taken up where it ended.
    caller.sandbox.faults.arm('result-cut', { at: place });
    const response = await fetch(url);
    expect(response.headers.get('content-length')).toBe(String(whole.length));
    const got: Buffer[] = [];
    await expect(
      (async () => {
        const reader = response.body?.getReader();
        for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
          got.push(Buffer.from(next.value));
        }
      })(),
    ).rejects.toThrow();
    const part = Buffer.concat(got);
    expect(part.equals(cut)).toBe(true);
    const rest = await fetch(url, { headers: { range: `bytes=${part.length}-` } });
    const all = Buffer.concat([part, Buffer.from(await rest.arrayBuffer())]);
    expect(all.equals(whole)).toBe(true);
    expect(caller.sandbox.faults.happened('result-cut')).toBe(2);
  });

  it('result-crlf, result-gzip, result-long-line', async () => {
    const caller = await shopOf(10);
    const { faults } = caller.sandbox;
    const { url, whole } = await resultOf(caller);
    faults.arm('result-crlf');
    expect(await (await fetch(url)).text()).toBe(whole.toString().replaceAll('\n', '\r\n'));
    faults.arm('result-gzip');
    const told = await fetch(url);
    expect([told.headers.get('content-encoding'), await told.text()]).toEqual(['gzip', whole.toString()]);
    faults.arm('result-gzip', { told: false });
    const untold = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(gunzipSync(untold).equals(whole)).toBe(true);
    faults.arm('result-long-line', { megabytes: 3 });
    const long = await (await fetch(url)).text();
    expect(long.indexOf('\n')).toBeGreaterThan(3 * 1024 * 1024);
    expect(long.slice(long.indexOf('\n') + 1)).toBe(whole.toString());
    expect(faults.counts()).toEqual({ 'result-crlf': 1, 'result-gzip': 2, 'result-long-line': 1 });
  });

  it('and the storage may be busy, broken, or hang up', async () => {
    const caller = await shopOf(3);
    const { url } = await resultOf(caller);
    const { faults } = caller.sandbox;
    faults.arm('server-error', { on: 'bulk-result', status: 500 });
    faults.arm('reset', { on: 'bulk-result' });
    faults.arm('server-error', { on: 'staged-upload' });
    expect([await outcome(fetch(url)), await outcome(fetch(url)), await outcome(fetch(url))]).toEqual([
      500,
      'terminated',
      200,
    ]);
    const upload = () => fetch(`${caller.sandbox.url}/staged/${DOMAIN}`, { method: 'POST', body: 'x' });
    expect([(await upload()).status, (await upload()).status]).toEqual([503, 400]);
    expect(faults.counts()).toEqual({ 'server-error': 2, reset: 1 });
  });
});

async function startMutation(caller: Caller, ids: readonly string[]): Promise<string> {
  const path = await stage(
    caller,
    ids.map((id) => JSON.stringify({ id })),
  );
  const { data } = await caller.ask(RUN_MUTATION, { mutation: ADD, path });
  expect(at(data, 'bulkOperationRunMutation', 'userErrors')).toEqual([]);
  return String(at(data, 'bulkOperationRunMutation', 'bulkOperation', 'id'));
}
