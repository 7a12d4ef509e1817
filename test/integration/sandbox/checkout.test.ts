import { describe, expect, it } from 'vitest';
import { addCustomer } from '../../unit/sandbox/make-store.ts';
import { at } from './call-sandbox.ts';

import { open, post, checkout, merchant, reasons, titles, segmentDiscount } from './checkout-world.ts';

describe('the checkout', () => {
  it('gives a segment’s discount to a member, not to others and not to nobody', async () => {
    const world = await open();
    await segmentDiscount(world);
    const lines = [{ product: world.tea, quantity: 2 }, { product: world.bag }];
    const anna = await checkout(world, { customer: 'anna@example.com', lines, shipping: '5' });
    expect(anna).toMatchObject({
      subtotal: '60.00',
      discount: '9.00',
      shipping: '5.00',
      total: '56.00',
      notApplied: [],
      order: null,
    });
    expect(anna.discounts).toMatchObject([{ title: 'VIP 15', amount: '9.00', code: null, on: 'lines' }]);
    expect(anna.lines).toMatchObject([
      { discount: '3.00', toPay: '17.00' },
      { discount: '6.00', toPay: '34.00' },
    ]);
    const nobody = await checkout(world, { lines });
    expect(nobody).toMatchObject({ total: '60.00', discounts: [] });
    expect(reasons(nobody)).toEqual({ 'VIP 15': 'It is for a customer segment, and nobody has signed in.' });
    const ben = addCustomer(world.store, { email: 'ben@example.com' });
    expect(reasons(await checkout(world, { customer: ben.id, lines }))).toEqual({
      'VIP 15': 'The customer is not in the segment VIPs.',
    });
    await post(world, 'delete-segment', { segment: 'VIPs' });
    expect(reasons(await checkout(world, { customer: world.anna, lines }))['VIP 15']).toContain(
      'has been deleted',
    );
  });

  it('goes by the membership as settled, and by the dates of the discount', async () => {
    const world = await open();
    await segmentDiscount(world);
    const lines = [{ product: world.tea }];
    await post(world, 'segment-index', { lagMs: 60_000 });
    await post(world, 'set-tags', { customer: world.anna, tags: [] });
    expect(titles(await checkout(world, { customer: world.anna, lines }))).toEqual(['VIP 15']);
    await post(world, 'segment-index', { advanceMs: 60_001 });
    expect(titles(await checkout(world, { customer: world.anna, lines }))).toEqual([]);
    await post(world, 'segment-index', { lagMs: 0 });
    await post(world, 'set-tags', { customer: world.anna, tags: ['vip'] });
    await post(world, 'end-discount', { discount: 'VIP 15' });
    const ended = await checkout(world, { customer: world.anna, lines });
    expect(ended).toMatchObject({ total: '10.00', discounts: [] });
    expect(reasons(ended)['VIP 15']).toMatch(/^It ended on 2026-11-22/);
    await merchant(world, { title: 'Soon', percent: 5, startsAt: '2026-12-01T00:00:00Z' });
    expect(reasons(await checkout(world, { lines }))['Soon']).toBe('It begins on 2026-12-01T00:00:00.000Z.');
    await post(world, 'clock', { advanceDays: 10 });
    expect(titles(await checkout(world, { lines }))).toEqual(['Soon']);
  });

  it('takes the best combination that the discounts allow', async () => {
    const world = await open();
    await merchant(world, { title: 'Order 10', percent: 10 });
    await merchant(world, { title: 'Bags 20', percent: 20, collection: world.bags });
    const lines = [{ product: world.tea }, { product: world.bag }];
    const best = await checkout(world, { lines });
    expect(best).toMatchObject({ discount: '8.00', total: '42.00' });
    expect(titles(best)).toEqual(['Bags 20']);
    expect(reasons(best)).toEqual({ 'Order 10': 'It does not combine with Bags 20, which saves more.' });

    const both = await open();
    await merchant(both, { title: 'Order 10', percent: 10, combines: true });
    await merchant(both, { title: 'Bags 20', percent: 20, collection: both.bags, combines: true });
    await merchant(both, { title: 'Bags 5', percent: 5, collection: both.bags, combines: true });
    await merchant(both, { title: 'Ship', freeShipping: true, combines: true });
    const all = await checkout(both, {
      lines: [{ product: both.tea }, { product: both.bag }],
      shipping: '4.90',
    });
    // 20 % of 40 is 8; 10 % of the 42 that are left is 4.20; of two product discounts a line gets the better one.
    expect(all).toMatchObject({ discount: '12.20', shippingDiscount: '4.90', total: '37.80' });
    expect(titles(all).sort()).toEqual(['Bags 20', 'Order 10', 'Ship']);
    expect(reasons(all)).toEqual({ 'Bags 5': 'It takes nothing more off this cart.' });
  });

  it('takes a code where it is the better one; unknown codes, minimum and limits are told', async () => {
    const world = await open();
    await merchant(world, { title: 'Order 10', percent: 10 });
    await merchant(world, { code: 'SAVE20', percent: 20, usageLimit: 1 });
    await merchant(world, { code: 'SAVE5', percent: 5 });
    await merchant(world, { code: 'BIG', amount: '30', minimum: '100' });
    await merchant(world, { code: 'ONCE', percent: 50, oncePerCustomer: true });
    const lines = [{ product: world.bag }];
    expect(titles(await checkout(world, { lines, code: 'save20' }))).toEqual(['SAVE20']);
    const weak = await checkout(world, { lines, codes: ['SAVE5', 'nothing', 'BIG'] });
    expect(titles(weak)).toEqual(['Order 10']);
    expect(reasons(weak)).toEqual({
      SAVE5: 'It does not combine with Order 10, which saves more.',
      BIG: 'It needs a purchase of at least €100.00.',
      nothing: 'There is no discount with this code.',
    });
    await checkout(world, { customer: world.anna, lines, code: 'SAVE20', place: true });
    expect(reasons(await checkout(world, { lines, code: 'SAVE20' }))).toMatchObject({
      SAVE20: 'Its usage limit has been reached.',
    });
    await checkout(world, { customer: world.anna, lines, code: 'ONCE', place: true });
    expect(reasons(await checkout(world, { customer: world.anna, lines, code: 'ONCE' }))).toMatchObject({
      ONCE: 'This customer has used it already.',
    });
    expect(titles(await checkout(world, { lines, code: 'ONCE' }))).toEqual(['ONCE']);
  });

  it('gift cards are not discounted; an amount is never more than the cart', async () => {
    const world = await open();
    await merchant(world, { title: '20 off', amount: '20' });
    const cart = await checkout(world, { lines: [{ product: world.card }, { product: world.tea }] });
    expect(cart).toMatchObject({ discount: '10.00', total: '50.00' });
    expect(cart.lines).toMatchObject([{ discount: '0.00' }, { discount: '10.00' }]);
    const only = await checkout(world, { lines: [{ product: world.card }] });
    expect(reasons(only)).toEqual({ '20 off': 'Nothing in the cart is part of it.' });
  });

  it('buy X get Y gives the cheapest', async () => {
    const world = await open();
    const items = (product: string) => ({
      products: { productsToAdd: [`gid://shopify/Product/${product}`] },
    });
    const { data } = await world.ask(
      'mutation($d: DiscountAutomaticBxgyInput!) { discountAutomaticBxgyCreate(automaticBxgyDiscount: $d) { userErrors { message } } }',
      {
        d: {
          title: 'Two bags, tea free',
          startsAt: '2026-11-01T00:00:00Z',
          customerBuys: { items: items(world.bag), value: { quantity: '2' } },
          customerGets: {
            items: items(world.tea),
            value: { discountOnQuantity: { quantity: '1', effect: { percentage: 1 } } },
          },
          usesPerOrderLimit: '1',
        },
      },
    );
    expect(at(data, 'discountAutomaticBxgyCreate', 'userErrors')).toEqual([]);
    const cart = (bags: number, teas: number) =>
      checkout(world, {
        lines: [
          { product: world.bag, quantity: bags },
          { product: world.tea, quantity: teas },
        ],
      });
    expect(await cart(2, 1)).toMatchObject({ discount: '10.00' });
    expect(await cart(5, 5)).toMatchObject({ discount: '10.00' });
    expect(await cart(1, 3)).toMatchObject({ discount: '0.00' });
  });

  it('a cart that makes no sense is refused with a sentence', async () => {
    const world = await open();
    for (const [body, sentence] of [
      [{ lines: [] }, 'the cart is empty'],
      [{ lines: [{ product: '7' }] }, 'There is no product 7'],
      [{ lines: [{ product: world.tea, quantity: 0 }] }, 'quantity'],
      [{ customer: 'x@example.com', lines: [{ product: world.tea }] }, 'There is no customer x@example.com'],
    ] as const) {
      const answer = await post(world, 'checkout', body);
      expect(answer.status).toBe(422);
      expect(String(answer.body['error'])).toContain(sentence);
    }
  });
});
