/** Making, editing, reviewing and undoing segments over HTTP, as the admin's frame asks: right, wrong, stale, foreign. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { readCustomerPage } from '../../../app/segments/read-customer-page.server.ts';
import { readSegments } from '../../../app/segments/read-segments.server.ts';
import { createPagesWorld, textOf, type PagesWorld } from './pages-world.ts';

const A = 'arithmetic.myshopify.com';
const B = 'other-store.myshopify.com';
let world: PagesWorld;
let shopA: ShopId;
let shopB: ShopId;
beforeAll(async () => {
  world = await createPagesWorld([A, B]);
  shopA = await world.importArithmeticStore(A);
  shopB = await world.importArithmeticStore(B);
});
afterAll(() => world.close());

const inA = <T>(work: (tx: ShopTx) => Promise<T>) => world.context.db.inShop(shopA, work);
const now = () => world.context.clock.now();
const segmentOf = async (key: string) => (await inA((tx) => readSegments(tx, now(), [key])))[0];
const page = async (path: string, domain = A) => {
  const answer = await world.open(domain, path);
  return { status: answer.status, text: textOf(await answer.text()) };
};
const post = async (path: string, form: Record<string, string | string[]>, domain = A) => {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    for (const one of [value].flat()) body.append(name, one);
  }
  const answer = await world.call(domain, `${path}.data`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
    body: body.toString(),
  });
  return { status: answer.status, text: await answer.text() };
};
const preview = async (body: unknown, domain = A) => {
  const answer = await world.call(domain, '/app/segments/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const rule = (where: unknown) => JSON.stringify({ v: 1, where });
const spent = (value: unknown) => ({ field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value });
const fingerprintOf = async (path: string) =>
  /name="fingerprint" value="([^"]*)"/.exec(await (await world.open(A, path)).text())?.[1] ?? '';

describe('the live count', () => {
  test('counts what the rule holds, in major units, and compares with what is saved', async () => {
    const { body } = await preview({ key: null, rule: { v: 1, where: spent(1000) } });
    expect(body).toMatchObject({ outcome: 'counted', size: 8, everybody: 200, against: null });
    expect(body['sample']).toHaveLength(5);
    const against = await preview({ key: 'one-time-buyers', rule: { v: 1, where: { field: 'orders', op: 'gte', value: 1 } } }); // prettier-ignore
    expect(against.body).toMatchObject({ size: 200, against: { gains: 80, loses: 0 } });
  });

  test('says what is wrong with its path, and refuses what is not a question', async () => {
    const { body } = await preview({ key: null, rule: { v: 1, where: { all: [spent('much')] } } });
    expect(body).toMatchObject({ outcome: 'faults', faults: [{ path: 'where.all.0.value' }] });
    const own = await preview({ key: null, rule: { v: 1, where: { field: 'customer_tags', op: 'has_any', value: ['regulars-new'] } } }); // prettier-ignore
    expect(own.body).toMatchObject({ outcome: 'faults' });
    expect((await preview('nonsense')).status).toBe(400);
  });
});

describe('making and editing', () => {
  test('a new segment is a draft with key and tag from its name, and money in minor units', async () => {
    const { text } = await post('/app/segments/new', {
      name: 'Big spenders',
      tag: '',
      rule: rule({ all: [spent(1000), { any: [{ field: 'orders', op: 'gte', value: 2 }, { field: 'orders', op: 'eq', value: 1 }] }] }),
    }); // prettier-ignore
    expect(text).toContain('/app/segments/big-spenders');
    expect(await segmentOf('big-spenders')).toMatchObject({
      status: 'draft',
      size: 8,
      tag: 'regulars-big-spenders',
    });
    const { text: shown } = await page('/app/segments/big-spenders');
    expect(shown).toContain('€1,000.00');
  });

  test('what is wrong comes back with every fault at its place, and nothing is saved', async () => {
    const refused = await post('/app/segments/new', {
      name: 'Worst of all',
      tag: 'worst-of-all',
      rule: rule({ all: [spent('')] }),
    });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('rule.where.all.0.value');
    expect(refused.text).toContain('choose a neutral word');
    expect(await segmentOf('worst-of-all')).toBeUndefined();
    const renamed = await post('/app/segments/big-spenders/edit', {
      name: 'Other name',
      tag: 'big-spenders',
      rule: rule({ all: [] }),
    });
    expect(renamed.status).toBe(422);
    expect((await segmentOf('big-spenders'))?.name).toBe('Big spenders');
    for (const nonsense of ['', '[]', '{"v":2}', 'not json']) {
      expect((await post('/app/segments/new', { name: 'X', tag: '', rule: nonsense })).status).toBe(422);
    }
  });

  test('a tag that another segment has is refused beside the field', async () => {
    const { status, text } = await post('/app/segments/new', {
      name: 'Mine',
      tag: 'new',
      rule: rule(spent(1)),
    });
    expect(status).toBe(422);
    expect(text).toContain('is the tag of another segment');
  });

  test('turned on through the review, with a stale fingerprint refused', async () => {
    const path = '/app/segments/review?act=turn_on&keys=big-spenders';
    const { text } = await page(path);
    expect(text).toContain('8 customers: 8 tags added');
    expect(text).toContain('8 tag additions may start your own automations');
    const stale = await post('/app/segments/review', {
      act: 'turn_on',
      keys: 'big-spenders',
      fingerprint: 'x:9-0',
    });
    expect(stale.text).toContain('changed');
    expect((await segmentOf('big-spenders'))?.status).toBe('draft');
    const fingerprint = await fingerprintOf(path);
    await post('/app/segments/review', { act: 'turn_on', keys: 'big-spenders', fingerprint });
    expect(await segmentOf('big-spenders')).toMatchObject({ status: 'live', size: 8 });
  });

  test('a small change of a live one is made at once, with a receipt, and undone in one click', async () => {
    const edit = {
      name: 'Big spenders',
      tag: 'big-spenders',
      rule: rule({ all: [spent(400)] }),
      note: 'Softer',
    };
    const { text } = await post('/app/segments/big-spenders/edit', edit);
    const receipt = /receipt=(\d+)/.exec(text)?.[1] ?? '';
    expect(receipt).not.toBe('');
    const size = (await segmentOf('big-spenders'))?.size ?? 0;
    expect(size).toBe(9);
    const { text: shown } = await page(`/app/segments/big-spenders?receipt=${receipt}`);
    expect(shown).toContain('Changed');
    expect(shown).toContain('Undo');
    expect((await page('/app/segments/big-spenders/versions')).text).toContain('Softer');
    const undo = `/app/segments/review?act=undo&approval=${receipt}`;
    const done = await post('/app/segments/review', {
      act: 'undo',
      approval: receipt,
      fingerprint: await fingerprintOf(undo),
    });
    expect(done.text).toContain('receipt=');
    expect(await segmentOf('big-spenders')).toMatchObject({ status: 'live', size: 8 });
    expect((await page(undo)).text).toContain('This can no longer be undone');
  });

  test('a change above the limit waits for approval; discarded, nothing has happened', async () => {
    const edit = { name: 'Big spenders', tag: 'big-spenders', rule: rule({ all: [spent(10)] }), note: '' };
    const { text } = await post('/app/segments/big-spenders/edit', edit);
    expect(text).toContain('/app/segments/review?act=change');
    expect((await segmentOf('big-spenders'))?.size).toBe(8);
    expect((await page('/app/segments')).text).toContain('A change waits for your approval');
    const { text: review } = await page('/app/segments/review?act=change&key=big-spenders');
    expect(review).toContain('What is said differently');
    await post('/app/segments/big-spenders', { intent: 'discard' });
    expect((await page('/app/segments/review?act=change&key=big-spenders')).text).toContain(
      'Nothing to change',
    );
  });

  test('an earlier version is returned to', async () => {
    await post('/app/segments/big-spenders/versions', { version: '1' });
    expect((await segmentOf('big-spenders'))?.size).toBe(8);
    expect((await post('/app/segments/big-spenders/versions', { version: 'x' })).status).toBe(400);
  });

  test('its tag stays while it is on', async () => {
    const { status, text } = await post('/app/segments/big-spenders/edit', {
      name: 'Big spenders',
      tag: 'other',
      rule: rule({ all: [spent(1000)] }),
    });
    expect([status, text.includes('turn the segment off')]).toEqual([422, true]);
  });
});

describe('people, settings, sets', () => {
  const members = async (key: string) =>
    (await inA((tx) => readCustomerPage(tx, now(), { order: 'spent', segment: key, limit: 50 }))).customers.map(({ id }) => id); // prettier-ignore

  test('never in, always in, and the rule again', async () => {
    const [first = ''] = await members('big-spenders');
    await post('/app/segments/big-spenders/people', { intent: 'name', list: 'never', customer: first });
    expect(await members('big-spenders')).not.toContain(first);
    expect((await page('/app/segments/big-spenders/people')).text).toContain('Leave to the rule');
    await post('/app/segments/big-spenders/people', { intent: 'name', list: 'none', customer: first });
    expect(await members('big-spenders')).toContain(first);
    const nobody = await post('/app/segments/big-spenders/people', {
      intent: 'name',
      list: 'always',
      customer: '999',
    });
    expect(nobody.status).toBe(422);
    expect((await post('/app/segments/big-spenders/people', { intent: 'name', list: 'x' })).status).toBe(400);
  });

  test('a draft is tried on chosen customers, and only on drafts', async () => {
    const ids = await members('best-customers');
    await post('/app/segments/best-customers/people', { intent: 'try', customer: ids });
    expect(await segmentOf('best-customers')).toMatchObject({ status: 'live', size: ids.length });
    expect((await page('/app/segments/best-customers')).text).toContain('On for the chosen customers only');
    const again = await post('/app/segments/best-customers/people', { intent: 'try', customer: ids });
    expect(again.status).toBe(422);
  });

  test('a minimum stay is saved; nonsense comes back beside its field', async () => {
    const wrong = await post('/app/segments/steady-customers/settings', { intent: 'stay', hold: 'months', months: '0', minimumStayDays: 'x', rejoinAfterDays: '' }); // prettier-ignore
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Enter 1 to 60 months.');
    await post('/app/segments/steady-customers/settings', { intent: 'stay', hold: 'end_of_this_year', months: '', minimumStayDays: '30', rejoinAfterDays: '' }); // prettier-ignore
    const { text } = await page('/app/segments/steady-customers');
    expect(text).toContain('Members stay for 30 days at least.');
  });

  test('today’s members become a list with its own tag', async () => {
    const { text } = await post('/app/segments/big-spenders/settings', { intent: 'freeze', name: 'Christmas list', tag: '', freezeDay: '2026-12-31' }); // prettier-ignore
    expect(text).toContain('/app/segments/christmas-list');
    expect(await segmentOf('christmas-list')).toMatchObject({ status: 'draft', size: 8 });
    const over = await post('/app/segments/big-spenders/settings', { intent: 'freeze', name: 'Old', tag: '', freezeDay: '2020-01-01' }); // prettier-ignore
    expect(over.text).toContain('Choose a day that is not over.');
    expect((await page('/app/segments/christmas-list/edit')).status).toBe(404);
  });

  test('paused and gone on with', async () => {
    await post('/app/segments/big-spenders/settings', { intent: 'pause' });
    expect((await segmentOf('big-spenders'))?.status).toBe('paused');
    const path = '/app/segments/review?act=resume&key=big-spenders';
    await post('/app/segments/review', {
      act: 'resume',
      key: 'big-spenders',
      fingerprint: await fingerprintOf(path),
    });
    expect((await segmentOf('big-spenders'))?.status).toBe('live');
  });

  test('one that is on or asked for is not deleted; a draft is', async () => {
    await post('/app/segments/new', {
      name: 'Asks',
      tag: '',
      rule: rule({ field: 'member_of', with: { segment: 'christmas-list' }, op: 'eq', value: true }),
    });
    const on = await post('/app/segments/big-spenders/settings', { intent: 'delete' });
    expect(on.text).toContain('Turn it off first');
    const used = await post('/app/segments/christmas-list/settings', { intent: 'delete' });
    expect(used.text).toContain('Asks');
    await post('/app/segments/asks/settings', { intent: 'delete' });
    await post('/app/segments/christmas-list/settings', { intent: 'delete' });
    expect(await segmentOf('christmas-list')).toBeUndefined();
  });

  test('tiers of new steps are arranged below the limit at once; faults are told', async () => {
    const plan = (steps: unknown) =>
      JSON.stringify({ kind: 'tiers', name: 'Levels', measure: 'spent_in', lastDays: '365', countAfterDays: '', hold: 'end_of_next_year', months: '', steps }); // prettier-ignore
    const step = (name: string, enter: string, keep = '') => ({ key: '', name, enter, keep });
    const upside = await post('/app/segment-sets/new', {
      plan: plan([step('Silver', '100'), step('Gold', '1000')]),
    });
    expect(upside.status).toBe(422);
    const made = await post('/app/segment-sets/new', {
      plan: plan([step('Gold', '1000', '800'), step('Silver', '100')]),
    });
    expect(made.text).toContain('/app/segments');
    expect((await page('/app/segments')).text).toContain('Tiers: Gold › Silver');
    expect((await page('/app/segments/gold')).text).toContain('Members stay to the end of the year after');
    expect((await post('/app/segment-sets/new', { plan: 'x' })).status).toBe(400);
    expect((await page('/app/segment-sets/999')).status).toBe(404);
  });
});

describe('ideas and the settings of the shop', () => {
  test('every idea has its sentence and count, or the reason why not', async () => {
    const { text, status } = await page('/app/ideas');
    expect(status).toBe(200);
    for (const words of [
      'Life-cycle map',
      'Win-back 30-59 days',
      '15 customers',
      'Use it',
      'Not available',
    ]) {
      expect(text).toContain(words);
    }
    expect((await post('/app/ideas', { key: 'no-such-idea' })).status).toBe(404);
  });

  test('when to ask, postal codes and metafields', async () => {
    expect((await post('/app/settings', { intent: 'set_ask', askAbove: '-1' })).status).toBe(422);
    await post('/app/settings', { intent: 'set_ask', askAbove: '5' });
    const { rows } = await inA((tx) =>
      tx.query(sql`SELECT ask_above AS n FROM shop_settings WHERE shop_id = ${shopA}`),
    );
    expect(rows).toEqual([{ n: 5 }]);
    await post('/app/settings', { intent: 'set_postal', on: 'true' });
    expect((await page('/app/settings')).text).toContain('Stop, and delete them');
    const birthday = JSON.stringify([{ key: 'custom.birthday', type: 'date' }]);
    const look = await post('/app/settings', { intent: 'look_metafields', metafields: birthday });
    expect(look.text).toContain('in_background');
    expect((await page('/app/settings')).text).not.toContain('custom.birthday');
    await post('/app/settings', { intent: 'set_metafields', metafields: birthday });
    expect((await page('/app/settings')).text).toContain('custom.birthday');
    const wrong = await post('/app/settings', {
      intent: 'set_metafields',
      metafields: '[{"key":"x","type":"json"}]',
    });
    expect(wrong.status).toBe(422);
  });
});

describe('another shop', () => {
  test.each(['', '/edit', '/people', '/history', '/versions', '/settings'])(
    'does not see %s',
    async (tab) => {
      expect((await page(`/app/segments/big-spenders${tab}`, B)).status).toBe(404);
    },
  );

  test('cannot change, name, return, undo or delete', async () => {
    const edit = { name: 'Mine now', tag: '', rule: rule(spent(1)) };
    expect((await post('/app/segments/big-spenders/edit', edit, B)).status).toBe(404);
    expect((await post('/app/segments/big-spenders/settings', { intent: 'delete' }, B)).status).toBe(404);
    expect((await post('/app/segments/big-spenders/versions', { version: '1' }, B)).status).toBe(404);
    const named = await post(
      '/app/segments/big-spenders/people',
      { intent: 'name', list: 'always', customer: '1' },
      B,
    );
    expect(named.status).toBe(404);
    const { rows } = await inA((tx) =>
      tx.query<{ id: string }>(sql`SELECT max(id) AS id FROM approval WHERE shop_id = ${shopA}`),
    );
    const id = rows[0]?.id ?? '';
    expect((await page(`/app/segments/review?act=undo&approval=${id}`, B)).text).toContain(
      'can no longer be undone',
    );
    const others = await world.context.db.inShop(shopB, (tx) =>
      tx.query(sql`SELECT count(*)::int AS n FROM approval WHERE shop_id = ${shopB}`),
    );
    expect(others.rows).toEqual([{ n: 0 }]);
  });
});
