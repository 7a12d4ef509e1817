import { describe, expect, it } from 'vitest';
import { composeTagMutation } from '../../../app/activation/tags/tag-mutation.ts';
import { RUN_BULK_MUTATION, RUN_BULK_QUERY, STAGE_UPLOADS } from '../../../app/shopify/documents/bulk.ts';
import { READ_CUSTOMERS } from '../../../app/shopify/documents/read-again.ts';
import { mayRepeat, operationName, parseOperation } from '../../../app/shopify/may-repeat.ts';

describe('what may be sent twice', () => {
  it('knows our own documents', () => {
    expect(mayRepeat(READ_CUSTOMERS)).toBe(true);
    const write = { customerId: '1', add: ['a'], remove: ['b'], removeFirst: false };
    expect(mayRepeat(composeTagMutation([write]).document)).toBe(true);
    expect(mayRepeat(STAGE_UPLOADS)).toBe(true);
    expect(mayRepeat(RUN_BULK_QUERY)).toBe(false);
    expect(mayRepeat(RUN_BULK_MUTATION)).toBe(false);
  });

  it('looks behind aliases, and asks for every field', () => {
    const field = (alias: string, name: string) =>
      `${alias}: ${name}(id: "a{b", tags: ["}"]) { userErrors { message } }`;
    const both = `mutation Many($id: ID!) { ${field('a0', 'tagsAdd')} ${field('r0', 'tagsRemove')} }`;
    expect(parseOperation(both)).toEqual({ kind: 'mutation', fields: ['tagsAdd', 'tagsRemove'] });
    expect(mayRepeat(both)).toBe(true);
    expect(mayRepeat(`mutation { ${field('a', 'tagsAdd')} ${field('tagsAdd', 'discountCreate')} }`)).toBe(
      false,
    );
  });

  it('is not misled by comments, shorthand and fragments', () => {
    expect(parseOperation('{ shop { name } }')).toEqual({ kind: 'query', fields: ['shop'] });
    expect(parseOperation('# mutation { segmentCreate }\n query X { shop { id } }').kind).toBe('query');
    expect(
      mayRepeat('mutation { tagsAdd(id: 1) { node { ...F } } } fragment F on Customer { segmentCreate }'),
    ).toBe(true);
  });

  it('names the operation for logs', () => {
    expect(operationName(READ_CUSTOMERS)).toBe('ReadCustomers');
    expect(operationName('{ shop { id } }')).toBe('?');
  });
});
