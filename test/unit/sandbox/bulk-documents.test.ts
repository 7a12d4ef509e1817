import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkBulkMutation,
  checkBulkQuery,
  checkClientIdentifier,
} from '../../../sandbox/bulk/check-documents.ts';
import { ChildSpreader } from '../../../sandbox/bulk/spread-children.ts';
import type { ResultRow } from '../../../sandbox/bulk/spread-children.ts';
import { adminSchema } from '../../../sandbox/graphql/schema.ts';

const errorsOf = (checked: ReturnType<typeof checkBulkQuery>) =>
  checked.outcome === 'refused' ? checked.userErrors : [];
const query = (text: string) => errorsOf(checkBulkQuery(adminSchema(), `#graphql\n${text}`));
const mutation = (text: string) => errorsOf(checkBulkMutation(adminSchema(), text));
const invalid = (...messages: string[]) =>
  messages.map((message) => ({ field: ['query'], message, code: 'INVALID' }));

describe('what a bulk query may be (captured texts)', () => {
  it('takes the documents of an import', () => {
    expect(query('{ customers { edges { node { id tags } } } }')).toEqual([]);
    expect(
      query('query Orders { orders { edges { node { id lineItems { edges { node { id } } } } } } }'),
    ).toEqual([]);
    const levels =
      '{ collections { edges { node { id products { edges { node { id variants { edges { node { id } } } } } } } } } }';
    expect(query(levels)).toEqual([]);
  });

  it('is no mutation, empty or broken text', () => {
    expect(query('mutation { tagsAdd(id: "1", tags: []) { node { id } } }')).toEqual(
      invalid('Invalid operation type. Only `query` operations are supported.'),
    );
    expect(errorsOf(checkBulkQuery(adminSchema(), ''))).toEqual(
      invalid('Invalid bulk query: syntax error, unexpected end of file'),
    );
    expect(query('{ customers { edges { node { nonsense } } } }')[0]?.message).toContain('nonsense');
    expect(errorsOf(checkBulkQuery(adminSchema(), ' '.repeat(65_536)))).toEqual(invalid('is too large'));
  });

  it('reads connections through edges', () => {
    expect(query('{ products { nodes { id } } }')).toEqual(
      invalid(
        "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: 'products { edges { node {'. Selecting via 'nodes' is not supported. Invalid connection fields: 'products'.",
      ),
    );
  });

  it('has a connection and no top-level node', () => {
    expect(query('{ node(id: "gid://shopify/Product/0") { id } }')).toEqual(
      invalid(
        'Bulk queries cannot contain a top level `node` field.',
        'Bulk queries must contain at least one connection.',
      ),
    );
  });

  it('has at most five connections, two levels below the first, none in a list, with ids of the parents', () => {
    expect(
      query(
        '{ products { edges { node { id variants { edges { node { id } } } metafields { edges { node { id } } } collections { edges { node { id } } } media { edges { node { id } } } sellingPlanGroups { edges { node { id } } } } } } }',
      ),
    ).toEqual(invalid('Bulk queries cannot contain more than 5 connections.'));
    expect(
      query(
        '{ collections { edges { node { id products { edges { node { id variants { edges { node { id metafields { edges { node { id } } } } } } } } } } } } }',
      ),
    ).toEqual(invalid('Bulk queries cannot contain connections with a nesting depth greater than 2.'));
    expect(
      query(
        '{ orders { edges { node { id refunds { refundLineItems { edges { node { quantity } } } } } } } }',
      )[0],
    ).toEqual(
      invalid('Queries that contain a connection field within a list field are not currently supported.')[0],
    );
    for (const id of ['title', 'key: id']) {
      expect(query(`{ products { edges { node { ${id} variants { edges { node { id } } } } } } }`)).toEqual(
        invalid(
          "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. Connection fields without 'id': products.",
        ),
      );
    }
  });

  it('sees through fragments', () => {
    const text =
      '{ orders { edges { node { ...O } } } } fragment O on Order { name lineItems { edges { node { id } } } }';
    expect(query(text)[0]?.message).toContain("Connection fields without 'id': orders");
  });

  it('wants nodes that are Nodes', () => {
    const text = '{ customerSegmentMembers(segmentId: "gid://shopify/Segment/1") { edges { node { id } } } }';
    expect(query(text)[0]?.message).toContain('nodes implement Node');
  });
});

