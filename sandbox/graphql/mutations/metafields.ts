/**
 * metafieldsSet: at most 25, all or none; `compareDigest` makes it compare-and-set (null: only if there is none).
 * Whose texts are not documented or captured, they are an assumption; the codes are the schema's.
 */
import type { SandboxMetafield } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { laterThan } from '../../acts/act.ts';
import { takesOnly } from '../arguments.ts';
import { gid, parseGid } from '../gid.ts';
import { APP_ID, fullNamespace } from '../metafield-namespace.ts';
import { checkMetafieldValue, METAFIELD_TYPES } from '../metafield-types.ts';
import { NotImplemented } from '../not-implemented.ts';
import { compareDigest, findDefinition } from '../resolvers/metafield.ts';
import type { FieldResolvers } from '../resolvers/types.ts';

const MOST = 25;

export interface MetafieldInput {
  ownerId?: string | null;
  namespace?: string | null;
  key?: string | null;
  type?: string | null;
  value?: string | null;
  compareDigest?: string | null;
}

export interface MetafieldError {
  field: string[];
  message: string;
  code: string;
  elementIndex: number | null;
}

interface Planned {
  ownerType: string;
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
  before: SandboxMetafield | undefined;
}

const OWNERS: Readonly<Record<string, { type: string; has: (store: Store, id: string) => boolean }>> = {
  Customer: { type: 'CUSTOMER', has: (store, id) => store.customer(id) !== undefined },
  Order: { type: 'ORDER', has: (store, id) => store.order(id) !== undefined },
  Product: { type: 'PRODUCT', has: (store, id) => store.product(id) !== undefined },
  Collection: { type: 'COLLECTION', has: (store, id) => store.collections.get(id) !== undefined },
  DiscountNode: { type: 'DISCOUNT', has: (store, id) => store.discounts.get(id) !== undefined },
  DiscountAutomaticNode: {
    type: 'DISCOUNT',
    has: (store, id) => store.discounts.get(id)?.method === 'automatic',
  },
  DiscountCodeNode: { type: 'DISCOUNT', has: (store, id) => store.discounts.get(id)?.method === 'code' },
  Shop: { type: 'SHOP', has: (store, id) => store.shop.id === id },
};

/** Nothing is set when anything is wrong. */
export function setMetafields(
  store: Store,
  inputs: readonly MetafieldInput[],
): { metafields: SandboxMetafield[]; userErrors: MetafieldError[] } {
  if (inputs.length > MOST) {
    const message = `Exceeded the maximum metafields input limit of ${MOST}.`;
    const error = { field: ['metafields'], message, code: 'LESS_THAN_OR_EQUAL_TO', elementIndex: null };
    return { metafields: [], userErrors: [error] };
  }
  const userErrors: MetafieldError[] = [];
  const planned = inputs.flatMap((input, index) => {
    const result = plan(store, input);
    if ('ownerType' in result) return result;
    const [name, message, code] = result;
    const field = ['metafields', String(index), ...(name === '' ? [] : [name])];
    userErrors.push({ field, message, code, elementIndex: index });
    return [];
  });
  if (userErrors.length > 0) return { metafields: [], userErrors };
  return { metafields: planned.map((one) => write(store, one)), userErrors: [] };
}

function plan(store: Store, input: MetafieldInput): Planned | [field: string, message: string, code: string] {
  const { type: kind, id: ownerId } = parseGid(input.ownerId ?? '');
  const owner = OWNERS[kind];
  if (!owner) throw new NotImplemented(`A metafield of a ${kind}`);
  if (!owner.has(store, ownerId)) return ['ownerId', 'Owner does not exist', 'INVALID'];
  const namespace = fullNamespace(input.namespace);
  const key = input.key ?? '';
  const name = checkName('namespace', namespace, 3, 255) ?? checkName('key', key, 2, 64);
  if (name) return name;
  if (isOtherApps(namespace)) return ['namespace', NOT_ALLOWED, 'APP_NOT_AUTHORIZED'];
  const definition = findDefinition(store, owner.type, namespace, key);
  const type = input.type ?? definition?.type;
  if (!type) return ['type', "Type can't be blank", 'BLANK'];
  if (!METAFIELD_TYPES.includes(type)) {
    return ['type', `Type must be one of the following: ${METAFIELD_TYPES.join(', ')}.`, 'INCLUSION'];
  }
  if (definition && definition.type !== type) {
    const message = `Type '${type}' must be consistent with the definition's type: '${definition.type}'.`;
    return ['type', message, 'INVALID_TYPE'];
  }
  const value = input.value ?? '';
  if (value === '') return ['value', "Value can't be blank", 'BLANK'];
  const fault = checkMetafieldValue(type, value);
  if (fault) return ['value', fault, 'INVALID_VALUE'];
  const before = store.metafields.find(owner.type, ownerId, namespace, key);
  if (input.compareDigest !== undefined && input.compareDigest !== (before ? compareDigest(before) : null)) {
    return ['', STALE, 'STALE_OBJECT'];
  }
  return { ownerType: owner.type, ownerId, namespace, key, type, value, before };
}

const STALE =
  'The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.';
const NOT_ALLOWED = 'Access to this namespace and key on Metafields for this resource type is not allowed.';

function isOtherApps(namespace: string): boolean {
  return namespace.startsWith('app--') && namespace.split('--')[1] !== APP_ID;
}

