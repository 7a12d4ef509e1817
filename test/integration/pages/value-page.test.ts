/** The Value page, and what is expected of a customer on theirs, over HTTP: four stores that know more and more. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { addDays, atHour } from '../../../app/local-date.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refitShop } from '../../../app/pipeline/refit-shop.server.ts';
import { formatMinor } from '../../../app/ui/format.ts';
import { formatNumber, formatParameter } from '../../../app/ui/value/value-words.ts';
import { readFits } from '../../../app/value/read-fit.server.ts';
import { readPredictedTotals } from '../../../app/value/read-predicted-totals.server.ts';
import { readPrediction } from '../../../app/value/read-prediction.server.ts';
import { ARITHMETIC_DAY, ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { putCustomers, putOrders, type CustomerRow, type OrderRow } from '../../support/insert-facts.ts';
import { evenAges, seeded, simulateBetaGeometric } from '../../unit/value/simulate.ts';
import { createPagesWorld, textOf, type PagesWorld } from './pages-world.ts';

const NEW = 'just-installed.myshopify.com';
const EMPTY = 'empty.myshopify.com';
const SMALL = 'small.myshopify.com';
const ARITHMETIC = 'arithmetic.myshopify.com';
const GROWN = 'grown.myshopify.com';

let world: PagesWorld;
beforeAll(async () => {
  world = await createPagesWorld([NEW, EMPTY, SMALL, ARITHMETIC, GROWN]);
});
afterAll(() => world.close());

const page = async (domain: string, path = '/app/value') => {
  const response = await world.open(domain, path);
  const html = await response.text();
  return { status: response.status, html, text: textOf(html) };
};

/** As an import would leave the shop. */
async function putStore(
  domain: string,
  store: { customers: CustomerRow[]; orders: OrderRow[] },
): Promise<ShopId> {
  await world.open(domain, '/app');
  const shopId = await world.shopIdOf(domain);
  await world.context.db.inShop(shopId, async (tx) => {
    await putCustomers(tx, store.customers);
    await putOrders(tx, store.orders);
    await tx.query(
      sql`UPDATE shop_settings SET first_imported_at = ${world.context.clock.now()} WHERE shop_id = ${shopId}`,
    );
  });
  await recomputeShop(world.context, shopId, { cause: 'import', publish: 'force' });
  return shopId;
}

const placed = (id: number, customer: number, daysAgo: number, totalMinor: number): OrderRow => ({
  id: String(id),
  customerId: String(customer),
  processedAt: atHour(addDays(ARITHMETIC_DAY, -daysAgo), 12, ARITHMETIC_TIME_ZONE),
  totalMinor,
  sourceName: 'web',
});

describe('before there is anything to show', () => {
  test('while the store is read, and when nobody has bought', async () => {
    expect((await page(NEW)).text).toContain('Your store is still being read');
    await putStore(EMPTY, { customers: [{ id: '1' }], orders: [] });
    const { status, text } = await page(EMPTY);
    expect(status).toBe(200);
    expect(text).toContain('Nobody has bought anything yet');
  });

  test('only with a good session token', async () => {
    const response = await fetch(`${world.appUrl}/app/value.data`, {
      headers: { 'user-agent': 'Mozilla/5.0 Chrome/147.0', authorization: 'Bearer nonsense' },
      redirect: 'manual',
    });
    expect(response.status).toBe(401);
  });
});

