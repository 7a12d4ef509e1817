/**
 * The store that the contract is checked on: the sandbox, or a real development store when its credentials are in
 * the environment (CONTRACT_SHOP=NAME.myshopify.com, CONTRACT_ACCESS_TOKEN=shpat_...). What a test makes carries a
 * mark of this run and is deleted at its end, whatever became of the test.
 */
import { afterAll, beforeAll, expect } from 'vitest';
import { ADMIN_API_VERSION } from '../../app/shopify/api-version.ts';
import { startSandbox, type Sandbox } from '../../sandbox/server.ts';

const DOMAIN = 'contract.myshopify.com';

export interface GraphQLFault {
  message: string;
  path?: (string | number)[];
  extensions?: Record<string, unknown>;
}

export interface Answer {
  status: number;
  headers: Headers;
  data: Record<string, unknown>;
  errors: GraphQLFault[] | undefined;
  cost: {
    requestedQueryCost: number;
    actualQueryCost: number | null;
    throttleStatus: { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
  };
}

export interface ContractShop {
  /** Against a real store a few things are slower, and some cannot be asked for. */
  real: boolean;
  mark: string;
  ask(document: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** As `ask`; no errors are expected. @returns the root field's value, or all when there are several */
  run(document: string, variables?: Record<string, unknown>): Promise<Record<string, unknown>>;
  post(body: string, options?: { token?: string; version?: string }): Promise<Response>;
  /** @returns the gid; the customer is deleted at the end */
  makeCustomer(input?: Record<string, unknown>): Promise<string>;
  /** @returns the gid; the order is deleted at the end */
  makeOrder(input?: Record<string, unknown>): Promise<string>;
  /** Done at the end, the last first. */
  atTheEnd(act: () => Promise<unknown>): void;
  /** Polls until `look` gives something. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
}

/** Declares the store for the tests of a file. */
export function contractShop(): ContractShop {
  const { CONTRACT_SHOP: domain, CONTRACT_ACCESS_TOKEN: token } = process.env;
  const real = Boolean(domain && token);
  const mark = `regulars-contract-${Date.now().toString(36)}${Math.trunc(performance.now() % 1000)}`;
  const ends: (() => Promise<unknown>)[] = [];
  let sandbox: Sandbox | undefined;
  let made = 0;

  beforeAll(async () => {
    if (real) return;
    sandbox = await startSandbox({
      apiKey: 'key',
      apiSecret: 'a secret for the contract',
      fast: true,
      stores: [
        {
          domain: DOMAIN,
          currency: 'EUR',
          timeZone: 'UTC',
          plan: 'standard',
          seed: { customers: 30, seed: 6 },
        },
      ],
    });
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    await sandbox?.close();
  });

  const where = () =>
    sandbox
      ? {
          url: sandbox.url,
          token: sandbox.access.issue(DOMAIN, { expiring: false, allScopes: true }).access_token,
        }
      : { url: `https://${domain}`, token: token ?? '' };
  let place: ReturnType<typeof where> | undefined;

  const shop: ContractShop = {
    real,
    mark,
    post(body, options = {}) {
      place ??= where();
      const version = options.version ?? ADMIN_API_VERSION;
      return fetch(`${place.url}/admin/api/${version}/graphql.json`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-shopify-access-token': options.token ?? place.token,
        },
        body,
      });
    },
    async ask(document, variables = {}) {
      // Real stores are asked politely: a throttled answer of an earlier test is no answer.
      for (;;) {
        const response = await shop.post(JSON.stringify({ query: document, variables }));
        const body = (await response.json()) as {
          data?: Record<string, unknown> | null;
          errors?: GraphQLFault[];
          extensions?: { cost: Answer['cost'] };
        };
        const cost = body.extensions?.cost as Answer['cost'];
        if (body.errors?.some?.(({ extensions }) => extensions?.['code'] === 'THROTTLED')) {
          const { currentlyAvailable, restoreRate } = cost.throttleStatus;
          await pause(((cost.requestedQueryCost - currentlyAvailable) / restoreRate) * 1000 + 50);
          continue;
        }
        return {
          status: response.status,
          headers: response.headers,
          data: body.data ?? {},
          errors: body.errors,
          cost,
        };
      }
    },
    async run(document, variables) {
      const { data, errors } = await shop.ask(document, variables);
      expect(errors, document).toBeUndefined();
      const fields = Object.values(data);
      return (fields.length === 1 ? fields[0] : data) as Record<string, unknown>;
    },
    async makeCustomer(input = {}) {
      made += 1;
      const { customer, userErrors } = await shop.run(
        'mutation($input: CustomerInput!) { customerCreate(input: $input) { customer { id } userErrors { field message } } }',
        { input: { email: `${mark}-${made}@example.com`, firstName: 'Contract', note: mark, ...input } },
      );
      expect(userErrors).toEqual([]);
      const { id } = customer as { id: string };
      ends.push(() =>
        shop.ask('mutation($id: ID!) { customerDelete(input: { id: $id }) { userErrors { message } } }', {
          id,
        }),
      );
      return id;
    },
    async makeOrder(input = {}) {
      const { currencyCode } = await shop.run('{ shop { currencyCode } }');
      const amount = { shopMoney: { amount: '10.00', currencyCode } };
      const { order, userErrors } = await shop.run(
        'mutation($order: OrderCreateOrderInput!) { orderCreate(order: $order) { order { id } userErrors { field message } } }',
        {
          order: {
            lineItems: [{ title: 'Contract', quantity: 2, priceSet: amount }],
            tags: [mark],
            ...input,
          },
        },
      );
      expect(userErrors).toEqual([]);
      const { id } = order as { id: string };
      ends.push(() =>
        shop.ask('mutation($id: ID!) { orderDelete(orderId: $id) { userErrors { message } } }', { id }),
      );
      return id;
    },
    atTheEnd: (act) => void ends.push(act),
    async until(what, look) {
      const deadline = Date.now() + (real ? 120_000 : 20_000);
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (Date.now() > deadline) throw new Error(`${what}: not in time`);
        await pause(real ? 1_000 : 20);
      }
    },
  };
  return shop;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The value at a path of an answer. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | null | undefined)?.[key],
    value,
  );
}

