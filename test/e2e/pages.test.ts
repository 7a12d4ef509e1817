/**
 * The pages for everybody: by keyboard, by screen reader (roles and names, WCAG 2.1 AA by axe), on a phone, and
 * when something has failed. The store is read, nothing is turned on.
 */
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installAndImport, withDb } from '../../scripts/demo-acts.ts';
import { frameOf, openAdmin, type Admin } from './support/admin.ts';
import { brokenRules, drawn, FITS, tooWide } from './support/page-checks.ts';

let admin: Admin;
let customerId: string;
beforeAll(async () => {
  admin = await openAdmin();
  await installAndImport(admin.stack, () => undefined);
  customerId = await withDb(admin.stack, (db, shopId) =>
    db.inShop(shopId, async (tx) => {
      const { rows } = await tx.query<{ id: string }>({
        text: 'SELECT customer_id AS id FROM profile WHERE shop_id = $1 ORDER BY spent_minor DESC, customer_id LIMIT 1',
        values: [shopId],
      });
      return rows[0]?.id ?? '';
    }),
  );
});
afterAll(async () => {
  await admin?.close();
});

const PAGES = [
  ['Home', () => '', 'Home'],
  ['Segments', () => '/segments', 'Segments'],
  ['one segment', () => '/segments/one-order-gone', 'One order gone'],
  ['the review', () => '/segments/review?act=turn_on&keys=all', 'Turn on 25 segments'],
  ['Customers', () => '/customers', 'Customers'],
  ['one customer', () => `/customers/${customerId}`, 'c'],
  ['a page that is not there', () => '/segments/nothing', 'There is no such segment'],
] as const;

describe.each(PAGES)('%s', (_name, path, heading) => {
  let frame: Frame;
  beforeAll(async () => {
    await admin.goto(`/apps/regulars/app${path()}`);
    frame = await admin.appFrame();
    await namesHaveCome(frame);
  });

  test('has one main heading, which names it, and is held by a landmark', async () => {
    const headings = await frame.getByRole('heading', { level: 1 }).allInnerTexts();
    expect(headings).toHaveLength(1);
    expect(headings[0]).toMatch(new RegExp(`^${heading}`));
    expect(await frame.getByRole('main').count()).toBe(1);
  });

  test('breaks no rule of WCAG 2.1 AA that a machine can check', async () => {
    expect(await brokenRules(frame)).toEqual([]);
  });
});

/** Shopify's limits for an app in its admin: the largest thing painted within 2.5 s, shifts of at most 0.1. */
describe('drawn once and in time', () => {
  test.each(PAGES)('%s', async (_name, path) => {
    await admin.goto(`/apps/regulars/app${path()}`);
    const frame = await admin.appFrame();
    await namesHaveCome(frame);
    const { shift, paintedAfter } = await drawn(frame);
    expect(shift).toBeLessThan(0.1);
    expect(paintedAfter).toBeLessThan(2_500);
  });
});

describe('on a phone, 375 px wide', () => {
  let phone: Page;
  beforeAll(async () => {
    phone = await admin.newPage({ width: 375, height: 760 });
  });

  test.each(PAGES)('%s needs no sideways scrolling and cuts no text off', async (_name, path) => {
    const { origin } = new URL(admin.stack.sandboxUrl);
    await phone.goto(`${origin}/store/regulars-demo/apps/regulars/app${path()}`);
    const frame = await frameOf(phone);
    await namesHaveCome(frame);
    expect(await tooWide(frame, { boxes: false })).toEqual(FITS);
  });
});

