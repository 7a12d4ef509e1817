/**
 * What a request costs, by Shopify's documented rules: a scalar or enum 0, an object 1, a connection 2 plus its
 * page size times the cost of a node, a mutation 10. The captured mutations cost 10 each whatever they select
 * (payload, node and userErrors are free) and aliases add up; the sandbox prices every mutation so. The
 * requested cost is reckoned from the document, the actual one from the answer.
 */
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
} from 'graphql';
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';

export const MUTATION_COST = 10;
/** Captured for the basic discounts; that the other kinds cost the same is an assumption. */
const MUTATION_COSTS: readonly [RegExp, number][] = [
  [/^flowTriggerReceive$/, 1],
  [/^discountAutomatic(Basic|Bxgy|FreeShipping|App)(Create|Update)$/, 13],
  [/^discountCode(Basic|Bxgy|FreeShipping|App)(Create|Update)$/, 16],
];
/** A page of 1,000 is documented, so it must fit in a request: a member costs a tenth of an object (assumption). */
const MEMBER_SHARE = 0.1;
export const MAX_QUERY_COST = 1000;
const CONNECTION_COST = 2;

export interface CostInput {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Readonly<Record<string, unknown>>;
}

export function requestedCost(input: CostInput): number {
  return cost(input, undefined);
}

/** @param data the answer's `data` */
export function actualCost(input: CostInput, data: unknown): number {
  return cost(input, data ?? {});
}

/** With `data` undefined: requested. */
function cost(input: CostInput, data: unknown): number {
  const root = input.schema.getRootType(input.operation.operation);
  if (!root) return 0;
  if (input.operation.operation === 'mutation') {
    return rootNames(input, input.operation.selectionSet).reduce((sum, name) => sum + mutationCost(name), 0);
  }
  return selectionCost(input, input.operation.selectionSet, root, data);
}

function selectionCost(
  input: CostInput,
  selectionSet: SelectionSetNode | undefined,
  parent: GraphQLNamedType,
  data: unknown,
): number {
  let shared = 0;
  // Of fragments on different concrete types only one can apply: the dearest counts.
  const byType = new Map<string, number>();
  for (const selection of selectionSet?.selections ?? []) {
    if (!isIncluded(input, selection.directives)) continue;
    if (selection.kind === Kind.FIELD) {
      shared += fieldCost(input, selection, parent, data);
      continue;
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? input.fragments.get(selection.name.value) : selection;
    const typeName = fragment?.typeCondition?.name.value;
    const type = typeName ? input.schema.getType(typeName) : parent;
    if (!fragment || !type) continue;
    const inner = selectionCost(input, fragment.selectionSet, type, data);
    if (type !== parent && isAbstractType(parent) && isObjectType(type)) {
      byType.set(type.name, (byType.get(type.name) ?? 0) + inner);
    } else shared += inner;
  }
  return shared + Math.max(0, ...byType.values());
}

function fieldCost(input: CostInput, node: FieldNode, parent: GraphQLNamedType, data: unknown): number {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return 0;
  const field = parent.getFields()[node.name.value];
  if (!field) return 0;
  const named = getNamedType(field.type);
  if (isLeafType(named)) return 0;
  const value = data === undefined ? undefined : valueAt(data, node);
  if (data !== undefined && (value === null || value === undefined)) return 0;
  if (named.name.endsWith('Connection')) return connectionCost(input, node, named, value);
  const each = (item: unknown) => 1 + selectionCost(input, node.selectionSet, named, item);
  if (!isListType(getNullableType(field.type))) return each(value);
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => (item === null ? sum : sum + each(item)), 0);
  }
  const ids = argument(input, node, 'ids');
  const size = Array.isArray(ids) ? ids.length : (numberArgument(input, node, 'first') ?? 1);
  return size * each(undefined);
}

