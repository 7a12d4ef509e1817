/** A stand-in store that takes metafields, in the benchmark's own process: it keeps a digest for each and no value. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Given {
  ownerId: string;
  key: string;
  value: string;
}

export interface MetafieldShop {
  url: string;
  /** Calls of the Admin API, and values that were set in them. */
  counts: { requests: number; set: number };
  /** Customers with a metafield. */
  owners: Set<string>;
  close(): Promise<void>;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export async function startMetafieldShop(): Promise<MetafieldShop> {
  const counts = { requests: 0, set: 0 };
  const owners = new Set<string>();
  const server = createServer((request, response) => {
    void (async () => {
      const { variables } = JSON.parse(await textOf(request)) as { variables: { metafields: Given[] } };
      counts.requests += 1;
      counts.set += variables.metafields.length;
      const metafields = variables.metafields.map(({ ownerId, key }) => {
        owners.add(ownerId);
        return { owner: { id: ownerId }, key, compareDigest: `${counts.requests}-${key}` };
      });
      response.end(JSON.stringify({ data: { metafieldsSet: { metafields, userErrors: [] } } }));
    })().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    owners,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
