/** What the forms of the admin do to a store, and what the panel turns: over HTTP, as without a script. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCustomer } from '../../../sandbox/acts/create-customer.ts';
import { createProduct } from '../../../sandbox/acts/change-product.ts';
import { placeOrder } from '../../../sandbox/acts/place-order.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import type { SandboxOrder } from '../../../sandbox/store/model.ts';
import type { Store } from '../../../sandbox/store/store.ts';
import { webhooksOf } from '../../../sandbox/webhooks/webhooks.ts';
import { startAppDouble } from './app-double.ts';

const SHOP = 'forms.myshopify.com';
const base = '/store/forms';
let app: Awaited<ReturnType<typeof startAppDouble>>;
let sandbox: Sandbox;
let store: Store;

beforeAll(async () => {
  app = await startAppDouble();
  sandbox = await startSandbox({
    apiKey: 'key',
    apiSecret: 'the-secret-of-this-test',
    appUrl: app.url,
    appConfig: fileURLToPath(new URL('../../../shopify.app.toml', import.meta.url)),
    fast: true,
    clock: { now: '2026-11-22', frozen: true },
    stores: [
      { domain: SHOP, currency: 'EUR', timeZone: 'Europe/Berlin', seed: { empty: true } },
      { domain: 'forms-other.myshopify.com', seed: { empty: true } },
    ],
  });
  store = sandbox.stores.get(SHOP) as Store;
  sandbox.accessTokenFor(SHOP);
});

afterAll(async () => {
  await sandbox.close();
  await app.close();
});

/** The sentence that the form's page shows. */
async function submit(act: string, fields: [string, string][] | Record<string, string>) {
  const response = await fetch(`${sandbox.url}${base}/acts/${act}`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(fields),
  });
  const { said, error } = (await response.json()) as { said?: string; error?: string };
  return said ?? `refused: ${error}`;
}

async function text(path: string) {
  const response = await fetch(sandbox.url + base + path);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.text()).replace(/\s+/g, ' ');
}

const again = (order: SandboxOrder) => store.order(order.id) as SandboxOrder;

