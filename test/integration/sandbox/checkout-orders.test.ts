import { describe, expect, it } from 'vitest';
import type { SandboxOrder } from '../../../sandbox/store/model.ts';
import { orderPayload } from '../../../sandbox/webhooks/payload/order-payload.ts';
import { at } from './call-sandbox.ts';

import { open, checkout, merchant, segmentDiscount } from './checkout-world.ts';

describe('an order placed at the checkout', () => {
  it('placing the order carries the discounts into it and counts their use', async () => {
    const world = await open();
    await segmentDiscount(world);
    await merchant(world, { title: 'Ship', freeShipping: true });
    await merchant(world, { code: 'EXTRA', percent: 50, collection: world.bags });
    const lines = [{ product: world.tea, quantity: 3 }, { product: world.bag }];
    const placed = await checkout(world, {
      customer: world.anna,
      lines,
      shipping: '4',
      code: 'EXTRA',
      place: true,
    });
    expect(placed.order?.name).toBe('#1001');
    const { data } = await world.ask(
      'query($id: ID!) { order(id: $id) { totalPriceSet { shopMoney { amount } } totalDiscountsSet { shopMoney { amount } } discountCodes discountApplications(first: 5) { nodes { __typename index targetType ... on DiscountCodeApplication { code } ... on AutomaticDiscountApplication { title } value { ... on MoneyV2 { amount } } } } lineItems(first: 5) { nodes { discountedTotalSet { shopMoney { amount } } } } customer { id } } }',
      { id: `gid://shopify/Order/${placed.order?.id ?? ''}` },
    );
    expect(at(data, 'order')).toEqual({
      totalPriceSet: { shopMoney: { amount: '54.0' } },
      totalDiscountsSet: { shopMoney: { amount: '20.0' } },
      discountCodes: ['EXTRA'],
      discountApplications: {
        nodes: [
          {
            __typename: 'DiscountCodeApplication',
            index: 0,
            targetType: 'LINE_ITEM',
            code: 'EXTRA',
            value: { amount: '20.0' },
          },
        ],
      },
      lineItems: {
        nodes: [
          { discountedTotalSet: { shopMoney: { amount: '30.0' } } },
          { discountedTotalSet: { shopMoney: { amount: '20.0' } } },
        ],
      },
      customer: { id: `gid://shopify/Customer/${world.anna}` },
    });
    const used = await (await fetch(`${world.sandbox.url}/control/discounts`)).json();
    const byTitle = Object.fromEntries(
      (at(used, 'discounts') as { title: string; usageCount: number }[]).map((one) => [
        one.title,
        one.usageCount,
      ]),
    );
    expect(byTitle).toEqual({ 'VIP 15': 0, Ship: 0, EXTRA: 1 });
  });

  it('several discounts on a line are told apart in the order', async () => {
    const world = await open();
    await merchant(world, { title: 'Order 10', percent: 10, combines: true });
    await merchant(world, { title: 'Bags 20', percent: 20, collection: world.bags, combines: true });
    const lines = [{ product: world.tea }, { product: world.bag }];
    const placed = await checkout(world, { lines, email: 'guest@example.com', place: true });
    const order = world.store.order(placed.order?.id ?? '');
    expect(order).toMatchObject({ email: 'guest@example.com', discountMinor: 1220, totalMinor: 3780 });
    const payload = orderPayload(order as SandboxOrder, undefined, world.store.shop);
    expect(payload).toMatchObject({
      discount_codes: [],
      discount_applications: [
        { type: 'automatic', title: 'Bags 20', value: '8.00' },
        { type: 'automatic', title: 'Order 10', value: '4.20' },
      ],
      line_items: [
        { discount_allocations: [{ amount: '1.00', discount_application_index: 1 }] },
        {
          discount_allocations: [
            { amount: '8.00', discount_application_index: 0 },
            { amount: '3.20', discount_application_index: 1 },
          ],
        },
      ],
    });
  });
});
