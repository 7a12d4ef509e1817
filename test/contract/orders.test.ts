import { expect, it } from 'vitest';
import { at, contractShop } from './contract-shop.ts';

const shop = contractShop();
const MONEY = `order(id: $id) { id displayFinancialStatus cancelledAt test currencyCode customer { id } tags
  totalPriceSet { shopMoney { amount } } currentTotalPriceSet { shopMoney { amount } } netPaymentSet { shopMoney { amount } }
  totalReceivedSet { shopMoney { amount } } totalRefundedSet { shopMoney { amount } } totalOutstandingSet { shopMoney { amount } }
  refunds { id createdAt totalRefundedSet { shopMoney { amount } } } createdAt processedAt updatedAt
  lineItems(first: 5) { nodes { id quantity currentQuantity isGiftCard originalTotalSet { shopMoney { amount } } } pageInfo { hasNextPage } } }`;
const read = (id: string) => shop.run(`query($id: ID!) { ${MONEY} }`, { id });
const cents = (order: unknown, field: string) =>
  Math.round(Number(at(order, field, 'shopMoney', 'amount')) * 100);

/** What the app reads from a message as spent is what it reads from the API. */
function expectTheSums(order: unknown): void {
  expect(cents(order, 'netPaymentSet')).toBe(
    cents(order, 'totalReceivedSet') - cents(order, 'totalRefundedSet'),
  );
  expect(cents(order, 'currentTotalPriceSet') - cents(order, 'totalOutstandingSet')).toBe(
    cents(order, 'netPaymentSet'),
  );
}

it('pending, then paid: outstanding moves to received', async () => {
  const customer = await shop.makeCustomer();
  const id = await shop.makeOrder({
    financialStatus: 'PENDING',
    customer: { toAssociate: { id: customer } },
  });
  const pending = await read(id);
  expect(pending).toMatchObject({
    displayFinancialStatus: 'PENDING',
    customer: { id: customer },
    tags: [shop.mark],
  });
  expect([cents(pending, 'totalPriceSet'), cents(pending, 'netPaymentSet')]).toEqual([2000, 0]);
  expectTheSums(pending);
  expect(
    await shop.run(
      'mutation($id: ID!) { orderMarkAsPaid(input: { id: $id }) { order { id } userErrors { message } } }',
      { id },
    ),
  ).toMatchObject({ userErrors: [] });
  const paid = await read(id);
  expect(paid).toMatchObject({ displayFinancialStatus: 'PAID' });
  expect(cents(paid, 'netPaymentSet')).toBe(2000);
  expectTheSums(paid);
  expect(Date.parse(String(paid['updatedAt']))).toBeGreaterThanOrEqual(
    Date.parse(String(pending['updatedAt'])),
  );
});

it('an order without a customer belongs to nobody', async () => {
  expect((await read(await shop.makeOrder({ financialStatus: 'PAID' })))['customer']).toBeNull();
});

it('cancelled: it says when, and its lines are gone from what counts', async () => {
  const id = await shop.makeOrder({ financialStatus: 'PENDING' });
  await shop.run(
    'mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: false, refundMethod: { originalPaymentMethodsRefund: false }) { job { id } orderCancelUserErrors { message } } }',
    { id },
  );
  const order = await shop.until('the cancellation', async () => {
    const now = await read(id);
    return now['cancelledAt'] === null ? undefined : now;
  });
  expect(Date.parse(String(order['cancelledAt']))).toBeGreaterThan(0);
  expect(cents(order, 'netPaymentSet')).toBe(0);
});

it('a deleted one is null from then on', async () => {
  const id = await shop.makeOrder({ financialStatus: 'PENDING' });
  await shop.run('mutation($id: ID!) { orderDelete(orderId: $id) { deletedId userErrors { message } } }', {
    id,
  });
  await shop.until('the deletion', async () => {
    const { data } = await shop.ask('query($id: ID!) { order(id: $id) { id } }', { id });
    return data['order'] === null ? true : undefined;
  });
});