describe('orders', () => {
  it('are created with lines, a discount code and a customer', async () => {
    const customer = createCustomer(store, { email: 'lines@example.com' });
    const tea = createProduct(store, { title: 'Tea', price: '12.50' });
    const said = await submit('place-order', [
      ['customer', 'lines@example.com'],
      ['email', ''],
      ['line-product', tea.id],
      ['line-title', ''],
      ['line-quantity', '2'],
      ['line-price', ''],
      ['line-product', ''],
      ['line-title', 'Gift wrap'],
      ['line-quantity', '1'],
      ['line-price', '3'],
      ['line-product', ''],
      ['line-title', ''],
      ['line-quantity', '1'],
      ['line-price', ''],
      ['discountCode', 'WELCOME'],
      ['discountAmount', '5,00'],
      ['shipping', '4'],
      ['status', 'authorised'],
      ['tags', 'b2b, gift'],
      ['test', 'true'],
    ]);
    const [order] = store.ordersOf(customer.id);
    expect(said).toBe(`Order ${order?.name} placed.`);
    expect(order).toMatchObject({
      totalMinor: 2700,
      subtotalMinor: 2300,
      shippingMinor: 400,
      discountCodes: ['WELCOME'],
      financialStatus: 'AUTHORIZED',
      tags: ['b2b', 'gift'],
      test: true,
      lines: [
        { productId: tea.id, quantity: 2, priceMinor: 1250 },
        { title: 'Gift wrap', quantity: 1, priceMinor: 300 },
      ],
    });
  });

  it('are created for a guest, and refused without a line', async () => {
    const line: [string, string][] = [
      ['line-product', ''],
      ['line-title', 'Cup'],
      ['line-quantity', '1'],
      ['line-price', '9'],
    ];
    const before = store.orderCount();
    expect(await submit('place-order', [...line, ['email', 'guest@example.com']])).toMatch(
      /^Order #\d+ placed/,
    );
    expect([...store.orders()].at(-1)).toMatchObject({ customerId: null, email: 'guest@example.com' });
    expect(await submit('place-order', { status: 'paid' })).toContain('refused: An order needs an amount');
    expect(store.orderCount()).toBe(before + 1);
  });

  it('are captured, sent, edited, refunded in part and in full, and cancelled', async () => {
    const order = placeOrder(store, {
      lines: [{ title: 'Cup', price: '10', quantity: 3 }],
      status: 'authorised',
    });
    const line = order.lines[0]?.id ?? '';
    expect(await text(`/orders/${order.id}`)).toContain('Capture payment');
    expect(await submit('pay-order', { order: order.id, amount: '10' })).toContain('paid');
    expect(again(order)).toMatchObject({ financialStatus: 'PARTIALLY_PAID', outstandingMinor: 2000 });
    expect(await submit('pay-order', { order: order.id })).toContain('paid');
    expect(await submit('fulfil-order', { order: order.id })).toContain('fulfilled');
    expect(again(order)).toMatchObject({ financialStatus: 'PAID', fulfillmentStatus: 'FULFILLED' });
    expect(await submit('edit-order-line', { order: order.id, line, quantity: '4' })).toContain('edited');
    expect(again(order)).toMatchObject({ currentTotalMinor: 4000, financialStatus: 'PARTIALLY_PAID' });
    expect(await submit('refund-order', { order: order.id, [`return-${line}`]: '1' })).toContain('refunded');
    expect(again(order)).toMatchObject({ refundedMinor: 1000, lines: [{ currentQuantity: 3 }] });
    expect(await submit('refund-order', { order: order.id, amount: '2,50', note: 'late' })).toContain(
      'refunded',
    );
    expect(await submit('refund-order', { order: order.id })).toContain('refunded');
    expect(again(order)).toMatchObject({ refundedMinor: 3000, financialStatus: 'REFUNDED' });
    expect(await submit('refund-order', { order: order.id })).toContain('refused: Nothing was received');
    expect(await submit('cancel-order', { order: order.id, reason: 'FRAUD', refund: 'false' })).toContain(
      'cancelled',
    );
    expect(again(order)).toMatchObject({ cancelReason: 'FRAUD' });
    const page = await text(`/orders/${order.id}`);
    expect(page).toContain('Refunded, cancelled');
    expect(page).not.toContain('Capture payment');
  });

  it('are given to another customer, to nobody, and deleted', async () => {
    const customer = createCustomer(store, { email: 'owner@example.com' });
    const order = placeOrder(store, { amount: '5' });
    await submit('edit-order', {
      order: order.id,
      tags: 'x, y',
      note: 'hello',
      customer: 'owner@example.com',
    });
    expect(again(order)).toMatchObject({ customerId: customer.id, note: 'hello', tags: ['x', 'y'] });
    await submit('edit-order', { order: order.id, tags: '', note: '', customer: '' });
    expect(again(order)).toMatchObject({ customerId: null, note: null, tags: [] });
    expect(await submit('delete-order', { order: order.id })).toBe('Order deleted.');
    expect(store.order(order.id)).toBeUndefined();
  });
});

describe('customers', () => {
  it('are edited, and their tags, with a timeline of it all', async () => {
    const customer = createCustomer(store, { email: 'time@example.com', tags: ['Old', 'kept'] });
    const edit = {
      customer: customer.id,
      firstName: 'Tina',
      lastName: '',
      email: 'time@example.com',
      'address-city': 'Bonn',
      'address-countryCode': 'de',
      state: 'ENABLED',
    };
    expect(await submit('update-customer', edit)).toBe('Customer saved.');
    expect(store.customer(customer.id)).toMatchObject({
      firstName: 'Tina',
      lastName: null,
      state: 'ENABLED',
      address: { city: 'Bonn', countryCode: 'DE' },
    });
    expect(await submit('set-tags', { customer: customer.id, tags: 'kept, New' })).toBe('Tags saved.');
    expect(store.customer(customer.id)?.tags).toEqual(['kept', 'New']);
    const order = placeOrder(store, { customer: customer.id, amount: '20' });
    await submit('refund-order', { order: order.id, amount: '5' });
    await submit('consent', { customer: customer.id, channel: 'email', state: 'SUBSCRIBED' });
    const page = await text(`/customers/${customer.id}`);
    for (const event of [
      'Customer created', 'Tags removed: Old', 'Tags added: New', 'Account enabled',
      `Order ${order.name} placed`, `of ${order.name} refunded`, 'E-mail marketing: Subscribed',
    ]) expect(page).toContain(event); // prettier-ignore
  });
});

