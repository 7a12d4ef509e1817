import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayWrite } from '../../../app/activation/tags/may-write.server.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { PRESET_KEYS } from '../../../app/segments/presets.ts';
import { jsonInit } from '../../support/page-calls.ts';
import { createPagesWorld, BROWSER, textOf, type PagesWorld } from './pages-world.ts';

const A = 'arithmetic.myshopify.com';
const B = 'other-store.myshopify.com';
const NEW = 'just-installed.myshopify.com';

let world: PagesWorld;
let shopA: ShopId;
beforeAll(async () => {
  world = await createPagesWorld([A, B, NEW]);
  shopA = await world.importArithmeticStore(A);
  await world.importArithmeticStore(B);
});
afterAll(() => world.close());

const page = async (domain: string, path: string) => {
  const response = await world.open(domain, path);
  return { status: response.status, html: await response.text() };
};
const rowsOf = async (shopId: ShopId, statement: string) =>
  (await world.context.db.inShop(shopId, (tx) => tx.query(statement))).rows;

describe('who may see a page', () => {
  test('the root leads into the app and keeps the query', async () => {
    const response = await world.open(A, '/');
    expect(response.status).toBe(302);
    const to = new URL(response.headers.get('location') ?? '', world.appUrl);
    expect([to.pathname, to.searchParams.get('shop')]).toEqual(['/app', A]);
  });

  test('a document without a session token is sent to fetch one, inside the frame', async () => {
    const host = Buffer.from('admin.shopify.com/store/arithmetic').toString('base64');
    const response = await fetch(
      `${world.appUrl}/app/customers?embedded=1&shop=${A}&host=${encodeURIComponent(host)}`,
      { headers: { 'user-agent': BROWSER }, redirect: 'manual' },
    );
    expect(response.status).toBe(302);
    const to = new URL(response.headers.get('location') ?? '', world.appUrl);
    expect(to.pathname).toBe('/auth/session-token');
    expect(to.searchParams.get('shopify-reload')).toContain('/app/customers');
    const bounce = await fetch(to, { headers: { 'user-agent': BROWSER } });
    expect(await bounce.text()).toContain('app-bridge.js');
    expect(bounce.headers.get('content-security-policy')).toContain(new URL(world.sandbox.url).origin);
  });

  test.each([
    '/app.data',
    '/app/customers.data',
    '/app/customer-names?ids=1',
    '/app/customers/1/why?segment=new',
  ])('data need a good session token: %s', async (path) => {
    const response = await fetch(`${world.appUrl}${path}`, {
      headers: { 'user-agent': BROWSER, authorization: 'Bearer nonsense' },
      redirect: 'manual',
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('x-shopify-retry-invalid-session-request')).toBe('1');
  });

  test.each([
    ['an issuer of another shop', 'https://other.myshopify.com/admin', undefined],
    ['an issuer from elsewhere', 'https://evil.example/', undefined],
    ['a destination that is no shop', undefined, 'https://evil.example'],
  ])('a well-signed token with %s is refused', async (_case, iss, dest) => {
    const [shop] = [...world.sandbox.stores.keys()];
    const [header, body] = world.sandbox.sessionTokenFor(String(shop)).split('.');
    const claims = JSON.parse(Buffer.from(String(body), 'base64url').toString()) as Record<string, unknown>;
    const changed = { ...claims, ...(iss ? { iss } : {}), ...(dest ? { dest } : {}) };
    const signed = `${header}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}`;
    const signature = createHmac('sha256', world.sandbox.apiSecret).update(signed).digest('base64url');
    const response = await fetch(`${world.appUrl}/app/customer-names?ids=1`, {
      headers: { 'user-agent': BROWSER, authorization: `Bearer ${signed}.${signature}` },
      redirect: 'manual',
    });
    expect(response.status).toBe(401);
  });

  test('a request without any shop ends at words, not at a form', async () => {
    const response = await fetch(`${world.appUrl}/app`, { headers: { 'user-agent': BROWSER } });
    expect(new URL(response.url).pathname).toBe('/auth/login');
    const html = await response.text();
    expect(textOf(html)).toContain('Regulars opens from your Shopify admin');
    expect(html).not.toContain('<form');
  });
});

describe('Home', () => {
  test('before the first import says so, asks for one by itself, and offers to start it', async () => {
    const { status, html } = await page(NEW, '/app');
    expect(status).toBe(200);
    expect(textOf(html)).toContain('Your store has not been read yet');
    expect(textOf(html)).toContain('Start now');
    const wishes = await world.context.db.pool.query(
      `SELECT shop_id AS shop FROM shop_due WHERE work = 'import'`,
    );
    expect(wishes.rows).toContainEqual({ shop: await world.shopIdOf(NEW) });
  });

  test('is kept by nobody in between', async () => {
    for (const path of ['/app', '/app/customers', '/app/segments/nothing']) {
      expect((await world.open(A, path)).headers.get('cache-control')).toBe('private, no-store');
    }
  });

  test('shows the store in numbers that can be checked by hand', async () => {
    const text = textOf((await page(A, '/app')).html);
    for (const number of [
      'Customers 200',
      'Orders 320',
      'Spent €26,500.00',
      'An order €82.81',
      'Repeat rate 40.0 % 120 one-time, 80 repeat',
      'Nothing is written to your store yet',
      'Could not read 0',
    ]) {
      expect(text).toContain(number);
    }
  });

  test('the map is a table with heads for rows and columns, each cell a link to its segment', async () => {
    const { html } = await page(A, '/app');
    const map = /<table[\s\S]*?<\/table>/.exec(html)?.[0] ?? '';
    const heads = [...map.matchAll(/<th scope="(col|row)">([^<]*)/g)].map(
      ([, scope, name]) => `${scope} ${name}`,
    );
    expect(heads).toEqual([
      'col Active', 'col Slowing', 'col Away', 'col Gone', 'row Best', 'row Steady', 'row One order',
    ]); // prettier-ignore
    const cells = [...map.matchAll(/href="\/app\/segments\/([^"]+)"[^>]*><span[^>]*>(\d+)/g)];
    expect(cells.map(([, , size]) => Number(size))).toEqual([3, 3, 12, 22, 3, 3, 12, 22, 9, 9, 36, 66]);
    expect(cells.map(([, key]) => key).slice(8)).toEqual([
      'new', 'second-order-due', 'one-order-away', 'one-order-gone',
    ]); // prettier-ignore
  });

  test('a failed import is told with its reason and can be started again', async () => {
    const shopId = await world.shopIdOf(NEW);
    await rowsOf(
      shopId,
      `INSERT INTO import_run (shop_id, state, step, started_at, message)
       VALUES (${shopId}, 'failed', 'reading', now(), 'Shopify could not finish reading the orders.')`,
    );
    const text = textOf((await page(NEW, '/app')).html);
    expect(text).toContain('Your store could not be read to the end');
    expect(text).toContain('Shopify could not finish reading the orders.');
    await world.context.db.pool.query(`DELETE FROM shop_due WHERE work = 'import'`);
    const again = await world.call(NEW, '/app?index', { method: 'POST', body: new URLSearchParams() });
    expect(again.status).toBe(200);
    const wishes = await world.context.db.pool.query(
      `SELECT shop_id AS shop FROM shop_due WHERE work = 'import'`,
    );
    expect(wishes.rows).toEqual([{ shop: shopId }]);
  });

  test('a running import shows its steps', async () => {
    const shopId = await world.shopIdOf(NEW);
    const [run] = await rowsOf(
      shopId,
      `INSERT INTO import_run (shop_id, state, step, started_at) VALUES (${shopId}, 'running', 'reading', now())
       RETURNING id`,
    );
    await rowsOf(
      shopId,
      `INSERT INTO import_part (shop_id, run_id, kind, state, object_count, lines_done)
       VALUES (${shopId}, ${(run as { id: string }).id}, 'orders', 'loading', 42000, 17500)`,
    );
    const { html } = await page(NEW, '/app');
    expect(textOf(html)).toContain('Read orders from Shopify 17,500 of 42,000');
    expect(textOf(html)).toContain('10 %');
  });
});

describe('Segments', () => {
  test('drafts have live counts, sentences with the store’s numbers and the whole tag', async () => {
    const text = textOf((await page(A, '/app/segments')).html);
    expect(text).toContain('0 live, 25 drafts');
    for (const words of [
      'regulars-win-back-60-89 Draft 15',
      'regulars-one-order-gone Draft 66',
      'Top 25 %',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).toContain('Life-cycle map');
  });

  test('one that is not there is 404 with words', async () => {
    const { status, html } = await page(A, '/app/segments/no-such-thing');
    expect(status).toBe(404);
    expect(textOf(html)).toContain('There is no such segment');
  });

  test('the members of a draft are those its rule holds for, page by page', async () => {
    const seen: string[] = [];
    let next: string | undefined = '/app/segments/one-order-gone';
    for (let pages = 0; next !== undefined && pages < 10; pages++) {
      const { html } = await page(A, next);
      seen.push(...[...html.matchAll(/href="\/app\/customers\/(\d+)"/g)].map(([, id]) => id ?? ''));
      const cursor: string | undefined = /"after=?","?([\d_]+)"|\?after=(\d+_\d+)/.exec(html)?.[2];
      next = cursor ? `/app/segments/one-order-gone?after=${cursor}` : undefined;
    }
    expect(seen).toHaveLength(66);
    expect(new Set(seen).size).toBe(66);
  });
});

describe('turning on over HTTP, as the review page and scripts do', () => {
  const post = async (domain: string, body: unknown) => {
    const response = await world.call(domain, '/app/segments/turn-on', jsonInit(body));
    return { status: response.status, answer: (await response.json()) as Record<string, never> };
  };
  const live = async (shopId: ShopId) => rowsOf(shopId, `SELECT key FROM segment WHERE status = 'live'`);

  test('what is not an intent is 400 with the faults', async () => {
    const { status, answer } = await post(A, { intent: 'approve', keys: ['new'] });
    expect(status).toBe(400);
    expect(answer).toMatchObject({
      outcome: 'bad_request',
      faults: [expect.stringContaining('fingerprint')],
    });
    expect((await post(A, { intent: 'delete everything' })).status).toBe(400);
    const broken = await world.call(A, '/app/segments/turn-on', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.status).toBe(400);
  });

  test('a review counts who gains which tag and changes nothing', async () => {
    const { answer } = await post(A, { intent: 'review', keys: ['win-back-30-59', 'win-back-60-89'] });
    expect(answer).toMatchObject({
      review: {
        customersAffected: 30,
        tagAdditions: 30,
        tagRemovals: 0,
        segments: [
          { key: 'win-back-30-59', tag: 'regulars-win-back-30-59', size: 15, gains: 15, loses: 0 },
          { key: 'win-back-60-89', tag: 'regulars-win-back-60-89', size: 15, gains: 15, loses: 0 },
        ],
      },
    });
    expect(await live(shopA)).toEqual([]);
  });

  test('an approval of other numbers than those shown does nothing and answers the new review', async () => {
    const { answer } = await post(A, { intent: 'approve', keys: ['new'], fingerprint: 'of-yesterday' });
    expect(answer).toMatchObject({ outcome: 'changed', review: { tagAdditions: 9 } });
    expect(await live(shopA)).toEqual([]);
    expect(await rowsOf(shopA, 'SELECT 1 FROM tag_outbox')).toEqual([]);
  });

  test('the review page says the same and warns of the merchant’s own automations', async () => {
    const text = textOf(
      (await page(A, '/app/segments/review?act=turn_on&keys=win-back-30-59,win-back-60-89')).html,
    );
    expect(text).toContain('30 customers: 30 tags added');
    expect(text).toContain('30 tag additions may start your own automations');
    expect(text).toContain('Approve and add 30 tags');
    expect(text).toContain('10 of the 30 customers');
    expect(text).toContain('by more than 10 customers or 2 %, whichever is more, nothing is done');
  });

  test('approved, all of them are live, the approval names the person, and the other shop is as before', async () => {
    const { answer } = await post(A, { intent: 'review', keys: 'all' });
    const { fingerprint, segments, tagAdditions } = (answer as unknown as { review: unknown }).review as {
      fingerprint: string;
      segments: { key: string }[];
      tagAdditions: number;
    };
    expect([segments.length, tagAdditions]).toEqual([25, 646]);
    const keys = segments.map(({ key }) => key);
    expect((await post(A, { intent: 'approve', keys, fingerprint })).answer).toMatchObject({
      outcome: 'done',
    });
    expect((await live(shopA)).length).toBe(PRESET_KEYS.length);
    const [approval] = await rowsOf(shopA, `SELECT actor, act FROM approval`);
    expect(approval).toEqual({ actor: expect.stringMatching(/^\d+$/), act: 'turn_on' });
    expect(await live(await world.shopIdOf(B))).toEqual([]);
    expect((await post(A, { intent: 'approve', keys, fingerprint })).answer).toMatchObject({
      outcome: 'not_ready',
    });
  });

  test('a form works like JSON', async () => {
    const response = await world.call(B, '/app/segments/turn-on', {
      method: 'POST',
      body: new URLSearchParams([['intent', 'review'], ['keys', 'new'], ['keys', 'repeat-buyers']]), // prettier-ignore
    });
    expect(await response.json()).toMatchObject({ review: { tagAdditions: 9 + 80 } });
  });

  test('turned off through the page, a segment is a draft again', async () => {
    const { html } = await page(A, '/app/segments/review?act=turn_off&keys=top-5-percent');
    expect(textOf(html)).toContain('Turn off Top 5 %');
    const fingerprint = /name="fingerprint" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const other = await world.call(A, '/app/segments/review?act=turn_off&keys=top-5-percent', {
      method: 'POST',
      body: new URLSearchParams({ act: 'turn_off', keys: 'top-5-percent', fingerprint: 'of-yesterday' }),
    });
    expect(await other.text()).toContain('Your store has changed since you looked');
    const response = await world.call(A, '/app/segments/review', {
      method: 'POST',
      body: new URLSearchParams({ act: 'turn_off', keys: 'top-5-percent', fingerprint }),
    });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/app/segments/top-5-percent?turned=off&tags=0');
    expect(await rowsOf(shopA, `SELECT key FROM segment WHERE status = 'draft'`)).toEqual([
      { key: 'top-5-percent' },
    ]);
  });
});

describe('stopping all writes', () => {
  const decide = (intent: string) =>
    world.call(A, '/app/writes', { method: 'POST', body: new URLSearchParams({ intent }) });
  const due = () =>
    world.context.db.pool.query(
      `SELECT 1 FROM shop_due WHERE shop_id = $1 AND work = 'outbox' AND due_at = to_timestamp(0)`,
      [shopA],
    );
  const acts = () => rowsOf(shopA, `SELECT act, review FROM approval WHERE act LIKE '%_writes' ORDER BY id`);

  test('is offered on Home, explained, and done once it is confirmed', async () => {
    expect((await page(A, '/app')).html).toContain('href="/app/writes"');
    const asked = textOf((await page(A, '/app/writes')).html);
    expect(asked).toContain('No tag is added or removed in your store until you let Regulars go on.');
    expect(asked).toContain('200 customers wait for a change of tags.');
    const response = await decide('stop');
    expect([response.status, response.headers.get('location')]).toEqual([302, '/app']);
    expect(textOf((await page(A, '/app')).html)).toContain('Nothing is written to your store');
    expect(await world.context.db.inShop(shopA, mayWrite)).toBe(false);
    expect(await world.context.db.inShop(await world.shopIdOf(B), mayWrite)).toBe(true);
    await decide('stop');
    expect(await acts()).toEqual([{ act: 'stop_writes', review: { customersWaiting: 200 } }]);
  });

  test('ends with "Go on", which wakes what waited; both are recorded', async () => {
    await world.context.db.pool.query(`DELETE FROM shop_due WHERE shop_id = $1`, [shopA]);
    expect(textOf((await page(A, '/app/writes')).html)).toContain('Go on');
    expect((await due()).rowCount).toBe(0);
    expect((await decide('resume')).status).toBe(302);
    expect((await due()).rowCount).toBe(1);
    expect(await world.context.db.inShop(shopA, mayWrite)).toBe(true);
    await decide('resume');
    expect((await acts()).map(({ act }) => act)).toEqual(['stop_writes', 'resume_writes']);
  });

  test('takes nothing else', async () => {
    expect((await decide('everything')).status).toBe(400);
  });
});

describe('Customers', () => {
  const idsOf = (html: string) =>
    [...html.matchAll(/href="\/app\/customers\/(\d+)"/g)].map(([, id]) => Number(id));

  test('come most spent first, each once, over all pages and back again', async () => {
    const forward: number[] = [];
    let cursor = '';
    let last: string[] = [];
    for (let pages = 0; pages < 10; pages++) {
      const { html } = await page(A, `/app/customers${cursor ? `?after=${cursor}` : ''}`);
      forward.push(...idsOf(html));
      last = [...html.matchAll(/\?before=(\d+_\d+)/g)].map(([, before]) => before ?? '');
      const next = /\?after=(\d+_\d+)/.exec(html)?.[1];
      if (!next) break;
      cursor = next;
    }
    expect(forward).toHaveLength(200);
    expect(new Set(forward).size).toBe(200);
    expect(forward.slice(0, 3)).toEqual([200, 180, 160]);
    const { html } = await page(A, `/app/customers?before=${last[0]}`);
    expect(idsOf(html)).toEqual(forward.slice(100, 150));
  });

  test('can be those of one segment, or one by number', async () => {
    const { html } = await page(A, '/app/customers?segment=best-customers');
    expect(idsOf(html).sort((a, b) => a - b)).toEqual([5, 10, 15]);
    const one = await page(A, '/app/customers?id=gid%3A%2F%2Fshopify%2FCustomer%2F45');
    expect(idsOf(one.html)).toEqual([45]);
    expect(textOf(one.html)).toContain('Best away');
    expect(textOf((await page(A, '/app/customers?id=999')).html)).toContain('No customer fits');
  });

  test('one customer: numbers, scores, segments with since and cause, tags to be written, history', async () => {
    const text = textOf((await page(A, '/app/customers/45')).html);
    for (const words of [
      'Spent €150.00',
      'Last order 24 Aug 2026, 90 days ago',
      'Recency how lately they ordered 4',
      'Best away since 22 Nov 2026, 12:00 (the segment was turned on)',
      'regulars-win-back-90-179',
      'Has in Shopify None of ours',
      'Being written now.',
      'Entered Best away because of: the segment was turned on',
    ]) {
      expect(text).toContain(words);
    }
  });

  test('a failed try is told in words, not as a code', async () => {
    await rowsOf(shopA, `UPDATE tag_outbox SET last_error = 'bulk_failed' WHERE customer_id = 45`);
    const text = textOf((await page(A, '/app/customers/45')).html);
    expect(text).toContain(
      'The last try failed. The bulk operation ended before it came to this customer. It is tried again.',
    );
    expect(text).not.toContain('bulk_failed');
    await rowsOf(shopA, `UPDATE tag_outbox SET last_error = NULL WHERE customer_id = 45`);
  });

  test('why: condition by condition, with the customer’s own numbers and the next date', async () => {
    const response = await world.call(A, '/app/customers/45/why?segment=win-back-90-179');
    expect(await response.json()).toEqual({
      outcome: 'known',
      conditions: [
        {
          label: 'Days since last activity is between 90 and 179',
          value: 'days since last activity: 90',
          holds: true,
          change: 'can change on 20 Feb 2027',
        },
      ],
      sentence: 'leaves Win-back 90-179 days on 20 February 2027 (90 days becomes 180 days)',
      decidedOtherwise: false,
    });
  });

  test('another shop’s customer, a made-up one and nonsense are all 404', async () => {
    const shopB = await world.shopIdOf(B);
    await rowsOf(shopB, `INSERT INTO customer (shop_id, id) VALUES (${shopB}, 777)`);
    expect((await page(B, '/app/customers/777')).status).toBe(200);
    for (const id of ['777', '999999', 'x', '0'.repeat(30)]) {
      const { status, html } = await page(A, `/app/customers/${id}`);
      expect(status).toBe(404);
      expect(textOf(html)).toContain('There is no such customer');
    }
    expect((await world.call(A, '/app/customers/777/why?segment=new')).status).toBe(404);
  });

  test('a merged customer leads to the one that was kept', async () => {
    await rowsOf(shopA, `INSERT INTO customer_alias (shop_id, old_id, kept_id) VALUES (${shopA}, 4711, 45)`);
    const response = await world.open(A, '/app/customers/4711');
    const to = new URL(response.headers.get('location') ?? '', world.appUrl);
    expect([response.status, to.pathname]).toEqual([302, '/app/customers/45']);
    expect([to.searchParams.get('shop'), to.searchParams.has('host')]).toEqual([A, true]);
  });
});

describe('names', () => {
  test('come from Shopify, for customers that it knows, and are not kept', async () => {
    const created = await fetch(`${world.sandbox.url}/control/create-customer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ shop: A, firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com' }),
    });
    const id = /"id":\s*"?(\d+)/.exec(await created.text())?.[1] ?? '';
    const response = await world.call(A, `/app/customer-names?ids=${id},999999,nonsense`);
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(await response.json()).toEqual({ outcome: 'names', names: { [id]: 'Ada Lovelace' } });
  });

  test('that Shopify refuses are an answer, not an error', async () => {
    world.sandbox.access.uninstall(A);
    const response = await world.call(A, '/app/customer-names?ids=45');
    expect([response.status, await response.json()]).toEqual([200, { outcome: 'refused' }]);
  });
});

test('a shop whose rows are gone is set up again when it opens the app', async () => {
  const shopId = await world.shopIdOf(B);
  await rowsOf(shopId, `DELETE FROM shop_settings WHERE shop_id = ${shopId}`);
  const { status, html } = await page(B, '/app');
  expect(status).toBe(200);
  expect(textOf(html)).toContain('Your store has not been read yet');
  expect(await rowsOf(shopId, 'SELECT currency FROM shop_settings')).toEqual([{ currency: 'EUR' }]);
});

test('an address that is nobody’s is 404, inside the app and outside', async () => {
  const inside = await page(A, '/app/nowhere');
  expect([inside.status, textOf(inside.html)]).toEqual([
    404,
    expect.stringContaining('There is no such page'),
  ]);
  expect((await page(A, '/nowhere')).status).toBe(404);
});
