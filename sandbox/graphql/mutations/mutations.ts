/** The mutations that the sandbox has. Every other one is refused by the schema's set-up. */
import { addTags, removeTags } from '../../acts/change-tags.ts';
import type { TagChange } from '../../acts/change-tags.ts';
import { editOrder } from '../../acts/edit-order.ts';
import { updateProduct } from '../../acts/change-product.ts';
import { splitTags } from '../../acts/change-tags.ts';
import type { StagedUploadInput } from '../../bulk/staged-uploads.ts';
import type { Store } from '../../store/store.ts';
import { parseGid } from '../gid.ts';
import { badRequest, NotImplemented } from '../not-implemented.ts';
import { bulkObject } from '../resolvers/bulk-operation.ts';
import { typed } from '../resolvers/types.ts';
import type { FieldResolvers } from '../resolvers/types.ts';
import { customerMutations } from './customers.ts';
import { discountMutations } from './discounts.ts';
import { flowMutations } from './flow.ts';
import { metafieldMutations } from './metafields.ts';
import { orderMutations } from './orders.ts';
import { productMutations } from './products.ts';
import { segmentMutations } from './segments.ts';
import { subscriptionMutations } from './subscriptions.ts';

export const mutationFields: FieldResolvers<unknown> = {
  ...customerMutations,
  ...orderMutations,
  ...productMutations,
  ...metafieldMutations,
  ...subscriptionMutations,
  ...segmentMutations,
  ...discountMutations,
  ...flowMutations,
  tagsAdd: (_, args: TagArgs, { store }) => changeTags(store, args, 'add'),
  tagsRemove: (_, args: TagArgs, { store }) => changeTags(store, args, 'remove'),
  stagedUploadsCreate: (_, args: { input: StagedUploadInput[] }, { uploads, store }) => ({
    stagedTargets: args.input.map((input) => uploads.create(store, input)),
    userErrors: [],
  }),
  bulkOperationRunQuery: (_, args: { query: string; groupObjects: boolean }, { bulk, store }) => {
    const { query, groupObjects } = args;
    const { operation, userErrors } = bulk.startQuery(store, { query, groupObjects });
    return { bulkOperation: bulkObject(operation), userErrors };
  },
  bulkOperationRunMutation: (_, args: BulkMutationArgs, { bulk, store }) => {
    const { mutation, stagedUploadPath, clientIdentifier } = args;
    const started = bulk.startMutation(store, { mutation, stagedUploadPath, clientIdentifier });
    return { bulkOperation: bulkObject(started.operation), userErrors: started.userErrors };
  },
  bulkOperationCancel: (_, args: { id: string }, { bulk, store }) => {
    const { type, id } = parseGid(args.id);
    const { operation, userErrors } = bulk.cancel(store, type === 'BulkOperation' ? id : '');
    return { bulkOperation: bulkObject(operation), userErrors };
  },
};

interface BulkMutationArgs {
  mutation: string;
  stagedUploadPath: string;
  clientIdentifier?: string | null;
}

interface TagArgs {
  id: string;
  tags: string[];
}

/** Shopify tags customers, orders, products, drafts, articles and discounts; the sandbox the first three. */
function changeTags(store: Store, { id: text, tags }: TagArgs, change: 'add' | 'remove') {
  const { type, id } = parseGid(text);
  switch (type) {
    case 'Customer':
      return tagPayload(change === 'add' ? addTags(store, id, tags) : removeTags(store, id, tags));
    case 'Order':
      return changeOf(type, store.order(id), tags, change, (wanted) =>
        editOrder(store, { order: id, tags: wanted }),
      );
    case 'Product':
      return changeOf(type, store.product(id), tags, change, (wanted) =>
        updateProduct(store, { product: id, tags: wanted }),
      );
    case 'DraftOrder':
    case 'Article':
    case 'DiscountNode':
      throw new NotImplemented(`Changing the tags of a ${type}`);
    default:
      throw badRequest('invalid id', 'RESOURCE_NOT_FOUND');
  }
}

function tagPayload(change: TagChange) {
  switch (change.outcome) {
    case 'done':
      return { node: typed('Customer', change.customer), userErrors: [] };
    case 'refused':
      return { node: null, userErrors: change.userErrors };
  }
}

/** The rules for customers, which were captured, hold for orders and products too (an assumption). */
function changeOf<T extends { tags: string[] }>(
  type: string,
  record: T | undefined,
  tags: readonly string[],
  change: 'add' | 'remove',
  write: (tags: string[]) => T,
) {
  const refused = (field: string, message: string) => ({
    node: null,
    userErrors: [{ field: [field], message }],
  });
  if (!record) return refused('id', `${type} does not exist`);
  const named = splitTags(tags);
  const fold = (tag: string) => tag.toLowerCase();
  const known = new Set(record.tags.map(fold));
  const unwanted = new Set(named.map(fold));
  const wanted =
    change === 'add'
      ? [...record.tags, ...named.filter((tag) => !known.has(fold(tag)))]
      : record.tags.filter((tag) => !unwanted.has(fold(tag)));
  if (wanted.length > 250) return refused('tags', 'Tags cannot be more than 250');
  if (wanted.some((tag) => [...tag].length > 255)) {
    return refused('tags', 'Tags is too long (maximum is 255 characters)');
  }
  const changed = wanted.length === record.tags.length ? record : write(wanted);
  return { node: typed(type, changed), userErrors: [] };
}