describe('products and collections', () => {
  it('change vendor, type, tags and collections', async () => {
    const product = createProduct(store, { title: 'Mug', vendor: 'Clay', tags: ['old'] });
    await submit('create-collection', { title: 'Kitchen' });
    await submit('create-collection', { title: 'Gifts' });
    const [kitchen, gifts] = [...store.collections.all()];
    const change = {
      title: 'Big mug',
      vendor: 'Kiln',
      productType: 'Cups',
      tags: 'new, blue',
      status: 'DRAFT',
    };
    expect(await submit('update-product', { product: product.id, ...change })).toBe('Big mug saved.');
    expect(store.product(product.id)).toMatchObject({ ...change, tags: ['blue', 'new'] });
    const both: [string, string][] = [
      ['product', product.id],
      ['collections', kitchen?.id ?? ''],
      ['collections', gifts?.id ?? ''],
    ];
    await submit('product-collections', both);
    expect(await text(`/collections/${gifts?.id}`)).toContain('Big mug');
    await submit('product-collections', both.slice(0, 2));
    expect([...store.collections.all()].map(({ productIds }) => productIds.length)).toEqual([1, 0]);
    expect(await text(`/products/${product.id}`)).toContain('Kitchen');
    expect(await text('/products?q=vendor:Kiln')).toContain('Big mug');
    await submit('delete-product', { product: product.id });
    expect([...store.collections.all()].map(({ productIds }) => productIds.length)).toEqual([0, 0]);
    expect(await submit('delete-collection', { collection: gifts?.id ?? '' })).toBe('Collection deleted.');
  });
});

