/** Segments and settings from one store to another: what goes comes, what cannot be used is named, nothing is overwritten. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { installPresets } from '../../../app/segments/install-presets.server.ts';
import { loadReadableSegments } from '../../../app/segments/load-segments.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { importSegments, type Conflict } from '../../../app/segments/transfer/import-segments.server.ts';
import { readTransfer } from '../../../app/segments/transfer/read-transfer.server.ts';
import { reviewImport } from '../../../app/segments/transfer/review-import.server.ts';
import {
  parseTransfer,
  TRANSFER_LIMITS,
  type TransferFile,
} from '../../../app/segments/transfer/transfer-file.ts';
import { arbitraryRule } from '../../support/arbitrary-rule.ts';
import { ARITHMETIC_NOON as NOW } from '../../support/arithmetic-store.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const make = async (tx: ShopTx, name: string, rule: unknown, settings: unknown = {}) => {
  const made = await createSegment(tx, { name, rule, settings, actor: '1', now: NOW });
  if (made.outcome !== 'done') throw new Error(JSON.stringify(made));
  return made.key;
};
const shopIn = (currency = 'EUR') => t.createShop({ currency });
const exported = (shopId: ShopId) => t.db.inShop(shopId, readTransfer);
const review = (shopId: ShopId, file: TransferFile) =>
  t.db.inShop(shopId, (tx) => reviewImport(tx, file, NOW));
const bring = async (shopId: ShopId, file: TransferFile, conflicts: Record<string, Conflict> = {}) => {
  const { fingerprint } = await review(shopId, file);
  const done = await t.db.inShop(shopId, (tx) =>
    importSegments(tx, { file, fingerprint, conflicts, actor: '2', now: NOW }),
  );
  if (done.outcome !== 'done') throw new Error('the store has changed');
  return done;
};
const reread = (file: TransferFile): TransferFile => {
  const parsed = parseTransfer(JSON.stringify(file));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.file;
};
const spent = (value: number): Rule => ({ v: 1, where: { field: 'spent', op: 'gte', value } });
const memberOf = (segment: string): Rule => ({
  v: 1,
  where: { field: 'member_of', with: { segment }, op: 'eq', value: true },
});

test('whatever the rules and settings: what a store exports, an empty one has after the import, and exports the same', async () => {
  const settings = fc.record(
    {
      keep: arbitraryRule(),
      hold: fc.constantFrom({ for: 'months', months: 3 }, { for: 'end_of_next_year' }),
      minimumStayDays: fc.integer({ min: 1, max: 90 }),
      rejoinAfterDays: fc.integer({ min: 1, max: 90 }),
    },
    { requiredKeys: [] },
  );
  const said = fc.record({ rule: arbitraryRule(), settings });
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('EUR', 'JPY', 'KWD'),
      async (all, currency) => {
        const [from, to] = [await shopIn(currency), await shopIn(currency)];
        const file = await t.db.inShop(from, async (tx) => {
          for (const [i, { rule, settings: own }] of all.entries()) await make(tx, `Number ${i}`, rule, own);
          // One that asks for another, made before it in the file's order.
          const last = await make(tx, 'Last', spent(1));
          await tx.query(
            sql`UPDATE segment SET position = -1 WHERE shop_id = ${from} AND key = ${await make(tx, 'Asks', memberOf(last))}`,
          );
          await tx.query(sql`
            WITH made AS (INSERT INTO segment_set (shop_id, name, kind, created_at)
                          VALUES (${from}, 'A set', 'exclusive', ${NOW}) RETURNING id)
            UPDATE segment SET set_id = made.id, set_rank = CASE key WHEN 'last' THEN 1 ELSE 2 END FROM made
             WHERE shop_id = ${from} AND key IN ('last', 'number-0')`);
          return readTransfer(tx);
        });
        const { plan } = await review(to, reread(file));
        expect(plan.segments.map(({ verdict, faults }) => [verdict, faults])).toEqual(
          file.segments.map(() => ['new', []]),
        );
        const done = await bring(to, reread(file));
        expect(done.segments.every(({ did }) => did === 'made')).toBe(true);
        expect(done.sets).toBe(1);
        const sorted = ({ segments, ...others }: TransferFile) => ({
          ...others,
          segments: [...segments].sort((a, b) => (a.key < b.key ? -1 : 1)),
        });
        expect(sorted(await exported(to))).toEqual(sorted(file));
        expect(
          (await t.db.inShop(to, (tx) => loadReadableSegments(tx))).every(({ status }) => status === 'draft'),
        ).toBe(true);
        // A second time there is nothing to do.
        expect((await bring(to, file)).segments.every(({ did }) => did === 'same')).toBe(true);
      },
    ),
    { numRuns: 12 },
  );
});

test('presets are the same everywhere; lists are named and left out', async () => {
  const [from, to] = [await shopIn(), await shopIn()];
  await t.db.inShop(from, async (tx) => {
    await installPresets(tx, NOW);
    await createSegment(tx, { name: 'Frozen', kind: 'list', rule: spent(1), actor: '1', now: NOW });
  });
  await t.db.inShop(to, (tx) => installPresets(tx, NOW));
  const file = await exported(from);
  expect(file.segments.filter(({ preset }) => preset)).toHaveLength(25);
  expect(file.leftOut).toEqual([
    { key: 'frozen', name: 'Frozen', why: 'A list holds customers of this store.' },
  ]);
  expect((await review(to, reread(file))).plan.segments.every(({ verdict }) => verdict === 'same')).toBe(
    true,
  );
});

test('one that is here with another rule stays, unless the merchant wants a copy or the other rule', async () => {
  const [from, to] = [await shopIn(), await shopIn()];
  for (const [shopId, bound] of [
    [from, 200],
    [to, 100],
  ] as const) {
    await t.db.inShop(shopId, async (tx) => {
      for (const name of ['Skipped', 'Copied', 'Replaced', 'Live']) await make(tx, name, spent(bound));
    });
  }
  await t.db.inShop(from, (tx) => make(tx, 'Asks', memberOf('copied')));
  await t.db.inShop(to, (tx) =>
    tx.query(sql`UPDATE segment SET status = 'live' WHERE shop_id = ${to} AND key = 'live'`),
  );
  const file = await exported(from);
  const { segments } = await bring(to, file, { copied: 'copy', replaced: 'replace', live: 'replace' });
  expect(segments.map(({ key, as, did }) => [key, as, did])).toEqual([
    ['skipped', 'skipped', 'skipped'],
    ['copied', 'copied-2', 'made'],
    ['replaced', 'replaced', 'replaced'],
    ['live', 'live', 'waiting'],
    ['asks', 'asks', 'made'],
  ]);
  const now = new Map(
    (await t.db.inShop(to, (tx) => loadReadableSegments(tx))).map(({ key, rule, status, hasDraft }) => [
      key,
      [rule, status, hasDraft],
    ]),
  );
  expect(now.get('skipped')).toEqual([spent(100), 'draft', false]);
  expect(now.get('copied')).toEqual([spent(100), 'draft', false]);
  expect(now.get('copied-2')).toEqual([spent(200), 'draft', false]);
  expect(now.get('replaced')).toEqual([spent(200), 'draft', false]);
  expect(now.get('live')).toEqual([spent(100), 'live', true]);
  expect(now.get('asks')).toEqual([memberOf('copied-2'), 'draft', false]);
});

test('what cannot be used here is named: amounts of another currency, unknown products, metafields, segments, circles', async () => {
  const [from, to] = [await shopIn('EUR'), await shopIn('JPY')];
  const file = await t.db.inShop(from, async (tx) => {
    await make(tx, 'Money', spent(120_000));
    await make(tx, 'Cents', spent(1_250));
    await make(tx, 'Bought', {
      v: 1,
      where: { field: 'bought', with: { what: { product: ['11', '12'] } }, op: 'eq', value: true },
    });
    await make(tx, 'Birthday', {
      v: 1,
      where: { field: 'metafield_date', with: { metafield: 'facts.birthday' }, op: 'is_set' },
    });
    return readTransfer(tx);
  });
  await t.db.inShop(to, (tx) =>
    tx.query(sql`INSERT INTO product (shop_id, id, title) VALUES (${to}, 12, 'Here')`),
  );
  const strange = (key: string, segment: string) => ({
    ...(file.segments[0] as TransferFile['segments'][number]),
    key,
    tag: key,
    rule: memberOf(segment),
  });
  const sent = {
    ...file,
    segments: [
      ...file.segments,
      strange('lone', 'nowhere'),
      strange('round', 'trip'),
      strange('trip', 'round'),
    ],
  };
  const { plan } = await review(to, reread(sent));
  const by = new Map(plan.segments.map((one) => [one.key, one]));
  expect(plan.otherCurrency).toBe('EUR');
  expect(by.get('money')).toMatchObject({
    verdict: 'new',
    rule: spent(1_200),
    flags: ['Its amounts were in EUR; the same numbers are now in JPY.'],
  });
  expect(by.get('cents')).toMatchObject({
    verdict: 'faulty',
    faults: [{ path: 'segments.1.rule.where.value', message: 'must not have more than 0 decimals in JPY' }],
  });
  expect(by.get('bought')?.flags).toEqual(['There is no product 11 in this store: choose one of yours.']);
  expect(by.get('birthday')?.flags).toEqual([expect.stringContaining('no metafield of this kind is picked')]);
  expect(by.get('lone')?.faults).toEqual([
    { path: 'segments.4.rule', message: 'there is no segment nowhere, here or in the file' },
  ]);
  expect(by.get('round')).toMatchObject({
    verdict: 'faulty',
    faults: [{ message: 'asks, near or far, for itself' }],
  });
  const done = await bring(to, sent);
  expect(done.segments.map(({ did }) => did)).toEqual([
    'made',
    'faulty',
    'made',
    'made',
    'faulty',
    'faulty',
    'faulty',
  ]);
});

test('settings are compared; only "ask me" is taken over, and only when wished', async () => {
  const [from, to] = [await shopIn(), await shopIn()];
  await t.db.inShop(from, (tx) =>
    tx.query(
      sql`UPDATE shop_settings SET ask_above = 7, tag_prefix = 'other-', postal_codes = true WHERE shop_id = ${from}`,
    ),
  );
  const file = await exported(from);
  const { plan, fingerprint } = await review(to, file);
  expect(plan.settings).toEqual([
    { name: 'askAbove', there: 7, here: 100 },
    { name: 'tagPrefix', there: 'other-', here: 'regulars-' },
    { name: 'postalCodes', there: true, here: false },
  ]);
  const wish = { file, fingerprint, actor: '1', now: NOW };
  await t.db.inShop(to, (tx) => importSegments(tx, wish));
  expect((await exported(to)).settings).toMatchObject({ askAbove: 100, tagPrefix: 'regulars-' });
  await t.db.inShop(to, (tx) => importSegments(tx, { ...wish, askAbove: true }));
  expect((await exported(to)).settings).toMatchObject({
    askAbove: 7,
    tagPrefix: 'regulars-',
    postalCodes: false,
  });
});

test('a store that has changed since the review is shown again, and nothing is done', async () => {
  const [from, to] = [await shopIn(), await shopIn()];
  await t.db.inShop(from, (tx) => make(tx, 'One', spent(1)));
  const file = await exported(from);
  const { fingerprint } = await review(to, file);
  await t.db.inShop(to, (tx) => make(tx, 'One', spent(2)));
  const done = await t.db.inShop(to, (tx) => importSegments(tx, { file, fingerprint, actor: '1', now: NOW }));
  expect(done).toMatchObject({
    outcome: 'changed',
    review: { plan: { segments: [{ verdict: 'differs' }] } },
  });
  expect((await exported(to)).segments).toHaveLength(1);
});

test('a rule as large as the language allows, and names that are taken, are refused with their path', async () => {
  const to = await shopIn();
  const good = await exported(await shopIn());
  const segment = {
    key: 'a',
    name: 'A',
    tag: 'worst',
    family: 'own',
    preset: false,
    rule: spent(1),
    settings: {},
  };
  const deep = {
    v: 1,
    where: Array.from({ length: 7 }).reduce((inner) => ({ all: [inner] }), {
      field: 'orders',
      op: 'gte',
      value: 1,
    }),
  };
  const { plan } = await review(to, {
    ...good,
    segments: [
      segment,
      { ...segment, key: 'b', tag: 'b', rule: deep },
      { ...segment, key: 'c', tag: 'c', settings: { hold: 3 } },
    ],
  });
  expect(plan.segments.map(({ faults }) => faults[0]?.path)).toEqual([
    'segments.0.tag',
    'segments.1.rule.where.all.0.all.0.all.0.all.0.all.0',
    'segments.2.settings.hold',
  ]);
});

test.each([
  ['not JSON', '{"format": ', ''],
  ['another format', '{"format": "other"}', 'format'],
  ['another version', JSON.stringify({ format: 'regulars-transfer', v: 2 }), 'v'],
  ['too large', `"${'x'.repeat(TRANSFER_LIMITS.bytes)}"`, ''],
  ['a list', '[]', ''],
])('a file that is %s is refused with the path', (_name, text, path) => {
  const parsed = parseTransfer(text);
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) expect(parsed.faults.map((fault) => fault.path)).toContain(path);
});

test('a key that is there twice, and one in two sets', async () => {
  const file = await exported(await shopIn());
  const segment = { key: 'a', name: 'A', tag: 'a', family: 'own', preset: false, rule: {}, settings: {} };
  const set = { name: 'S', kind: 'exclusive' as const, settings: {}, segments: ['a'] };
  const faultOf = (other: Partial<TransferFile>) => {
    const parsed = parseTransfer(JSON.stringify({ ...file, ...other }));
    return parsed.ok ? null : parsed.faults[0]?.path;
  };
  expect(faultOf({ segments: [segment, segment] })).toBe('segments.1.key');
  expect(faultOf({ sets: [set, set] })).toBe('sets.1.segments.0');
});
