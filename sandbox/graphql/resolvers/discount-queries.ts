/** Discounts as root fields: one by its id or code, lists of them, their number, and the app's functions. */
import { appExtensions } from '../../functions/app-extensions.ts';
import type { SandboxDiscount } from '../../store/model.ts';
import type { GraphContext } from '../context.ts';
import { connect, inOrder } from '../connection.ts';
import type { ConnectionArgs, Listing } from '../connection.ts';
import { gid, parseGid } from '../gid.ts';
import { listDiscounts } from '../list-discounts.ts';
import { countListed } from '../list-records.ts';
import type { ListArgs } from '../list-records.ts';
import { searchNotes } from '../search-report.ts';
import { discountNode, nodeType } from './discount.ts';
import type { NodeType } from './discount.ts';
import type { FieldResolvers, Resolver } from './types.ts';

type Info = Parameters<Resolver<unknown>>[3];
type PageArgs = ConnectionArgs & ListArgs;
interface CountArgs {
  query?: string | null;
  limit?: number | null;
}
type DiscountNodeObject = ReturnType<typeof discountNode>;

const listOf =
  (method: SandboxDiscount['method'] | undefined, typename?: 'DiscountNode'): Resolver<unknown> =>
  (_, args: PageArgs, context: GraphContext, info) =>
    connect(() => listNodes(context, args, info, method, typename), args, context, info);

/** The discounts of the list with a node around each. */
function listNodes(
  context: GraphContext,
  args: PageArgs,
  info: Info,
  method: SandboxDiscount['method'] | undefined,
  typename: 'DiscountNode' | undefined,
): Listing<DiscountNodeObject> {
  const inner = listDiscounts(context.store, args, method, searchNotes(args.query, context, info));
  const wrap = (discount: SandboxDiscount) => discountNode(discount, context, typename);
  return {
    keyOf: ({ record }) => inner.keyOf(record),
    reversed: inner.reversed,
    *after(key) {
      for (const discount of inner.after(key)) yield wrap(discount);
    },
    *before(key) {
      for (const discount of inner.before(key)) yield wrap(discount);
    },
  };
}

export const discountQueries: FieldResolvers<unknown> = {
  discountNodes: listOf(undefined, 'DiscountNode'),
  automaticDiscountNodes: listOf('automatic'),
  codeDiscountNodes: listOf('code'),
  discountNode: (_, { id }: { id: string }, context: GraphContext) => findNode(context, id, 'DiscountNode'),
  automaticDiscountNode: (_, { id }: { id: string }, context: GraphContext) =>
    findNode(context, id, 'DiscountAutomaticNode'),
  codeDiscountNode: (_, { id }: { id: string }, context: GraphContext) =>
    findNode(context, id, 'DiscountCodeNode'),
  codeDiscountNodeByCode: (_, { code }: { code: string }, context: GraphContext) => {
    const wanted = code.toLowerCase();
    for (const discount of context.store.discounts.all()) {
      if (discount.codes.some((one) => one.code.toLowerCase() === wanted))
        return discountNode(discount, context);
    }
    return null;
  },
  discountNodesCount: async (_, args: CountArgs, context: GraphContext, info) => {
    const listing = listDiscounts(context.store, args, undefined, searchNotes(args.query, context, info));
    const limit = args.limit ?? null;
    const found = await countListed(listing, limit);
    return limit !== null && found > limit
      ? { count: limit, precision: 'AT_LEAST' }
      : { count: found, precision: 'EXACT' };
  },
  shopifyFunctions: (_, args: ConnectionArgs & FunctionArgs, context: GraphContext, info) => {
    const { sandbox } = context;
    const { apiType, useCreationUi, reverse } = args;
    const found = [...appExtensions(sandbox).functions.values()]
      .map((one) => ({
        id: one.id,
        handle: one.handle,
        title: one.name,
        description: one.description,
        apiType: 'discount',
        apiVersion: one.apiVersion,
        appKey: sandbox.apiKey,
        app: { id: gid('App', '1'), apiKey: sandbox.apiKey, title: 'Regulars', handle: 'regulars' },
        inputQuery: one.targets[0]?.inputQuery ?? null,
        useCreationUi: false,
      }))
      .filter((one) => (apiType ?? one.apiType) === one.apiType && (useCreationUi ?? false) === false);
    return connect(() => inOrder(found, ({ handle }) => handle, reverse), args, context, info);
  },
};

interface FunctionArgs {
  apiType?: string | null;
  useCreationUi?: boolean | null;
  reverse?: boolean | null;
}

/** A DiscountNode has the number of the node of its method. */
export function findNode(context: GraphContext, text: string, typename: NodeType) {
  const { type, id } = parseGid(text);
  const discount = context.store.discounts.get(id);
  if (!discount || !['DiscountNode', nodeType(discount)].includes(type)) return null;
  if (typename !== 'DiscountNode' && typename !== nodeType(discount)) return null;
  return discountNode(discount, context, typename);
}
