/**
 * `npm run segment` on the arithmetic store: every figure can be checked by hand. Each run reads the file anew into a
 * PostgreSQL of its own.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSegment } from '../../../scripts/segment-command.ts';
import { ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { writeArithmeticExport } from '../../support/arithmetic-export.ts';

let folder: string;
const file = (name: string) => path.join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'segment-command-'));
  writeArithmeticExport(file('orders.csv'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(rule: unknown, ...more: string[]) {
  writeFileSync(file('rule.json'), typeof rule === 'string' ? rule : JSON.stringify(rule));
  let [out, err] = ['', ''];
  const args = [
    '--orders',
    'orders.csv',
    '--rule',
    'rule.json',
    '--time-zone',
    ARITHMETIC_TIME_ZONE,
    ...more,
  ];
  const code = await runSegment(args, {
    from: folder,
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err, answer: out === '' ? undefined : (JSON.parse(out) as Record<string, unknown>) };
}

const rule = (where: object, more: object = {}) => ({ v: 1, where, ...more });

describe('a rule on an order export', () => {
  it('gives size, buyers, sentence, Shopify’s query and the members with the values that decided', async () => {
    const { code, answer } = await run(
      rule({
        all: [
          { field: 'spent', op: 'gte', value: 400 },
          { field: 'days_since_last_order', op: 'lte', value: 80 },
        ],
      }),
      '--as-of', '2026-11-22', '--out', 'members.csv',
    ); // prettier-ignore
    expect(code).toBe(0);
    expect(answer).toEqual({
      size: 2,
      buyers: 200,
      sentence: expect.stringContaining('€400.00') as string,
      shopifyQuery: 'amount_spent >= 400.00 AND last_order_date >= -80d',
      whyNot: null,
      seconds: expect.any(Number) as number,
    });
    expect(readFileSync(file('members.csv'), 'utf8')).toBe(
      'customer,spent,days_since_last_order\nc020@example.com,1200.00,40\nc040@example.com,1200.00,80\n',
    );
  });

  it('orders count after 30 days: 8 people spent 1,000.00 in a year, which Shopify cannot say', async () => {
    const where = { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: '1000.00' };
    const { answer } = await run(rule(where, { countAfterDays: 30 }), '--as-of', '2026-11-22');
    expect(answer).toMatchObject({
      size: 8,
      shopifyQuery: null,
      whyNot: 'Shopify cannot wait before it counts an order.',
    });
  });

  it('without --as-of the day of the newest order is meant; with an earlier one later orders are left aside', async () => {
    const where = { field: 'days_since_last_order', op: 'eq', value: 0 };
    expect((await run(rule(where))).answer).toMatchObject({ size: 1, buyers: 200 });
    const { answer } = await run(rule(where), '--as-of', '2026-10-13');
    // 40 days before: c020's last order and the middle one of c010. Buyers by then: c020 to c200, and of the others
    // those with an order more than 40 days back: c005, c010, c011, c015, c016.
    expect(answer).toMatchObject({ size: 2, buyers: 186 });
  });

  it('presets can be asked for', async () => {
    const where = { field: 'member_of', with: { segment: 'win-back-30-59' }, op: 'eq', value: true };
    expect((await run(rule(where), '--as-of', '2026-11-22')).answer).toMatchObject({ size: 15 });
  });
});

describe('what is wrong is said, with exit 2 and no JSON', () => {
  it.each([
    ['an unknown field', rule({ field: 'colour', op: 'eq', value: 1 }), '--rule: where.field is not a field'],
    ['a wrong type, deep in the tree', rule({ all: [{ any: [{ field: 'orders', op: 'gte', value: 'two' }] }] }), '--rule: where.all.0.any.0.value'],
    ['an unknown version', { v: 2, where: { field: 'orders', op: 'gte', value: 2 } }, '--rule: v must be 1'],
    ['more decimals than the currency has', rule({ field: 'spent', op: 'gte', value: '1.005' }), '--rule: where.value must not have more than 2 decimals in EUR'],
    ['a segment that is not there', rule({ field: 'member_of', with: { segment: 'nobody' }, op: 'eq', value: true }), '--rule: where'],
    ['text that is not JSON', '{"v":1,', 'is not JSON'],
    ['a key that is there twice', '{"v":1,"where":{"field":"orders","op":"gte","op":"lte","value":1}}', '--rule: where.op is there twice'],
    ['tiers, of which a file has none', rule({ field: 'tier_until', with: { segment: 'gold' }, op: 'is_set' }), '--rule: where.field Not available: there are no tiers yet'],
  ])('%s', async (_, wrong, said) => {
    const { code, out, err } = await run(wrong, '--as-of', '2026-11-22');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
  }); // prettier-ignore

  it('predictions without a fit that can be relied on', async () => {
    const { code, err } = await run(
      rule({ none: [{ field: 'still_a_customer_chance', op: 'gte', value: 90 }] }),
      '--as-of', '2026-11-22',
    ); // prettier-ignore
    expect(code).toBe(2);
    expect(err).toMatch(/^--rule: where\.none\.0\.field Not available/);
  });

  it.each([
    [['--orders', 'nothing.csv', '--rule', 'rule.json'], '--orders: '],
    [['--orders', 'orders.csv'], '--rule RULE.json is needed'],
    [['--rule', 'rule.json'], '--orders FILE is needed'],
    [['--orders', 'orders.csv', '--rule', 'nothing.json'], 'cannot be read (ENOENT)'],
    [
      ['--orders', 'orders.csv', '--rule', 'rule.json', '--as-of', '2026-02-30'],
      '--as-of: 2026-02-30 is not a date',
    ],
    [['--orders', 'orders.csv', '--rule', 'rule.json', '--time-zone', 'Mars'], '--time-zone: Mars'],
    [['--order', 'orders.csv'], "Unknown option '--order'"],
  ])('%j', async (args, said) => {
    writeFileSync(file('rule.json'), JSON.stringify(rule({ field: 'orders', op: 'gte', value: 2 })));
    let err = '';
    const code = await runSegment(args, { from: folder, out: () => undefined, err: (text) => (err += text) });
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});