describe('by keyboard alone', () => {
  test('the map is walked cell by cell in reading order, and Enter opens the segment', async () => {
    await admin.goto('/apps/regulars/app');
    const frame = await admin.appFrame();
    const links = frame.getByRole('table', { name: /Life-cycle map/ }).getByRole('link');
    const names = (await links.allInnerTexts()).map(folded);
    expect(names).toHaveLength(12);
    await links.first().focus();
    const walked: string[] = [];
    for (let steps = 0; steps < 12; steps++) {
      walked.push(folded(await frame.evaluate(() => (document.activeElement as HTMLElement).innerText)));
      if (steps < 11) await admin.page.keyboard.press('Tab');
    }
    expect(walked).toEqual(names);
    await admin.page.keyboard.press('Enter');
    await frame.getByRole('heading', { level: 1, name: /One order gone/ }).waitFor();
  });

  test('segments are chosen and reviewed without a mouse', async () => {
    await admin.goto('/apps/regulars/app/segments');
    const frame = await admin.appFrame();
    await frame.getByRole('checkbox', { name: 'Select Win-back 30-59 days' }).focus();
    await admin.page.keyboard.press('Space');
    const turnOn = frame.getByRole('button', { name: 'Turn on', exact: true });
    await turnOn.waitFor();
    await turnOn.focus();
    await admin.page.keyboard.press('Enter');
    await frame.getByRole('heading', { name: 'Turn on Win-back 30-59 days' }).waitFor();
    await frame.getByRole('button', { name: 'Approve and add 15 tags' }).waitFor();
  });

  test('why opens and says so', async () => {
    await admin.goto(`/apps/regulars/app/customers/${customerId}`);
    const frame = await admin.appFrame();
    const why = frame.getByRole('button', { name: /^Why / }).first();
    expect(await why.getAttribute('aria-expanded')).toBe('false');
    await why.focus();
    await admin.page.keyboard.press('Enter');
    await frame.getByRole('list', { name: /^Why / }).first().getByRole('listitem').first().waitFor();
    expect(await why.getAttribute('aria-expanded')).toBe('true');
  });
});

describe('the menu of the admin', () => {
  test('leads to each page, and the address and the Back button follow', async () => {
    await admin.goto('/apps/regulars/app');
    const { page, app } = admin;
    await app.getByRole('heading', { name: 'Home' }).waitFor();
    await page.getByRole('list', { name: 'Apps' }).getByRole('link', { name: 'Segments' }).click();
    await app.getByRole('heading', { level: 1, name: 'Segments' }).waitFor();
    expect(page.url()).toMatch(/\/apps\/regulars\/app\/segments$/);
    await page.locator('#app-navigation').getByRole('link', { name: 'Customers' }).click();
    await app.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
    await app.getByLabel('Segment').selectOption({ label: 'Best customers' });
    await expect.poll(() => app.getByRole('row').count(), { timeout: 20_000 }).toBe(4);
    await page.goBack();
    await expect.poll(() => app.getByRole('row').count(), { timeout: 20_000 }).toBe(51);
  });
});

describe('when the import has failed', () => {
  test('Home says why and what to do, and starting again brings it right', async () => {
    await withDb(admin.stack, (db, shopId) =>
      db.inShop(shopId, async (tx) => {
        await tx.query({
          text: `INSERT INTO import_run (shop_id, state, step, started_at, finished_at, message)
                 VALUES ($1, 'failed', 'reading', now(), now(), 'Shopify could not finish reading the orders.')`,
          values: [shopId],
        });
      }),
    );
    await admin.goto('/apps/regulars/app');
    const { app } = admin;
    await app.getByText('Your store could not be read to the end').waitFor();
    await app.getByText('Shopify could not finish reading the orders.').waitFor();
    await app.getByRole('button', { name: 'Start again' }).click();
    await app
      .getByText('Your store could not be read to the end')
      .waitFor({ state: 'detached', timeout: 60_000 });
    await app
      .getByRole('group', { name: 'Customers', exact: true })
      .getByText('200', { exact: true })
      .waitFor();
  });
});

test('no script complained on the way, but for the page that is not there', () => {
  expect(admin.complaints.filter((words) => !words.includes('404'))).toEqual([]);
});

/** Skeletons are gone: what a test then looks at does not change under it. */
async function namesHaveCome(frame: Frame): Promise<void> {
  await frame.waitForFunction(() => !document.querySelector('.rg-name-skeleton'));
}

const folded = (text: string) => text.replace(/\s+/g, ' ').trim();
