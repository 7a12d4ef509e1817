/** Overlap and health, comparison, and moving segments, over HTTP as a browser in the admin meets them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import type { TransferFile } from '../../../app/segments/transfer/transfer-file.ts';
import { createPagesWorld, textOf, type PagesWorld } from './pages-world.ts';

const FROM = 'arithmetic.myshopify.com';
const TO = 'other.myshopify.com';

let world: PagesWorld;
beforeAll(async () => {
  world = await createPagesWorld([FROM, TO]);
  await world.importArithmeticStore(FROM);
  await world.open(TO, '/app');
});
afterAll(() => world.close());

const page = async (domain: string, path: string) => {
  const response = await world.open(domain, path);
  return { status: response.status, text: textOf(await response.text()) };
};
const post = async (domain: string, fields: Record<string, string>) => {
  const response = await world.call(domain, '/app/transfer?_data=routes%2Fapp.transfer', {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
};

describe('before anything is on', () => {
  test.each([
    ['/app/overlap', 'No segment is on'],
    ['/app/compare', 'No segment is on'],
  ])('%s says so', async (path, words) => {
    const { status, text } = await page(FROM, path);
    expect(status).toBe(200);
    expect(text).toContain(words);
  });

  test('only with a good session token', async () => {
    for (const path of ['/app/overlap', '/app/compare', '/app/transfer', '/app/transfer/file']) {
      const response = await fetch(`${world.appUrl}${path}`, {
        headers: { 'user-agent': 'Mozilla/5.0 Chrome/147.0', authorization: 'Bearer nonsense' },
        redirect: 'manual',
      });
      expect([path, response.status]).toEqual([path, 401]);
    }
  });
});

describe('with segments that are on', () => {
  beforeAll(async () => {
    const shopId = await world.shopIdOf(FROM);
    const now = world.context.clock.now();
    const keys = ['repeat-buyers', 'one-time-buyers', 'top-5-percent', 'returned-everything'];
    const { fingerprint } = await world.context.db.inShop(shopId, (tx) => reviewTurnOn(tx, { keys, now }));
    await turnOn(world.context, shopId, { keys, fingerprint, actor: '42', now });
  });

  test('overlap and notes', async () => {
    const { text } = await page(FROM, '/app/overlap');
    expect(text).toContain('Returned everything (0 customers): Nobody is in it.');
    expect(text).toContain('Top 5 % (10 customers): All of them are in Repeat buyers too.');
    expect(text).toContain('10 (100.0 %)');
  });

  test('a comparison, with who is compared and what was bought', async () => {
    const { text } = await page(FROM, '/app/compare?a=repeat-buyers&b=one-time-buyers');
    expect(text).toContain('Repeat buyers: 80 customers. One-time buyers: 120 customers.');
    expect(text).toContain('€256.25');
    expect(text).toContain('75.0 %');
    expect(text).toContain('The whole store');
    const others = await page(FROM, '/app/compare?a=top-5-percent&b=*');
    expect(others.text).toContain('Everybody else: 190 customers.');
    const inside = await page(FROM, '/app/compare?a=repeat-buyers&b=top-5-percent');
    expect(inside.text).toContain('so there is nothing to compare');
    const empty = await page(FROM, '/app/compare?a=returned-everything&b=*');
    expect(empty.text).toContain('Nobody is in Returned everything');
    expect((await page(FROM, '/app/compare?a=repeat-buyers&b=nonsense')).text).toContain(
      'Choose two different segments',
    );
  });
});

describe('from one store to another', () => {
  let file: string;
  test('the file is a download with everything but people', async () => {
    await world.context.db.inShop(await world.shopIdOf(FROM), (tx) =>
      createSegment(tx, {
        name: 'VIP',
        rule: { v: 1, where: { field: 'spent', op: 'gte', value: 100_000 } },
        actor: '1',
        now: world.context.clock.now(),
      }),
    );
    const response = await world.call(FROM, '/app/transfer/file');
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="regulars-segments-2026-11-22.json"',
    );
    expect(response.headers.get('cache-control')).toContain('no-store');
    file = await response.text();
    const { segments } = JSON.parse(file) as TransferFile;
    expect(segments).toHaveLength(26);
    expect(segments.at(-1)).toMatchObject({
      key: 'vip',
      preset: false,
      rule: { where: { field: 'spent', op: 'gte', value: 1000 } },
    });
    expect((await page(FROM, '/app/transfer')).text).toContain('26 segments (1 of your own or changed)');
  });

  test('it is looked at first, and then makes drafts', async () => {
    const looked = await post(TO, { intent: 'review', text: file });
    expect([looked.status, looked.body['state']]).toEqual([200, 'review']);
    const { review } = looked.body as unknown as {
      review: { fingerprint: string; plan: { segments: { key: string; verdict: string }[] } };
    };
    expect(review.plan.segments.filter(({ verdict }) => verdict !== 'same')).toMatchObject([
      { key: 'vip', verdict: 'new' },
    ]);
    expect(await keysOf(TO)).not.toContain('vip draft');
    const wrong = await post(TO, { intent: 'import', text: file, fingerprint: 'other' });
    expect([wrong.status, wrong.body['state']]).toEqual([409, 'review']);
    const done = await post(TO, { intent: 'import', text: file, fingerprint: review.fingerprint });
    expect([done.status, done.body['state']]).toEqual([200, 'done']);
    expect(await keysOf(TO)).toContain('vip draft');
  });

  test('a file that cannot be used says where', async () => {
    const refused = await post(TO, { intent: 'review', text: '{"format":"regulars-transfer","v":3}' });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      state: 'refused',
      faults: expect.arrayContaining([
        { path: 'v', message: 'must be 1: this version of the app knows no other' },
      ]) as never,
    });
    const large = await post(TO, { intent: 'review', text: `"${'x'.repeat(1_100_000)}"` });
    expect([large.status, large.body]).toMatchObject([
      422,
      { faults: [{ path: '', message: 'is larger than 1 MB' }] },
    ]);
    const huge = await post(TO, { intent: 'review', text: 'x'.repeat(5_000_000) });
    expect(huge.status).toBe(413);
  });
});

async function keysOf(domain: string): Promise<string[]> {
  const shopId = await world.shopIdOf(domain);
  const { rows } = await world.context.db.inShop(shopId, (tx) =>
    tx.query<{ one: string }>(sql`SELECT key || ' ' || status AS one FROM segment WHERE shop_id = ${shopId}`),
  );
  return rows.map(({ one }) => one);
}
