/** Discounts with a code and those of a function; what a store has of its own, and what guards them. */
import { describe, expect, it } from 'vitest';
import { at, openSandbox } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';
import { open, BASIC, CODE, APP, START, basic, createBasic, errorsOf } from './discount-calls.ts';

describe('code discounts', () => {
  it('have a code of their own, and are on, off and gone', async () => {
    const caller = await open();
    const made = await caller.ask(CODE, {
      d: { ...basic(), code: 'SAVE10', usageLimit: 5, appliesOncePerCustomer: true },
    });
    expect(made.cost.requestedQueryCost).toBe(16);
    const id = at(made.data, 'discountCodeBasicCreate', 'codeDiscountNode', 'id');
    const refusal = async (code: string) => errorsOf(await caller.ask(CODE, { d: { ...basic(), code } }));
    expect(await refusal('save10')).toMatchObject([
      {
        field: ['basicCodeDiscount', 'code'],
        message: 'Code must be unique. Please try a different code.',
        code: 'TAKEN',
      },
    ]);
    expect(await refusal('')).toMatchObject([{ code: 'TOO_SHORT' }]);
    expect(await refusal('x'.repeat(256))).toMatchObject([{ code: 'TOO_LONG' }]);
    const off = await caller.ask(
      'mutation($id: ID!) { discountCodeDeactivate(id: $id) { codeDiscountNode { codeDiscount { ... on DiscountCodeBasic { status } } } userErrors { message } } }',
      { id },
    );
    expect(at(off.data, 'discountCodeDeactivate', 'codeDiscountNode', 'codeDiscount')).toEqual({
      status: 'EXPIRED',
    });
    const gone = await caller.ask(
      'mutation($id: ID!) { discountCodeDelete(id: $id) { deletedCodeDiscountId userErrors { message } } }',
      { id },
    );
    expect(at(gone.data, 'discountCodeDelete', 'deletedCodeDiscountId')).toBe(id);
  });

  it('buy X get Y: its sides are checked', async () => {
    const caller = await open();
    const customerBuys = { items: { all: true }, value: { quantity: '2' } };
    const create = async (d: object) =>
      errorsOf(
        await caller.ask(
          'mutation($d: DiscountAutomaticBxgyInput!) { discountAutomaticBxgyCreate(automaticBxgyDiscount: $d) { automaticDiscountNode { id } userErrors { field message code } } }',
          {
            d: { title: '2 + 1', startsAt: START, customerBuys, ...d },
          },
        ),
      );
    const effect = { percentage: 1 };
    expect(
      await create({
        customerGets: { items: { all: true }, value: { discountOnQuantity: { quantity: '1', effect } } },
      }),
    ).toMatchObject([
      {
        field: ['automaticBxgyDiscount', 'customerGets'],
        message: "Items in 'customer get' cannot be set to all",
      },
    ]);
    const product = caller.store.newId('product');
    caller.store.putProduct({
      id: product,
      title: 'Tea',
      handle: 'tea',
      vendor: 'x',
      productType: 'Tea',
      status: 'ACTIVE',
      tags: [],
      createdAt: START,
      updatedAt: START,
      variants: [],
    });
    const items = { products: { productsToAdd: [`gid://shopify/Product/${product}`] } };
    expect(
      await create({ customerGets: { items, value: { discountOnQuantity: { quantity: '0', effect } } } }),
    ).toMatchObject([{ code: 'GREATER_THAN' }]);
    expect(await create({ customerGets: { items, value: { percentage: 0.1 } } })).toMatchObject([
      { code: 'INVALID' },
    ]);
    expect(
      await create({
        customerGets: { items, value: { discountOnQuantity: { quantity: '1', effect } } },
        usesPerOrderLimit: '0',
      }),
    ).toMatchObject([{ code: 'VALUE_OUTSIDE_RANGE' }]);
    expect(
      await create({ customerGets: { items, value: { discountOnQuantity: { quantity: '1', effect } } } }),
    ).toEqual([]);
  });
});

