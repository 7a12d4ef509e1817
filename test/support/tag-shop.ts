/**
 * A Shopify that only knows customers' tags, behind the Admin client's interface: for faults that must happen at
 * an exact point (an answer that is lost after the write, a line that fails, an operation that ends half-way).
 * Everything about wire, cost and pace is tested against the sandbox instead.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../app/app-error.ts';
import type { AdminClient } from '../../app/shopify/admin-client.ts';
import type { FetchResult } from '../../app/shopify/fetch-bulk-result.server.ts';
import { createUploadFile, type UploadFile } from '../../app/shopify/upload-file.server.ts';

const key = (tag: string) => tag.trim().normalize('NFC').toLowerCase();

export interface TagOperation {
  id: string;
  query: string;
  status: string;
  createdAt: string;
  completedAt: string | null;
  url: string | null;
  lines: string[];
}

export interface TagShop {
  admin: AdminClient;
  tags: Map<string, string[]>;
  operations: TagOperation[];
  /** Every change of a customer's tags, in order: what a webhook would tell. */
  changes: { id: string; act: 'add' | 'remove'; tags: string[] }[];
  requests: { mutations: number; ids: string[] }[];
  budget: { restoreRate: number; maximumAvailable: number; currentlyAvailable: number };
  faults: {
    /** Called with the customers of a request before it is done: throw to refuse it. */
    before?: (ids: string[]) => void | Promise<void>;
    /** Called after it was done: throw to lose the answer. */
    after?: (ids: string[]) => void | Promise<void>;
    /** The result of a bulk operation as it will be read: change it. */
    result?: (lines: string[]) => string[];
    /** Called when a bulk mutation was started, before that is answered: throw to lose the answer. */
    started?: (operation: TagOperation) => void | Promise<void>;
    /** Whether an operation has ended when it is looked at. */
    ended?: (operation: TagOperation) => boolean | Promise<boolean>;
  };
  fetchResult: FetchResult;
  uploadFile: UploadFile;
  close(): Promise<void>;
}

