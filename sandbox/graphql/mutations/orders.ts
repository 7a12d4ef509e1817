import { asOneAction } from '../../acts/act.ts';
import { cancelOrder } from '../../acts/cancel-order.ts';
import { deleteOrder } from '../../acts/delete-order.ts';
import { editOrder } from '../../acts/edit-order.ts';
import { payOrder } from '../../acts/pay-order.ts';
import { takesOnly } from '../arguments.ts';
import type { GraphContext } from '../context.ts';
import { gid } from '../gid.ts';
import type { FieldResolvers } from '../resolvers/types.ts';
import { attempt, beginJob } from './attempt.ts';
import type { FieldsOfErrors } from './attempt.ts';
import { createOrder } from './create-order.ts';
import type { OrderCreateInput } from './create-order.ts';
import { setMetafields } from './metafields.ts';
import type { MetafieldInput } from './metafields.ts';
import { idOfOrder, refund } from './refund-order.ts';
import type { RefundInput } from './refund-order.ts';

const ORDER_FIELDS = [
  'customer', 'customerId', 'email', 'lineItems', 'financialStatus', 'transactions', 'discountCode',
  'shippingLines', 'taxLines', 'tags', 'note', 'test', 'processedAt', 'sourceName', 'currency', 'metafields',
]; // prettier-ignore

export const orderMutations: FieldResolvers<unknown> = {
  orderCreate: (
    _,
    { order: input, options }: { order: OrderCreateInput; options?: Record<string, unknown> | null },
    { store },
  ) => {
    takesOnly(input, ORDER_FIELDS, 'OrderCreateOrderInput');
    // No e-mails and no stock in the sandbox: what to do with them makes no difference.
    takesOnly(options ?? {}, ['inventoryBehaviour', 'sendReceipt', 'sendFulfillmentReceipt'], 'OrderCreateOptionsInput'); // prettier-ignore
    const { done, userErrors } = attempt(
      () => asOneAction(store, () => createOrder(store, input)),
      [
        [/processedAt/, ['order', 'processedAt'], 'Processed at must not be in the future'],
        [/customer/, ['order', 'customer']],
        [/line|product/i, ['order', 'lineItems']],
      ],
      'INVALID',
    );
    const errors = userErrors.map((error) =>
      error.field?.[1] === 'processedAt' ? { ...error, code: 'PROCESSED_AT_INVALID' } : error,
    );
    if (!done) return { order: null, userErrors: errors };
    const wanted = (input.metafields ?? []).map((one) => ({ ...one, ownerId: gid('Order', done.id) }));
    const faults = wanted.length === 0 ? [] : setMetafields(store, wanted).userErrors;
    return {
      order: store.order(done.id),
      userErrors: faults.map(({ field, message }) => ({ field, message, code: 'INVALID' })),
    };
  },

  orderUpdate: (_, { input }: { input: { id: string; [name: string]: unknown } }, { store }) => {
    takesOnly(input, ['id', 'tags', 'note', 'metafields'], 'OrderInput');
    const order = idOfOrder(input.id);
    const { done, userErrors } = attempt(() => {
      const { tags, note } = input;
      const changed = editOrder(store, {
        order,
        ...(Array.isArray(tags) ? { tags: tags as unknown[] } : {}),
        ...(note === undefined ? {} : { note }),
      });
      return changed;
    }, NOT_FOUND);
    if (!done) return { order: null, userErrors };
    const metafields = (input['metafields'] as MetafieldInput[] | null | undefined) ?? [];
    const wanted = metafields.map((one) => ({ ...one, ownerId: input.id }));
    const faults = wanted.length === 0 ? [] : setMetafields(store, wanted).userErrors;
    return {
      order: store.order(done.id),
      userErrors: faults.map(({ field, message }) => ({ field, message })),
    };
  },

  // Stock, e-mails and staff notes are not part of the sandbox: whatever is asked of them makes no difference.
  orderCancel: (_, args: CancelArgs, context: GraphContext) => {
    const { orderId, reason, refund, refundMethod, restock: _r, notifyCustomer: _n, staffNote: _s } = args;
    takesOnly(refundMethod ?? {}, ['originalPaymentMethodsRefund'], 'OrderCancelRefundMethodInput');
    const { store } = context;
    const back = refund ?? refundMethod?.originalPaymentMethodsRefund ?? false;
    const { done, userErrors } = attempt(
      () => cancelOrder(store, { order: idOfOrder(orderId), reason, refund: back }),
      [
        [/^There is no order/, ['orderId'], 'Order does not exist'],
        [/already cancelled/, ['orderId'], 'Cannot cancel an order that has already been canceled'],
      ],
    );
    const gone = !done && userErrors[0]?.message === 'Order does not exist';
    return {
      job: done ? beginJob(context) : null,
      orderCancelUserErrors: userErrors.map((error) => ({ ...error, code: gone ? 'NOT_FOUND' : 'INVALID' })),
      userErrors,
    };
  },

  orderDelete: (_, { orderId }: { orderId: string }, { store }) => {
    const { done, userErrors } = attempt(
      () => deleteOrder(store, { order: idOfOrder(orderId) }),
      [[/^There is no order/, ['orderId'], 'Order does not exist']],
      'NOT_FOUND',
    );
    if (done) store.metafields.deleteOf('ORDER', done.deletedOrderId);
    return { deletedId: done ? gid('Order', done.deletedOrderId) : null, userErrors };
  },

  orderMarkAsPaid: (_, { input }: { input: { id: string } }, { store }) => {
    const { done, userErrors } = attempt(
      () => payOrder(store, { order: idOfOrder(input.id) }),
      [
        [/^There is no order/, ['id'], 'Order does not exist'],
        [/outstanding|cancelled/, ['id'], 'Order cannot be marked as paid.'],
      ],
    );
    return { order: done ? store.order(done.id) : null, userErrors };
  },

  refundCreate: (_, { input }: { input: RefundInput }, { store }) => refund(store, input),
};

const NOT_FOUND: FieldsOfErrors = [[/^There is no order/, ['id'], 'Order does not exist']];

interface CancelArgs {
  orderId: string;
  reason: string;
  restock: boolean;
  refund?: boolean | null;
  refundMethod?: { originalPaymentMethodsRefund?: boolean | null } | null;
  notifyCustomer?: boolean | null;
  staffNote?: string | null;
}
