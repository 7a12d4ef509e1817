/**
 * Validation errors in the words of Shopify's own server (the Ruby library `graphql`), with the codes and paths that
 * its clients look for. Faults without a known form keep the words of graphql-js.
 */
import { getNamedType, GraphQLError, Kind, print, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { ASTNode, DocumentNode, GraphQLSchema, ValueNode } from 'graphql';

interface Place {
  /** "query Customers", then the names as answered: how Shopify says where. */
  path: string[];
  /** The type that a field is asked of. */
  parent?: string;
  /** What a field gives. */
  type?: string;
  /** What an argument takes. */
  wanted?: string;
  argument?: string;
  field?: string;
}

interface Said {
  message: string;
  extensions: Record<string, unknown>;
}

export function inShopifysWords(
  schema: GraphQLSchema,
  document: DocumentNode,
  errors: readonly GraphQLError[],
): GraphQLError[] {
  const places = placesOf(schema, document);
  return errors.map((error) => {
    const node = error.nodes?.find((one) => places.has(one));
    const place = node && places.get(node);
    const said = node && place ? say(error, node, place) : undefined;
    if (!said || !node || !place) return error;
    return new GraphQLError(said.message, { nodes: [node], path: place.path, extensions: said.extensions });
  });
}

function say({ message, nodes = [] }: GraphQLError, node: ASTNode, place: Place): Said | undefined {
  const of = (kind: string) => nodes.find((one) => one.kind === kind);
  if (node.kind === Kind.FIELD && message.startsWith('Cannot query field')) {
    return {
      message: `Field '${node.name.value}' doesn't exist on type '${place.parent}'`,
      extensions: { code: 'undefinedField', typeName: place.parent, fieldName: node.name.value },
    };
  }
  if (node.kind === Kind.ARGUMENT && message.startsWith('Unknown argument')) {
    return {
      message: `Field '${place.field}' doesn't accept argument '${node.name.value}'`,
      extensions: {
        code: 'argumentNotAccepted',
        name: place.field,
        typeName: 'Field',
        argumentName: node.name.value,
      },
    };
  }
  if (node.kind === Kind.FIELD && /^Field "\w+" argument "\w+" of type/.test(message)) {
    const missing = /argument "(\w+)"/.exec(message)?.[1];
    return {
      message: `Field '${node.name.value}' is missing required arguments: ${missing}`,
      extensions: {
        code: 'missingRequiredArguments',
        className: 'Field',
        name: node.name.value,
        arguments: missing,
      },
    };
  }
  if (node.kind === Kind.FIELD && message.includes('must have a selection of subfields')) {
    const name = node.name.value;
    return {
      message: `Field must have selections (field '${name}' returns ${place.type} but has no selections. Did you mean '${name} { ... }'?)`,
      extensions: { code: 'selectionMismatch', nodeName: `field '${name}'`, typeName: place.type },
    };
  }
  const selections = of(Kind.SELECTION_SET) ?? node;
  if (message.includes('must not have a selection since type') && selections.kind === Kind.SELECTION_SET) {
    const asked = selections.selections.map((one) => ('name' in one ? one.name.value : ''));
    return {
      message: `Selections can't be made on scalars (field '${place.field}' returns ${place.type} but has selections ${JSON.stringify(asked)})`,
      extensions: { code: 'selectionMismatch', nodeName: `field '${place.field}'`, typeName: place.type },
    };
  }
  if (message.includes('is not defined') && node.kind === Kind.VARIABLE) {
    return {
      message: `Variable $${node.name.value} is used by ${place.path[0]} but not declared`,
      extensions: { code: 'variableNotDefined', variableName: node.name.value },
    };
  }
  if (message.includes('is never used') && node.kind === Kind.VARIABLE_DEFINITION) {
    const name = node.variable.name.value;
    return {
      message: `Variable $${name} is declared by ${place.path[0]} but not used`,
      extensions: { code: 'variableNotUsed', variableName: name },
    };
  }
  if (message.includes('used in position expecting type')) {
    const [, name, given, wanted] = /^Variable "\$(\w+)" of type "(.+?)" used in position expecting type "(.+?)"/.exec(message) ?? []; // prettier-ignore
    const used = nodes.find((one) => one.kind === Kind.VARIABLE);
    const argument = (used && place.argument) ?? place.argument ?? name;
    return {
      message: `Type mismatch on variable $${name} and argument ${argument} (${given} / ${wanted})`,
      extensions: {
        code: 'variableMismatch',
        variableName: name,
        typeName: given,
        argumentName: argument,
        errorMessage: 'Type mismatch',
      },
    };
  }
  if (place.argument !== undefined && place.wanted !== undefined && isValue(node)) {
    return {
      message: `Argument '${place.argument}' on Field '${place.field}' has an invalid value (${print(node)}). Expected type '${place.wanted}'.`,
      extensions: {
        code: 'argumentLiteralsIncompatible',
        typeName: 'Field',
        argumentName: place.argument,
      },
    };
  }
  if (message.startsWith('Unknown fragment') && node.kind === Kind.NAME) {
    const name = node.value;
    return {
      message: `Fragment ${name} was used, but not defined`,
      extensions: { code: 'useAndDefineFragment', fragmentName: name },
    };
  }
  if (message.startsWith('Unknown type') && node.kind === Kind.NAMED_TYPE) {
    return {
      message: `No such type ${node.name.value}, so it can't be a fragment condition`,
      extensions: { code: 'undefinedType', typeName: node.name.value },
    };
  }
  return undefined;
}

const VALUES: readonly string[] = [
  Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN, Kind.NULL, Kind.ENUM, Kind.LIST, Kind.OBJECT,
]; // prettier-ignore
const isValue = (node: ASTNode): node is ValueNode => VALUES.includes(node.kind);

/** Where every node of the document stands. */
function placesOf(schema: GraphQLSchema, document: DocumentNode): ReadonlyMap<ASTNode, Place> {
  const places = new Map<ASTNode, Place>();
  const info = new TypeInfo(schema);
  const path: string[] = [];
  const fields: { name: string; type: string | undefined }[] = [];
  let argument: { name: string; wanted: string | undefined } | undefined;
  const step = (node: ASTNode): string | undefined => {
    switch (node.kind) {
      case Kind.OPERATION_DEFINITION:
        return node.name ? `${node.operation} ${node.name.value}` : node.operation;
      case Kind.FRAGMENT_DEFINITION:
        return `fragment ${node.name.value}`;
      case Kind.INLINE_FRAGMENT:
        return node.typeCondition ? `... on ${node.typeCondition.name.value}` : '...';
      case Kind.FIELD:
        return node.alias?.value ?? node.name.value;
      case Kind.ARGUMENT:
        return node.name.value;
      default:
        return undefined;
    }
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      enter(node) {
        const name = step(node);
        if (name !== undefined) path.push(name);
        if (node.kind === Kind.FIELD) {
          const given = info.getType();
          fields.push({ name: node.name.value, type: given ? String(getNamedType(given)) : undefined });
        }
        if (node.kind === Kind.ARGUMENT) {
          argument = { name: node.name.value, wanted: info.getArgument()?.type.toString() };
        }
        const field = fields.at(-1);
        places.set(node, {
          path: [...path],
          parent: info.getParentType()?.name,
          type: field?.type,
          field: field?.name,
          wanted: argument?.wanted,
          argument: argument?.name,
        });
      },
      leave(node) {
        if (step(node) !== undefined) path.pop();
        if (node.kind === Kind.FIELD) fields.pop();
        if (node.kind === Kind.ARGUMENT) argument = undefined;
      },
    }),
  );
  return places;
}
