/** A bulk query: the document's root connections one after another, a slice at a time, flattened to lines. */
import { execute, Kind } from 'graphql';
import type { DocumentNode, FieldNode } from 'graphql';
import type { BulkPass, GraphContext } from '../graphql/context.ts';
import { fieldsOf } from '../graphql/cost.ts';
import { adminSchema, strictFieldResolver } from '../graphql/schema.ts';
import type { ConnectionTree } from './analyse-connections.ts';
import type { CheckedDocument } from './check-documents.ts';
import type { BulkOperation } from './operation.ts';
import { keepPace, QUERY_ROWS_PER_SECOND } from './pace.ts';
import type { ResultFile } from './result-file.ts';
import { ChildSpreader } from './spread-children.ts';
import type { ResultRow } from './spread-children.ts';

const SLICE = 200;

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
  const fragments = [...checked.fragments.values()];
  const input = { fragments: checked.fragments, variables: {} };

  const write = async (lines: readonly string[]) => {
    await file.append(lines);
    operation.objectCount += lines.length;
    if (!run.context.sandbox.fast) {
      await keepPace(operation.objectCount, startedAt, QUERY_ROWS_PER_SECOND, signal);
    } else await new Promise((resolve) => setImmediate(resolve));
  };

  for (const field of fieldsOf(input, checked.operation.selectionSet)) {
    const document: DocumentNode = {
      kind: Kind.DOCUMENT,
      definitions: [
        { ...checked.operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [field] } },
        ...fragments,
      ],
    };
    const pass: BulkPass = { items: undefined, start: 0, size: SLICE };
    do {
      if (signal.aborted) return;
      const rows = await readSlice(run, document, field, pass, checked.analysis.tree);
      operation.rootObjectCount += rows.filter(({ root }) => root).length;
      await write(groupObjects ? rows.map(({ line }) => line) : spreader.spread(rows));
      pass.start += SLICE;
    } while (pass.start < (pass.items?.length ?? 0));
  }
  if (!signal.aborted) await write(spreader.rest());
}

async function readSlice(
  run: BulkRun,
  document: DocumentNode,
  field: FieldNode,
  pass: BulkPass,
  tree: ConnectionTree,
): Promise<ResultRow[]> {
  const result = await execute({
    schema: adminSchema(),
    document,
    contextValue: { ...run.context, bulkPass: pass },
    fieldResolver: strictFieldResolver,
  });
  const [error] = result.errors ?? [];
  if (error) throw error;
  const key = field.alias?.value ?? field.name.value;
  const place = tree[key];
  const rows: ResultRow[] = [];
  if (place?.connection) flatten(result.data?.[key], place.below, undefined, rows);
  else throw new Error(`A bulk query whose root field is ${key} is not implemented by the sandbox.`);
  return rows;
}

/** A node becomes a line without its connections; their nodes become lines that name it as __parentId. */
function flatten(
  connection: unknown,
  below: ConnectionTree,
  parentId: string | undefined,
  rows: ResultRow[],
): void {
  const { edges } = connection as { edges: { node: Record<string, unknown> | null }[] };
  for (const { node } of edges) {
    if (node === null) continue;
    const children: { connection: unknown; below: ConnectionTree }[] = [];
    const own = withoutConnections(node, below, children);
    const line = JSON.stringify(parentId === undefined ? own : { ...own, __parentId: parentId });
    rows.push({ root: parentId === undefined, line });
    for (const child of children) flatten(child.connection, child.below, String(node['id']), rows);
  }
}

function withoutConnections(
  value: Record<string, unknown>,
  tree: ConnectionTree,
  children: { connection: unknown; below: ConnectionTree }[],
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const place = tree[key];
    if (!place || inner === null) kept[key] = inner;
    else if (place.connection) children.push({ connection: inner, below: place.below });
    else kept[key] = withoutConnections(inner as Record<string, unknown>, place.below, children);
  }
  return kept;
}
