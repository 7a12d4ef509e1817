/** What counts as an order, how long history is kept, and one person left out: over HTTP, as the admin's frame asks. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { readStoreSummary } from '../../../app/history/read-store-summary.server.ts';
import { handleMeasurePolicy } from '../../../app/jobs/handlers/measure-policy.server.ts';
import { handleRecompute } from '../../../app/jobs/handlers/recompute.server.ts';
import type { WorkerContext } from '../../../app/jobs/worker-context.server.ts';
import { readRuns } from '../../../app/pipeline/background-run.server.ts';
import { readEarlierPolicies, readPolicyDraft } from '../../../app/pipeline/change-policy.server.ts';
import { setMetafields } from '../../../app/pipeline/change-picks.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { readHistoryMonths } from '../../../app/segments/keep-history.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { createPagesWorld, textOf, type PagesWorld } from './pages-world.ts';

const A = 'arithmetic.myshopify.com';
const B = 'other-store.myshopify.com';
const POLICY = '/app/settings/orders';
let world: PagesWorld;
let shopA: ShopId;
beforeAll(async () => {
  world = await createPagesWorld([A, B]);
  shopA = await world.importArithmeticStore(A);
  await world.importArithmeticStore(B);
  const keys = ['best-customers', 'new'];
  const { fingerprint } = await inA((tx) => reviewTurnOn(tx, { keys, now: now() }));
  await turnOn(world.context, shopA, { keys, fingerprint, actor: '1', now: now() });
  await inA((tx) => tx.query(sql`UPDATE customer SET tags = '{Staff}' WHERE shop_id = ${shopA} AND id = 20`));
});
afterAll(() => world.close());

const inA = <T>(work: (tx: ShopTx) => Promise<T>) => world.context.db.inShop(shopA, work);
const now = () => world.context.clock.now();
const page = async (path: string, domain = A) => {
  const answer = await world.open(domain, path);
  return { status: answer.status, text: textOf(await answer.text()) };
};
const post = async (path: string, form: Record<string, string>, domain = A) => {
  const answer = await world.call(domain, `${path}.data`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
    body: new URLSearchParams(form).toString(),
  });
  return { status: answer.status, text: await answer.text() };
};
const look = (policy: unknown) => post(POLICY, { intent: 'look', policy: JSON.stringify(policy) });
const worker = () => world.context as unknown as WorkerContext;
const job = { data: { shopId: '' as ShopId }, signal: new AbortController().signal };

describe('the page', () => {
  test('shows the switches, the three views and who is left out; Settings leads to it', async () => {
    const { status, text } = await page(POLICY);
    expect(status).toBe(200);
    expect(text).toContain('All that was paid €26,500.00');
    expect(text).toContain('Nobody and nothing is left out');
    expect(text).toContain('Count orders of companies');
    expect((await page('/app/settings')).text).toContain('What counts as an order');
    expect((await page(`${POLICY}?customer=40`)).text).toContain('€1,200.00');
  });

  test('what is wrong comes back beside its field, and nothing is looked at', async () => {
    const own = await look({ leaveOutCustomerTags: ['regulars-new'] });
    expect(own.status).toBe(422);
    expect(own.text).toContain('is a tag that this app writes');
    const many = await look({ leaveOutOrderTags: Array.from({ length: 251 }, (_, i) => `t${i}`) });
    expect(many.text).toContain('Not more than 250.');
    expect((await look({ leaveOutOrderTags: ['x'.repeat(256)] })).text).toContain('1 to 255 characters');
    expect((await look('nonsense')).status).toBe(400);
    expect((await post(POLICY, { intent: 'sell everything' })).status).toBe(400);
    expect(await inA(readPolicyDraft)).toBeNull();
  });

  test('its effect is shown, approved as shown, replayed in the background and gone back to', async () => {
    await look({ leaveOutCustomerTags: ['staff'] });
    const shown = (await page(POLICY)).text;
    expect(shown).toContain('What this changes');
    expect(shown).toMatch(/Spent €26,500.00 €25,300.00/);
    expect(shown).toMatch(/People left out 0, €0.00 1, €1,200.00/);
    expect(shown).toContain('Customer 20');
    const draft = await inA(readPolicyDraft);
    expect((await post(POLICY, { intent: 'approve', version: '1' })).status).toBe(409);
    const anew = await inA(readPolicyDraft);
    expect(anew?.version).not.toBe(draft?.version);
    await post(POLICY, { intent: 'approve', version: anew?.version ?? '' });
    expect((await inA(readRuns)).map(({ kind }) => kind)).toEqual(['policy']);
    expect((await page(POLICY)).text).toContain('About to begin');
    await handleRecompute(worker(), { ...job, data: { shopId: shopA } });
    expect(await inA(readRuns)).toEqual([]);
    expect(await inA(readStoreSummary)).toMatchObject({ customers: 199, leftOut: 1, spentMinor: '2530000' });
    const after = (await page(POLICY)).text;
    expect(after).toContain('1 person, €1,200.00, and 0 orders of others, €0.00, left out.');
    expect(after).toContain('Look at it');
    const [earlier] = await inA((tx) => readEarlierPolicies(tx, 1));
    await look(earlier?.policy);
    await post(POLICY, { intent: 'discard' });
    expect(await inA(readPolicyDraft)).toBeNull();
    expect((await page('/app/customers/20')).text).toContain('What counts as an order');
  });

  test('another policy while one is replayed is replayed too', async () => {
    await look({ leaveOutOrderTags: ['none'] });
    const draft = await inA(readPolicyDraft);
    await post(POLICY, { intent: 'approve', version: draft?.version ?? '' });
    let calls = 0;
    const { db } = world.context;
    const meddling = new Proxy(db, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          // When the profiles have been computed and the scores have not.
          if (name === 'inShop' && ++calls === 6) {
            await inA((tx) =>
              tx.query(sql`UPDATE shop_settings SET policy = '{"leaveOutCustomerTags": ["staff"]}', policy_version = policy_version + 1
                            WHERE shop_id = ${shopA}`),
            );
          }
          return (value as (...all: unknown[]) => unknown).apply(target, given);
        };
      },
    });
    await handleRecompute({ ...worker(), db: meddling }, { ...job, data: { shopId: shopA } });
    expect(calls).toBeGreaterThan(6);
    expect(await inA(readStoreSummary)).toMatchObject({ customers: 199, leftOut: 1 });
  });

  test('a wish of the background is worked out by its job', async () => {
    await look({ amounts: 'products' });
    await inA((tx) =>
      tx.query(sql`UPDATE policy_draft SET state = 'asked', effect = NULL WHERE shop_id = ${shopA}`),
    );
    expect((await page(POLICY)).text).toContain('counted in the background');
    await handleMeasurePolicy(worker(), { ...job, data: { shopId: shopA } });
    expect((await page(POLICY)).text).toContain('Approve and count again');
    await post(POLICY, { intent: 'discard' });
  });
});

describe('one person', () => {
  test('is looked at, left out by hand, listed, and counted again', async () => {
    const customer = '/app/customers/10';
    const looked = await post(customer, { intent: 'look_left_out', out: 'true' });
    expect(looked.text).toContain('Best');
    expect(looked.text).toContain('15000');
    expect((await page(customer)).text).not.toContain('Left out by hand');
    await post(customer, { intent: 'leave_out', out: 'true' });
    expect((await page(customer)).text).toContain('Left out by hand');
    expect((await page(POLICY)).text).toContain('People left out by hand Customer 10');
    await post(POLICY, { intent: 'count_again', customer: '10' });
    expect((await page(customer)).text).toContain('For staff, friends and tests');
    expect((await post(POLICY, { intent: 'count_again', customer: 'x' })).status).toBe(400);
  });

  test('another shop’s customer is nobody here', async () => {
    await world.call(B, '/app/customers/999999.data', { method: 'POST', body: new URLSearchParams({ intent: 'leave_out', out: 'true' }) }); // prettier-ignore
    expect((await page(POLICY, B)).text).not.toContain('People left out by hand');
  });
});

describe('the history of memberships', () => {
  test('a lower number says what it deletes before it is saved; what cannot be is refused', async () => {
    const settings = '/app/settings';
    expect((await post(settings, { intent: 'look_history', months: '2' })).text).toContain('from 3 to 60');
    await inA((tx) =>
      tx.query(sql`INSERT INTO mass_change (shop_id, segment_id, kind, at, cause, rule_version, cut_points_version, members)
                   VALUES (${shopA}, 1, 'entered', '2026-01-10', 'rule', 1, 1, 7)`),
    );
    const looked = await post(settings, { intent: 'look_history', months: '6' });
    expect(looked.text).toContain('2026-05-01');
    expect(await inA(readHistoryMonths)).toBe(25);
    await post(settings, { intent: 'set_history', months: '6' });
    expect(await inA(readHistoryMonths)).toBe(6);
    // Nothing to lose: saved at once.
    await post(settings, { intent: 'look_history', months: '40' });
    expect(await inA(readHistoryMonths)).toBe(40);
  });
});

describe('what the store cannot supply', () => {
  test('stands on Segments, on its page and in the review of what is turned on', async () => {
    const size = { key: 'custom.size', type: 'single_line_text_field' };
    const pick = (list: { key: string; type: string }[]) =>
      inA((tx) => setMetafields(tx, list, { clock: world.context.clock }));
    await pick([size]);
    const rule = {
      v: 1,
      where: { field: 'metafield_text', with: { metafield: size.key }, op: 'eq', value: 'L' },
    };
    for (const [key, status] of [['sized', 'live'], ['drafted', 'draft']]) {
      await inA((tx) =>
        tx.query(sql`INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, created_at)
                     VALUES (${shopA}, ${key}, ${key}, 'own', ${key}, ${status}, ${JSON.stringify(rule)}::jsonb, ${now()})`),
      );
    } // prettier-ignore
    await pick([]);
    expect((await page('/app/segments')).text).toContain('Kept as it is');
    expect((await page('/app/segments/sized')).text).toContain('no metafield of this kind is picked');
    const { text } = await page('/app/segments/review?act=turn_on&keys=drafted');
    expect(text).toContain('This cannot be turned on now');
    expect(text).toContain('drafted asks for what your store cannot supply');
  });
});
