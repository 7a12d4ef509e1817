import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CheckoutResult } from '../../../sandbox/checkout/checkout.ts';
import type { SandboxOrder } from '../../../sandbox/store/model.ts';
import { orderPayload } from '../../../sandbox/webhooks/payload/order-payload.ts';
import { addCustomer } from '../../unit/sandbox/make-store.ts';
import { at, openSandbox } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';

const APP_CONFIG = path.resolve(import.meta.dirname, '../../../shopify.app.toml');

interface World extends Caller {
  anna: string;
  tea: string;
  bag: string;
  card: string;
  bags: string;
}

/** Tea at 10, a bag at 40 in a collection, a gift card at 50; Anna carries the tag vip. */
async function open(appConfig = APP_CONFIG): Promise<World> {
  const caller = await openSandbox({ appConfig });
  const { sandbox, store } = caller;
  sandbox.access.setScopes(store.shop.domain, [
    'write_customers',
    'write_discounts',
    'write_orders',
    'read_products',
  ]);
  const at0 = '2026-01-01T00:00:00.000Z';
  const product = (title: string, productType: string, priceMinor: number) => {
    const id = store.newId('product');
    const variants = [{ id: store.newId('other'), title: 'Default Title', sku: null, priceMinor }];
    store.putProduct({
      id,
      title,
      handle: title.toLowerCase(),
      vendor: 'x',
      productType,
      status: 'ACTIVE',
      tags: [],
      createdAt: at0,
      updatedAt: at0,
      variants,
    });
    return id;
  };
  const [tea, bag, card] = [
    product('Tea', 'Tea', 1000),
    product('Bag', 'Bags', 4000),
    product('Card', 'Gift cards', 5000),
  ];
  const bags = store.newId('other');
  store.collections.put({
    id: bags,
    title: 'Bags',
    handle: 'bags',
    descriptionHtml: '',
    sortOrder: 'MANUAL',
    productIds: [bag],
    updatedAt: at0,
  });
  const anna = addCustomer(store, { email: 'anna@example.com', tags: ['vip'] }).id;
  return { ...caller, anna, tea, bag, card, bags };
}