function checkName(
  field: string,
  text: string,
  least: number,
  most: number,
): [string, string, string] | undefined {
  const word = field === 'key' ? 'Key' : 'Namespace';
  if (text.length < least)
    return [field, `${word} is too short (minimum is ${least} characters)`, 'TOO_SHORT'];
  if (text.length > most) return [field, `${word} is too long (maximum is ${most} characters)`, 'TOO_LONG'];
  if (!/^[A-Za-z0-9_-]+$/.test(text))
    return [field, `${word} contains one or more invalid characters.`, 'INVALID'];
  return undefined;
}

function write(store: Store, { before, ...planned }: Planned): SandboxMetafield {
  const at = laterThan(before?.updatedAt ?? null, store);
  const id = before?.id ?? store.newId('other');
  const metafield = { ...planned, id, createdAt: before?.createdAt ?? at, updatedAt: at };
  store.metafields.put(metafield);
  return metafield;
}

export const metafieldMutations: FieldResolvers<unknown> = {
  metafieldsSet: (_, { metafields }: { metafields: MetafieldInput[] }, { store }) => {
    const result = setMetafields(store, metafields);
    return { ...result, metafields: result.userErrors.length > 0 ? null : result.metafields };
  },

  /** Those that do not exist come back as null, as Shopify has it. */
  metafieldsDelete: (
    _,
    { metafields }: { metafields: { ownerId: string; namespace: string; key: string }[] },
    { store },
  ) => {
    const deletedMetafields = metafields.map(({ ownerId, namespace, key }) => {
      const { type, id } = parseGid(ownerId);
      const owner = OWNERS[type];
      if (!owner) throw new NotImplemented(`A metafield of a ${type}`);
      const found = store.metafields.find(owner.type, id, fullNamespace(namespace), key);
      if (!found) return null;
      store.metafields.delete(found);
      return { ownerId, namespace: found.namespace, key };
    });
    return { deletedMetafields, userErrors: [] };
  },

  metafieldDefinitionCreate: (_, { definition }: { definition: DefinitionInput }, { store }) => {
    takesOnly(definition, ['name', 'namespace', 'key', 'type', 'ownerType', 'description', 'pin'], 'MetafieldDefinitionInput'); // prettier-ignore
    const namespace = fullNamespace(definition.namespace);
    const { ownerType, key, name, type } = definition;
    const fault = checkDefinition(store, { ...definition, namespace });
    if (fault) {
      const [field, message, code] = fault;
      const userErrors = [
        { field: ['definition', field], message, code, elementIndex: null, elementKey: null },
      ];
      return { createdDefinition: null, userErrors };
    }
    const pinned = [...store.metafieldDefinitions.all()].filter((one) => one.pinnedPosition !== null).length;
    const created = {
      id: store.newId('other'),
      ownerType,
      namespace,
      key,
      name,
      description: definition.description ?? null,
      type,
      validations: [],
      pinnedPosition: definition.pin ? pinned + 1 : null,
    };
    store.metafieldDefinitions.put(created);
    return { createdDefinition: created, userErrors: [] };
  },

  metafieldDefinitionDelete: (
    _,
    args: { id?: string | null; deleteAllAssociatedMetafields?: boolean | null },
    { store },
  ) => {
    takesOnly(args, ['id', 'deleteAllAssociatedMetafields'], 'metafieldDefinitionDelete');
    const found = store.metafieldDefinitions.get(args.id ? parseGid(args.id).id : '');
    if (!found) {
      const userErrors = [{ field: ['id'], message: 'Definition not found.', code: 'NOT_FOUND' }];
      return { deletedDefinitionId: null, deletedDefinition: null, userErrors };
    }
    if (args.deleteAllAssociatedMetafields) {
      for (const one of [...store.metafields.all()]) {
        const { ownerType, namespace, key } = found;
        if (one.ownerType === ownerType && one.namespace === namespace && one.key === key) {
          store.metafields.delete(one);
        }
      }
    }
    store.metafieldDefinitions.delete(found.id);
    const { ownerType, namespace, key } = found;
    return {
      deletedDefinitionId: gid('MetafieldDefinition', found.id),
      deletedDefinition: { ownerType, namespace, key },
      userErrors: [],
    };
  },
};

interface DefinitionInput {
  name: string;
  namespace?: string | null;
  key: string;
  type: string;
  ownerType: string;
  description?: string | null;
  pin?: boolean | null;
}

function checkDefinition(
  store: Store,
  { name, namespace, key, type, ownerType }: DefinitionInput & { namespace: string },
): [string, string, string] | undefined {
  const wrong = checkName('namespace', namespace, 3, 255) ?? checkName('key', key, 2, 64);
  if (wrong) return wrong;
  if (isOtherApps(namespace)) return ['namespace', NOT_ALLOWED, 'RESERVED_NAMESPACE_KEY'];
  if (name.trim() === '') return ['name', "Name can't be blank", 'BLANK'];
  if (name.length > 255) return ['name', 'Name is too long (maximum is 255 characters)', 'TOO_LONG'];
  if (!METAFIELD_TYPES.includes(type)) return ['type', `Type name ${type} is not a valid type`, 'INCLUSION'];
  if (findDefinition(store, ownerType, namespace, key)) {
    const word = ownerType.charAt(0) + ownerType.slice(1).toLowerCase();
    return ['key', `Key is in use for ${word} metafields on the '${namespace}' namespace.`, 'TAKEN'];
  }
  return undefined;
}
