/** A bulk query: the document's root connections one after another, a slice at a time, flattened to lines. */
import { BulkPass } from '../graphql/context.ts';
import type { GraphContext } from '../graphql/context.ts';
import { fieldsOf } from '../graphql/cost.ts';
import { adminSchema } from '../graphql/schema.ts';
import type { CheckedDocument } from './check-documents.ts';
import { compileConnection } from './compile-connection.ts';
import type { NodeRows } from './compile-connection.ts';
import type { BulkOperation } from './operation.ts';
import { keepPace, QUERY_ROWS_PER_SECOND } from './pace.ts';
import type { ResultFile } from './result-file.ts';
import { ChildSpreader } from './spread-children.ts';
import type { ResultRow } from './spread-children.ts';

/** Roots that are read in one go: short enough that others are served between two. */
const SLICE = 50;

export interface BulkRun {
  operation: BulkOperation;
  file: ResultFile;
  context: GraphContext;
  signal: AbortSignal;
}

/** @throws when a field cannot be resolved; returns early when cancelled */
export async function runBulkQuery(
  run: BulkRun,
  checked: Extract<CheckedDocument, { outcome: 'good' }>,
  groupObjects: boolean,
): Promise<void> {
  const { operation, file, signal } = run;
  const startedAt = performance.now();
  const spreader = new ChildSpreader();
  const { fragments } = checked;
  const document = { schema: adminSchema(), operation: checked.operation, fragments };

  const write = async (lines: readonly string[]) => {
    await file.append(lines);
    operation.objectCount += lines.length;
    if (!run.context.sandbox.fast) {
      await keepPace(operation.objectCount, startedAt, QUERY_ROWS_PER_SECOND, signal);
    } else await new Promise((resolve) => setImmediate(resolve));
  };

  for (const field of fieldsOf({ fragments, variables: {} }, checked.operation.selectionSet)) {
    const read = compileConnection(document, field);
    if (!read) {
      throw new Error(
        `A bulk query whose root field is ${field.name.value} is not implemented by the sandbox.`,
      );
    }
    const pass = new BulkPass(SLICE);
    do {
      if (signal.aborted) return;
      const rows = rowsOf(await read({ ...run.context, bulkPass: pass }));
      operation.rootObjectCount += rows.filter(({ root }) => root).length;
      await write(groupObjects ? rows.map(({ line }) => line) : spreader.spread(rows));
    } while (!pass.done);
  }
  if (!signal.aborted) await write(spreader.rest());
}

/** A node becomes a line; those of its connections become lines that name it as __parentId. */
function rowsOf(nodes: readonly NodeRows[]): ResultRow[] {
  const rows: ResultRow[] = [];
  const add = ({ own, children }: NodeRows, parentId: string | undefined): void => {
    const line = JSON.stringify(parentId === undefined ? own : { ...own, __parentId: parentId });
    rows.push({ root: parentId === undefined, line });
    for (const child of children) add(child, String(own['id']));
  };
  for (const node of nodes) add(node, undefined);
  return rows;
}
