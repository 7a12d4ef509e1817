/** Metafields of anything that has them, and their definitions. */
import { createHash } from 'node:crypto';
import type { Id, SandboxMetafield, SandboxMetafieldDefinition } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import type { GraphContext } from '../context.ts';
import { connect, inOrder } from '../connection.ts';
import type { ConnectionArgs } from '../connection.ts';
import { gid } from '../gid.ts';
import { fullNamespace } from '../metafield-namespace.ts';
import { isJsonType } from '../metafield-types.ts';
import { NotImplemented } from '../not-implemented.ts';
import { typed } from './types.ts';
import type { FieldResolvers } from './types.ts';

interface MetafieldArgs {
  namespace?: string | null;
  key: string;
}
interface MetafieldsArgs extends ConnectionArgs {
  namespace?: string | null;
  keys?: string[] | null;
  reverse?: boolean | null;
}

/** `metafield` and `metafields` of a type. */
export function metafieldsOf<S>(ownerType: string, idOf: (source: S, store: Store) => Id): FieldResolvers<S> {
  return {
    metafield: (source, args: MetafieldArgs, { store }) =>
      store.metafields.find(ownerType, idOf(source, store), fullNamespace(args.namespace), args.key) ?? null,
    metafields: (source, args: MetafieldsArgs, context: GraphContext, info) =>
      connect(
        () => listMetafields(context.store, ownerType, idOf(source, context.store), args),
        args,
        context,
        info,
      ),
  };
}

/** `keys` are "NAMESPACE.KEY", or keys of `namespace`. */
function listMetafields(store: Store, ownerType: string, ownerId: Id, args: MetafieldsArgs) {
  const namespace = (args.namespace ?? null) === null ? undefined : fullNamespace(args.namespace);
  const keys = args.keys?.map((key) => {
    const dot = key.lastIndexOf('.');
    return dot === -1 || namespace !== undefined
      ? `${namespace ?? fullNamespace(undefined)}.${key}`
      : `${fullNamespace(key.slice(0, dot))}.${key.slice(dot + 1)}`;
  });
  const found = store.metafields
    .of(ownerType, ownerId)
    .filter((metafield) => namespace === undefined || metafield.namespace === namespace)
    .filter((metafield) => !keys || keys.includes(`${metafield.namespace}.${metafield.key}`));
  return inOrder(found, ({ id }) => id, args.reverse);
}

export function compareDigest(metafield: Pick<SandboxMetafield, 'value' | 'type'>): string {
  return createHash('sha256').update(`${metafield.type}\n${metafield.value}`).digest('hex');
}

export const metafieldFields: FieldResolvers<SandboxMetafield> = {
  id: (metafield) => gid('Metafield', metafield.id),
  legacyResourceId: (metafield) => metafield.id,
  namespace: (metafield) => metafield.namespace,
  key: (metafield) => metafield.key,
  type: (metafield) => metafield.type,
  value: (metafield) => metafield.value,
  jsonValue: ({ type, value }) => (isJsonType(type) ? (JSON.parse(value) as unknown) : value),
  compareDigest,
  ownerType: (metafield) => metafield.ownerType,
  createdAt: (metafield) => metafield.createdAt,
  updatedAt: (metafield) => metafield.updatedAt,
  sizeInBytes: (metafield) => Buffer.byteLength(metafield.value),
  definition: ({ ownerType, namespace, key }, _: unknown, { store }) =>
    findDefinition(store, ownerType, namespace, key) ?? null,
  owner: (metafield, _: unknown, { store }) => ownerOf(metafield, store),
};

export function findDefinition(
  store: Store,
  ownerType: string,
  namespace: string,
  key: string,
): SandboxMetafieldDefinition | undefined {
  for (const one of store.metafieldDefinitions.all()) {
    if (one.ownerType === ownerType && one.namespace === namespace && one.key === key) return one;
  }
  return undefined;
}

function ownerOf({ ownerType, ownerId }: SandboxMetafield, store: Store): unknown {
  const record = {
    CUSTOMER: () => named('Customer', store.customer(ownerId)),
    ORDER: () => named('Order', store.order(ownerId)),
    PRODUCT: () => named('Product', store.product(ownerId)),
    COLLECTION: () => named('Collection', store.collections.get(ownerId)),
  }[ownerType];
  if (!record) throw new NotImplemented(`The owner of a metafield of a ${ownerType}`);
  return record();
}

function named(typename: string, record: object | undefined): unknown {
  return record ? typed(typename, record) : null;
}

const CATEGORIES: readonly [RegExp, string][] = [
  [/^list\./, 'LIST'],
  [/^(boolean)$/, 'TRUE_FALSE'],
  [/^(number_|volume|weight|dimension|rating)/, 'MEASUREMENT'],
  [/^(single_|multi_|rich_|json|url|color|id)/, 'TEXT'],
  [/^date/, 'DATE_TIME'],
  [/_reference$/, 'REFERENCE'],
];

export const definitionFields: FieldResolvers<SandboxMetafieldDefinition> = {
  id: (definition) => gid('MetafieldDefinition', definition.id),
  namespace: (definition) => definition.namespace,
  key: (definition) => definition.key,
  name: (definition) => definition.name,
  description: (definition) => definition.description,
  ownerType: (definition) => definition.ownerType,
  pinnedPosition: (definition) => definition.pinnedPosition,
  type: ({ type }) => ({
    name: type,
    category: CATEGORIES.find(([pattern]) => pattern.test(type))?.[1] ?? 'TEXT',
  }),
  validations: (definition) =>
    definition.validations.map((one) => ({ ...one, type: 'single_line_text_field' })),
  validationStatus: () => 'ALL_VALID',
  metafieldsCount: ({ ownerType, namespace, key }, _: unknown, { store }) => {
    let count = 0;
    for (const one of store.metafields.all()) {
      if (one.ownerType === ownerType && one.namespace === namespace && one.key === key) count += 1;
    }
    return count;
  },
};
