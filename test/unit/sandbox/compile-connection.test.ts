/** The compiled reading of a bulk query against graphql-js's own execution of the same document. */
import { execute, Kind, parse } from 'graphql';
import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { BULK_QUERIES } from '../../../app/shopify/documents/bulk-queries.ts';
import { compileConnection } from '../../../sandbox/bulk/compile-connection.ts';
import type { NodeRows } from '../../../sandbox/bulk/compile-connection.ts';
import { BulkPass } from '../../../sandbox/graphql/context.ts';
import type { GraphContext } from '../../../sandbox/graphql/context.ts';
import { fieldsOf } from '../../../sandbox/graphql/cost.ts';
import { adminSchema, strictFieldResolver } from '../../../sandbox/graphql/schema.ts';
import { generateStore } from '../../../sandbox/seed/generate-store.ts';
import { addOrder, makeStore } from './make-store.ts';

const store = makeStore();
generateStore(store, { customers: 60, seed: 3 });
addOrder(store, { company: true, customerId: [...store.customers()][0]?.id ?? null });

const contextOf = (size: number): GraphContext =>
  ({ store, sandbox: {}, bulkPass: new BulkPass(size) }) as unknown as GraphContext;

interface Node {
  [key: string]: unknown;
}

/** What graphql-js answers, its connections taken out as rows, in the order of the document. */
function rowsOf(connection: unknown): NodeRows[] {
  return (connection as { edges: { node: Node }[] }).edges.map(({ node }) => {
    const children: NodeRows[] = [];
    const strip = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(strip);
      if (typeof value !== 'object' || value === null) return value;
      const kept: Node = {};
      for (const [key, inner] of Object.entries(value)) {
        const edges = (inner as { edges?: unknown } | null)?.edges;
        if (edges) children.push(...rowsOf(inner));
        else kept[key] = strip(inner);
      }
      return kept;
    };
    return { own: strip(node) as Node, children };
  });
}

async function both(query: string) {
  const document = parse(query);
  const operation = document.definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new Error('no operation');
  const fragments = new Map(
    document.definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((one) => [one.name.value, one]),
  );
  const schema = adminSchema();
  const [field] = fieldsOf({ fragments, variables: {} }, operation.selectionSet);
  if (!field) throw new Error('no field');
  const read = compileConnection({ schema, operation, fragments }, field);
  const result = await execute({
    schema,
    document,
    contextValue: contextOf(Infinity),
    fieldResolver: strictFieldResolver,
  });
  return { read, field, result };
}

async function expectSame(query: string): Promise<NodeRows[]> {
  const { read, field, result } = await both(query);
  expect(result.errors).toBeUndefined();
  const wanted = rowsOf(result.data?.[field.alias?.value ?? field.name.value]);
  const rows = (await read?.(contextOf(Infinity))) ?? [];
  expect(JSON.parse(JSON.stringify(rows))).toEqual(JSON.parse(JSON.stringify(wanted)));
  // Also the keys of a line stand in the order of the document.
  expect(rows.map(({ own }) => JSON.stringify(own))).toEqual(wanted.map(({ own }) => JSON.stringify(own)));
  return rows;
}

describe('a compiled connection', () => {
  it.each(['customers', 'orders', 'products'] as const)('reads the %s that the app reads', async (kind) => {
    const rows = await expectSame(BULK_QUERIES[kind]);
    expect(rows.length).toBeGreaterThan(20);
    if (kind === 'orders') expect(rows.some(({ children }) => children.length > 1)).toBe(true);
  });

  it('knows aliases, fragments, directives, types behind interfaces and fields that are named twice', async () => {
    const rows = await expectSame(`
      query {
        all: orders {
          edges {
            node {
              id
              __typename
              buyer: purchasingEntity { __typename ... on Customer { id displayName } }
              ...Money
              totalPriceSet { shopMoney { currencyCode } }
              name @skip(if: true)
              note @include(if: true)
              email @include(if: false)
              customer { id orders(first: 3, reverse: true) { edges { node { id name } } } }
            }
          }
        }
      }
      fragment Money on Order { totalPriceSet { shopMoney { amount } } ... on Node { legacy: id } }`);
    const types = new Set(
      rows.map(({ own }) => (own['buyer'] as { __typename?: string } | null)?.__typename),
    );
    expect(types).toEqual(new Set(['Customer', 'PurchasingCompany', undefined]));
    expect(Object.keys(rows[0]?.own ?? {})).toEqual([
      'id', '__typename', 'buyer', 'totalPriceSet', 'legacy', 'note', 'customer',
    ]); // prettier-ignore
  });

  it('reads as many as the pass says, and goes on where it stopped', async () => {
    const { read } = await both('{ customers { edges { node { id } } } }');
    const context = contextOf(25);
    const slices: number[] = [];
    do slices.push((await read?.(context))?.length ?? 0);
    while (!context.bulkPass?.done);
    expect(slices.reduce((sum, size) => sum + size, 0)).toBe(60);
    expect(Math.max(...slices)).toBe(25);
  });

  it('throws what a resolver throws, and a null that is not allowed', async () => {
    const refused = await both('{ customers { edges { node { id multipassIdentifier } } } }');
    await expect(refused.read?.(contextOf(1))).rejects.toThrow(
      'Customer.multipassIdentifier is not implemented',
    );
    const broken = makeStore();
    addOrder(broken, { name: null as unknown as string });
    const { read } = await both('{ orders { edges { node { id name } } } }');
    const context = { ...contextOf(5), store: broken } as GraphContext;
    await expect(read?.(context)).rejects.toThrow('non-nullable field Order.name');
  });

  it('is not made of a field that is no connection', async () => {
    expect((await both('{ shop { id } }')).read).toBeUndefined();
  });
});