describe('app discounts', () => {
  it('are of a function that the app has, with metafields that are set again by compare-and-set', async () => {
    const caller = await open();
    const { data: functions } = await caller.ask(
      '{ shopifyFunctions(first: 5) { nodes { id handle apiType title } } }',
    );
    const [known] = at(functions, 'shopifyFunctions', 'nodes') as { id: string; handle: string }[];
    expect(known).toMatchObject({ handle: 'segment-offers', apiType: 'discount', title: 'Segment offers' });
    const app = (more: object = {}) => ({
      title: 'Regulars: offers',
      startsAt: START,
      functionHandle: 'segment-offers',
      discountClasses: ['PRODUCT', 'ORDER'],
      metafields: [{ namespace: '$app', key: 'offers', type: 'json', value: '{"offers":[]}' }],
      ...more,
    });
    expect(errorsOf(await caller.ask(APP, { d: app({ functionHandle: 'others' }) }))).toMatchObject([
      {
        field: ['automaticAppDiscount', 'functionHandle'],
        message: expect.stringMatching(/^Function others not found\./),
        code: 'INVALID',
      },
    ]);
    expect(errorsOf(await caller.ask(APP, { d: app({ functionHandle: null }) }))).toMatchObject([
      { code: 'MISSING_FUNCTION_IDENTIFIER' },
    ]);
    expect(errorsOf(await caller.ask(APP, { d: app({ functionId: known?.id }) }))).toMatchObject([
      { code: 'MULTIPLE_FUNCTION_IDENTIFIERS' },
    ]);
    expect(
      errorsOf(
        await caller.ask(APP, {
          d: app({ metafields: [{ namespace: '$app', key: 'offers', type: 'json', value: '{' }] }),
        }),
      ),
    ).toMatchObject([{ field: ['automaticAppDiscount', 'metafields', '0', 'value'] }]);
    expect(caller.store.discounts.size).toBe(0);

    const made = await caller.ask(APP, { d: app() });
    expect(errorsOf(made)).toEqual([]);
    const shown = at(made.data, 'discountAutomaticAppCreate', 'automaticAppDiscount') as {
      discountId: string;
    };
    expect(shown).toMatchObject({
      title: 'Regulars: offers',
      status: 'ACTIVE',
      discountClasses: ['PRODUCT', 'ORDER'],
      appDiscountType: { functionId: known?.id },
    });
    const read = () =>
      caller.ask(
        'query($id: ID!) { discountNode(id: $id) { metafield(namespace: "$app", key: "offers") { value compareDigest } metafields(first: 5) { nodes { key } } } }',
        {
          id: shown.discountId,
        },
      );
    const before = await read();
    expect(at(before.data, 'discountNode')).toMatchObject({
      metafield: { value: '{"offers":[]}' },
      metafields: { nodes: [{ key: 'offers' }] },
    });
    const set = (compareDigest: unknown) =>
      caller.ask(
        'mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { userErrors { code } } }',
        {
          m: [
            {
              ownerId: shown.discountId,
              namespace: '$app',
              key: 'offers',
              type: 'json',
              value: '{"offers":[1]}',
              compareDigest,
            },
          ],
        },
      );
    const digest = at(before.data, 'discountNode', 'metafield', 'compareDigest');
    expect(errorsOf(await set(digest))).toEqual([]);
    expect(errorsOf(await set(digest))).toMatchObject([{ code: 'STALE_OBJECT' }]);
  });
});

describe('around discounts', () => {
  it('a generated store has some of the merchant’s own, the same every time', async () => {
    const seed = { customers: 50, seed: 3 };
    const [one, other] = [await openSandbox({ seed }), await openSandbox({ seed })];
    const plain = (caller: Caller) =>
      [...caller.store.discounts.all()].map(({ updatedAt: _, ...rest }) => rest);
    expect(plain(one).length).toBeGreaterThanOrEqual(4);
    expect(plain(one)).toEqual(plain(other));
    const { data } = await one.ask('{ discountNodes(first: 10, query: "status:active") { nodes { id } } }');
    expect((at(data, 'discountNodes', 'nodes') as unknown[]).length).toBeGreaterThanOrEqual(2);
  });

  it('snapshots hold them; scopes guard them', async () => {
    const caller = await open();
    await createBasic(caller);
    caller.sandbox.control.snapshot('one');
    await caller.ask('mutation($id: ID!) { discountAutomaticDelete(id: $id) { userErrors { message } } }', {
      id: `gid://shopify/DiscountAutomaticNode/${[...caller.store.discounts.all()][0]?.id ?? ''}`,
    });
    expect(caller.store.discounts.size).toBe(0);
    await caller.sandbox.control.restore('one');
    expect(caller.store.discounts.size).toBe(1);
    caller.sandbox.access.setScopes(caller.store.shop.domain, ['read_discounts']);
    const refused = await caller.ask(BASIC, { d: basic() });
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'ACCESS_DENIED' });
    const allowed = await caller.ask('{ discountNodes(first: 1) { nodes { id } } }');
    expect(allowed.errors).toBeUndefined();
  });
});