async function post(
  { sandbox }: Caller,
  route: string,
  body: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${sandbox.url}/control/${route}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function checkout(world: Caller, body: object): Promise<CheckoutResult> {
  const answer = await post(world, 'checkout', body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as unknown as CheckoutResult;
}

async function merchant(world: Caller, body: object): Promise<string> {
  const answer = await post(world, 'create-discount', body);
  expect(answer).toMatchObject({ status: 200 });
  return String(at(answer.body, 'result', 'id'));
}

const reasons = ({ notApplied }: CheckoutResult) =>
  Object.fromEntries(notApplied.map(({ title, reason }) => [title, reason]));
const titles = ({ discounts }: CheckoutResult) => discounts.map(({ title }) => title);

async function segmentDiscount(world: World): Promise<void> {
  await post(world, 'create-segment', { name: 'VIPs', query: "customer_tags CONTAINS 'vip'" });
  await merchant(world, { title: 'VIP 15', percent: 15, segment: 'VIPs' });
}

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

describe('function discounts', () => {
  const offers = (bags: string) => [
    { tag: 'regulars-offer-a', title: 'Regulars 10 %', kind: 'percentage', percent: 10, on: { all: true } },
    {
      tag: 'regulars-offer-b',
      title: 'Regulars bags',
      kind: 'percentage',
      percent: 50,
      on: { collections: [`gid://shopify/Collection/${bags}`] },
    },
    { tag: 'regulars-offer-s', title: 'Regulars ship', kind: 'free_shipping' },
    {
      tag: 'regulars-offer-old',
      title: 'Gone',
      kind: 'percentage',
      percent: 90,
      on: { all: true },
      until: '2026-11-21',
    },
  ];

  async function appDiscount(world: World, more: object = {}, method: 'Automatic' | 'Code' = 'Automatic') {
    const json = (key: string, value: object) => ({
      namespace: '$app',
      key,
      type: 'json',
      value: JSON.stringify(value),
    });
    const list = offers(world.bags);
    const argument = method === 'Code' ? 'codeAppDiscount' : 'automaticAppDiscount';
    const { data, errors } = await world.ask(
      `mutation($d: Discount${method}AppInput!) { made: discount${method}AppCreate(${argument}: $d) { ${argument} { discountId } userErrors { message } } }`,
      {
        d: {
          title: 'Regulars: offers',
          startsAt: '2026-11-01T00:00:00Z',
          functionHandle: 'segment-offers',
          discountClasses: ['PRODUCT', 'ORDER', 'SHIPPING'],
          metafields: [
            json('offers', { offers: list }),
            json('offer-variables', {
              tags: list.map(({ tag }) => tag),
              collections: [`gid://shopify/Collection/${world.bags}`],
            }),
          ],
          ...more,
        },
      },
    );
    expect(errors).toBeUndefined();
    expect(at(data, 'made', 'userErrors')).toEqual([]);
    return String(at(data, 'made', argument, 'discountId'));
  }

  it('give the holder of an offer’s tag the best offer, and free shipping beside it', async () => {
    const world = await open();
    await appDiscount(world);
    const lines = [{ product: world.tea }, { product: world.bag }];
    const price = async (tags: string[]) => {
      await post(world, 'set-tags', { customer: world.anna, tags });
      return checkout(world, { customer: world.anna, lines, shipping: '5' });
    };
    expect(await price(['regulars-offer-a'])).toMatchObject({
      discount: '5.00',
      total: '50.00',
      discounts: [{ message: 'Regulars 10 %' }],
    });
    expect(await price(['regulars-offer-a', 'regulars-offer-b'])).toMatchObject({
      discount: '20.00',
      discounts: [{ message: 'Regulars bags' }],
    });
    expect(await price(['regulars-offer-a', 'Regulars-Offer-S'])).toMatchObject({
      discount: '5.00',
      shippingDiscount: '5.00',
      total: '45.00',
    });
    const ended = await price(['regulars-offer-old']);
    expect(ended).toMatchObject({ discount: '0.00', total: '55.00' });
    expect(reasons(ended)).toEqual({ 'Regulars: offers': 'The function gave nothing.' });
    expect(await checkout(world, { lines })).toMatchObject({ discounts: [], total: '50.00' });
  });

  it('only of the classes of the discount; with a code only when it is entered', async () => {
    const world = await open();
    await appDiscount(world, { discountClasses: ['PRODUCT'], code: 'MINE' }, 'Code');
    await post(world, 'set-tags', { customer: world.anna, tags: ['regulars-offer-a', 'regulars-offer-b'] });
    const lines = [{ product: world.bag }];
    expect(await checkout(world, { customer: world.anna, lines })).toMatchObject({
      discounts: [],
      notApplied: [],
    });
    expect(await checkout(world, { customer: world.anna, lines, code: 'mine' })).toMatchObject({
      discount: '20.00',
      discounts: [{ code: 'mine' }],
    });
    const only = await checkout(world, {
      customer: world.anna,
      lines: [{ product: world.tea }],
      code: 'MINE',
    });
    expect(only.discounts).toEqual([]);
  });

  it('a metafield of more than 10,000 bytes is not seen', async () => {
    const world = await open();
    const id = await appDiscount(world);
    await post(world, 'set-tags', { customer: world.anna, tags: ['regulars-offer-a'] });
    const value = JSON.stringify({ offers: offers(world.bags), padding: 'x'.repeat(10_000) });
    const { data } = await world.ask(
      'mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { userErrors { message } } }',
      {
        m: [{ ownerId: id, namespace: '$app', key: 'offers', type: 'json', value }],
      },
    );
    expect(at(data, 'metafieldsSet', 'userErrors')).toEqual([]);
    expect(await checkout(world, { customer: world.anna, lines: [{ product: world.tea }] })).toMatchObject({
      total: '10.00',
    });
  });

  it('that answer badly take nothing off, and the reason is told', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'functions-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const answers: Record<string, string> = {
      // Of a class that the discount does not have.
      eager:
        "{ operations: [{ orderDiscountsAdd: { selectionStrategy: 'FIRST', candidates: [{ targets: [{ orderSubtotal: { excludedCartLineIds: [] } }], value: { percentage: { value: '90' } } }] } }] }",
      wrong: '{ operations: [{ productDiscountsAdd: { candidates: 7 } }] }',
      broken: '(() => { throw new Error("no luck") })()',
      endless: '(() => { for (;;) {} })()',
    };
    for (const [name, answer] of Object.entries(answers)) {
      const source = path.join(folder, 'extensions', name, 'src');
      await mkdir(source, { recursive: true });
      await writeFile(path.join(source, 'index.ts'), `export const run = () => (${answer});\n`);
      await writeFile(path.join(source, 'run.graphql'), 'query Input { presentmentCurrencyRate }');
      await writeFile(
        path.join(source, '../shopify.extension.toml'),
        `api_version = "2026-10"\n[[extensions]]\nname = "${name}"\nhandle = "${name}"\ntype = "function"\n[[extensions.targeting]]\ntarget = "cart.lines.discounts.generate.run"\ninput_query = "src/run.graphql"\nexport = "run"\n`,
      );
    }
    await copyFile(APP_CONFIG, path.join(folder, 'shopify.app.toml'));
    const world = await open(path.join(folder, 'shopify.app.toml'));
    for (const functionHandle of Object.keys(answers)) {
      await appDiscount(world, { title: functionHandle, functionHandle, discountClasses: ['PRODUCT'] });
    }
    const cart = await checkout(world, { customer: world.anna, lines: [{ product: world.tea }] });
    expect(cart).toMatchObject({ total: '10.00', discounts: [] });
    expect(reasons(cart)).toEqual({
      eager: 'The function gave something that is not of the classes of the discount.',
      wrong: expect.stringContaining('answer is not valid'),
      broken: 'The function failed: no luck',
      endless: 'The function failed: interrupted',
    });
  });
});
