/** Every document of the app that the sandbox's first size covers must run on it, on a store with everything in it. */
import { describe, expect, it } from 'vitest';
import { composeTagMutation } from '../../../app/activation/tags/tag-mutation.ts';
import { BULK_QUERIES } from '../../../app/shopify/documents/bulk-queries.ts';
import { READ_CUSTOMER_NAMES } from '../../../app/shopify/documents/customer-names.ts';
import * as again from '../../../app/shopify/documents/read-again.ts';
import * as changed from '../../../app/shopify/documents/read-changed.ts';
import { RECENT_BULK_MUTATIONS } from '../../../app/shopify/documents/recent-bulk-mutations.ts';
import { RECENT_BULK_QUERIES } from '../../../app/shopify/documents/recent-bulk-queries.ts';
import { READ_SHOP } from '../../../app/shopify/documents/shop.ts';
import { at, finished, linesOf, openSandbox, startQuery } from './call-sandbox.ts';

const SEED = { customers: 150, seed: 4 };

describe("the app's documents", () => {
  it('run on the sandbox, each within the cost of one request', async () => {
    const { ask, store } = await openSandbox({ seed: SEED });
    const gids = (kind: string, records: Iterable<{ id: string }>, count: number) =>
      [...records].slice(0, count).map(({ id }) => `gid://shopify/${kind}/${id}`);
    const customers = gids('Customer', store.customers(), again.READ_AGAIN_LIMIT.customer);
    const orders = gids('Order', store.orders(), again.READ_AGAIN_LIMIT.order);
    const products = gids('Product', store.products(), again.READ_AGAIN_LIMIT.product);
    const search = "updated_at:>='2020-01-01T00:00:00Z'";
    const tags = composeTagMutation([
      { customerId: [...store.customers()][0]?.id ?? '', add: ['x'], remove: ['y'], removeFirst: false },
    ]);
    const calls: [string, Record<string, unknown>, (string | number)[]][] = [
      [READ_SHOP, {}, ['shop', 'id']],
      [READ_CUSTOMER_NAMES, { ids: customers }, ['nodes', 49, 'displayName']],
      [again.READ_CUSTOMERS, { ids: customers }, ['nodes', 49, 'id']],
      [again.READ_ORDERS, { ids: orders }, ['nodes', 4, 'lineItems', 'nodes', 0, 'id']],
      [again.READ_ORDER_LINES, { id: orders[0] }, ['order', 'lineItems', 'nodes', 0, 'id']],
      [again.READ_PRODUCTS, { ids: products }, ['nodes', products.length - 1, 'id']],
      [changed.READ_CHANGED_CUSTOMERS, { search }, ['customers', 'pageInfo', 'endCursor']],
      [changed.READ_CHANGED_ORDERS, { search }, ['orders', 'pageInfo', 'endCursor']],
      [changed.READ_CHANGED_PRODUCTS, { search }, ['products', 'pageInfo', 'endCursor']],
      [RECENT_BULK_MUTATIONS, {}, ['bulkOperations', 'nodes']],
      [RECENT_BULK_QUERIES, {}, ['bulkOperations', 'nodes']],
      [tags.document, tags.variables, ['add0', 'node', 'tags']],
    ];
    for (const [document, variables, path] of calls) {
      const { data, errors, cost } = await ask(document, variables);
      expect(errors, document).toBeUndefined();
      expect(at(data, ...path), document).toBeTruthy();
      expect(cost.requestedQueryCost).toBeLessThanOrEqual(1000);
      expect(cost.actualQueryCost).toBeLessThanOrEqual(cost.requestedQueryCost);
    }
  });

  it('import the whole store in bulk', async () => {
    const caller = await openSandbox({ seed: SEED });
    const { store } = caller;
    const count = async (query: string) => {
      const state = await finished(caller, await startQuery(caller, query));
      expect(state).toMatchObject({ status: 'COMPLETED', errorCode: null });
      expect(await linesOf(state.url)).toHaveLength(Number(state.objectCount));
      return [Number(state.rootObjectCount), Number(state.objectCount)];
    };
    expect(await count(BULK_QUERIES.customers)).toEqual([150, 150]);
    const places = [...store.collections.all()].reduce((sum, one) => sum + one.productIds.length, 0);
    expect(await count(BULK_QUERIES.products)).toEqual([store.productCount(), store.productCount() + places]);
    const lines = [...store.orders()].reduce((sum, order) => sum + order.lines.length, 0);
    expect(await count(BULK_QUERIES.orders)).toEqual([store.orderCount(), store.orderCount() + lines]);
  });
});
