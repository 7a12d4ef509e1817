/**
 * Wrong rules at every door: the live count, the editor of a new and of a stored segment, the file from another store,
 * the command line. Each says the path to the fault, and nothing is stored. And rules that are right but say nothing:
 * everybody, nobody.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { runSegment } from '../../../scripts/segment-command.ts';
import { writeArithmeticExport } from '../../support/arithmetic-export.ts';
import { ABYSS, BAD_RULES } from '../../support/bad-rules.ts';
import { formInit } from '../../support/page-calls.ts';
import { createPagesWorld, textOf, type PagesWorld } from '../pages/pages-world.ts';

const SHOP = 'arithmetic.myshopify.com';
let world: PagesWorld;
let shopId: ShopId;
let folder: string;
let ownFile: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bad-rules-'));
  writeArithmeticExport(path.join(folder, 'orders.csv'));
  world = await createPagesWorld([SHOP]);
  shopId = await world.importArithmeticStore(SHOP);
  await world.context.db.inShop(shopId, (tx) =>
    createSegment(tx, {
      name: 'Sound',
      rule: { v: 1, where: { field: 'orders', op: 'gte', value: 2 } },
      actor: '42',
      now: world.context.clock.now(),
    }),
  );
  ownFile = await (await world.call(SHOP, '/app/transfer/file')).text();
}, 240_000);
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const post = async (page: string, form: Record<string, string>) => {
  const answer = await world.call(SHOP, `${page}.data`, formInit(form));
  return { status: answer.status, text: await answer.text() };
};
const count = async (body: string) => {
  const answer = await world.call(SHOP, '/app/segments/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { status: answer.status, text: await answer.text() };
};
/** This store's own file, with one segment more. */
const transferOf = (rule: string) => {
  const segment = `{"key":"wrong","name":"Wrong","tag":"wrong","family":"own","preset":false,"settings":{},"rule":${rule}}`;
  return ownFile.replace(/"segments": ?\[(?=\s*\{\s*"key")/, (list) => `${list}${segment},`);
};
async function command(rule: string): Promise<{ code: number; out: string; err: string }> {
  writeFileSync(path.join(folder, 'rule.json'), rule);
  let [out, err] = ['', ''];
  const code = await runSegment(['--orders', 'orders.csv', '--rule', 'rule.json', '--as-of', '2026-11-22'], {
    from: folder,
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}
const stored = () =>
  world.context.db.inShop(
    shopId,
    async (tx) => (await tx.query(`SELECT key, name, status, rule, draft FROM segment ORDER BY key`)).rows,
  );

describe.each(BAD_RULES)('$name', ({ name, rule, path: fault }) => {
  const json = JSON.stringify(rule);

  test('the live count', async () => {
    const { status, text } = await count(`{"key":null,"rule":${json}}`);
    expect(status).toBe(200);
    const answer = JSON.parse(text) as { outcome: string; faults: { path: string; message: string }[] };
    expect(answer.outcome).toBe('faults');
    expect(answer.faults.map((one) => one.path)).toContain(fault);
  });

  test('the editor, of a new segment and of a stored one', async () => {
    const before = await stored();
    for (const page of ['/app/segments/new', '/app/segments/sound/edit']) {
      const { status, text } = await post(page, { name: 'Wrong', tag: 'wrong', rule: json });
      expect([page, status]).toEqual([page, 422]);
      expect(text).toContain(fault === '' ? 'rule' : `rule.${fault}`);
    }
    expect(await stored()).toEqual(before);
  });

  test('a file from another store', async () => {
    const before = await stored();
    const { status, text } = await post('/app/transfer', { intent: 'review', text: transferOf(json) });
    expect(status).toBe(200);
    expect(text).toContain('faulty');
    // A segment may still come with the file: what is asked for and not there is said without a place.
    const said = name === 'a segment that is not there' ? 'nobody, here or in the file' : `rule.${fault}`;
    expect(text).toContain(fault === '' ? 'rule' : said);
    expect(await stored()).toEqual(before);
  });

  test('the command line', async () => {
    const { code, out, err } = await command(json);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`--rule: ${fault}`);
  });
});

test('an abyss is refused at every door, and the process goes on', async () => {
  expect(JSON.parse((await count(`{"key":null,"rule":${ABYSS}}`)).text)).toMatchObject({ outcome: 'faults' });
  expect((await post('/app/segments/new', { name: 'Wrong', tag: 'wrong', rule: ABYSS })).status).toBe(422);
  expect([200, 422]).toContain(
    (await post('/app/transfer', { intent: 'review', text: transferOf(ABYSS) })).status,
  );
  expect(await command(ABYSS)).toMatchObject({ code: 2, out: '' });
});

describe('a rule that says nothing warns before it is live', () => {
  test.each([
    ['Everybody', { field: 'orders', op: 'gte', value: 0 }, 'everyone', 'This holds for every customer: the tag would say nothing.'],
    ['Nobody', { field: 'orders', op: 'gte', value: 1_000 }, 'no_one', 'This holds for nobody now.'],
  ] as const)('%s', async (name, where, warning, words) => {
    const now = world.context.clock.now();
    await world.context.db.inShop(shopId, (tx) =>
      createSegment(tx, { name, rule: { v: 1, where }, actor: '42', now }),
    );
    const key = name.toLowerCase();
    const review = await world.context.db.inShop(shopId, (tx) => reviewTurnOn(tx, { keys: [key, 'sound'], now }));
    expect(review.segments.map((one) => [one.key, one.warning])).toEqual([['sound', null], [key, warning]]);
    const page = await world.open(SHOP, `/app/segments/review?keys=${key}`);
    expect(textOf(await page.text())).toContain(words);
  }); // prettier-ignore
});
