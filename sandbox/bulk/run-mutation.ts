/**
 * A bulk mutation: the document once for every line of variables. Lines of the result carry the number of
 * their line (from 0), because Shopify does not promise their order; here every block of eight is turned round.
 */
import { execute, parse } from 'graphql';
import { adminSchema, strictFieldResolver } from '../graphql/schema.ts';
import { keepPace, MUTATION_LINES_PER_SECOND } from './pace.ts';
import type { BulkRun } from './run-query.ts';

const BLOCK = 8;

export async function runBulkMutation(run: BulkRun, input: Buffer): Promise<void> {
  const { operation, file, signal } = run;
  const document = parse(operation.query);
  const startedAt = performance.now();
  let block: string[] = [];
  let number = 0;

  for (const text of linesOf(input)) {
    if (signal.aborted) break;
    const variables = readVariables(text);
    const result = variables
      ? await execute({
          schema: adminSchema(),
          document,
          variableValues: variables,
          contextValue: run.context,
          fieldResolver: strictFieldResolver,
        })
      : { errors: [{ message: 'The line is not a JSON object.' }] };
    block.push(JSON.stringify({ ...result, __lineNumber: number }));
    number += 1;
    operation.objectCount = number;
    operation.rootObjectCount = number;
    if (block.length === BLOCK) {
      await file.append(block.reverse());
      block = [];
    }
    if (!run.context.sandbox.fast) {
      await keepPace(number, startedAt, MUTATION_LINES_PER_SECOND, signal);
    } else if (number % BLOCK === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await file.append(block.reverse());
}

function* linesOf(input: Buffer): Generator<string> {
  let from = 0;
  while (from < input.length) {
    const newline = input.indexOf(10, from);
    const until = newline === -1 ? input.length : newline;
    const line = input.toString('utf8', from, until).trim();
    if (line !== '') yield line;
    from = until + 1;
  }
}

function readVariables(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