function connectionCost(
  input: CostInput,
  node: FieldNode,
  connection: GraphQLNamedType,
  value: unknown,
): number {
  const size = numberArgument(input, node, 'first') ?? numberArgument(input, node, 'last') ?? 0;
  let total = CONNECTION_COST;
  const share = connection.name === 'CustomerSegmentMemberConnection' ? MEMBER_SHARE : 1;
  for (const { wrapper, path } of nodeSelections(input, node.selectionSet)) {
    const type = nodeType(connection);
    if (!type) continue;
    const each = (item: unknown) => 1 + selectionCost(input, wrapper, type, item);
    if (value === undefined) total += share * size * each(undefined);
    else for (const item of itemsAt(value, path)) total += share * each(item);
  }
  return Math.ceil(total);
}

/** The selections of a connection's nodes, through `nodes` and through `edges { node }`. */
function nodeSelections(input: CostInput, selectionSet: SelectionSetNode | undefined) {
  const found: { wrapper: SelectionSetNode | undefined; path: string[] }[] = [];
  for (const field of fieldsOf(input, selectionSet)) {
    if (field.name.value === 'nodes') found.push({ wrapper: field.selectionSet, path: [keyOf(field)] });
    if (field.name.value !== 'edges') continue;
    for (const inner of fieldsOf(input, field.selectionSet)) {
      if (inner.name.value === 'node') {
        found.push({ wrapper: inner.selectionSet, path: [keyOf(field), keyOf(inner)] });
      }
    }
  }
  return found;
}

/** Fields of a selection, through its fragments. */
export function fieldsOf(
  input: Pick<CostInput, 'fragments' | 'variables'>,
  selectionSet: SelectionSetNode | undefined,
): FieldNode[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (!isIncluded(input, selection.directives)) return [];
    if (selection.kind === Kind.FIELD) return [selection];
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? input.fragments.get(selection.name.value) : selection;
    return fieldsOf(input, fragment?.selectionSet);
  });
}

function rootNames(input: CostInput, selectionSet: SelectionSetNode): string[] {
  return fieldsOf(input, selectionSet)
    .map((field) => field.name.value)
    .filter((name) => !name.startsWith('__'));
}

function mutationCost(name: string): number {
  return MUTATION_COSTS.find(([pattern]) => pattern.test(name))?.[1] ?? MUTATION_COST;
}

function nodeType(connection: GraphQLNamedType): GraphQLNamedType | undefined {
  if (!isObjectType(connection)) return undefined;
  const nodes = connection.getFields()['nodes'];
  if (nodes) return getNamedType(nodes.type);
  const edge = connection.getFields()['edges'];
  const edgeType = edge && getNamedType(edge.type);
  const node = isObjectType(edgeType) ? edgeType.getFields()['node'] : undefined;
  return node && getNamedType(node.type);
}

function itemsAt(value: unknown, path: readonly string[]): unknown[] {
  const [list, inner] = path;
  const items = (value as Record<string, unknown>)[list ?? ''];
  if (!Array.isArray(items)) return [];
  return inner === undefined ? items : items.map((edge: Record<string, unknown>) => edge[inner]);
}

function valueAt(data: unknown, node: FieldNode): unknown {
  return typeof data === 'object' && data !== null
    ? (data as Record<string, unknown>)[keyOf(node)]
    : undefined;
}

function keyOf(node: FieldNode): string {
  return node.alias?.value ?? node.name.value;
}

function argument(input: Pick<CostInput, 'variables'>, node: FieldNode, name: string): unknown {
  const value = node.arguments?.find((candidate) => candidate.name.value === name)?.value;
  return value && literal(input, value);
}

function numberArgument(input: CostInput, node: FieldNode, name: string): number | undefined {
  const value = argument(input, node, name);
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function literal(input: Pick<CostInput, 'variables'>, value: ValueNode): unknown {
  switch (value.kind) {
    case Kind.VARIABLE:
      return input.variables[value.name.value];
    case Kind.INT:
      return Number(value.value);
    case Kind.LIST:
      return value.values;
    case Kind.BOOLEAN:
      return value.value;
    default:
      return undefined;
  }
}

function isIncluded(input: Pick<CostInput, 'variables'>, directives: FieldNode['directives']): boolean {
  return (directives ?? []).every((directive) => {
    const name = directive.name.value;
    const condition = directive.arguments?.find((candidate) => candidate.name.value === 'if')?.value;
    if (!condition) return true;
    if (name === 'skip') return literal(input, condition) !== true;
    return name !== 'include' || literal(input, condition) !== false;
  });
}
