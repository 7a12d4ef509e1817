/**
 * A bulk mutation: the document once for every line of variables. Lines of the result carry the number of
 * their line (from 0), because Shopify does not promise their order; here every block of eight is turned round.
 */
import { open } from 'node:fs/promises';
import { execute, parse } from 'graphql';
import type { DocumentNode } from 'graphql';
import { adminSchema, strictFieldResolver } from '../graphql/schema.ts';
import type { FaultPlan } from './fault-plan.ts';
import { keepPace, MUTATION_LINES_PER_SECOND } from './pace.ts';
import type { BulkRun } from './run-query.ts';

const BLOCK = 8;

export interface BulkMutationRun extends BulkRun {
  plan: FaultPlan;
}

/** @param path of the staged file. @throws FileIsFull when a fault ends it: later lines are not carried out */
export async function runBulkMutation(run: BulkMutationRun, path: string): Promise<void> {
  const { operation, file, signal, plan } = run;
  const document = parse(operation.query);
  const startedAt = performance.now();
  let block: string[] = [];
  let number = 0;

  const input = await open(path);
  try {
    for await (const text of input.readLines()) {
      if (text.trim() === '') continue;
      if (signal.aborted || number >= (plan.ends?.afterLines ?? Infinity)) break;
      const variables = readVariables(text);
      const result = variables
        ? await runLine(run, document, variables, number)
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
  } finally {
    await input.close();
  }
  await file.append(block.reverse());
}

async function runLine(
  run: BulkMutationRun,
  document: DocumentNode,
  variables: Record<string, unknown>,
  number: number,
): Promise<object> {
  const { sandbox, store } = run.context;
  const chance = { shop: store.shop.domain, fields: run.plan.fields };
  const failing = sandbox.faults.strike('bulk-lines', chance, ({ lines }) => lines?.includes(number) ?? true);
  if (failing?.settings.as === 'errors') {
    const { message } = failing.settings;
    return { errors: [{ message, extensions: { code: 'INTERNAL_SERVER_ERROR' } }] };
  }
  return execute({
    schema: adminSchema(),
    document,
    variableValues: variables,
    contextValue: failing ? { ...run.context, refusal: failing.settings } : run.context,
    fieldResolver: strictFieldResolver,
  });
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
