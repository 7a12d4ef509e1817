/** What the tests of the sandbox's HTTP share: start one, call it, wait for a bulk operation. */
import { expect, onTestFinished } from 'vitest';
import { startSandbox } from '../../../sandbox/server.ts';
import type { Sandbox, SandboxOptions } from '../../../sandbox/server.ts';
import type { Store } from '../../../sandbox/store/store.ts';

export const DOMAIN = 'test.myshopify.com';
export const API_KEY = 'test-api-key';
export const API_SECRET = 'a secret for tests of the sandbox';
export const NOW = '2026-11-22T11:00:00Z';

export interface Answer {
  status: number;
  headers: Headers;
  data: Record<string, unknown>;
  errors: { message: string; path?: unknown; extensions?: Record<string, unknown> }[] | undefined;
  cost: {
    requestedQueryCost: number;
    actualQueryCost: number | null;
    throttleStatus: { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
  };
}

export interface Caller {
  sandbox: Sandbox;
  store: Store;
  token: string;
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  post(body: string, headers?: Record<string, string>): Promise<Response>;
}

/** Closed when the test ends. */
export async function openSandbox(
  options: Partial<SandboxOptions> & { seed?: SandboxOptions['stores'][number]['seed'] } = {},
): Promise<Caller> {
  const { seed = { empty: true }, ...rest } = options;
  const sandbox = await startSandbox({
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    fast: true,
    clock: { now: NOW, frozen: true },
    stores: [{ domain: DOMAIN, timeZone: 'UTC', currency: 'EUR', plan: 'standard', seed }],
    ...rest,
  });
  onTestFinished(() => sandbox.close());
  return callerOf(sandbox);
}

export function callerOf(sandbox: Sandbox, domain = DOMAIN): Caller {
  const store = sandbox.stores.get(domain);
  if (!store) throw new Error(`no store ${domain}`);
  const token = sandbox.accessTokenFor(domain);
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${sandbox.url}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-shopify-access-token': token, ...headers },
      body,
    });
  return {
    sandbox,
    store,
    token,
    post,
    async ask(query, variables = {}) {
      const response = await post(JSON.stringify({ query, variables }));
      const body = (await response.json()) as {
        data?: Record<string, unknown>;
        errors?: Answer['errors'];
        extensions: { cost: Answer['cost'] };
      };
      return {
        status: response.status,
        headers: response.headers,
        data: body.data ?? {},
        errors: body.errors,
        cost: body.extensions.cost,
      };
    },
  };
}

/** The value at a path of an answer: at(data, 'customers', 'nodes', 0, 'id'). */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | null)?.[key],
    value,
  );
}

export const RUN_QUERY =
  'mutation($query: String!, $group: Boolean! = false) { bulkOperationRunQuery(query: $query, groupObjects: $group) { bulkOperation { id status objectCount url } userErrors { field message code } } }';
export const RUN_MUTATION =
  'mutation($mutation: String!, $path: String!) { bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) { bulkOperation { id status type } userErrors { field message code } } }';

export interface BulkState {
  id: string;
  status: string;
  errorCode: string | null;
  type: string;
  completedAt: string | null;
  objectCount: string;
  rootObjectCount: string;
  fileSize: string | null;
  url: string | null;
  partialDataUrl: string | null;
}

export async function readBulk({ ask }: Caller, id: unknown): Promise<BulkState> {
  const { data } = await ask(
    'query($id: ID!) { bulkOperation(id: $id) { id status errorCode type completedAt objectCount rootObjectCount fileSize url partialDataUrl } }',
    { id },
  );
  return data['bulkOperation'] as BulkState;
}

const GOES_ON = ['CREATED', 'RUNNING', 'CANCELING'];

/** Polls, with a deadline, until it goes on no more. */
export async function finished(caller: Caller, id: unknown): Promise<BulkState> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const state = await readBulk(caller, id);
    if (!GOES_ON.includes(state.status)) return state;
    if (Date.now() > deadline) throw new Error(`the bulk operation is still ${state.status}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function startQuery(caller: Caller, query: string, group = false): Promise<string> {
  const { data } = await caller.ask(RUN_QUERY, { query, group });
  expect(at(data, 'bulkOperationRunQuery', 'userErrors')).toEqual([]);
  return String(at(data, 'bulkOperationRunQuery', 'bulkOperation', 'id'));
}

export async function linesOf(url: string | null): Promise<Record<string, unknown>[]> {
  if (url === null) return [];
  const text = await (await fetch(url)).text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Stages a file of lines as an app does. @returns the stagedUploadPath */
export async function stage({ ask }: Caller, lines: readonly string[]): Promise<string> {
  const { data } = await ask(
    'mutation($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) { stagedTargets { url resourceUrl parameters { name value } } userErrors { message } } }',
    {
      input: [
        {
          resource: 'BULK_MUTATION_VARIABLES',
          filename: 'vars.jsonl',
          mimeType: 'text/jsonl',
          httpMethod: 'POST',
        },
      ],
    },
  );
  const target = at(data, 'stagedUploadsCreate', 'stagedTargets', 0) as {
    url: string;
    parameters: { name: string; value: string }[];
  };
  const form = new FormData();
  for (const { name, value } of target.parameters) form.append(name, value);
  form.append('file', new Blob([lines.map((line) => `${line}\n`).join('')]), 'vars.jsonl');
  const response = await fetch(target.url, { method: 'POST', body: form });
  expect(response.status).toBe(201);
  return target.parameters.find(({ name }) => name === 'key')?.value ?? '';
}
