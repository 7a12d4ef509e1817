/**
 * The Value page for everybody: by keyboard, by screen reader (roles and names, WCAG 2.1 AA by axe), on a phone. The
 * arithmetic store has a fit that is refused, so the model's report is shown with all its charts.
 */
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../app/db/sql.ts';
import { installAndImport, withDb } from '../../scripts/demo-acts.ts';
import { until } from '../../scripts/processes.ts';
import { openAdmin, type Admin } from './support/admin.ts';
import { brokenRules, drawn, FITS, tooWide } from './support/page-checks.ts';

let admin: Admin;
let frame: Frame;
beforeAll(async () => {
  admin = await openAdmin();
  await installAndImport(admin.stack, () => undefined);
  await until(
    'the first fit',
    () =>
      withDb(admin.stack, (db, shopId) =>
        db.inShop(shopId, async (tx) => {
          const { rowCount } = await tx.query({
            text: 'SELECT FROM ltv_fit WHERE shop_id = $1',
            values: [shopId],
          });
          return rowCount ? true : undefined;
        }),
      ),
    { withinMs: 60_000, failed: () => admin.stack.failure() },
  );
  await admin.goto('/apps/regulars/app');
  await admin.app.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  await admin.page.locator('#app-navigation').getByRole('link', { name: 'Value' }).click();
  await admin.app.getByRole('heading', { level: 1, name: 'Value' }).waitFor();
  frame = await admin.appFrame();
});
afterAll(async () => {
  await admin?.close();
});

const PICTURES = [
  'Share of spent by share of buyers',
  'Who comes back, by months since the first order',
  'What a customer has spent by then, by months since the first order',
  'Expected against actual, by repeat orders before',
  'Calibration',
  'Expected against actual, by what was expected',
  'Repeat orders of all customers, added up',
];

test('the menu of the admin leads to it, and the address says so', async () => {
  expect(admin.page.url()).toMatch(/\/apps\/regulars\/app\/value$/);
  expect(await frame.getByRole('heading', { level: 1 }).allInnerTexts()).toEqual(['Value']);
  expect(await frame.getByRole('main').count()).toBe(1);
});

test('headings are in order: none is skipped', async () => {
  const levels = await frame
    .getByRole('heading')
    .evaluateAll((all) => all.map((heading) => Number(heading.tagName.slice(1))));
  levels.forEach((level, i) => expect(level).toBeLessThanOrEqual((levels[i - 1] ?? 0) + 1));
});

test('breaks no rule of WCAG 2.1 AA that a machine can check, folded and unfolded', async () => {
  expect(await brokenRules(frame)).toEqual([]);
  await frame.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  expect(await brokenRules(frame)).toEqual([]);
  await frame.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = false;
  });
});

test.each(PICTURES)(
  'the chart “%s” is one picture with a name and has its numbers as a table',
  async (name) => {
    expect(await frame.getByRole('img', { name, exact: true }).count()).toBe(1);
    const figure = frame.getByRole('figure', { name, exact: true });
    const numbers = figure.getByText('Numbers of this chart');
    await numbers.focus();
    await admin.page.keyboard.press('Enter');
    const rows = figure.getByRole('table').getByRole('row');
    await rows.first().waitFor();
    expect(await rows.count()).toBeGreaterThan(1);
    await admin.page.keyboard.press('Enter');
    await rows.first().waitFor({ state: 'hidden' });
  },
);

test('a table that is wider than the page is scrolled by keyboard, and its names stay in sight', async () => {
  const region = frame.getByRole('region', {
    name: 'What a customer has spent by then, by month of the first order',
  });
  await region.focus();
  for (let presses = 0; presses < 5; presses++) await admin.page.keyboard.press('ArrowRight');
  await expect.poll(() => region.evaluate((box) => box.scrollLeft), { timeout: 20_000 }).toBeGreaterThan(50);
  const name = await region.getByRole('rowheader', { name: 'Oct 2026' }).boundingBox();
  const box = await region.boundingBox();
  expect(Math.abs((name?.x ?? 0) - (box?.x ?? 1e9))).toBeLessThan(2);
});

