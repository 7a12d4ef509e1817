/** Automatic discounts, and lists of all discounts. */
import { describe, expect, it } from 'vitest';
import { at } from './call-sandbox.ts';
import { open, BASIC, UPDATE, CODE, START, basic, createBasic, errorsOf, segment } from './discount-calls.ts';

describe('automatic discounts', () => {
  it('are made for a segment, read back whole, changed and deleted', async () => {
    const caller = await open();
    const { ask } = caller;
    const vip = await segment(caller);
    const made = await ask(BASIC, {
      d: basic({
        endsAt: '2026-12-22T00:00:00Z',
        context: { customerSegments: { add: [vip] } },
        combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: true },
        minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: '50' } },
        tags: ['vip'],
      }),
    });
    expect(made.cost).toMatchObject({ requestedQueryCost: 13, actualQueryCost: 13 });
    const id = String(at(made.data, 'discountAutomaticBasicCreate', 'automaticDiscountNode', 'id'));
    expect(id).toMatch(/^gid:\/\/shopify\/DiscountAutomaticNode\/\d+$/);
    const read = await ask(
      `query($id: ID!) { automaticDiscountNode(id: $id) { id automaticDiscount { __typename ... on DiscountAutomaticBasic {
        title status startsAt endsAt tags discountClasses asyncUsageCount summary
        combinesWith { orderDiscounts productDiscounts shippingDiscounts }
        context { __typename ... on DiscountCustomerSegments { segments { id name } } }
        minimumRequirement { ... on DiscountMinimumSubtotal { greaterThanOrEqualToSubtotal { amount currencyCode } } }
        customerGets { items { ... on AllDiscountItems { allItems } } value { ... on DiscountPercentage { percentage } } } } } } }`,
      { id },
    );
    expect(read.errors).toBeUndefined();
    expect(at(read.data, 'automaticDiscountNode')).toEqual({
      id,
      automaticDiscount: {
        __typename: 'DiscountAutomaticBasic',
        title: 'VIP 10%',
        status: 'ACTIVE',
        startsAt: START,
        endsAt: '2026-12-22T00:00:00.000Z',
        tags: ['vip'],
        discountClasses: ['ORDER'],
        asyncUsageCount: 0,
        summary: '10% off entire order • Minimum purchase of €50.00 • For certain customer segments',
        combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: true },
        context: { __typename: 'DiscountCustomerSegments', segments: [{ id: vip, name: 'VIP' }] },
        minimumRequirement: { greaterThanOrEqualToSubtotal: { amount: '50.0', currencyCode: 'EUR' } },
        customerGets: { items: { allItems: true }, value: { percentage: 0.1 } },
      },
    });

    const changed = await ask(UPDATE, {
      id,
      d: { title: 'VIP 15%', customerGets: { value: { percentage: 0.15 } } },
    });
    expect(changed.cost.requestedQueryCost).toBe(13);
    expect(errorsOf(changed)).toEqual([]);
    const [record] = caller.store.discounts.all();
    expect(record).toMatchObject({
      title: 'VIP 15%',
      gets: { value: { percentage: 0.15 } },
      context: { kind: 'segments' },
    });

    const gone = await ask(
      'mutation($id: ID!) { discountAutomaticDelete(id: $id) { deletedAutomaticDiscountId userErrors { message } } }',
      { id },
    );
    expect(gone.cost.requestedQueryCost).toBe(10);
    expect(at(gone.data, 'discountAutomaticDelete')).toEqual({
      deletedAutomaticDiscountId: id,
      userErrors: [],
    });
    expect(errorsOf(await ask(UPDATE, { id, d: { title: 'x' } }))).toMatchObject([
      { field: ['id'], message: 'Discount does not exist' },
    ]);
  });

  it('are refused with Shopify’s codes', async () => {
    const { ask } = await open();
    const refusal = async (more: object) => errorsOf(await ask(BASIC, { d: basic(more) }));
    const gets = (value: object, items: object = { all: true }) => ({ customerGets: { value, items } });
    const prefix = 'automaticBasicDiscount';
    expect(await refusal({ title: ' ' })).toMatchObject([
      { field: [prefix, 'title'], message: "Title can't be blank", code: 'BLANK' },
    ]);
    expect(await refusal({ title: 'x'.repeat(256) })).toMatchObject([{ code: 'TOO_LONG' }]);
    expect(await refusal({ endsAt: START })).toMatchObject([
      {
        field: [prefix, 'endsAt'],
        message: 'Ends at needs to be after starts_at',
        code: 'INVALID',
        extraInfo: null,
      },
    ]);
    for (const percentage of [1.01, -0.1]) {
      expect(await refusal(gets({ percentage }))).toMatchObject([
        {
          field: [prefix, 'customerGets', 'value', 'percentage'],
          message: 'Value must be between 0.0 and 1.0',
          code: 'VALUE_OUTSIDE_RANGE',
        },
      ]);
    }
    expect(await refusal({ tags: ['1', '2', '3', '4', '5', '6'] })).toMatchObject([
      { field: [prefix, 'tags'], code: 'TOO_MANY_TAGS' },
    ]);
    expect(
      await refusal(gets({ percentage: 0.1 }, { products: { productsToAdd: ['gid://shopify/Product/0'] } })),
    ).toMatchObject([
      {
        field: [prefix, 'customerGets', 'items', 'products', 'productsToAdd'],
        message: 'Product with id: 0 is invalid',
        code: 'INVALID',
      },
    ]);
    expect(
      await refusal({ context: { customerSegments: { add: ['gid://shopify/Segment/77'] } } }),
    ).toMatchObject([{ field: [prefix, 'context', 'customerSegments', 'add'], code: 'INVALID' }]);
    expect(
      await refusal({
        minimumRequirement: {
          subtotal: { greaterThanOrEqualToSubtotal: '1' },
          quantity: { greaterThanOrEqualToQuantity: '1' },
        },
      }),
    ).toMatchObject([{ code: 'CONFLICT' }, { code: 'CONFLICT' }]);
    const twoKinds = await ask(BASIC, { d: basic({ context: { all: 'ALL', customers: { add: [] } } }) });
    expect(twoKinds.errors?.[0]?.message).toContain('Exactly one key must be specified');
  });

  it('at most 25 at the same time, whoever made them; others may begin when these have ended', async () => {
    const caller = await open();
    for (let n = 0; n < 24; n += 1)
      await createBasic(caller, { title: `n${n}`, endsAt: '2026-12-01T00:00:00Z' });
    const merchant = await fetch(`${caller.sandbox.url}/control/create-discount`, {
      method: 'POST',
      body: '{"title":"Summer","percent":5}',
    });
    expect(merchant.status).toBe(200);
    expect(errorsOf(await caller.ask(BASIC, { d: basic() }))).toMatchObject([
      {
        code: 'ACTIVE_PERIOD_OVERLAP',
        message: expect.stringContaining('only 25 automatic discounts can be active'),
      },
    ]);
    await createBasic(caller, { title: 'later', startsAt: '2026-12-01T00:00:00Z' });
    // Active now, and beginning with the one that is planned: 24 have ended by then.
    await createBasic(caller, { title: 'later too', startsAt: '2026-12-02T00:00:00Z' });
    const state = (await (await fetch(`${caller.sandbox.url}/control/state`)).json()) as Record<
      string,
      unknown
    >;
    expect(state['discounts']).toEqual({ count: 27, active: 25, activeAutomatic: 25 });
    // A code is not among them.
    expect(errorsOf(await caller.ask(CODE, { d: { ...basic(), code: 'MORE' } }))).toEqual([]);
  });

  it('have a status by the business clock; activating and deactivating move their dates', async () => {
    const caller = await open();
    const id = await createBasic(caller, {
      startsAt: '2026-11-30T00:00:00Z',
      endsAt: '2026-12-10T00:00:00Z',
    });
    const state = async () => {
      const { data } = await caller.ask(
        'query($id: ID!) { discountNode(id: $id) { discount { ... on DiscountAutomaticBasic { status startsAt endsAt } } } }',
        {
          id: id.replace('Automatic', ''),
        },
      );
      return at(data, 'discountNode', 'discount');
    };
    const turn = async (name: string) => {
      const answer = await caller.ask(
        `mutation($id: ID!) { ${name}(id: $id) { automaticDiscountNode { id } userErrors { message code } } }`,
        { id },
      );
      expect(errorsOf(answer)).toEqual([]);
    };
    expect(await state()).toMatchObject({ status: 'SCHEDULED' });
    caller.sandbox.clock.advanceDays(9, 'UTC');
    expect(await state()).toMatchObject({ status: 'ACTIVE' });
    caller.sandbox.clock.advanceDays(10, 'UTC');
    expect(await state()).toMatchObject({ status: 'EXPIRED' });
    await turn('discountAutomaticActivate');
    expect(await state()).toMatchObject({ status: 'ACTIVE', endsAt: null });
    await turn('discountAutomaticDeactivate');
    expect(await state()).toMatchObject({
      status: 'EXPIRED',
      endsAt: caller.store.clock.now().toISOString(),
    });
  });
});

