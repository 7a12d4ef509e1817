/** Discounts as the app makes them: for a segment, with an end, by code; and what Shopify refuses. */
import { describe, expect, it } from 'vitest';
import { contractShop } from './contract-shop.ts';

const shop = contractShop();

const CREATE =
  'mutation($d: DiscountAutomaticBasicInput!) { discountAutomaticBasicCreate(automaticBasicDiscount: $d) { automaticDiscountNode { id } userErrors { field message code extraInfo } } }';
const CODE =
  'mutation($d: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $d) { codeDiscountNode { id } userErrors { field message code } } }';
const DELETE =
  'mutation($id: ID!) { discountAutomaticDelete(id: $id) { deletedAutomaticDiscountId userErrors { field message } } }';
const DELETE_CODE =
  'mutation($id: ID!) { discountCodeDelete(id: $id) { deletedCodeDiscountId userErrors { field message } } }';

const basic = (more: Record<string, unknown> = {}) => ({
  title: shop.mark,
  // Far ahead: nobody of a real store meets it.
  startsAt: '2030-01-01T00:00:00Z',
  endsAt: '2030-02-01T00:00:00Z',
  customerGets: { value: { percentage: 0.1 }, items: { all: true } },
  ...more,
});

describe('automatic discounts', () => {
  it('for a segment are read back with it, changed and deleted', async () => {
    const { segment } = await shop.run(
      'mutation($name: String!) { segmentCreate(name: $name, query: "number_of_orders > 3") { segment { id } } }',
      { name: `${shop.mark} for a discount` },
    );
    const { id: segmentId } = segment as { id: string };
    shop.atTheEnd(() =>
      shop.ask('mutation($id: ID!) { segmentDelete(id: $id) { deletedSegmentId } }', { id: segmentId }),
    );
    const made = await shop.ask(CREATE, {
      d: basic({ context: { customerSegments: { add: [segmentId] } } }),
    });
    expect(made.cost).toMatchObject({ requestedQueryCost: 13, actualQueryCost: 13 });
    const payload = made.data['discountAutomaticBasicCreate'] as { automaticDiscountNode: { id: string } };
    const { id } = payload.automaticDiscountNode;
    shop.atTheEnd(() => shop.ask(DELETE, { id }));
    const { discount } = await shop.run(
      'query($id: ID!) { discountNode(id: $id) { discount { ... on DiscountAutomaticBasic { title status endsAt context { ... on DiscountCustomerSegments { segments { id } } } customerGets { value { ... on DiscountPercentage { percentage } } } } } } }',
      { id },
    );
    expect(discount).toMatchObject({
      title: shop.mark,
      status: 'SCHEDULED',
      context: { segments: [{ id: segmentId }] },
      customerGets: { value: { percentage: 0.1 } },
    });
    const gone = await shop.ask(DELETE, { id });
    expect(gone.cost.actualQueryCost).toBe(10);
    expect(gone.data['discountAutomaticDelete']).toEqual({ deletedAutomaticDiscountId: id, userErrors: [] });
  });

  it('end after they begin, and take no more than everything', async () => {
    const refusal = async (more: Record<string, unknown>) =>
      (await shop.run(CREATE, { d: basic(more) }))['userErrors'];
    expect(await refusal({ endsAt: '2029-12-31T00:00:00Z' })).toEqual([
      {
        field: ['automaticBasicDiscount', 'endsAt'],
        message: 'Ends at needs to be after starts_at',
        code: 'INVALID',
        extraInfo: null,
      },
    ]);
    expect(
      await refusal({ customerGets: { value: { percentage: 1.5 }, items: { all: true } } }),
    ).toMatchObject([
      {
        field: ['automaticBasicDiscount', 'customerGets', 'value', 'percentage'],
        message: 'Value must be between 0.0 and 1.0',
        code: 'VALUE_OUTSIDE_RANGE',
      },
    ]);
    expect(await refusal({ title: '' })).toMatchObject([{ message: "Title can't be blank", code: 'BLANK' }]);
  });
});

describe('code discounts', () => {
  it('have a code that no other has', async () => {
    const code = shop.mark.toUpperCase();
    const made = await shop.ask(CODE, { d: { ...basic(), code } });
    expect(made.cost.requestedQueryCost).toBe(16);
    const payload = made.data['discountCodeBasicCreate'] as { codeDiscountNode: { id: string } };
    const { id } = payload.codeDiscountNode;
    shop.atTheEnd(() => shop.ask(DELETE_CODE, { id }));
    const { userErrors } = await shop.run(CODE, { d: { ...basic(), code } });
    expect(userErrors).toEqual([
      {
        field: ['basicCodeDiscount', 'code'],
        message: 'Code must be unique. Please try a different code.',
        code: 'TAKEN',
      },
    ]);
    expect(await shop.run(DELETE_CODE, { id })).toEqual({ deletedCodeDiscountId: id, userErrors: [] });
  });
});

