/** Scopes that root fields need; a write scope includes its read scope. Without one: ACCESS_DENIED, as Shopify says it. */
import type { GraphQLError } from 'graphql';
import { badRequest } from './not-implemented.ts';

const REQUIRED: Readonly<Record<string, string>> = {
  customers: 'read_customers',
  customer: 'read_customers',
  customersCount: 'read_customers',
  orders: 'read_orders',
  order: 'read_orders',
  ordersCount: 'read_orders',
  products: 'read_products',
  product: 'read_products',
  tagsAdd: 'write_customers',
  tagsRemove: 'write_customers',
};

export function accessDenied(fields: readonly string[], scopes: readonly string[]): GraphQLError | undefined {
  const granted = new Set(scopes.flatMap((scope) => [scope, scope.replace(/^write_/, 'read_')]));
  const refused = fields.find((field) => {
    const scope = Object.hasOwn(REQUIRED, field) ? REQUIRED[field] : undefined;
    return scope !== undefined && !granted.has(scope);
  });
  if (refused === undefined) return undefined;
  return badRequest(
    `Access denied for ${refused} field. Required access: \`${REQUIRED[refused]}\` access scope.`,
    'ACCESS_DENIED',
  );
}