describe('the arithmetic store', () => {
  let shopId: ShopId;
  beforeAll(async () => {
    shopId = await world.importArithmeticStore(ARITHMETIC);
  });

  test('what buyers spent, and who holds it, in numbers that can be checked by hand', async () => {
    const { text } = await page(ARITHMETIC);
    for (const words of [
      'Buyers 200 80 ordered again',
      'Spent €26,500.00 after refunds',
      'A buyer €132.50 on average; half spent €50.00 or less',
      '€50.00 to under €100.00 120 Share of buyers 60.0 % Share of all spent 22.6 %',
      '€100.00 to under €200.00 70 Share of buyers 35.0 % Share of all spent 32.1 %',
      '€1,000.00 or more 10 Share of buyers 5.0 % Share of all spent 45.3 %',
      'Three quarters spent at most €100.00',
      'The top 20 % of your buyers made 62.3 % of everything spent.',
      'Top 1 % 9.1 % Top 5 % 45.3 % Top 10 % 50.9 % Top 20 % 62.3 %',
    ]) {
      expect(text).toContain(words);
    }
  });

  test('cohorts as tables and as charts that name themselves', async () => {
    const { html, text } = await page(ARITHMETIC);
    // 14 customers first ordered in October, three of them again in November so far: 850.00, then 1,000.00 in all.
    expect(text).toContain('Oct 2026 14 100 % 21 %');
    expect(text).toContain('Oct 2026 14 €60.71 €71.43');
    expect(text).toContain('Nov 2026 6 100 %');
    const pictures = [...html.matchAll(/<svg[^>]*role="img"[^>]*aria-labelledby="([^"]+)" aria-describedby="([^"]+)"/g)]; // prettier-ignore
    expect(pictures.length).toBeGreaterThanOrEqual(3);
    for (const [, title = '', description = ''] of pictures) {
      expect(html).toMatch(new RegExp(`<title id="${title}">[^<]{10,}</title>`));
      expect(html).toMatch(new RegExp(`<desc id="${description}">[^<]{20,}</desc>`));
    }
    expect(html).not.toContain('NaN');
  });

  test('by channel and first product: without sources and lines both are one row of everybody', async () => {
    const { text } = await page(ARITHMETIC);
    expect(text).toContain('Not known €132.50 Customers 200 Came back 40.0 %');
  });

  test('before the first fit it says when there will be one', async () => {
    const { text } = await page(ARITHMETIC);
    expect(text).toContain('There are no predictions yet');
    expect(text).not.toContain('Orders expected');
    expect((await page(ARITHMETIC, '/app/customers/5')).text).toContain('Predictions None');
  });

  test('a fit that was refused is shown with its reason, and predicts nothing', async () => {
    const { publication } = await refitShop(world.context, shopId);
    expect(publication.outcome).toBe('refused');
    const { text } = await page(ARITHMETIC);
    expect(text).toContain('The fit of 22 Nov 2026 was not put in force');
    expect(text).toContain('did not converge');
    expect(text).toContain('So there are no predictions, and no segment that rests on them.');
    expect(text).toContain('In force since not in force');
    expect(text).not.toContain('Orders expected');
  });
});

test('too little data is said in words and numbers', async () => {
  const shopId = await putStore(SMALL, {
    customers: Array.from({ length: 12 }, (_, i) => ({ id: String(i + 1) })),
    orders: Array.from({ length: 15 }, (_, i) => placed(i + 1, (i % 12) + 1, 10 * (15 - i), 1_000)),
  });
  await refitShop(world.context, shopId);
  const { text } = await page(SMALL);
  expect(text).toContain('Too little data for predictions');
  expect(text).toContain(
    '12 customers ordered, 3 of them on two days or more. The models need at least 30 customers and 10 who came back.',
  );
  expect(text).not.toContain('How the predictions are made');
});

