import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext } from '../context.ts';

/** Arguments as graphql-js coerced them by the schema; each resolver names the ones that it reads. */
export type Resolver<S> = {
  bivarianceHack(source: S, args: never, context: GraphContext, info: GraphQLResolveInfo): unknown;
}['bivarianceHack'];

/** The fields of one type that the sandbox has; any other field of the type is refused loudly. */
export type FieldResolvers<S> = Readonly<Record<string, Resolver<S>>>;

/** For positions of an abstract type (node, nodes, tagsAdd's node). */
export function typed<T extends object>(typename: string, record: T): T & { __typename: string } {
  return Object.create(record, { __typename: { value: typename } }) as T & { __typename: string };
}
