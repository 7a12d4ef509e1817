/**
 * One part of an import page by page, where Shopify refuses bulk operations: the same selections and normalisers
 * as the bulk way, oldest id first. A page's facts and the last id that it held commit together, so a kill
 * anywhere goes on after the last page and counts nothing twice. Memory holds one page. The client waits for
 * points and lets pages of the app go first.
 */
import type { ShopId, ShopTx } from '../../db/tenancy.server.ts';
import type { AdminAnswer } from '../../shopify/admin-client.ts';
import type { BulkKind } from '../../shopify/documents/bulk-queries.ts';
import {
  READ_CUSTOMERS_PAGE, READ_ORDERS_PAGE, READ_PRODUCTS_PAGE,
} from '../../shopify/documents/read-pages.ts'; // prettier-ignore
import type { Fact, ShopifyId } from '../facts.ts';
import { foldFacts } from '../fold-facts.ts';
import { customerFromNode } from '../normalise/customer-node.ts';
import { readCustomerPicks } from '../read-customer-picks.server.ts';
import { wholeOrder } from '../read-orders-again.server.ts';
import { readPicks, type Picks } from '../read-picks.server.ts';
import { wholeProduct } from '../read-products-again.server.ts';
import type { ReadAgain } from '../reread.server.ts';
import { createFactTables } from '../store/fact-tables.server.ts';
import { loadFacts } from '../store/load-facts.server.ts';
import { queueRereads } from '../store/queue-rereads.server.ts';
import { storeIncoming } from '../store/store-incoming.server.ts';
import type { ImportContext } from './import-context.server.ts';
import { advancePages, type ImportPart } from './import-rows.server.ts';

/** Shopify pages at most 25,000 objects deep: before that a new list begins after the last id. */
const DEPTH = 20_000;

interface Page {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
}

const OBJECTS = { customers: 'customer', orders: 'order', products: 'product' } as const;

/** @throws AppError as the client's; calling it again goes on after the last page */
export async function readPages(
  ctx: ImportContext,
  shopId: ShopId,
  runId: string,
  part: ImportPart,
  options: { depth?: number } = {},
): Promise<void> {
  const all = await ctx.db.inShop(shopId, readPicks);
  const picks = part.hidden.includes('postal_codes') ? { ...all, postalCodes: false } : all;
  let read = BigInt(part.afterId);
  let search = searchAfter(read);
  let after: string | null = null;
  let depth = 0;
  for (;;) {
    ctx.signal?.throwIfAborted();
    const { page, startedAt, judged } = await readPage(ctx, part.kind, { search, after, picks });
    const last = BigInt(idOf(page.nodes.at(-1)?.id) ?? read);
    await ctx.db.inShop(shopId, async (tx) => {
      const unread = await storePage(ctx, tx, part.kind, page, judged);
      await advancePages(tx, runId, part.kind, {
        from: read.toString(),
        to: last.toString(),
        rows: page.nodes.length,
        readAt: startedAt,
        unread,
      });
    });
    read = last;
    depth += page.nodes.length;
    if (!page.pageInfo.hasNextPage || page.nodes.length === 0) return;
    after = page.pageInfo.endCursor ?? null;
    if (depth >= (options.depth ?? DEPTH)) {
      search = searchAfter(read);
      after = null;
      depth = 0;
    }
  }
}

const searchAfter = (id: bigint): string | null => (id === 0n ? null : `id:>${id}`);
const idOf = (gid: string | undefined): ShopifyId | undefined => /(\d+)$/.exec(gid ?? '')?.[1];

interface Judged {
  answers: ReadAgain[];
  besides: Fact[];
}

async function readPage(
  ctx: ImportContext,
  kind: BulkKind,
  where: { search: string | null; after: string | null; picks: Picks },
): Promise<{ page: Page; startedAt: Date; judged: Judged }> {
  const { search, after, picks } = where;
  const { admin } = ctx;
  const options = { signal: ctx.signal };
  const timesOf = (answer: AdminAnswer<unknown>) => ({ readAt: answer.date, startedAt: answer.sentAt });
  const answers: ReadAgain[] = [];
  switch (kind) {
    case 'customers': {
      const answer = await admin.request(READ_CUSTOMERS_PAGE, { search, after }, options);
      const page = answer.data.customers;
      answers.push(...page.nodes.map((node) => customerFromNode(node, timesOf(answer))));
      const ids = page.nodes.map(({ id }) => idOf(id) ?? '0');
      const picked = await readCustomerPicks(admin, ids, picks, options);
      return { page, startedAt: answer.date, judged: { answers, besides: [...picked.values()] } };
    }
    case 'orders': {
      const variables = { search, after, withLocations: picks.locations };
      const answer = await admin.request(READ_ORDERS_PAGE, variables, options);
      const page = answer.data.orders;
      for (const node of page.nodes) answers.push(await wholeOrder(admin, node, timesOf(answer)));
      return { page, startedAt: answer.date, judged: { answers, besides: [] } };
    }
    case 'products': {
      const answer = await admin.request(READ_PRODUCTS_PAGE, { search, after }, options);
      const page = answer.data.products;
      for (const node of page.nodes) answers.push(await wholeProduct(admin, node, timesOf(answer)));
      return { page, startedAt: answer.date, judged: { answers, besides: [] } };
    }
  }
}

/** @returns a sentence when something of the page could not be read */
async function storePage(
  ctx: ImportContext,
  tx: ShopTx,
  kind: BulkKind,
  page: Page,
  { answers, besides }: Judged,
): Promise<string | undefined> {
  const now = ctx.clock.machineNow();
  const facts = [...besides];
  const again: ShopifyId[] = [];
  let unread: string | undefined;
  answers.forEach((answer, i) => {
    switch (answer.outcome) {
      case 'fact':
        facts.push(answer.fact, ...(answer.besides ?? []));
        break;
      case 'changing':
      case 'missing':
      case 'refused':
        again.push(idOf(page.nodes[i]?.id) ?? '0');
        break;
      case 'unreadable':
        unread = `Some rows could not be read (${answer.reason}).`;
        ctx.log.warn({ shopId: tx.shopId, kind, reason: answer.reason }, 'row not read');
        break;
    }
  });
  if (facts.length > 0) {
    await createFactTables(tx);
    await loadFacts(tx, foldFacts(facts));
    await storeIncoming(tx, { now, redactionKey: ctx.redactionKey, rereads: false });
  }
  await queueRereads(
    tx,
    again.map((id) => ({ object: OBJECTS[kind], id, reason: 'changed while it was read', notBefore: now })),
    now,
  );
  return unread;
}
