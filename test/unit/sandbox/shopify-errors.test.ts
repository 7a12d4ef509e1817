/** The forms are those that Shopify's server answers with (the Ruby library `graphql`). */
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../sandbox/graphql/parse-document.ts';
import { adminSchema } from '../../../sandbox/graphql/schema.ts';

function errorsOf(document: string) {
  const parsed = parseDocument(adminSchema(), document);
  return parsed.outcome === 'bad' ? parsed.errors.map((error) => error.toJSON()) : [];
}

describe('a document that the schema does not allow', () => {
  it('a misspelt field', () => {
    expect(errorsOf('query Customers { customerz { id } }')).toEqual([
      {
        message: "Field 'customerz' doesn't exist on type 'QueryRoot'",
        locations: [{ line: 1, column: 19 }],
        path: ['query Customers', 'customerz'],
        extensions: { code: 'undefinedField', typeName: 'QueryRoot', fieldName: 'customerz' },
      },
    ]);
  });

  it('a misspelt field far below, under an alias', () => {
    expect(errorsOf('{ all: customers(first: 1) { nodes { emale } } }')).toMatchObject([
      { message: "Field 'emale' doesn't exist on type 'Customer'", path: ['query', 'all', 'nodes', 'emale'] },
    ]);
  });

  it.each([
    ['{ customers(first: 1, colour: "red") { nodes { id } } }', "Field 'customers' doesn't accept argument 'colour'", 'argumentNotAccepted'],
    ['{ customer { id } }', "Field 'customer' is missing required arguments: id", 'missingRequiredArguments'],
    ['{ shop }', "Field must have selections (field 'shop' returns Shop but has no selections. Did you mean 'shop { ... }'?)", 'selectionMismatch'],
    ['{ shop { name { first } } }', 'Selections can\'t be made on scalars (field \'name\' returns String but has selections ["first"])', 'selectionMismatch'],
    ['{ customers(first: "x") { nodes { id } } }', "Argument 'first' on Field 'customers' has an invalid value (\"x\"). Expected type 'Int'.", 'argumentLiteralsIncompatible'],
    ['query Q { customer(id: $id) { id } }', 'Variable $id is used by query Q but not declared', 'variableNotDefined'],
    ['query Q($id: ID!) { shop { name } }', 'Variable $id is declared by query Q but not used', 'variableNotUsed'],
    ['query Q($id: String) { customer(id: $id) { id } }', 'Type mismatch on variable $id and argument id (String / ID!)', 'variableMismatch'],
    ['{ shop { ...Missing } }', 'Fragment Missing was used, but not defined', 'useAndDefineFragment'],
    ['{ node(id: "x") { ... on Nothing { id } } }', "No such type Nothing, so it can't be a fragment condition", 'undefinedType'],
  ])('%s', (document, message, code) => {
    const [error] = errorsOf(document);
    expect(error).toMatchObject({ message, extensions: { code } });
    expect(error?.path?.[0]).toMatch(/^query/);
  }); // prettier-ignore

  it('several faults are all told', () => {
    expect(errorsOf('{ shop { nam } customerz { id } }').map(({ message }) => message)).toEqual([
      "Field 'nam' doesn't exist on type 'Shop'",
      "Field 'customerz' doesn't exist on type 'QueryRoot'",
    ]);
  });

  it('a good document has none', () => {
    expect(errorsOf('query Q($id: ID!) { customer(id: $id) { id } }')).toEqual([]);
  });
});
