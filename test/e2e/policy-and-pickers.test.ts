/** What counts as an order, in a browser; Shopify's product picker and the search for customers against the local Shopify. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installAndImport, turnEverythingOn } from '../../scripts/demo-acts.ts';
import type { CustomerSearchAnswer } from '../../app/ui/segments/customer-search.tsx';
import { openAdmin, type Admin } from './support/admin.ts';
import { brokenRules, FITS, tooWide } from './support/page-checks.ts';

const SLOW = { timeout: 30_000 };

let admin: Admin;
beforeAll(async () => {
  admin = await openAdmin();
  await installAndImport(admin.stack, () => undefined);
  await turnEverythingOn(admin.stack, () => undefined);
});
afterAll(async () => {
  await admin?.close();
});

const open = (path: string, heading: string) => admin.open(path, heading, SLOW);

const saveBar = () => admin.page.getByRole('region', { name: 'Unsaved changes' });
const ORDERS = 'What counts as an order';

describe('what counts as an order', () => {
  test('a product is picked, its effect is shown before it is saved, and approved', async () => {
    const frame = await open('/settings/orders', ORDERS);
    await frame.getByRole('table', { name: 'Three views of what was spent' }).waitFor();
    expect(await brokenRules(frame)).toEqual([]);
    await frame.getByRole('button', { name: 'Choose products' }).click();
    const dialog = admin.page.getByRole('dialog', { name: 'Select products' });
    await dialog.getByLabel('Search products').fill('jacket');
    await dialog.getByLabel(/^Jacket/).check();
    await dialog.getByRole('button', { name: 'Select' }).click();
    await frame.getByLabel('Which orders').selectOption('only');
    await saveBar().getByRole('button', { name: 'Save' }).click();
    await frame.getByRole('heading', { name: 'What this changes' }).waitFor(SLOW);
    const orders = frame
      .getByRole('table', { name: 'The store before and after' })
      .getByRole('row', { name: /^Orders that count/ });
    // Ten customers ordered jackets, three orders each.
    expect(await orders.innerText()).toMatch(/320\s+290/);
    expect(await brokenRules(frame)).toEqual([]);
    await frame.getByRole('button', { name: 'Approve and count again' }).click();
    await frame.getByText('0 people, €0.00, and 30 orders of others, €12,000.00, left out.').waitFor(SLOW);
  });

  test('on a phone nothing is cut off', async () => {
    await admin.onPhone('/settings/orders', async (phone) => {
      await phone.getByRole('heading', { level: 1, name: ORDERS }).waitFor(SLOW);
      expect(await tooWide(phone)).toEqual(FITS);
      expect(await brokenRules(phone)).toEqual([]);
    });
  });
});

describe('pickers', () => {
  test('the editor’s product picker: picked by title, said by title, also in the list of segments', async () => {
    const frame = await open('/segments/new', 'New segment');
    await frame.getByLabel('Name', { exact: true }).fill('T-shirt buyers');
    const what = frame.getByRole('combobox', { name: 'Condition 1, what', exact: true });
    await what.click();
    await what.fill('bought');
    await frame.getByRole('option', { name: 'Bought', exact: true }).click();
    await frame.getByRole('button', { name: 'Choose products' }).click();
    const dialog = admin.page.getByRole('dialog', { name: 'Select products' });
    await dialog.getByLabel(/^T-shirt/).check();
    await dialog.getByRole('button', { name: 'Select' }).click();
    await frame
      .getByText(/bought.*T-shirt/)
      .first()
      .waitFor(SLOW);
    await frame.getByText('190 customers', { exact: true }).waitFor(SLOW);
    await saveBar().getByRole('button', { name: 'Save' }).click();
    await frame.getByText('Saved as a draft').waitFor(SLOW);
    const list = await open('/segments', 'Segments');
    await list
      .getByText(/bought.*T-shirt/)
      .first()
      .waitFor(SLOW);
  });

  test('customers are found by name, e-mail and number; what is no filter is text', async () => {
    const frame = await open('/segments/t-shirt-buyers/people', 'T-shirt buyers');
    const find = async (words: string) =>
      (await frame.evaluate(
        (q) => fetch(`/app/customer-search?q=${encodeURIComponent(q)}`).then((got) => got.json()),
        words,
      )) as CustomerSearchAnswer;
    const found = async (words: string) => {
      const answer = await find(words);
      if (answer.outcome !== 'found') throw new Error(answer.outcome);
      return answer.customers;
    };
    const [one] = await found('c007@example.com');
    expect(one?.email).toBe('c007@example.com');
    expect((await found(one?.id ?? '')).map(({ id }) => id)).toContain(one?.id);
    expect(await found('nobody at all')).toEqual([]);
    expect(await found('" OR orders_count:>0 OR "')).toEqual([]);
  });

  test('a customer who is found and chosen is always in', async () => {
    const frame = await open('/segments/t-shirt-buyers/people', 'T-shirt buyers');
    const search = frame.getByRole('searchbox', { name: 'Customers', exact: true });
    await search.fill('c007@example.com');
    await frame.getByRole('list', { name: 'Found customers' }).getByRole('button').first().click();
    await frame.getByRole('radio', { name: 'Always in' }).check();
    await frame.getByRole('button', { name: 'Save', exact: true }).click();
    await frame.getByText('It holds from now on.').waitFor(SLOW);
    expect(await brokenRules(await admin.appFrame())).toEqual([]);
  });
});