const READ_STATE =
  'query($id: ID!) { discountNode(id: $id) { discount { ... on DiscountAutomaticBasic { status startsAt endsAt } ... on DiscountCodeBasic { status startsAt endsAt } } } }';

describe.each([
  { method: 'Automatic', node: 'automaticDiscountNode', create: CREATE, remove: DELETE },
  { method: 'Code', node: 'codeDiscountNode', create: CODE, remove: DELETE_CODE },
])('turned on and off: $method', ({ method, node, create, remove }) => {
  const turn = (act: 'Activate' | 'Deactivate') =>
    `mutation($id: ID!) { discount${method}${act}(id: $id) { ${node} { id } userErrors { field message code } } }`;
  const state = async (id: string) => {
    const { discount } = await shop.run(READ_STATE, { id });
    const { status, startsAt, endsAt } = discount as {
      status: string;
      startsAt: string;
      endsAt: string | null;
    };
    return { status, startsAt: new Date(startsAt), endsAt: endsAt === null ? null : new Date(endsAt) };
  };

  it('a scheduled one begins now and keeps its end; turned off it has ended; turned on again it has no end', async () => {
    const code = `${shop.mark}-ON`.toUpperCase();
    const d = basic(
      method === 'Code' ? { code } : { context: { customerSegments: { add: [await nobody()] } } },
    );
    const made = (await shop.run(create, { d }))[node] as { id: string };
    const { id } = made;
    shop.atTheEnd(() => shop.ask(remove, { id }));
    expect(await state(id)).toMatchObject({ status: 'SCHEDULED' });
    const on = await shop.ask(turn('Activate'), { id });
    expect(on.cost.requestedQueryCost).toBe(10);
    expect(on.data[`discount${method}Activate`]).toEqual({ [node]: { id }, userErrors: [] });
    const began = await state(id);
    expect(began).toMatchObject({ status: 'ACTIVE', endsAt: new Date('2030-02-01T00:00:00Z') });
    expect(began.startsAt.getTime()).toBeLessThan(Date.parse('2030-01-01T00:00:00Z'));
    expect(await shop.run(turn('Activate'), { id }), 'once more').toEqual({ [node]: { id }, userErrors: [] });
    expect(await state(id)).toEqual(began);
    expect(await shop.run(turn('Deactivate'), { id })).toEqual({ [node]: { id }, userErrors: [] });
    const ended = await state(id);
    expect(ended).toMatchObject({ status: 'EXPIRED', startsAt: began.startsAt });
    expect(ended.endsAt?.getTime()).toBeLessThan(Date.parse('2030-01-01T00:00:00Z'));
    expect(await shop.run(turn('Deactivate'), { id }), 'once more').toEqual({
      [node]: { id },
      userErrors: [],
    });
    await shop.run(turn('Activate'), { id });
    expect(await state(id)).toMatchObject({ status: 'ACTIVE', endsAt: null });
  });

  it('one that is not there is named', async () => {
    const id = `gid://shopify/Discount${method}Node/1`;
    for (const act of ['Activate', 'Deactivate'] as const) {
      expect(await shop.run(turn(act), { id })).toMatchObject({
        [node]: null,
        userErrors: [{ field: ['id'], message: 'Discount does not exist', code: 'INVALID' }],
      });
    }
  });
});

/** A segment of nobody, so that no customer of a real store gets the discount. */
async function nobody(): Promise<string> {
  const { segment } = await shop.run(
    'mutation($name: String!, $query: String!) { segmentCreate(name: $name, query: $query) { segment { id } } }',
    { name: `${shop.mark} of nobody`, query: `customer_tags CONTAINS '${shop.mark}-nobody'` },
  );
  const { id } = segment as { id: string };
  shop.atTheEnd(() => shop.ask('mutation($id: ID!) { segmentDelete(id: $id) { deletedSegmentId } }', { id }));
  return id;
}

describe('Flow triggers', () => {
  it('of an unknown handle are refused', async () => {
    const { data, cost } = await shop.ask(
      'mutation { flowTriggerReceive(handle: "no-such-trigger", payload: {}) { userErrors { field message } } }',
    );
    expect(cost.requestedQueryCost).toBe(1);
    expect(data['flowTriggerReceive']).toEqual({
      userErrors: [
        { field: ['body'], message: "Errors validating schema:\n  Invalid handle 'no-such-trigger'.\n" },
      ],
    });
  });
});
