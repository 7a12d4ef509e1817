import { afterAll, beforeAll, expect, test } from 'vitest';
import { installPresets } from '../../../app/segments/install-presets.server.ts';
import { readCustomerPage } from '../../../app/segments/read-customer-page.server.ts';
import { readSegments } from '../../../app/segments/read-segments.server.ts';
import { ARITHMETIC_NOON } from '../../support/arithmetic-store.ts';
import { planOf, recordStatements } from '../../support/recorded-statements.ts';
import { createArithmeticShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const NOW = ARITHMETIC_NOON;
let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
  shop = await createArithmeticShop(t);
  await shop.in((tx) => installPresets(tx, NOW));
});
afterAll(() => t.close());

test('the page of one draft counts that draft only', async () => {
  await shop.in(async (tx) => {
    const recorded = recordStatements(tx);
    expect(await readSegments(recorded.tx, NOW, ['new'])).toMatchObject([{ key: 'new', size: 9 }]);
    expect(recorded.statements.flatMap(({ text }) => text.match(/count\(\*\) FILTER/g) ?? [])).toHaveLength(
      1,
    );
  });
});

test.each([
  ['the first page', {}],
  ['a later page', { after: '5000_100' }],
  ['a page before', { before: '5000_100' }],
])(
  'customers by what they spent: %s comes from an index, without sorting the store',
  async (_name, cursor) => {
    await shop.in(async (tx) => {
      const recorded = recordStatements(tx);
      await readCustomerPage(recorded.tx, NOW, { order: 'spent', limit: 5, ...cursor });
      const page = recorded.statements.find(({ text }) => text.includes('"lastOrderOn"'));
      if (!page) throw new Error('no statement of the page');
      const plan = await planOf(tx, page);
      expect(plan).toContain('profile_shop_id_spent_minor_customer_id_idx');
      expect(plan).not.toContain('Sort');
    });
  },
);