describe('lists of discounts', () => {
  it('know status, kind, context, title, segment and code', async () => {
    const caller = await open();
    const vip = await segment(caller);
    await createBasic(caller, { title: 'For VIPs', context: { customerSegments: { add: [vip] } } });
    await createBasic(caller, { title: 'Old', endsAt: '2026-11-22T01:00:00Z' });
    await caller.ask(CODE, { d: { ...basic({ title: 'With code' }), code: 'HELLO' } });
    await caller.ask(
      'mutation { discountAutomaticFreeShippingCreate(freeShippingAutomaticDiscount: { title: "Ship", startsAt: "2026-12-01", destination: { all: true } }) { userErrors { message } } }',
    );
    const found = async (query: string) => {
      const { data } = await caller.ask(
        'query($query: String!) { discountNodes(first: 20, query: $query) { nodes { id } } discountNodesCount(query: $query) { count } }',
        { query },
      );
      const nodes = at(data, 'discountNodes', 'nodes') as { id: string }[];
      expect(at(data, 'discountNodesCount', 'count')).toBe(nodes.length);
      return nodes.map(({ id }) => caller.store.discounts.get(id.split('/').at(-1) ?? '')?.title);
    };
    expect(await found('status:active')).toEqual(['For VIPs', 'With code']);
    expect(await found('status:scheduled')).toEqual(['Ship']);
    expect(await found('status:expired')).toEqual(['Old']);
    expect(await found('method:code')).toEqual(['With code']);
    expect(await found('discount_type:free_shipping')).toEqual(['Ship']);
    expect(await found('context:segment')).toEqual(['For VIPs']);
    expect(await found(`segment_ids:${vip.split('/').at(-1)}`)).toEqual(['For VIPs']);
    expect(await found('code:HELLO')).toEqual(['With code']);
    expect(await found('title:old')).toEqual(['Old']);
    const { data } = await caller.ask(
      '{ automaticDiscountNodes(first: 5) { nodes { id } } codeDiscountNodes(first: 5) { nodes { id codeDiscount { ... on DiscountCodeBasic { codes(first: 1) { nodes { code } } } } } } codeDiscountNodeByCode(code: "hello") { id } }',
    );
    expect(at(data, 'automaticDiscountNodes', 'nodes')).toHaveLength(3);
    expect(at(data, 'codeDiscountNodes', 'nodes', 0, 'codeDiscount', 'codes', 'nodes')).toEqual([
      { code: 'HELLO' },
    ]);
    expect(at(data, 'codeDiscountNodeByCode', 'id')).toBe(at(data, 'codeDiscountNodes', 'nodes', 0, 'id'));
  });
});
