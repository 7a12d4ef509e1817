/**
 * A connection of a bulk query, compiled once and read for millions of nodes: the same resolvers as any request, but
 * arguments, types and selections are looked up only once. As in any execution a value that is not allowed, and any
 * error, ends it; a bulk query has no variables and no partial answers.
 */
import {
  getArgumentValues, getDirectiveValues, getNamedType, GraphQLError, GraphQLIncludeDirective,
  GraphQLSkipDirective, isAbstractType, isLeafType, isListType, isNonNullType, isObjectType, Kind,
} from 'graphql'; // prettier-ignore
import type {
  FieldNode, FragmentDefinitionNode, GraphQLNamedType, GraphQLObjectType, GraphQLOutputType,
  GraphQLResolveInfo, GraphQLSchema, OperationDefinitionNode, SelectionSetNode,
} from 'graphql'; // prettier-ignore
import type { GraphContext } from '../graphql/context.ts';
import { strictFieldResolver } from '../graphql/schema.ts';

/** A node without its connections, and the nodes of those. */
export interface NodeRows {
  own: Record<string, unknown>;
  children: NodeRows[];
}

export interface BulkDocument {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

type Path = GraphQLResolveInfo['path'];

/** Where the parts of a value go, and what has to be waited for before they are complete. */
interface Sink {
  children: NodeRows[];
  pending: Promise<void>[];
}

type Complete = (value: unknown, sink: Sink, context: GraphContext) => unknown;

interface PlannedField {
  key: string;
  resolve(source: unknown, context: GraphContext): unknown;
  complete: Complete;
  /** Its nodes become rows of their own. */
  connection: boolean;
}

/** @returns undefined when the field is no connection; the function reads what the pass of its context says */
export function compileConnection(
  document: BulkDocument,
  field: FieldNode,
): ((context: GraphContext) => Promise<NodeRows[]>) | undefined {
  const root = document.schema.getQueryType();
  const planned = root && planField(document, root, [field], undefined);
  if (!planned?.connection) return undefined;
  return async (context) => {
    const sink: Sink = { children: [], pending: [] };
    planned.complete(await planned.resolve(undefined, context), sink, context);
    while (sink.pending.length > 0) await Promise.all(sink.pending.splice(0));
    return sink.children;
  };
}

function planField(
  document: BulkDocument,
  parent: GraphQLObjectType,
  nodes: readonly FieldNode[],
  prev: Path | undefined,
): PlannedField {
  const node = nodes[0] as FieldNode;
  const key = node.alias?.value ?? node.name.value;
  if (node.name.value === '__typename') {
    return { key, resolve: () => parent.name, complete: (value) => value, connection: false };
  }
  const definition = parent.getFields()[node.name.value];
  if (!definition) throw new GraphQLError(`${parent.name} has no field ${node.name.value}.`);
  const path: Path = { prev, key, typename: parent.name };
  const args = getArgumentValues(definition, node, {});
  const info: GraphQLResolveInfo = {
    fieldName: definition.name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType: parent,
    path,
    schema: document.schema,
    fragments: Object.fromEntries(document.fragments),
    rootValue: undefined,
    operation: document.operation,
    variableValues: {},
  };
  const resolver = definition.resolve ?? strictFieldResolver;
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const named = getNamedType(definition.type);
  const connection = named.name.endsWith('Connection');
  const place = `${parent.name}.${definition.name}`;
  return {
    key,
    resolve: (source, context) => resolver(source, args, context, info) as unknown,
    complete: connection
      ? completeConnection(document, named, selections, path)
      : completeAs(document, definition.type, selections, path, place),
    connection,
  };
}

/** Goes through edges and their nodes: every node is a row with children of its own. */
function completeConnection(
  document: BulkDocument,
  type: GraphQLNamedType,
  selections: readonly SelectionSetNode[],
  path: Path,
): Complete {
  const edges = only(document, type, selections, 'edges', path);
  const edgeType = edges && getNamedType(edges.type);
  const node = edges && only(document, edgeType, edges.selections, 'node', path);
  if (!edges || !node) return () => undefined;
  const completeNode = completeAs(document, node.type, node.selections, path, `${edgeType?.name}.node`);
  return (connection, sink, context) => {
    if (connection instanceof Error) throw connection;
    if (connection === null || connection === undefined) return undefined;
    for (const edge of edges.read(connection, context) as Iterable<unknown>) {
      const children: NodeRows[] = [];
      const inner: Sink = { children, pending: sink.pending };
      const own = completeNode(node.read(edge, context), inner, context);
      if (own !== null) sink.children.push({ own: own as Record<string, unknown>, children });
    }
    return undefined;
  };
}

/** The field of that name of a connection or an edge. */
function only(
  document: BulkDocument,
  type: GraphQLNamedType | undefined,
  selections: readonly SelectionSetNode[],
  name: string,
  path: Path,
) {
  if (!isObjectType(type)) return undefined;
  const found = [...collect(document, type, selections).values()].find(([node]) => node?.name.value === name);
  const definition = type.getFields()[name];
  if (!found || !definition) return undefined;
  const { resolve } = planField(document, type, found, path);
  return { type: definition.type, selections: found.flatMap((one) => one.selectionSet ?? []), read: resolve };
}

function completeAs(
  document: BulkDocument,
  type: GraphQLOutputType,
  selections: readonly SelectionSetNode[],
  path: Path,
  place: string,
): Complete {
  if (isNonNullType(type)) {
    const inner = completeAs(document, type.ofType, selections, path, place);
    return (value, sink, context) => {
      const completed = inner(value, sink, context);
      if (completed !== null) return completed;
      throw new GraphQLError(`Cannot return null for non-nullable field ${place}.`);
    };
  }
  const complete = completePresent(document, type, selections, path, place);
  return (value, sink, context) => {
    if (value === null || value === undefined) return null;
    if (value instanceof Error) throw value;
    return complete(value, sink, context);
  };
}

function completePresent(
  document: BulkDocument,
  type: GraphQLOutputType,
  selections: readonly SelectionSetNode[],
  path: Path,
  place: string,
): Complete {
  if (isListType(type)) {
    const item = completeAs(document, type.ofType, selections, path, place);
    return (values, sink, context) =>
      Array.from(values as Iterable<unknown>, (value) => item(value, sink, context));
  }
  if (isLeafType(type)) {
    return (value) => {
      const text: unknown = type.serialize(value);
      if (text === null || text === undefined) throw new GraphQLError(`${place} cannot be ${String(value)}.`);
      return text;
    };
  }
  if (isAbstractType(type)) {
    const plans = new Map<unknown, Complete>();
    return (value, sink, context) => {
      const name = (value as { __typename?: unknown }).__typename;
      let plan = plans.get(name);
      if (!plan) {
        const actual = typeof name === 'string' ? document.schema.getType(name) : undefined;
        if (!isObjectType(actual)) throw new GraphQLError(`${place} has a value of no type.`);
        plans.set(name, (plan = completeObject(document, actual, selections, path)));
      }
      return plan(value, sink, context);
    };
  }
  return completeObject(document, type as GraphQLObjectType, selections, path);
}

function completeObject(
  document: BulkDocument,
  type: GraphQLObjectType,
  selections: readonly SelectionSetNode[],
  path: Path,
): Complete {
  const fields = [...collect(document, type, selections).values()].map((nodes) =>
    planField(document, type, nodes, path),
  );
  return (source, sink, context) => {
    const own: Record<string, unknown> = {};
    for (const { key, resolve, complete, connection } of fields) {
      const value = resolve(source, context);
      if (!connection) own[key] = null;
      if (value instanceof Promise) {
        const later = value.then((settled) => {
          const completed = complete(settled, sink, context);
          if (!connection) own[key] = completed;
        });
        sink.pending.push(later);
      } else {
        const completed = complete(value, sink, context);
        if (!connection) own[key] = completed;
      }
    }
    return own;
  };
}

/** Fields by their key in the answer, fragments taken in; one key may be selected several times. */
function collect(
  document: BulkDocument,
  type: GraphQLObjectType,
  selections: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  const walk = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (getDirectiveValues(GraphQLSkipDirective, selection)?.['if'] === true) continue;
      if (getDirectiveValues(GraphQLIncludeDirective, selection)?.['if'] === false) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        found.set(key, [...(found.get(key) ?? []), selection]);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? document.fragments.get(selection.name.value) : selection;
      if (fragment && applies(document.schema, type, fragment.typeCondition?.name.value)) {
        walk(fragment.selectionSet);
      }
    }
  };
  for (const set of selections) walk(set);
  return found;
}

function applies(schema: GraphQLSchema, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named = schema.getType(condition);
  return named !== undefined && isAbstractType(named) && schema.isSubType(named, type);
}