describe('what a bulk mutation may be (captured texts)', () => {
  const tagsAdd = 'tagsAdd(id: $id, tags: $tags) { node { id } userErrors { message } }';

  it('takes one mutation', () => {
    expect(mutation(`mutation($id: ID!, $tags: [String!]!) { ${tagsAdd} }`)).toEqual([]);
  });

  it('and not two, no query, not itself, no broken text', () => {
    expect(mutation(`mutation($id: ID!, $tags: [String!]!) { a: ${tagsAdd} b: ${tagsAdd} }`)).toEqual([
      { field: ['mutation'], message: 'You must specify a single top level mutation.', code: null },
    ]);
    expect(mutation('{ shop { id } }')).toEqual([
      {
        field: null,
        message: 'Invalid operation type. Only `mutation` operations are supported.',
        code: 'INVALID_MUTATION',
      },
    ]);
    expect(mutation('mutation { bulkOperationRunQuery(query: "x") { userErrors { message } } }')).toEqual([
      { field: ['mutation'], message: 'You must use an allowed mutation name.', code: null },
    ]);
    expect(mutation('mutation { not parseable')[0]).toMatchObject({ field: null, code: 'INVALID_MUTATION' });
    expect(mutation('mutation { not parseable')[0]?.message).toContain('Failed to parse the mutation - ');
  });

  it('limits the client identifier', () => {
    expect(checkClientIdentifier(null)).toEqual([]);
    expect(checkClientIdentifier('0123456789')).toEqual([]);
    expect(checkClientIdentifier('abc')).toMatchObject([
      { message: 'is too short (minimum is 10 characters)' },
    ]);
    expect(checkClientIdentifier('x'.repeat(256))).toMatchObject([
      { message: 'is too long (maximum is 255 characters)' },
    ]);
  });
});

describe('where children stand', () => {
  const rowsOf = (roots: number): ResultRow[] =>
    Array.from({ length: roots }, (_, root) => [
      { root: true, line: `r${root}` },
      ...Array.from({ length: 3 }, (_, child) => ({ root: false, line: `c${root}.${child}` })),
    ]).flat();

  it('loses and doubles nothing, keeps the order of roots, and is the same every time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 5 }), (slices) => {
        const run = () => {
          const spreader = new ChildSpreader();
          let first = 0;
          const lines = slices.flatMap((count) => {
            const rows = rowsOf(first + count).slice(first * 4);
            first += count;
            return spreader.spread(rows);
          });
          return { lines: [...lines, ...spreader.rest()], rows: rowsOf(first) };
        };
        const { lines, rows } = run();
        expect(lines.toSorted()).toEqual(rows.map(({ line }) => line).sort());
        expect(lines.filter((line) => line.startsWith('r'))).toEqual(
          rows.filter(({ root }) => root).map(({ line }) => line),
        );
        expect(run().lines).toEqual(lines);
      }),
    );
  });

  it('puts some before their parent, some far behind', () => {
    const spreader = new ChildSpreader();
    const lines = [
      ...spreader.spread(rowsOf(200)),
      ...spreader.spread(rowsOf(400).slice(800)),
      ...spreader.rest(),
    ];
    const distance = lines.flatMap((line, index) =>
      line.startsWith('c') ? [index - lines.indexOf(`r${line.slice(1).split('.')[0]}`)] : [],
    );
    expect(Math.min(...distance)).toBeLessThan(-100);
    expect(Math.max(...distance)).toBeGreaterThan(500);
  });
});
