/**
 * Arguments that the sandbox does not heed are refused: an answer that ignores one is an answer to another
 * question. Resolvers of queries are watched for what they read; mutations say beforehand what they take.
 */
import type { GraphQLField } from 'graphql';
import { NotImplemented } from './not-implemented.ts';

/** @returns the arguments and what was not read of them, without those that are null or as the schema presets them */
export function watchedArguments(
  args: Record<string, unknown>,
  field: GraphQLField<unknown, unknown>,
): { watched: Record<string, unknown>; unread: () => string | undefined } {
  const given = field.args
    .filter(({ name, defaultValue }) => isGiven(args[name]) && args[name] !== defaultValue)
    .map(({ name }) => name);
  if (given.length === 0) return { watched: args, unread: () => undefined };
  const read = new Set<string | symbol>();
  const watched = new Proxy(args, {
    get: (target, name) => {
      read.add(name);
      return target[name as string];
    },
  });
  return { watched, unread: () => given.find((name) => !read.has(name)) };
}

/** @throws NotImplemented that names the first field of an input that is not among `taken` */
export function takesOnly(input: object, taken: readonly string[], what: string): void {
  for (const [name, value] of Object.entries(input)) {
    // The schema presets many with false.
    if (isGiven(value) && value !== false && !taken.includes(name))
      throw new NotImplemented(`${what}.${name}`);
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