export async function startTagShop(): Promise<TagShop> {
  const uploads = new Map<string, string>();
  const server = await listen(uploads);
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const results = new Map<string, string>();
  let next = 1;

  function write(act: 'add' | 'remove', gid: string, given: readonly string[]) {
    const id = gid.replace('gid://shopify/Customer/', '');
    const tags = shop.tags.get(id);
    if (!tags) {
      return { node: null, userErrors: [{ field: ['id'], message: 'Customer does not exist' }] };
    }
    const keys = new Set(given.map(key));
    const present = new Set(tags.map(key));
    const after =
      act === 'remove'
        ? tags.filter((tag) => !keys.has(key(tag)))
        : [...tags, ...given.filter((tag) => !present.has(key(tag)))].sort();
    if (after.length > 250) {
      return { node: null, userErrors: [{ field: ['tags'], message: 'Tags cannot be more than 250' }] };
    }
    if (after.length !== tags.length) shop.changes.push({ id, act, tags: [...given] });
    shop.tags.set(id, after);
    return { node: { id: gid, tags: after }, userErrors: [] };
  }

  function end(operation: TagOperation): void {
    const act = operation.query.includes('tagsAdd') ? 'add' : 'remove';
    const field = act === 'add' ? 'tagsAdd' : 'tagsRemove';
    const lines = operation.lines.map((line, index) => {
      const { id, tags } = JSON.parse(line) as { id: string; tags: string[] };
      return JSON.stringify({ data: { [field]: write(act, id, tags) }, __lineNumber: index });
    });
    operation.status = 'COMPLETED';
    operation.completedAt = new Date().toISOString();
    operation.url = `memory:${operation.id}`;
    results.set(operation.url, (shop.faults.result?.(lines) ?? lines).map((line) => `${line}\n`).join(''));
  }

  const answers: Record<string, (variables: Record<string, unknown>) => unknown> = {
    StageUploads: () => {
      const path = `tmp/${next++}`;
      const parameters = [{ name: 'key', value: path }];
      return {
        stagedUploadsCreate: { stagedTargets: [{ url: `${address}/`, parameters }], userErrors: [] },
      };
    },
    RunBulkMutation: async (variables) => {
      const running = shop.operations.filter((operation) => operation.status === 'RUNNING').length;
      if (running >= 5) {
        const message = 'A bulk mutation operation for this app and shop is already in progress';
        return {
          bulkOperationRunMutation: {
            bulkOperation: null,
            userErrors: [{ field: null, message, code: 'OPERATION_IN_PROGRESS' }],
          },
        };
      }
      const text = uploads.get(String(variables['stagedUploadPath'])) ?? '';
      const operation: TagOperation = {
        id: `gid://shopify/BulkOperation/${next++}`,
        query: String(variables['mutation']),
        status: 'RUNNING',
        createdAt: new Date().toISOString(),
        completedAt: null,
        url: null,
        lines: text.split('\n').filter(Boolean),
      };
      shop.operations.push(operation);
      await shop.faults.started?.(operation);
      return {
        bulkOperationRunMutation: { bulkOperation: { ...operation, lines: undefined }, userErrors: [] },
      };
    },
    ReadBulkOperation: async ({ id }) => {
      const operation = shop.operations.find((one) => one.id === id);
      const ended = operation?.status === 'RUNNING' && ((await shop.faults.ended?.(operation)) ?? true);
      if (ended && operation.status === 'RUNNING') end(operation);
      return { bulkOperation: operation ? { ...operation, errorCode: null, partialDataUrl: null } : null };
    },
    RecentBulkMutations: () => ({
      bulkOperations: { nodes: shop.operations.map(({ id, query }) => ({ id, query })) },
    }),
    CancelBulkOperation: ({ id }) => {
      const operation = shop.operations.find((one) => one.id === id);
      if (operation) operation.status = 'CANCELED';
      return { bulkOperationCancel: { bulkOperation: operation ?? null, userErrors: [] } };
    },
  };

  async function requestComposed(document: string, variables: Record<string, unknown>) {
    const sentAt = new Date();
    const operation = /(?:query|mutation) (\w+)/.exec(document)?.[1] ?? '';
    if (operation !== 'WriteTags') {
      const answer = answers[operation];
      if (!answer) throw new AppError('shopify_rejected', `unknown document ${operation}`);
      return { data: await answer(variables), date: new Date(), sentAt };
    }
    const fields = [...document.matchAll(/^ {2}(\w+): (tagsAdd|tagsRemove)\(id: \$(\w+),/gm)];
    const ids = [...new Set(fields.map((field) => String(variables[field[3] ?? ''])))];
    const plain = ids.map((id) => id.replace('gid://shopify/Customer/', ''));
    shop.requests.push({ mutations: fields.length, ids: plain });
    await shop.faults.before?.(plain);
    const data: Record<string, unknown> = {};
    for (const [, alias = '', field, id = ''] of fields) {
      const act = field === 'tagsAdd' ? 'add' : 'remove';
      data[alias] = write(act, String(variables[id]), variables[alias] as string[]);
    }
    await shop.faults.after?.(plain);
    return { data, date: new Date(), sentAt };
  }

  const shop: TagShop = {
    admin: {
      shop: 'tags.myshopify.com',
      request: requestComposed as unknown as AdminClient['request'],
      requestComposed,
      budget: () => shop.budget,
    },
    tags: new Map(),
    operations: [],
    changes: [],
    requests: [],
    budget: { restoreRate: 100, maximumAvailable: 2_000, currentlyAvailable: 2_000 },
    faults: {},
    uploadFile: createUploadFile({ sandboxUrl: address, production: false }, { fetch }),
    fetchResult: (url) => Promise.resolve(inPieces(Buffer.from(results.get(url) ?? ''))),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return shop;
}

/** Pieces that cut lines and code points. */

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 701) yield bytes.subarray(from, from + 701);
}

async function listen(uploads: Map<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = await new Response(Buffer.concat(chunks), {
        headers: { 'content-type': request.headers['content-type'] ?? '' },
      }).formData();
      const names = [...form.keys()];
      const file = form.get('file');
      const path = form.get('key');
      const good = names.at(-1) === 'file' && typeof path === 'string' && file instanceof File;
      if (good) uploads.set(path, await file.text());
      response.writeHead(good ? 201 : 400).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
