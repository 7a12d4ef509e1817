/**
 * The main job, as a merchant sees it: the app opens inside the admin, reads the store, and once its segments are
 * turned on an order placed in the store changes that customer's tags there within seconds.
 *
 * The steps build on one another, in the order in which they are written.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arithmeticEmail } from '../support/arithmetic-export.ts';
import { openAdmin, type Admin } from './support/admin.ts';

let admin: Admin;
beforeAll(async () => {
  admin = await openAdmin();
});
afterAll(async () => {
  await admin?.close();
});

/** Customer 45: three orders, 150.00, the last one 90 days ago. */
const EMAIL = arithmeticEmail(45);
const tagsShown = () => admin.page.getByRole('list', { name: 'Tags' }).getByRole('listitem').allInnerTexts();

test('opened in the admin, the app reads the store by itself and shows it', async () => {
  const { page, app } = admin;
  await page.goto(admin.stack.sandboxUrl);
  await page.getByRole('link', { name: 'Regulars', exact: true }).click();
  await app.getByRole('heading', { name: 'Home' }).waitFor();
  const number = (name: string) => app.getByRole('group', { name, exact: true });
  await number('Customers').getByText('200', { exact: true }).waitFor({ timeout: 60_000 });
  expect(await number('Orders').innerText()).toContain('320');
  expect(await number('Spent').innerText()).toContain('€26,500.00');
  expect(await number('Repeat rate').innerText()).toContain('40.0 %');
  const map = app.getByRole('table', { name: /Life-cycle map/ });
  expect(await map.getByRole('link', { name: /Best lost/ }).innerText()).toContain('22');
});

test('nothing is written to the store before a segment is turned on', async () => {
  await admin.goto(`/customers?q=${EMAIL}`);
  await admin.page.getByRole('link', { name: EMAIL }).first().click();
  await admin.page.getByText('No tags').waitFor();
});

test('all segments are turned on through the review of who gains which tag', async () => {
  const { page, app } = admin;
  await page.getByRole('link', { name: 'Regulars', exact: true }).click();
  await page.getByRole('list', { name: 'Apps' }).getByRole('link', { name: 'Segments' }).click();
  await app.getByRole('link', { name: 'Turn on all' }).click();
  await app.getByRole('heading', { name: 'Turn on 25 segments' }).waitFor();
  await app.getByText('200 customers: 646 tags added').waitFor();
  await app.getByText('646 tag additions may start your own automations').waitFor();
  await app.getByRole('button', { name: 'Approve and add 646 tags' }).click();
  await app.getByText('25 live, 0 drafts').waitFor();
  await app.getByText('646 tags are being added in your store.').waitFor();
});

test('the customer gets the tags of their segments in the store', async () => {
  await admin.goto(`/customers?q=${EMAIL}`);
  await admin.page.getByRole('link', { name: EMAIL }).first().click();
  await expect
    .poll(tagsShown, { timeout: 60_000, interval: 250 })
    .toEqual([
      'regulars-best-away',
      'regulars-repeat-buyers',
      'regulars-top-25-percent',
      'regulars-win-back-90-179',
    ]);
});

test('an order placed in the store changes their tags there within seconds', async () => {
  const { page } = admin;
  await page.getByLabel('Amount').first().fill('50.00');
  const placed = Date.now();
  await page.getByRole('button', { name: 'Place order' }).click();
  await expect
    .poll(tagsShown, { timeout: 30_000, interval: 100 })
    .toEqual([
      'regulars-best-customers',
      'regulars-repeat-buyers',
      'regulars-top-10-percent',
      'regulars-top-25-percent',
    ]);
  expect(Date.now() - placed).toBeLessThan(15_000);
});

test('the app says why: the order', async () => {
  const id = /customers\/(\d+)/.exec(admin.page.url())?.[1] ?? '';
  await admin.goto(`/apps/regulars/app/customers/${id}`);
  const { app } = admin;
  await app.getByText('Regulars and Shopify agree.').waitFor();
  await app.getByRole('heading', { level: 1, name: EMAIL }).waitFor();
  const history = await app
    .getByRole('list')
    .filter({ hasText: 'Entered' })
    .getByRole('listitem')
    .allInnerTexts();
  const because = history.map((entry) => entry.replace(/\s+/g, ' '));
  expect(because).toContainEqual(expect.stringMatching(/Entered Best customers because of: an order/));
  expect(because).toContainEqual(expect.stringMatching(/Left Best away because of: an order/));
  await app.getByRole('button', { name: 'Why Best customers' }).click();
  const why = app.getByRole('list', { name: 'Why Best customers' });
  await why.getByText('spent: €200.00').waitFor();
  expect(await why.getByRole('listitem').count()).toBe(2);
});

test('a refund in full takes them back where they were', async () => {
  await admin.page.getByRole('link', { name: 'Customers' }).first().click();
  await admin.goto(`/customers?q=${EMAIL}`);
  await admin.page.getByRole('link', { name: EMAIL }).first().click();
  const newest = admin.page.getByRole('list', { name: 'Orders' }).getByRole('listitem').first();
  await newest.getByText(/^Change/).click();
  await newest.getByRole('button', { name: 'Refund' }).click();
  await newest.getByText('€50.00 refunded').waitFor();
  // Fully refunded, the order does not count any more; that it was placed today still does.
  await expect
    .poll(tagsShown, { timeout: 30_000, interval: 100 })
    .toEqual(['regulars-best-customers', 'regulars-repeat-buyers', 'regulars-top-25-percent']);
});

test('no script complained on the way', () => {
  expect(admin.complaints).toEqual([]);
});
