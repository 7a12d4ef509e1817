/** Orders with all their lines. Most fit one page; an order that changes between two pages is left for later. */
import type { AdminClient } from '../shopify/admin-client.ts';
import { READ_ORDER_LINES, READ_ORDERS } from '../shopify/documents/read-again.ts';
import type { OrderLineFact, ShopifyId } from './facts.ts';
import { orderFromNode, orderLineFromNode } from './normalise/order-node.ts';
import { gidOf, type ReadTimes } from './normalise/wire.ts';
import type { ReadAgain } from './reread.server.ts';

interface LinePage {
  nodes: unknown[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
}

interface OrderNode {
  id: string;
  updatedAt: string;
  currencyCode: string;
  lineItems: LinePage;
}

/** Answers in the order of `ids`. */
export async function readOrdersAgain(
  admin: AdminClient,
  ids: readonly ShopifyId[],
  { locations }: { locations: boolean },
): Promise<ReadAgain[]> {
  const answer = await admin.request(READ_ORDERS, {
    ids: ids.map((id) => gidOf('Order', id)),
    withLocations: locations,
  });
  const times = { readAt: answer.date, startedAt: answer.sentAt };
  const outcomes: ReadAgain[] = [];
  for (let i = 0; i < ids.length; i += 1) {
    const node = answer.data.nodes[i] as OrderNode | null | undefined;
    outcomes.push(node ? await wholeOrder(admin, node, times) : { outcome: 'missing', at: answer.date });
  }
  return outcomes;
}

/** @param node an order with the first page of its lines */
export async function wholeOrder(admin: AdminClient, node: OrderNode, times: ReadTimes): Promise<ReadAgain> {
  const lines: OrderLineFact[] = [];
  let page: LinePage = node.lineItems;
  for (;;) {
    for (const wire of page.nodes) {
      const line = orderLineFromNode(wire, node.currencyCode);
      if (line.outcome === 'unreadable') return line;
      lines.push(line.fact);
    }
    if (!page.pageInfo.hasNextPage) return orderFromNode(node, lines, times);
    const { data } = await admin.request(READ_ORDER_LINES, {
      id: node.id,
      after: page.pageInfo.endCursor ?? null,
    });
    if (data.order?.updatedAt !== node.updatedAt) return { outcome: 'changing' };
    page = data.order.lineItems;
  }
}
