/** The connections of a bulk document, by the schema: how many, how deep, where in lists, and how they are read. */
import { getNamedType, getNullableType, isInterfaceType, isListType, isObjectType, Kind } from 'graphql';
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';

export interface ConnectionTree {
  /** Keys of the answer that hold connections, or objects with connections inside, with what lies below. */
  [responseKey: string]: { connection: boolean; below: ConnectionTree };
}

export interface ConnectionAnalysis {
  count: number;
  depth: number;
  withinList: boolean;
  /** Read through `nodes`. */
  readByNodes: string[];
  /** Parents of nested connections whose `id` is not selected as `id`. */
  parentsWithoutId: string[];
  /** Connections whose node has no id of its own. */
  notNodes: string[];
  tree: ConnectionTree;
}

interface Place {
  depth: number;
  inList: boolean;
  parent: { name: string; hasId: boolean } | undefined;
}

export function analyseConnections(
  schema: GraphQLSchema,
  root: GraphQLNamedType,
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): ConnectionAnalysis {
  const found: ConnectionAnalysis = {
    count: 0,
    depth: 0,
    withinList: false,
    readByNodes: [],
    parentsWithoutId: [],
    notNodes: [],
    tree: {},
  };

  const walk = (
    selections: SelectionSetNode | undefined,
    parent: GraphQLNamedType,
    place: Place,
    tree: ConnectionTree,
  ): void => {
    for (const { field, type } of fieldsWithTypes(schema, selections, parent, fragments)) {
      const name = field.name.value;
      const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
      if (!definition || !field.selectionSet) continue;
      const named = getNamedType(definition.type);
      const below: ConnectionTree = {};
      const connection = named.name.endsWith('Connection');
      if (connection) walkConnection(field, named, place, below);
      else {
        const inList = place.inList || isListType(getNullableType(definition.type));
        walk(field.selectionSet, named, { ...place, inList }, below);
      }
      if (connection || Object.keys(below).length > 0) {
        tree[field.alias?.value ?? name] = { connection, below };
      }
    }
  };

  const walkConnection = (field: FieldNode, type: GraphQLNamedType, place: Place, below: ConnectionTree) => {
    const name = field.name.value;
    found.count += 1;
    const depth = place.depth + 1;
    found.depth = Math.max(found.depth, depth);
    if (place.inList) found.withinList = true;
    if (place.parent && !place.parent.hasId) addOnce(found.parentsWithoutId, place.parent.name);
    for (const { field: inner, type: connection } of fieldsWithTypes(
      schema,
      field.selectionSet,
      type,
      fragments,
    )) {
      if (inner.name.value === 'nodes') addOnce(found.readByNodes, name);
      if (inner.name.value !== 'edges' || !isObjectType(connection)) continue;
      const edge = getNamedType(connection.getFields()['edges']?.type);
      if (!isObjectType(edge)) continue;
      for (const { field: node } of fieldsWithTypes(schema, inner.selectionSet, edge, fragments)) {
        if (node.name.value !== 'node') continue;
        const nodeType = getNamedType(edge.getFields()['node']?.type);
        if (!nodeType) continue;
        if (isObjectType(nodeType) && !nodeType.getInterfaces().some((one) => one.name === 'Node')) {
          addOnce(found.notNodes, name);
        }
        const hasId = fieldsWithTypes(schema, node.selectionSet, nodeType, fragments).some(
          ({ field: one }) => one.name.value === 'id' && (one.alias?.value ?? 'id') === 'id',
        );
        walk(node.selectionSet, nodeType, { depth, inList: false, parent: { name, hasId } }, below);
      }
    }
  };

  walk(selectionSet, root, { depth: 0, inList: false, parent: undefined }, found.tree);
  return found;
}

function fieldsWithTypes(
  schema: GraphQLSchema,
  selectionSet: SelectionSetNode | undefined,
  parent: GraphQLNamedType,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): { field: FieldNode; type: GraphQLNamedType }[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [{ field: selection, type: parent }];
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    const condition = fragment?.typeCondition?.name.value;
    const type = condition ? schema.getType(condition) : parent;
    return type ? fieldsWithTypes(schema, fragment?.selectionSet, type, fragments) : [];
  });
}

function addOnce(list: string[], name: string): void {
  if (!list.includes(name)) list.push(name);
}
