/**
 * The acts by their names, and POST /control/NAME for each: `{ shop?, ... }` in, what the act returns out.
 * `shop` may be left out while there is one store. An act that cannot be done: 422 and its sentence.
 */
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import { ActError } from './act.ts';
import { cancelOrder } from './cancel-order.ts';
import {
  createCollection,
  deleteCollection,
  setProductCollections,
  updateCollection,
} from './change-collection.ts';
import { beginDiscount, createDiscount, endDiscount, removeDiscount } from './change-discount.ts';
import { editSegment, makeSegment, removeSegment } from './change-segment.ts';
import { createProduct, deleteProduct, updateProduct } from './change-product.ts';
import { createCustomer } from './create-customer.ts';
import { deleteCustomer } from './delete-customer.ts';
import { deleteOrder } from './delete-order.ts';
import { editOrder } from './edit-order.ts';
import { editOrderLine } from './edit-order-line.ts';
import { fulfilOrder } from './fulfil-order.ts';
import { mergeCustomers } from './merge-customers.ts';
import { payOrder } from './pay-order.ts';
import { placeOrder } from './place-order.ts';
import { refundOrder } from './refund-order.ts';
import { redactShop, requestData, requestRedaction } from './request-privacy.ts';
import { setTags } from './set-tags.ts';
import { setConsent } from './set-consent.ts';
import { changeScopes, uninstallApp } from './change-installation.ts';
import { updateCustomer } from './update-customer.ts';
import { updateShop } from './update-shop.ts';

export type Act = (store: Store, input: unknown, sandbox: Sandbox) => unknown;

export const ACTS: Readonly<Record<string, Act>> = {
  'create-customer': createCustomer,
  'update-customer': updateCustomer,
  'delete-customer': deleteCustomer,
  'merge-customers': mergeCustomers,
  'set-tags': setTags,
  consent: setConsent,
  'place-order': placeOrder,
  'pay-order': payOrder,
  'refund-order': refundOrder,
  'cancel-order': cancelOrder,
  'fulfil-order': fulfilOrder,
  'edit-order': editOrder,
  'edit-order-line': editOrderLine,
  'delete-order': deleteOrder,
  'create-product': createProduct,
  'update-product': updateProduct,
  'delete-product': deleteProduct,
  'create-collection': createCollection,
  'update-collection': updateCollection,
  'delete-collection': deleteCollection,
  'product-collections': setProductCollections,
  'create-segment': makeSegment,
  'update-segment': editSegment,
  'delete-segment': removeSegment,
  'create-discount': createDiscount,
  'end-discount': endDiscount,
  'begin-discount': beginDiscount,
  'delete-discount': removeDiscount,
  'update-shop': updateShop,
  'request-redaction': requestRedaction,
  'request-data': requestData,
  'redact-shop': redactShop,
  'uninstall-app': uninstallApp,
  'change-scopes': changeScopes,
};

/** @throws HttpError 404 when there is no such store, 400 when it must be named */
export function storeNamed(sandbox: Sandbox, shop: unknown): Store {
  if (shop === undefined) {
    const [only, another] = sandbox.stores.values();
    if (only && !another) return only;
    throw new HttpError(400, { error: 'There are several stores: name one as "shop"' });
  }
  const store = sandbox.stores.get(String(shop));
  if (!store) throw new HttpError(404, { error: `There is no store ${String(shop)}` });
  return store;
}

export const actRoutes: readonly Route[] = Object.entries(ACTS).map(([name, act]) => ({
  method: 'POST',
  path: `/control/${name}`,
  handle: (request, sandbox) => {
    const { shop, ...input } = request.json();
    try {
      return jsonAnswer({ result: act(storeNamed(sandbox, shop), input, sandbox) });
    } catch (error) {
      if (error instanceof ActError) throw new HttpError(422, { error: error.message });
      throw error;
    }
  },
}));
