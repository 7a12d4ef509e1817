/** Segments of the sandbox: made, changed, deleted, refused, listed. */
import { describe, expect, it } from 'vitest';
import { at, openSandbox } from './call-sandbox.ts';
import { CREATE, UPDATE, DELETE, create, refusals } from './call-segments.ts';

describe('segments', () => {
  it('are made, changed, read and deleted; a deleted one is null with NOT_FOUND and in no list', async () => {
    const caller = await openSandbox();
    const { ask } = caller;
    const made = await ask(CREATE, { name: ' VIP ', query: "customer_tags CONTAINS 'vip'" });
    expect(made.cost).toMatchObject({ requestedQueryCost: 10, actualQueryCost: 10 });
    expect(at(made.data, 'segmentCreate', 'segment')).toMatchObject({
      name: 'VIP',
      query: "customer_tags CONTAINS 'vip'",
    });
    const id = String(at(made.data, 'segmentCreate', 'segment', 'id'));
    const changed = await ask(UPDATE, { id, query: 'number_of_orders > 3' });
    expect(at(changed.data, 'segmentUpdate', 'segment')).toEqual({
      id,
      name: 'VIP',
      query: 'number_of_orders > 3',
    });
    const read = await ask(
      'query($id: ID!) { segment(id: $id) { name } node(id: $id) { ... on Segment { name } } segmentsCount { count precision } }',
      { id },
    );
    expect(read.data).toEqual({
      segment: { name: 'VIP' },
      node: { name: 'VIP' },
      segmentsCount: { count: 1, precision: 'EXACT' },
    });

    const deleted = await ask(DELETE, { id });
    expect(at(deleted.data, 'segmentDelete')).toEqual({ deletedSegmentId: id, userErrors: [] });
    const gone = await ask(
      'query($id: ID!) { segment(id: $id) { name } segments(first: 5) { nodes { id } } }',
      { id },
    );
    expect(gone.data).toEqual({ segment: null, segments: { nodes: [] } });
    expect(gone.errors?.[0]).toMatchObject({
      message: 'Segment does not exist',
      path: ['segment'],
      extensions: { code: 'NOT_FOUND' },
    });
    for (const [mutation, field] of [
      [UPDATE, 'segmentUpdate'],
      [DELETE, 'segmentDelete'],
    ] as const) {
      const { data } = await ask(mutation, { id, name: 'x' });
      expect(at(data, field, 'userErrors')).toEqual([{ field: ['id'], message: 'Segment does not exist' }]);
    }
    const wrong = await ask(DELETE, { id: 'gid://shopify/Customer/1' });
    expect(wrong.errors?.[0]).toMatchObject({
      message: 'invalid id',
      extensions: { code: 'RESOURCE_NOT_FOUND' },
    });
  });

  it('are refused in Shopify’s words: presence and length before grammar', async () => {
    const caller = await openSandbox();
    expect(await refusals(caller, ' ', '')).toEqual([
      { field: ['name'], message: "Name can't be blank" },
      { field: ['query'], message: "Query can't be blank" },
    ]);
    expect(await refusals(caller, 'x'.repeat(256), 'number_of_orders > 1'.padEnd(5001))).toEqual([
      { field: ['name'], message: 'Name is too long (maximum is 255 characters)' },
      { field: ['query'], message: 'Query is too long (maximum is 5000 characters)' },
    ]);
    expect(await refusals(caller, 'x', 'not a valid segment query ???')).toEqual([
      { field: ['query'], message: "Query Line 1 Column 6: 'valid' is unexpected." },
      { field: ['query'], message: "Query Line 1 Column 4: 'a' filter cannot be found." },
    ]);
    const id = await create(caller, 'x'.repeat(255), "customer_tags CONTAINS 'O\\'Neil'");
    const { data } = await caller.ask(UPDATE, { id });
    expect(at(data, 'segmentUpdate', 'userErrors')).toEqual([
      { field: null, message: 'At least one attribute to change must be present' },
    ]);
  });

  it('of a name that is taken get a number', async () => {
    const caller = await openSandbox();
    const names: unknown[] = [];
    for (const name of ['VIP', 'VIP', 'VIP', 'VIP (2)']) {
      const { data } = await caller.ask(CREATE, { name, query: 'number_of_orders > 1' });
      names.push(at(data, 'segmentCreate', 'segment', 'name'));
    }
    expect(names).toEqual(['VIP', 'VIP (2)', 'VIP (3)', 'VIP (4)']);
  });

  it('end at 6,000', async () => {
    const caller = await openSandbox();
    for (let n = 0; n < 6000; n += 1) {
      caller.store.segments.put({
        id: String(n + 1),
        name: `s${n}`,
        query: 'number_of_orders > 1',
        creationDate: '',
        lastEditDate: '',
      });
    }
    expect(await refusals(caller, 'one more', 'number_of_orders > 1')).toEqual([
      { field: null, message: 'Segment limit reached. Delete an existing segment to create more.' },
    ]);
  });

  it('are listed by name and time, and found by search when the index has seen them', async () => {
    const caller = await openSandbox();
    await create(caller, 'Beta', 'number_of_orders > 1');
    await fetch(`${caller.sandbox.url}/control/search-index`, { method: 'POST', body: '{"lagMs":60000}' });
    await create(caller, 'Alpha', 'number_of_orders > 2');
    const list = async (args: string) => {
      const { data } = await caller.ask(`{ segments(first: 10, ${args}) { nodes { name } } }`);
      return (at(data, 'segments', 'nodes') as { name: string }[]).map(({ name }) => name);
    };
    expect(await list('sortKey: ID, reverse: true')).toEqual(['Alpha', 'Beta']);
    expect(await list('query: "name:alpha"')).toEqual([]);
    await fetch(`${caller.sandbox.url}/control/search-index`, {
      method: 'POST',
      body: '{"advanceMs":60001}',
    });
    expect(await list('query: "name:alpha"')).toEqual(['Alpha']);
  });
});

