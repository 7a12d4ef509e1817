/** Our documents against Shopify's schema: what is protected is not read, and no request is too dear. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  buildClientSchema, getNamedType, parse, TypeInfo, validate, visit, visitWithTypeInfo, type GraphQLSchema, type IntrospectionQuery,
} from 'graphql'; // prettier-ignore
import { ApiVersion } from '@shopify/shopify-api';
import { parse as parseToml } from 'smol-toml';
import { beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_API_VERSION } from '../../../app/shopify/api-version.ts';
import { BULK_QUERIES, bulkQuery, NO_EXTRAS } from '../../../app/shopify/documents/bulk-queries.ts';
import { READ_CUSTOMER_PICKS } from '../../../app/shopify/documents/customer-picks.ts';
import { READ_CUSTOMER_NAMES } from '../../../app/shopify/documents/customer-names.ts';

interface MarkedType {
  name: string;
  fields: { name: string; isProtected?: boolean; protectedContent?: unknown }[] | null;
}

/** Every document of the folder, whoever wrote it, and the texts of the bulk queries. */
const files = import.meta.glob<Record<string, unknown>>('../../../app/shopify/documents/*.ts', {
  eager: true,
});
const documents: [name: string, text: string][] = [
  ...Object.values(files).flatMap((file) =>
    Object.entries(file).flatMap(([name, text]): [string, string][] =>
      typeof text === 'string' ? [[name, text]] : [],
    ),
  ),
  ...Object.entries(BULK_QUERIES).map(([kind, text]): [string, string] => [`bulk ${kind}`, text]),
].filter(([, text]) => !text.includes('fragment ') || /query|mutation/.test(text));

/** Protected customer data: marked in the schema's data, or known from Shopify's documentation. */
const ALSO_PROTECTED = [
  'Customer.displayName', 'Customer.email', 'Customer.firstName', 'Customer.lastName', 'Customer.phone',
  'CustomerEmailAddress.emailAddress', 'CustomerPhoneNumber.phoneNumber', 'Order.email', 'Order.phone',
  'MailingAddress.address1', 'MailingAddress.address2', 'MailingAddress.zip', 'MailingAddress.name',
  'MailingAddress.firstName', 'MailingAddress.lastName', 'MailingAddress.phone', 'MailingAddress.formatted',
  'MailingAddress.latitude', 'MailingAddress.longitude', 'Order.statusPageUrl',
]; // prettier-ignore

/** Names are shown and never stored (one is asked for, to see whether they may be); postal codes are read where the merchant turned them on. */
const BEHIND_A_SWITCH = new Set([
  'PROBE_PERSON',
  'READ_CUSTOMER_NAMES',
  'READ_CUSTOMER_PICKS',
  'SEARCH_CUSTOMERS',
]);

let schema: GraphQLSchema;
const protectedFields = new Set(ALSO_PROTECTED);

beforeAll(() => {
  const { data } = JSON.parse(
    gunzipSync(
      readFileSync(`node_modules/@shopify/dev-mcp/dist/data/admin_${ADMIN_API_VERSION}.json.gz`),
    ).toString('utf8'),
  ) as { data: IntrospectionQuery & { __schema: { types: MarkedType[] } } };
  schema = buildClientSchema(data, { assumeValid: true });
  for (const type of data.__schema.types as unknown as MarkedType[]) {
    for (const field of type.fields ?? []) {
      if (field.isProtected || field.protectedContent) protectedFields.add(`${type.name}.${field.name}`);
    }
  }
});

function fieldsOf(text: string): string[] {
  const found: string[] = [];
  const info = new TypeInfo(schema);
  visit(
    parse(text),
    visitWithTypeInfo(info, {
      Field: () => {
        const parent = info.getParentType();
        const field = info.getFieldDef();
        if (parent && field) found.push(`${getNamedType(parent).name}.${field.name}`);
      },
    }),
  );
  return found;
}

describe('documents', () => {
  it('finds them', () => expect(documents.length).toBeGreaterThan(15));

  it.each(documents)('%s is what the schema allows', (_name, text) => {
    expect(validate(schema, parse(text))).toEqual([]);
  });

  it.each(documents.filter(([name]) => !BEHIND_A_SWITCH.has(name)))(
    '%s reads nothing that is protected',
    (_name, text) => {
      expect(fieldsOf(text).filter((field) => protectedFields.has(field))).toEqual([]);
    },
  );

  it('reads a postal code only where the merchant turned it on', () => {
    const seen = fieldsOf(READ_CUSTOMER_PICKS).filter((field) => protectedFields.has(field));
    expect(seen).toEqual(['MailingAddress.zip']);
    expect(READ_CUSTOMER_PICKS).toContain('defaultAddress @include(if: $withZip) { zip }');
    expect(fieldsOf(BULK_QUERIES.customers)).not.toContain('MailingAddress.zip');
    const asked = bulkQuery('customers', { ...NO_EXTRAS, postalCodes: true });
    expect(fieldsOf(asked).filter((field) => protectedFields.has(field))).toEqual(['MailingAddress.zip']);
  });

  it('asks for what needs an optional scope only where it is granted', () => {
    expect(fieldsOf(BULK_QUERIES.orders)).not.toContain('Order.retailLocation');
    expect(fieldsOf(bulkQuery('orders', { ...NO_EXTRAS, locations: true }))).toContain(
      'Order.retailLocation',
    );
  });

  it('names picked metafields in the bulk query', () => {
    const metafields = Array.from({ length: 10 }, (_, i) => `custom.field-${i}`);
    const text = bulkQuery('customers', { ...NO_EXTRAS, metafields });
    expect(validate(schema, parse(text))).toEqual([]);
    expect(fieldsOf(text).filter((field) => field === 'Customer.metafield')).toHaveLength(10);
    expect(text).toContain('metafield9: metafield(namespace: "custom", key: "field-9") { type value }');
  });

  it('would notice a protected field', () => {
    const seen = fieldsOf(READ_CUSTOMER_NAMES).filter((field) => protectedFields.has(field));
    expect(seen).toEqual(['Customer.displayName', 'CustomerEmailAddress.emailAddress']);
  });

  it('bulk queries keep to the limits: five connections, two levels, no arguments of pages', () => {
    for (const text of Object.values(BULK_QUERIES)) {
      expect(text.match(/edges \{/g)?.length).toBeLessThanOrEqual(2);
      expect(text).not.toMatch(/first:|last:|\$/);
      expect(Buffer.byteLength(text)).toBeLessThan(65_535);
    }
  });
});

describe('one API version', () => {
  it('is that of the library’s set-up, of the app’s configuration and of the generated types', () => {
    expect(ApiVersion.October26).toBe(ADMIN_API_VERSION);
    const toml = parseToml(readFileSync('shopify.app.toml', 'utf8')) as {
      webhooks: { api_version: string };
    };
    expect(toml.webhooks.api_version).toBe(ADMIN_API_VERSION);
    expect(readFileSync('scripts/generate-graphql.ts', 'utf8')).toContain(
      'admin_${ADMIN_API_VERSION}.json.gz',
    );
    expect(readFileSync('app/shopify/shopify-app.server.ts', 'utf8')).toContain('ApiVersion.October26');
  });
});
