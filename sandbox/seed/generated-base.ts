/** What lies under a generated store: every customer and order is a function of the seed and its index. */
import type { BaseCustomers, BaseRecords, StoreBase } from '../store/base-records.ts';
import type { SandboxCustomer, SandboxOrder } from '../store/model.ts';
import { drawName, drawTags, emailOf, indexOfEmail, KNOWN_TAGS, makeCustomer } from './people.ts';
import { IDS_PER_ORDER, makeOrder } from './make-order.ts';
import type { OrderShop } from './make-order.ts';
import { isMerged, kindAt, STREAM } from './plan-visits.ts';
import type { VisitPlan } from './plan-visits.ts';
import type { Random } from './random.ts';

/** Ids and numbers from which the records are counted. */
export interface FirstIds {
  customer: number;
  order: number;
  other: number;
  orderNumber: number;
}

export function generatedBase(plan: VisitPlan, shop: OrderShop, random: Random, first: FirstIds): StoreBase {
  const { firstPlan, planOfOrder, orderOfPlan, orderSeconds, createdSeconds } = plan;
  const customerCount = createdSeconds.length;
  const orderCount = orderSeconds.length;
  const planned = firstPlan[customerCount] as number;
  const iso = (seconds: number | undefined) => new Date((seconds as number) * 1000).toISOString();
  const emailAt = (index: number) => emailOf(drawName(random.at(STREAM.person, index)), index);

  const customer = (index: number): SandboxCustomer => {
    const kind = kindAt(plan, index);
    const tags = drawTags(random.at(STREAM.tags, index), kind);
    return makeCustomer(random.at(STREAM.person, index), {
      id: String(first.customer + index),
      index,
      kind,
      createdAt: iso(createdSeconds[index]),
      loadedAt: shop.loadedAt,
      tags,
    });
  };

  const ownerOf = (order: number): number => {
    const wanted = planOfOrder[order] as number;
    if (wanted >= planned) return -1;
    let low = 0;
    let high = customerCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((firstPlan[middle] as number) <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  const isTest = (index: number) =>
    random.at(STREAM.test, planOfOrder[index] as number).chance(shop.shares.test);

  const order = (index: number): SandboxOrder => {
    const owner = ownerOf(index);
    const number = first.orderNumber + index;
    const common = {
      id: String(first.order + index),
      number,
      at: iso(orderSeconds[index]),
      test: isTest(index),
      firstId: first.other + index * IDS_PER_ORDER,
    };
    const stream = planOfOrder[index] as number;
    if (owner === -1) {
      const guest = { customerId: null, kind: 'point_of_sale', renewal: false, email: null } as const;
      return makeOrder(shop, random.at(STREAM.order, stream), { ...common, ...guest });
    }
    const place = stream - (firstPlan[owner] as number);
    const renewal = place >= (plan.visits[owner] as number);
    const former = isMerged(plan, owner) && !renewal && place % 2 === 0;
    const email = `${former ? 'formerly.' : ''}${emailAt(owner)}`;
    const customerId = String(first.customer + owner);
    const kind = kindAt(plan, owner);
    return makeOrder(shop, random.at(STREAM.order, stream), {
      ...common,
      customerId,
      kind,
      renewal,
      email,
      starts: kind === 'subscriber' && !renewal && place === 0,
    });
  };

  let bits: Uint32Array | undefined;
  const tagBits = (): Uint32Array => {
    if (bits) return bits;
    bits = new Uint32Array(customerCount);
    for (let index = 0; index < customerCount; index += 1) {
      let mine = 0;
      for (const tag of drawTags(random.at(STREAM.tags, index), kindAt(plan, index))) {
        mine |= 1 << (KNOWN_TAGS.get(tag) as number);
      }
      bits[index] = mine;
    }
    return bits;
  };

  const customers: BaseCustomers = {
    ...numbered(first.customer, customerCount),
    make: customer,
    createdSeconds,
    updatedAt: shop.loadedAt,
    sortedById: new Set(['ID', 'UPDATED_AT']),
    tags: KNOWN_TAGS,
    tagBits,
  };
  const orders: BaseRecords<SandboxOrder> = {
    ...numbered(first.order, orderCount),
    make: order,
    createdSeconds: orderSeconds,
    updatedAt: shop.loadedAt,
    sortedById: new Set(['ID', 'CREATED_AT', 'PROCESSED_AT', 'UPDATED_AT', 'ORDER_NUMBER']),
  };
  return {
    customers,
    orders,
    ownerOf,
    isTest,
    ordersOf(index) {
      const plans = orderOfPlan.subarray(firstPlan[index], firstPlan[index + 1]);
      return [...plans].sort((a, b) => a - b);
    },
    customerByEmail(email) {
      const index = indexOfEmail(email);
      return index !== undefined && index < customerCount && emailAt(index) === email ? index : -1;
    },
    firstOrderNumber: first.orderNumber,
    nextIds: {
      customer: first.customer + customerCount,
      order: first.order + orderCount,
      other: first.other + orderCount * IDS_PER_ORDER,
    },
  };
}

function numbered(first: number, count: number): Pick<BaseRecords<never>, 'count' | 'idAt' | 'indexOf'> {
  return {
    count,
    idAt: (index) => String(first + index),
    indexOf(id) {
      const index = Number(id) - first;
      // "007" and "1e3" are no ids.
      return index >= 0 && index < count && String(first + index) === id ? index : -1;
    },
  };
}