describe('around segments', () => {
  it('snapshots, restores and resets hold them', async () => {
    const caller = await openSandbox();
    const { control } = caller.sandbox;
    await create(caller, 'One', 'number_of_orders > 1');
    control.snapshot('one');
    await create(caller, 'Two', 'number_of_orders > 2');
    await control.restore('one');
    expect([...caller.store.segments.all()].map(({ name }) => name)).toEqual(['One']);
    await control.reset();
    expect(caller.store.segments.size).toBe(0);
  });

  it('a merchant changes them by the control API', async () => {
    const caller = await openSandbox();
    const id = await create(caller, 'Mine', 'number_of_orders > 1');
    const act = async (name: string, body: object) => {
      const response = await fetch(`${caller.sandbox.url}/control/${name}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return { status: response.status, ...((await response.json()) as object) };
    };
    expect(await act('update-segment', { segment: id, query: 'amount_spent > 10' })).toMatchObject({
      status: 200,
      result: { name: 'Mine', query: 'amount_spent > 10' },
    });
    expect(await act('update-segment', { segment: id, query: 'amount_spent >' })).toMatchObject({
      status: 422,
      error: 'Query Line 1 Column 14: The query ends too early.',
    });
    expect(await act('delete-segment', { segment: 'Mine' })).toMatchObject({ status: 200 });
    expect(caller.store.segments.size).toBe(0);
  });

  it('need the scopes of customers', async () => {
    const caller = await openSandbox();
    caller.sandbox.access.setScopes(caller.store.shop.domain, ['read_customers']);
    const read = await caller.ask('{ segments(first: 1) { nodes { id } } }');
    expect(read.data).toEqual({ segments: { nodes: [] } });
    const { errors } = await caller.ask(CREATE, { name: 'x', query: 'number_of_orders > 1' });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'ACCESS_DENIED' });
  });
});
