/**
 * The stand-in store of bench/tag-writes.ts, as a process of its own: its memory must not count as the app's. It answers
 * at once, so that the app's time is measured and not its own. Prints its address when it listens.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTagShop, type TagShop } from '../../test/support/tag-shop.ts';

export interface ShopCounts {
  /** With the benchmark's tag. */
  tagged: number;
  /** Calls of the Admin API, uploads and results left out. */
  requests: number;
  operations: number;
}

let shop: TagShop = await startTagShop();
let requests = 0;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function answer(url: URL, request: IncomingMessage): Promise<unknown> {
  switch (url.pathname) {
    case '/graphql': {
      requests += 1;
      const { document, variables } = JSON.parse(await textOf(request)) as Record<'document', string> &
        Record<'variables', Record<string, unknown>>;
      return shop.admin.requestComposed(document, variables, { priority: 'background', cost: 10 });
    }
    case '/reset':
      await shop.close();
      shop = await startTagShop();
      requests = 0;
      for (let id = 1; id <= Number(url.searchParams.get('customers')); id++) {
        shop.tags.set(String(id), ['VIP']);
      }
      return {};
    case '/counts': {
      // What is told is told once: the log of changes is not the store's size.
      shop.changes.length = 0;
      const tag = url.searchParams.get('tag') ?? '';
      const tagged = [...shop.tags.values()].filter((tags) => tags.includes(tag)).length;
      return { tagged, requests, operations: shop.operations.length } satisfies ShopCounts;
    }
    default:
      throw new Error(`no such page: ${url.pathname}`);
  }
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  void (async () => {
    if (url.pathname === '/result') {
      for await (const piece of await shop.fetchResult(url.searchParams.get('url') ?? '', { from: 0n })) {
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
      }
      response.end();
    } else response.end(JSON.stringify(await answer(url, request)));
  })().catch((error: unknown) => response.writeHead(500).end(String(error)));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