const READ_BULK =
  'query($id: ID!) { bulkOperation(id: $id) { id status errorCode createdAt completedAt objectCount rootObjectCount fileSize url type } }';

/** Polls a bulk operation to its end. */
export function bulkEnd(shop: ContractShop, id: unknown): Promise<Record<string, unknown>> {
  return shop.until('the bulk operation', async () => {
    const operation = await shop.run(READ_BULK, { id });
    return ['COMPLETED', 'FAILED', 'CANCELED', 'EXPIRED'].includes(String(operation['status']))
      ? operation
      : undefined;
  });
}

export async function linesOf(url: unknown): Promise<Record<string, unknown>[]> {
  if (url === null) return [];
  const text = await (await fetch(String(url))).text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Stages a file of lines. @returns the stagedUploadPath */
export async function stage(shop: ContractShop, lines: readonly unknown[]): Promise<string> {
  const { stagedTargets } = await shop.run(
    'mutation($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) { stagedTargets { url parameters { name value } } userErrors { message } } }',
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
  const [target] = stagedTargets as { url: string; parameters: { name: string; value: string }[] }[];
  const form = new FormData();
  for (const { name, value } of target?.parameters ?? []) form.append(name, value);
  form.append('file', new Blob([lines.map((line) => `${JSON.stringify(line)}\n`).join('')]), 'vars.jsonl');
  const response = await fetch(target?.url ?? '', { method: 'POST', body: form });
  expect([200, 201, 204]).toContain(response.status);
  return target?.parameters.find(({ name }) => name === 'key')?.value ?? '';
}
