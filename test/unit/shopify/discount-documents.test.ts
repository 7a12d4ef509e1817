/** The mutations that are put together, held to Shopify's schema: names, arguments, what is asked for. */
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import * as documents from '../../../app/shopify/documents/discounts.ts';
import { adminSchema } from '../../../sandbox/graphql/schema.ts';

const written = Object.entries(documents).filter(([name]) =>
  /^(CREATE|UPDATE|DEACTIVATE|DELETE)_(AUTOMATIC|CODE)/.test(name),
);

test('there are eighteen', () => {
  expect(written).toHaveLength(18);
});

test.each(written)('%s', (_name, text) => {
  expect(validate(adminSchema(), parse(text)).map(({ message }) => message)).toEqual([]);
});
