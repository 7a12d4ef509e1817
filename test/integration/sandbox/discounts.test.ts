import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, openSandbox } from './call-sandbox.ts';
import type { Answer, Caller } from './call-sandbox.ts';

const APP_CONFIG = path.resolve(import.meta.dirname, '../../../shopify.app.toml');
const SCOPES = ['write_customers', 'write_discounts', 'read_products', 'write_orders'];

async function open(): Promise<Caller> {
  const caller = await openSandbox({ appConfig: APP_CONFIG });
  caller.sandbox.access.setScopes(caller.store.shop.domain, SCOPES);
  return caller;
}

const BASIC =
  'mutation($d: DiscountAutomaticBasicInput!) { discountAutomaticBasicCreate(automaticBasicDiscount: $d) { automaticDiscountNode { id } userErrors { field message code extraInfo } } }';
const UPDATE =
  'mutation($id: ID!, $d: DiscountAutomaticBasicInput!) { discountAutomaticBasicUpdate(id: $id, automaticBasicDiscount: $d) { automaticDiscountNode { id } userErrors { field message code } } }';
const CODE =
  'mutation($d: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $d) { codeDiscountNode { id } userErrors { field message code } } }';
const APP =
  'mutation($d: DiscountAutomaticAppInput!) { discountAutomaticAppCreate(automaticAppDiscount: $d) { automaticAppDiscount { discountId title status discountClasses appDiscountType { functionId title } } userErrors { field message code } } }';
const START = '2026-11-22T00:00:00.000Z';
const basic = (more: object = {}) => ({
  title: 'VIP 10%',
  startsAt: START,
  customerGets: { value: { percentage: 0.1 }, items: { all: true } },
  ...more,
});

async function createBasic({ ask }: Caller, more: object = {}): Promise<string> {
  const { data } = await ask(BASIC, { d: basic(more) });
  expect(at(data, 'discountAutomaticBasicCreate', 'userErrors')).toEqual([]);
  return String(at(data, 'discountAutomaticBasicCreate', 'automaticDiscountNode', 'id'));
}

function errorsOf({ data }: Answer): { field: string[]; message: string; code: string }[] {
  const [payload] = Object.values(data) as { userErrors: never[] }[];
  return payload?.userErrors ?? [];
}

async function segment(caller: Caller): Promise<string> {
  const { data } = await caller.ask(
    'mutation { segmentCreate(name: "VIP", query: "customer_tags CONTAINS \'vip\'") { segment { id } } }',
  );
  return String(at(data, 'segmentCreate', 'segment', 'id'));
}

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