describe('the panel', () => {
  beforeEach(() => {
    sandbox.faults.reset();
    webhooksOf(sandbox).queue.reset();
  });

  it('sets the clock: a day, midnight, a date', async () => {
    const now = () => sandbox.clock.now().toISOString();
    expect(await submit('clock-to-date', { to: '2026-12-24' })).toBe('It is 24 Dec 2026, 12:00.');
    await submit('advance-clock', { days: '1' });
    expect(now()).toBe('2026-12-25T11:00:00.000Z');
    expect(await submit('clock-to-midnight', {})).toBe('It is 26 Dec 2026, 00:00.');
    expect(now()).toBe('2026-12-25T23:00:00.000Z');
    expect(await submit('clock-to-date', { to: 'soon' })).toContain('refused: The date must be like');
    expect(await submit('clock-run', {})).toContain('The clock runs');
    expect(await submit('clock-run', {})).toContain('stands still');
  });

  it('turns switches and scopes; what makes no sense is refused', async () => {
    const switches = {
      protectedData: '1',
      readAllOrders: 'off',
      ipAllowlist: 'missing',
      shopStatus: 'open',
      bulkQueries: 'off',
      bulkMutations: 'on',
    };
    expect(await submit('set-switches', switches)).toBe('Switches saved.');
    expect(sandbox.control.switches(SHOP)).toEqual({
      protectedData: 1,
      ipAllowlist: 'missing',
      shopStatus: 'open',
      bulkQueries: false,
      bulkMutations: true,
    });
    expect(sandbox.access.scopesOf(SHOP)).not.toContain('read_all_orders');
    expect(sandbox.control.switches('forms-other.myshopify.com').protectedData).toBe(2);
    expect(await submit('set-switches', { ...switches, ipAllowlist: 'maybe' })).toContain('refused:');
    await submit('set-switches', {
      protectedData: '2', readAllOrders: 'on', ipAllowlist: 'ok', shopStatus: 'open', bulkQueries: 'on', bulkMutations: 'on',
    }); // prettier-ignore
    expect(sandbox.access.scopesOf(SHOP)).toContain('read_all_orders');
  });

  it('arms faults, shows how often they struck, and disarms them', async () => {
    expect(await submit('arm-fault', { name: 'server-error', count: '2', settings: '{"status": 502}' })).toBe(
      'server-error is armed.',
    );
    const call = () =>
      fetch(`${sandbox.url}/admin/api/2026-10/graphql.json`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-shopify-access-token': sandbox.accessTokenFor(SHOP),
        },
        body: JSON.stringify({ query: '{ shop { name } }' }),
      });
    expect((await call()).status).toBe(502);
    expect(await text('/panel')).toMatch(/1 of 1 chance struck.*Happened so far: server-error 1/);
    const [armed] = sandbox.faults.armed();
    expect(await submit('disarm-fault', { id: String(armed?.id) })).toBe('Disarmed.');
    expect((await call()).status).toBe(200);
    expect(await submit('arm-fault', { name: 'server-error', settings: 'much' })).toContain('JSON object');
    expect(await submit('arm-fault', { name: 'earthquake' })).toContain(
      'refused: There is no fault earthquake',
    );
  });

  it('lets webhooks go wrong, counts it, and shows each delivery', async () => {
    expect(await submit('webhook-faults', { drop: '1', topics: 'products/create' })).toContain('go wrong');
    createProduct(store, { title: 'Unheard' });
    await webhooksOf(sandbox).queue.settled();
    expect(await text('/panel')).toMatch(
      /Armed: lost 100 %, for products\/create.*1 lost, 0 lost with their day/,
    );
    expect(await submit('webhook-faults', { drop: '7' })).toBe('refused: drop must be between 0 and 1');
    expect(await submit('webhook-faults-end', {})).toContain('right again');
    createProduct(store, { title: 'Heard' });
    await webhooksOf(sandbox).queue.settled();
    const [delivery] = webhooksOf(sandbox).queue.recent(SHOP);
    const page = await text(`/panel/deliveries/${delivery?.number}`);
    expect(page).toContain('x-shopify-topic');
    expect(page).toContain('&quot;title&quot;: &quot;Heard&quot;');
    expect(page).not.toContain('hmac');
  });

  it('starts a storm and shows how far it is', async () => {
    const before = store.orderCount();
    expect(await submit('storm', { orders: '25', seconds: '0', seed: '2' })).toContain('it has begun');
    await expect.poll(() => sandbox.control.storms().at(-1)?.state, { timeout: 20_000 }).toBe('done');
    expect(store.orderCount()).toBe(before + 25);
    expect(await text('/panel')).toMatch(/25 orders in 0 seconds:.*25 placed, done/);
    expect(await submit('storm', { orders: '0', seconds: '1' })).toContain('refused:');
  });

  it('takes a snapshot, goes back to it with what waited to be delivered, and deletes it', async () => {
    await webhooksOf(sandbox).queue.settled();
    const { queue } = webhooksOf(sandbox);
    queue.setFaults({ delayMs: 3_600_000 });
    createProduct(store, { title: 'Waiting' });
    const orders = store.orderCount();
    expect(queue.statistics(SHOP).pending).toBe(1);
    expect(await submit('take-snapshot', { name: 'before' })).toBe('Snapshot before taken.');
    placeOrder(store, { amount: '5' });
    expect(queue.statistics(SHOP).pending).toBeGreaterThan(1);
    expect(await text('/panel')).toContain('Restore before');
    expect(await submit('restore-snapshot', { name: 'before' })).toBe('Back at before.');
    expect(store.orderCount()).toBe(orders);
    expect(queue.statistics(SHOP).pending).toBe(1);
    app.take();
    queue.setFaults({});
    queue.age(3_600_000);
    await queue.settled();
    expect(app.take().map(({ topic, body }) => [topic, body['title']])).toEqual([
      ['products/create', 'Waiting'],
    ]);
    expect(await submit('delete-snapshot', { name: 'before' })).toContain('deleted');
    expect(await submit('restore-snapshot', { name: 'before' })).toBe(
      'refused: There is no snapshot before.',
    );
  });

  it('resets the store: nothing waits, nothing goes wrong, nothing is left', async () => {
    webhooksOf(sandbox).queue.setFaults({ drop: 1 });
    expect(await submit('reset-store', {})).toContain('as it was at the start');
    expect([store.orderCount(), store.productCount(), store.collections.size]).toEqual([0, 0, 0]);
    expect(webhooksOf(sandbox).queue.faults().drop).toBe(0);
    expect(await text('/panel')).toContain('No webhooks yet.');
  });
});
