/**
 * Faults of single root fields: userErrors instead of the change, or an error with null beside what went well.
 * Only requests that an app makes itself are struck; lines of bulk operations have faults of their own.
 */
import { getNamedType, getNullableType, GraphQLError, isListType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { Faults } from './faults.ts';

/** What is read of a context. */
export interface StruckContext {
  sandbox: { faults: Faults };
  store: { shop: { domain: string } };
  /** A request of an app's. */
  direct?: boolean;
  /** A line of a bulk mutation that is refused whatever it asks for. */
  refusal?: { message: string };
  /** Told of what struck. */
  struck?: string[];
}

type Resolve = GraphQLFieldResolver<unknown, StruckContext>;

/** Wraps the resolvers of the root types. @param fallback what resolves a field without a resolver of its own */
export function failRootFields(schema: GraphQLSchema, fallback: Resolve): void {
  const mutation = schema.getMutationType();
  for (const type of [schema.getQueryType(), mutation]) {
    for (const field of Object.values(type?.getFields() ?? {})) wrap(field, type === mutation, fallback);
  }
}

function wrap(field: GraphQLField<unknown, StruckContext>, change: boolean, fallback: Resolve): void {
  const inner = (field.resolve as Resolve | undefined) ?? fallback;
  const fields = [field.name];
  field.resolve = async (source, args, context, info) => {
    if (context.refusal && change) return refusedPayload(field, context.refusal);
    if (!context.direct) return inner(source, args, context, info) as unknown;
    const { faults } = context.sandbox;
    const chance = { shop: context.store.shop.domain, fields, struck: context.struck };
    if (change) {
      const refused = faults.strike('user-errors', chance);
      if (refused) return refusedPayload(field, refused.settings);
    }
    const partial = faults.strike('partial-data', chance);
    if (!partial) return inner(source, args, context, info) as unknown;
    const { when, code, message } = partial.settings;
    if (when === 'after') await inner(source, args, context, info);
    throw new GraphQLError(message, { extensions: { code } });
  };
}

/** A payload with nothing but userErrors. */
export function refusedPayload(
  field: GraphQLField<unknown, StruckContext>,
  error: { message: string; code?: string | null; path?: string[] | null },
): Record<string, unknown> {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return {};
  return Object.fromEntries(
    Object.values(type.getFields()).map((inner) => {
      if (!/userErrors$/i.test(inner.name)) {
        const list = isListType(getNullableType(inner.type)) && inner.type !== getNullableType(inner.type);
        return [inner.name, list ? [] : null];
      }
      const errorType = getNamedType(inner.type);
      const names = isObjectType(errorType) ? Object.keys(errorType.getFields()) : [];
      const blank = Object.fromEntries(names.map((name) => [name, null]));
      const { message, code = null, path = null } = error;
      return [inner.name, [{ ...blank, field: path, message, code }]];
    }),
  );
}
