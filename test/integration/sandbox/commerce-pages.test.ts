/** Segments, discounts and the checkout as pages: what they show, what their forms do. */
import { beforeEach, describe, expect, it } from 'vitest';
import { addCustomer } from '../../unit/sandbox/make-store.ts';
import { openSandbox } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';

const NASTY = `"><script>alert(1)</script>&'`;
const BASE = '/store/test';
let caller: Caller;

beforeEach(async () => {
  caller = await openSandbox({ seed: { customers: 40, seed: 3 } });
});

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${caller.sandbox.url}${BASE}${path}`);
  const text = await response.text();
  expect(text).not.toContain('<script>alert');
  return { status: response.status, text };
}

async function post(
  act: string,
  fields: Record<string, string> | [string, string][],
): Promise<Record<string, unknown>> {
  const response = await fetch(`${caller.sandbox.url}${BASE}/acts/${act}`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(fields),
  });
  return (await response.json()) as Record<string, unknown>;
}

describe('segments', () => {
  it('are made, shown with their members, changed and deleted', async () => {
    const anna = addCustomer(caller.store, { firstName: 'Anna', lastName: 'Segment', tags: ['only-anna'] });
    expect(
      await post('create-segment', { name: NASTY, query: "customer_tags CONTAINS 'only-anna'" }),
    ).toMatchObject({
      said: `Segment ${NASTY} created.`,
    });
    const [segment] = caller.store.segments.all();
    expect((await get('/segments')).text).toContain(`/segments/${segment?.id ?? ''}`);
    const shown = await get(`/segments/${segment?.id ?? ''}`);
    expect(shown.text).toContain('1 member');
    expect(shown.text).toContain(`/customers/${anna.id}`);
    expect(
      await post('update-segment', { segment: segment?.id ?? '', name: 'Anna', query: 'x' }),
    ).toMatchObject({
      error: expect.stringContaining('The query ends too early'),
    });
    expect(await post('delete-segment', { segment: segment?.id ?? '' })).toMatchObject({
      said: 'Segment deleted.',
    });
    expect((await get(`/segments/${segment?.id ?? ''}`)).status).toBe(404);
  });
});

describe('discounts', () => {
  it('are made, ended, begun and deleted', async () => {
    expect((await get('/discounts')).text).toContain('WELCOME10');
    expect(
      await post('create-discount', {
        title: NASTY,
        percent: '12',
        freeShipping: 'false',
        combines: 'false',
      }),
    ).toMatchObject({
      said: `${NASTY} created.`,
    });
    const found = () => [...caller.store.discounts.all()].find(({ title }) => title === NASTY);
    const { id = '' } = found() ?? {};
    expect((await get('/discounts?q=status:active')).text).toContain('12% off entire order');
    await post('end-discount', { discount: id });
    expect((await get('/discounts?q=status:active')).text).not.toContain('12% off entire order');
    await post('begin-discount', { discount: id });
    expect(found()?.endsAt).toBeNull();
    await post('delete-discount', { discount: id });
    expect(found()).toBeUndefined();
    expect(await post('create-discount', { title: 'x', percent: '101' })).toMatchObject({
      error: expect.stringContaining('percent'),
    });
    expect(await post('create-discount', { title: 'x' })).toMatchObject({
      error: expect.stringContaining('one of'),
    });
  });
});

describe('the checkout', () => {
  it('shows the price with the reasons, and places the order', async () => {
    const [product] = [...caller.store.products()].filter(
      ({ variants }) => (variants[0]?.priceMinor ?? 0) > 0,
    );
    const cart = {
      customer: '',
      'line-product': product?.id ?? '',
      'line-quantity': '3',
      code: 'WELCOME10',
      shipping: '5',
    };
    expect((await get('/checkout')).text).toContain('Show the price');
    const shown = await get(`/checkout?${new URLSearchParams(cart).toString()}`);
    expect(shown.text).toContain('WELCOME10');
    expect(shown.text).toContain('Season opening: <span class="quiet">It begins on');
    expect(
      (await get(`/checkout?${new URLSearchParams({ ...cart, 'line-product': '' }).toString()}`)).text,
    ).toContain('role="alert"');
    const before = caller.store.orderCount();
    expect(await post('place-checkout', cart)).toMatchObject({
      said: expect.stringMatching(/^Order #\d+ placed for [\d.]+ EUR\.$/),
    });
    expect(caller.store.orderCount()).toBe(before + 1);
    expect((await get('/panel')).text).toContain('Flow triggers');
  });
});