describe('on a phone, 375 px wide', () => {
  let phone: Frame;
  beforeAll(async () => {
    phone = await admin.openOnPhone('/value');
  });

  test('needs no sideways scrolling and cuts no text off, but in tables that scroll by themselves', async () => {
    expect(await tooWide(phone)).toEqual(FITS);
  });

  test('labels of the axes are as large as on a desk, and none overlaps its neighbour', async () => {
    const labels = await phone.locator('.rg-chart-x').evaluateAll((axes) =>
      axes.map((axis) =>
        [...axis.children]
          .map((label) => label.getBoundingClientRect())
          .filter((box) => box.width > 0)
          .map(({ left, right, height }) => ({ left, right, height })),
      ),
    );
    expect(labels).toHaveLength(PICTURES.length);
    for (const axis of labels) {
      axis.forEach(({ left, height }, i) => {
        expect(height).toBeGreaterThan(11);
        expect(left).toBeGreaterThan(axis[i - 1]?.right ?? -Infinity);
      });
    }
  });

  test('rows that are laid out as blocks are still rows of a table, and break no rule', async () => {
    const table = phone.getByRole('table', { name: 'Buyers by what they spent so far' });
    expect(await table.getByRole('row').count()).toBe(6);
    expect(await table.getByRole('rowheader').first().innerText()).toBe('€50.00 to under €100.00');
    expect(await brokenRules(phone)).toEqual([]);
  });
});

/** Shopify's limits for an app in its admin: the largest thing painted within 2.5 s, shifts of at most 0.1. */
test('is drawn once and in time', async () => {
  await admin.goto('/apps/regulars/app/value');
  const { shift, paintedAfter } = await drawn(await admin.appFrame());
  expect(shift).toBeLessThan(0.1);
  expect(paintedAfter).toBeLessThan(2_500);
});

test('no script complained on the way', () => {
  expect(admin.complaints).toEqual([]);
});

describe('what the arithmetic store does not have by itself', () => {
  let customerId: string;
  beforeAll(async () => {
    customerId = await withDb(admin.stack, (db, shopId) =>
      db.inShop(shopId, async (tx) => {
        const { rows } = await tx.query<{ id: string }>(sql`
          INSERT INTO prediction (shop_id, customer_id, fit_version, alive, expected_orders, expected_value_minor, risk,
                                  next_order_from, next_order_on, next_order_to)
          SELECT ${shopId}, (SELECT min(customer_id) FROM profile WHERE shop_id = ${shopId} AND orders > 0), max(version),
                 0.73, 1.25, 12345, 'medium', '2026-12-01', '2027-01-15', '2027-05-01'
            FROM ltv_fit WHERE shop_id = ${shopId}
          RETURNING customer_id AS id`);
        const changes = [
          { key: 'a', name: 'Best, active', tag: 'regulars-best-active', gains: 310, loses: 12 },
        ];
        await tx.query(sql`
          INSERT INTO held_change (shop_id, cause, subject, version, made_at, buyers, affected, changes, state)
          VALUES (${shopId}, 'refit', 'cut_points', 99, ${new Date('2026-11-22T00:00:00Z')}, 1000, 322,
                  ${JSON.stringify({ segments: changes, basis: '' })}::jsonb, 'held')`);
        await tx.query(sql`
          INSERT INTO background_run (shop_id, kind, state, started_at, done, total)
          VALUES (${shopId}, 'policy', 'paused', ${new Date('2026-11-22T00:00:00Z')}, 40, 100)`);
        return rows[0]?.id ?? '';
      }),
    );
  });

  test('the filled card of predictions says all of them, and breaks no rule', async () => {
    await admin.goto(`/apps/regulars/app/customers/${customerId}`);
    await admin.app.getByRole('heading', { name: 'Predictions' }).waitFor();
    const page = await admin.appFrame();
    for (const words of [
      '73 %',
      'Medium',
      '1.25',
      '15 Jan 2027',
      'half of such customers order from 1 Dec 2026',
    ]) {
      await page.getByText(words).first().waitFor();
    }
    expect(await brokenRules(page)).toEqual([]);
  });

  test('a change that waits and a paused run are on Home, can be reached by keyboard and break no rule', async () => {
    await admin.goto('/apps/regulars/app');
    await admin.app.getByText('New cut points would change the tags of 322 customers').waitFor();
    const page = await admin.appFrame();
    expect(await brokenRules(page)).toEqual([]);
    const discard = page.getByRole('button', { name: 'Discard' });
    await discard.focus();
    await admin.page.keyboard.press('Enter');
    await admin.app
      .getByText('New cut points would change the tags of 322 customers')
      .waitFor({ state: 'detached' });
    await expect.poll(() => page.getByText('Paused', { exact: true }).count(), { timeout: 20_000 }).toBe(1);
  });

  test('the settings say beside the field what is wrong with a hold, and break no rule', async () => {
    await admin.goto('/apps/regulars/app/settings');
    await admin.app.getByRole('heading', { name: 'Hold for the sale season' }).waitFor();
    const page = await admin.appFrame();
    await page.getByRole('button', { name: 'Save the hold' }).click();
    await page.getByText('Choose the first day.').waitFor();
    expect(await brokenRules(page)).toEqual([]);
  });
});