describe('a store with enough orders', () => {
  let shopId: ShopId;
  beforeAll(async () => {
    const ages = evenAges(500, 5, 700).map(Math.round);
    const drawn = simulateBetaGeometric(
      seeded(11),
      { r: 0.7, alpha: 50, a: 0.7, b: 1.8 },
      { afterFirst: true, ages },
    );
    const orders: OrderRow[] = [];
    ages.forEach((age, i) => {
      const x = drawn.x[i] ?? 0;
      const last = Math.floor(drawn.txDays[i] ?? 0);
      for (let n = 0; n <= x; n++) {
        const daysAgo = age - Math.floor((last * n) / Math.max(1, x));
        orders.push(placed(orders.length + 1, i + 1, daysAgo, 2_000 + ((i * 37 + n * 911) % 6_000)));
      }
    });
    shopId = await putStore(GROWN, { customers: ages.map((_, i) => ({ id: String(i + 1) })), orders });
    expect((await refitShop(world.context, shopId)).publication.outcome).toBe('published');
  });

  const stored = () =>
    world.context.db.inShop(shopId, async (tx) => ({
      fit: (await readFits(tx)).inForce,
      totals: await readPredictedTotals(tx),
    }));

  test('says what is expected, as of when, from which parameters', async () => {
    const { text } = await page(GROWN);
    const { fit, totals } = await stored();
    expect(text).toContain(
      `Orders expected ${Math.round(totals?.expectedOrders ?? 0)} 12 months from 22 Nov 2026`,
    );
    expect(text).toContain(`Spend expected ${formatMinor(totals?.expectedMinor ?? '0', 'EUR')}`);
    expect(text).toContain('Predicted by MBG/NBD As of 22 Nov 2026');
    expect(text).toContain(`Customers 500 Came back ${fit?.repeatCustomers}`);
    expect(text).toContain(`alpha MBG/NBD`);
    for (const value of Object.values(fit?.params ?? {})) expect(text).toContain(formatParameter(value));
    for (const name of ['MBG/NBD (predicts)', 'BG/NBD', 'Pareto/NBD']) expect(text).toContain(`${name} -`);
    for (const warning of fit?.warnings ?? []) expect(text).toContain(warning);
  });

  test('shows the back-test: errors beside those of the rules of thumb, each class, the sums', async () => {
    const { html, text } = await page(GROWN);
    const holdout = (await stored()).fit?.report?.holdout;
    if (!holdout) throw new Error('the store has no back-test');
    for (const errors of [holdout, holdout.baselines.sameRate, holdout.baselines.frequencyClassMean]) {
      for (const value of [errors.mae, errors.rmse, errors.bias]) expect(text).toContain(formatNumber(value));
    }
    expect(text).toContain(`The model was fitted to everything but the last ${holdout.days} days`);
    for (const { x, customers, actual, expected } of holdout.byFrequency) {
      if (customers === 0) continue;
      const name = x === '7+' ? '7 or more' : x;
      expect(text).toContain(
        `${name} ${customers} ${formatNumber(actual ?? 0)} ${formatNumber(expected ?? 0)}`,
      );
    }
    for (const title of [
      'Expected against actual, by repeat orders before',
      'Calibration',
      'Repeat orders of all customers, added up',
    ]) {
      expect(html).toMatch(new RegExp(`<title id="[^"]+">${title}</title>`));
    }
  });

  test('the orders and the spend expected stand beside each channel', async () => {
    expect((await page(GROWN)).text).toMatch(/Online store €[\d.]+ Customers 500 Came back [\d.]+ % Expected, next 12 months €[\d.]+/); // prettier-ignore
  });

  test('a customer’s page says how likely they are to be one still, what is expected and when', async () => {
    const prediction = await world.context.db.inShop(shopId, (tx) => readPrediction(tx, '250'));
    if (!prediction) throw new Error('no prediction');
    const { text } = await page(GROWN, '/app/customers/250');
    expect(text).toContain(`Still a customer (chance) ${Math.round(100 * prediction.alive)} %`);
    expect(text).toContain(`Orders expected ${prediction.expectedOrders.toFixed(2)} next 12 months`);
    expect(text).toContain(`Spend expected ${formatMinor(prediction.expectedValueMinor, 'EUR')}`);
    expect(text).toMatch(/Risk of losing them (Low|Medium|High)/);
    expect(text).toContain('As of 22 Nov 2026');
  });

  test('a later fit that is refused leaves the last good one in force and says so', async () => {
    await world.context.db.inShop(shopId, (tx) =>
      tx.query(sql`
        INSERT INTO ltv_fit (shop_id, version, as_of, computed_at, verdict, reason, model, currency, customers,
                             repeat_customers)
        VALUES (${shopId}, 99, '2026-11-25', now(), 'implausible', 'MBG/NBD did not converge.', 'mbgnbd', 'EUR', 500, 200)`),
    );
    const { text } = await page(GROWN);
    expect(text).toContain('The fit of 25 Nov 2026 was not put in force');
    expect(text).toContain('The predictions are still those of 22 Nov 2026, the last good fit.');
    expect(text).toContain('Predicted by MBG/NBD As of 22 Nov 2026');
  });
});

describe('when reading all orders takes long', () => {
  test('the rest of the page does not wait for it, and the cohorts follow on the same answer', async () => {
    const client = new pg.Client({ connectionString: world.testDb.superuserUrl });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
      const response = await world.open(ARITHMETIC, '/app/value');
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let [html, locked] = ['', true];
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        html += value ?? '';
        if (locked && html.includes('Cohorts are being counted')) {
          expect(html).toContain('Who holds it');
          expect(html).not.toContain('2026-10');
          await client.query('COMMIT');
          locked = false;
        }
        if (done) break;
      }
      expect(locked).toBe(false);
      expect(html).toContain('2026-10');
    } finally {
      await client.end();
    }
  });

  test('orders that cannot be read leave the rest of the page standing', async () => {
    const shopId = await world.shopIdOf(ARITHMETIC);
    await world.context.db.inShop(shopId, (tx) =>
      tx.query(sql`UPDATE shop_settings SET policy = '{"companyOrders": "?"}' WHERE shop_id = ${shopId}`),
    );
    const { status, text } = await page(ARITHMETIC);
    expect(status).toBe(200);
    expect(text).toContain('Cohorts could not be counted');
    expect(text).toContain('Spent €26,500.00');
  });
});
