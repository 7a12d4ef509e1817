/**
 * Every route whose address holds an id, and every page that is asked for things by id, with the ids of another shop:
 * not found, and nothing of the other shop is said. The addresses come from the route files, so a new one is not forgotten.
 */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { createPagesWorld, textOf, type PagesWorld } from './pages-world.ts';

const MINE = 'arithmetic.myshopify.com';
const OTHERS = 'other-store.myshopify.com';
const NAME = 'Nobody elses business';

/** Route files with a parameter, as addresses: "app.segments.$key_.edit.tsx" is /app/segments/:key/edit. */
const ROUTES = readdirSync(new URL('../../../app/routes', import.meta.url))
  .filter((file) => /\$\w/.test(file))
  .map(
    (file) =>
      `/${file
        .replace(/\.tsx?$/, '')
        .replaceAll('_.', '.')
        .replaceAll('.', '/')}`,
  )
  .sort();

/** What the other shop has, by the part of the address before the parameter. */
const OF: Record<string, () => string> = {
  '/api/customers/$id': () => '777',
  '/app/customers/$id': () => '777',
  '/app/offers/$id': () => offer,
  '/app/segment-sets/$id': () => set,
  '/app/segments/$key': () => 'nobody-elses-business',
};
/** A form that each would take from its own shop. */
const FORMS: Record<string, Record<string, string>> = {
  '/app/customers/$id': { offer: '1', step: 'take' },
  '/app/offers/$id': { step: 'end' },
};

let world: PagesWorld;
let theirs: ShopId;
let offer = '0';
let set = '0';

beforeAll(async () => {
  world = await createPagesWorld([MINE, OTHERS]);
  await world.importArithmeticStore(MINE);
  theirs = await world.importArithmeticStore(OTHERS);
  await world.context.db.inShop(theirs, async (tx) => {
    await tx.query(sql`INSERT INTO customer (shop_id, id) VALUES (${theirs}, 777)`);
    const rule = { v: 1, where: { field: 'orders', op: 'gte', value: 1 } };
    await createSegment(tx, { name: NAME, rule, actor: '42', now: world.context.clock.now() });
    const terms = { gives: { kind: 'free_shipping' }, combines: { product: false, order: false, shipping: false }, once: true }; // prettier-ignore
    const made = await tx.query<{ id: string }>(sql`
      INSERT INTO offer (shop_id, segment_id, name, tag_name, terms, state, starts_on, ends_on, way, made_at)
      SELECT ${theirs}, id, ${NAME}, 'offer-x', ${JSON.stringify(terms)}::jsonb, 'running', '2026-11-01', '2027-02-01',
             'native', now() FROM segment WHERE shop_id = ${theirs} AND key = 'nobody-elses-business' RETURNING id`);
    offer = made.rows[0]?.id ?? '0';
    const sets = await tx.query<{ id: string }>(sql`
      INSERT INTO segment_set (shop_id, name, kind, settings, created_at)
      VALUES (${theirs}, ${NAME}, 'exclusive', '{}', now()) RETURNING id`);
    set = sets.rows[0]?.id ?? '0';
    await tx.query(sql`
      UPDATE segment SET set_id = ${set}::bigint, set_rank = 1 WHERE shop_id = ${theirs} AND key = 'nobody-elses-business'`);
    await tx.query(sql`
      INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause)
      VALUES (${theirs}, ${offer}::bigint, 777, now(), 'start')`);
  });
});
afterAll(() => world?.close());

const baseOf = (route: string) =>
  Object.keys(OF).find((base) => route === base || route.startsWith(`${base}/`));
const addressOf = (route: string) => {
  const base = baseOf(route) ?? '';
  return route.replace(base, base.replace(/\$\w+$/, OF[base]?.() ?? ''));
};

test('every route with a parameter is known here', () => {
  expect(ROUTES.length).toBeGreaterThan(8);
  expect(ROUTES.filter((route) => baseOf(route) === undefined)).toEqual([]);
});

test.each(ROUTES)('GET %s', async (route) => {
  const path = addressOf(route);
  const json = route.startsWith('/api/') || route.endsWith('/why');
  const answer = async (domain: string) => {
    const asked = route.endsWith('/why') ? `${path}?segment=nobody-elses-business` : path;
    return json ? world.call(domain, asked) : world.open(domain, asked);
  };
  // It is there for the shop that has it, so that a 404 is not one of a wrong address.
  if (!json) expect((await answer(OTHERS)).status).toBe(200);
  const refused = await answer(MINE);
  expect(refused.status).toBe(404);
  expect(textOf(await refused.text())).not.toContain(NAME);
});

const state = async () =>
  world.context.db.inShop(theirs, async (tx) => {
    const { rows } = await tx.query(sql`
      SELECT (SELECT jsonb_agg(to_jsonb(o)) FROM offer o WHERE shop_id = ${theirs}) AS offers,
             (SELECT jsonb_agg(to_jsonb(h)) FROM offer_holder h WHERE shop_id = ${theirs}) AS holders,
             (SELECT jsonb_agg(to_jsonb(s)) FROM segment s WHERE shop_id = ${theirs}) AS segments`);
    return JSON.stringify(rows);
  });

test.each(ROUTES.filter((route) => !route.startsWith('/api/') && !route.endsWith('/why')))(
  'POST %s changes nothing there',
  async (route) => {
    const before = await state();
    const base = baseOf(route) ?? '';
    const form = new URLSearchParams({ intent: 'delete', version: '1', ...FORMS[base], ...(base === '/app/customers/$id' ? { offer } : {}) }); // prettier-ignore
    const response = await world.call(MINE, addressOf(route), { method: 'POST', body: form });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await response.text()).not.toContain(NAME);
    expect(await state()).toBe(before);
  },
);

test.each([
  ['/app/offers/edit?offer=', () => offer],
  ['/app/offers/edit?segment=', () => 'nobody-elses-business'],
])('a form for %s of another shop', async (path, id) => {
  expect((await world.open(OTHERS, `${path}${id()}`)).status).toBe(200);
  const refused = await world.open(MINE, `${path}${id()}`);
  expect(refused.status).toBe(404);
  expect(textOf(await refused.text())).not.toContain(NAME);
});
