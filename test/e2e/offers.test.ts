/**
 * An offer in a browser, from the segment's page to the checkout: made with wrong input first, changed, paused, taken
 * from one person, ended; by click and keyboard, by axe, on a phone.
 */
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installAndImport, turnEverythingOn } from '../../scripts/demo-acts.ts';
import { arithmeticEmail } from '../support/arithmetic-export.ts';
import { openAdmin, type Admin } from './support/admin.ts';
import { brokenRules, FITS, tooWide } from './support/page-checks.ts';

/** Of the 60-89 band: c044 ordered 88 days ago. */
const HOLDER = 44;

let admin: Admin;
beforeAll(async () => {
  admin = await openAdmin();
  await installAndImport(admin.stack, () => undefined);
  await turnEverythingOn(admin.stack, () => undefined);
});
afterAll(async () => {
  await admin?.close();
});

const open = (path: string, heading: string | RegExp) => admin.open(path, heading);

async function control(
  route: string,
  body: Record<string, unknown>,
): Promise<{ total: string; customer: string }> {
  const response = await fetch(`${admin.stack.sandboxUrl}/control/${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { total: string; customer: string };
}

const cart = (k: number) =>
  control('checkout', { customer: arithmeticEmail(k), lines: [{ title: 'Coat', price: '100.00' }] });

/** What customer k pays for a cart of 100.00, once the worker has done its part. */
async function pays(k: number, total: string): Promise<void> {
  await expect.poll(async () => (await cart(k)).total, { timeout: 60_000, interval: 500 }).toBe(total);
}

const NAME = 'Come back soon';
const LONG = 'A name that goes on and on '.repeat(8).trim();

describe('making one', () => {
  test('from the segment’s page; what is wrong has a sentence beside its field', async () => {
    const frame = await open('/segments/win-back-60-89', /60/);
    await frame.getByRole('link', { name: 'Make an offer' }).first().click();
    await admin.app.getByRole('heading', { level: 1, name: /^An offer for/ }).waitFor();
    expect(await brokenRules(frame)).toEqual([]);
    await frame.getByLabel('Percentage off', { exact: true }).fill('150');
    await frame.getByLabel('Name', { exact: true }).fill('x'.repeat(260));
    await frame.getByLabel('Last day').fill('2026-11-01');
    await frame.getByRole('button', { name: 'Review' }).click();
    await frame.getByText('3 fields need a look').waitFor();
    for (const words of ['at most 100.', 'leaves room for', 'before the first one']) {
      // Once in the banner, once beside the field.
      expect(await frame.getByText(words).count(), words).toBe(2);
    }
    const percent = frame.getByLabel('Percentage off', { exact: true });
    expect(await percent.getAttribute('aria-invalid')).toBe('true');
    expect(await percent.inputValue()).toBe('150');
    expect(await brokenRules(frame)).toEqual([]);
  });

  test('the review says who, how many, what it can cost and what they pay; approved, a holder pays less', async () => {
    const frame = await admin.appFrame();
    await frame.getByLabel('Percentage off', { exact: true }).fill('15');
    await frame.getByLabel('Name', { exact: true }).fill(NAME);
    await frame.getByLabel('Last day').fill('2026-12-06');
    await frame.getByRole('button', { name: 'Review' }).click();
    await frame.getByRole('heading', { name: '15 people, 11 reachable by e-mail' }).waitFor();
    await frame.getByText('€165.00').first().waitFor();
    await frame.getByText('Customers see it after signing in or giving their e-mail').waitFor();
    expect(await brokenRules(frame)).toEqual([]);
    await frame.getByRole('button', { name: 'Approve and start the offer' }).click();
    await frame.getByText('The offer is saved').waitFor();
    expect(await brokenRules(frame)).toEqual([]);
    await pays(HOLDER, '85.00');
    await pays(14, '100.00');
    await admin.page.reload();
    await (await admin.appFrame()).getByText('In Shopify', { exact: true }).waitFor();
  });
});

describe('while it runs', () => {
  const page = async (): Promise<Frame> => {
    const list = await open('/offers', 'Offers');
    expect(await brokenRules(list)).toEqual([]);
    await list.getByRole('link', { name: NAME }).click();
    await admin.app.getByRole('heading', { level: 1, name: NAME }).waitFor();
    return admin.appFrame();
  };

  test('it is changed: more off, reviewed and approved', async () => {
    const frame = await page();
    await frame.getByRole('link', { name: 'Change or renew' }).click();
    await frame.getByRole('heading', { level: 1, name: 'Change the offer' }).waitFor();
    await frame.getByLabel('Percentage off', { exact: true }).fill('20');
    await frame.getByRole('button', { name: 'Review' }).click();
    await frame.getByRole('button', { name: 'Approve the change' }).click();
    await frame.getByText('The offer is saved').waitFor();
    await pays(HOLDER, '80.00');
  });

  test('it is paused and goes on', async () => {
    const frame = await page();
    await frame.getByRole('link', { name: 'Pause' }).click();
    await frame.getByRole('heading', { name: 'Pause the offer?' }).waitFor();
    expect(await brokenRules(frame)).toEqual([]);
    await frame.getByRole('button', { name: 'Pause' }).click();
    await frame.getByText('Paused: nobody gets the discount').waitFor();
    await pays(HOLDER, '100.00');
    await frame.getByRole('link', { name: 'Go on' }).click();
    await frame.getByRole('button', { name: 'Go on' }).click();
    await frame.getByText('It goes on.').waitFor();
    await pays(HOLDER, '80.00');
  });

  test('it is taken from one person on their page, and given back', async () => {
    const customer = await customerPage(HOLDER);
    await customer.getByRole('button', { name: `Take it away: ${NAME}` }).click();
    await customer.getByText('Taken away by hand').waitFor();
    expect(await brokenRules(customer)).toEqual([]);
    await pays(HOLDER, '100.00');
    await customer.getByRole('button', { name: `Give it back: ${NAME}` }).click();
    await customer.getByRole('button', { name: `Take it away: ${NAME}` }).waitFor();
    await pays(HOLDER, '80.00');
  });

  test('the order that uses it ends it for that customer, within a minute', async () => {
    await pays(43, '80.00');
    await control('checkout', {
      customer: arithmeticEmail(43),
      lines: [{ title: 'Coat', price: '100.00' }],
      place: true,
    });
    await pays(43, '100.00');
    await pays(HOLDER, '80.00');
  });

  test('how soon another one may come is a setting', async () => {
    const frame = await open('/settings', 'Settings');
    const days = frame.getByLabel('At most one new offer a person in');
    expect(await days.inputValue()).toBe('30');
    await days.fill('400');
    await frame.locator('form', { has: days }).getByRole('button', { name: 'Save' }).click();
    await frame.getByText('Enter a number of days from 0 to 365.').waitFor();
    await days.fill('45');
    await frame.locator('form', { has: days }).getByRole('button', { name: 'Save' }).click();
    await frame.getByText('Enter a number of days from 0 to 365.').waitFor({ state: 'detached' });
    const again = await open('/settings', 'Settings');
    expect(await again.getByLabel('At most one new offer a person in').inputValue()).toBe('45');
    expect(await brokenRules(again)).toEqual([]);
  });

  test('deleted by hand in Shopify it says so within the minute, and is repaired', async () => {
    await control('delete-discount', { discount: `${NAME} (Regulars)` });
    await pays(HOLDER, '100.00');
    let frame = await page();
    const told = 'Somebody deleted the discount in Shopify';
    await expect
      .poll(
        async () => {
          frame = await page();
          return frame.getByText(told).count();
        },
        { timeout: 60_000, interval: 1_000 },
      )
      .toBe(1);
    expect(await brokenRules(frame)).toEqual([]);
    await frame.getByRole('link', { name: 'Repair' }).click();
    await frame.getByRole('button', { name: 'Repair' }).click();
    await frame.getByText('The discount is being made as it was.').waitFor();
    await pays(HOLDER, '80.00');
  });

  test('one with a long name, of an amount, with a minimum that is too low at first', async () => {
    const frame = await open('/offers/edit?segment=win-back-90-179', /^An offer for/);
    await frame.getByLabel('Name', { exact: true }).fill(LONG);
    await frame.getByLabel('Offer', { exact: true }).selectOption('amount');
    await frame.getByLabel('Amount off an order').fill('60');
    await frame.getByLabel('Minimum').selectOption('subtotal');
    await frame.getByLabel('At least').fill('50');
    await frame.getByRole('button', { name: 'Review' }).click();
    await frame.getByText('a cart of 50.00 would cost nothing').first().waitFor();
    expect(await frame.getByText('a cart of 50.00 would cost nothing').count()).toBe(2);
    await frame.getByLabel('Amount off an order').fill('10');
    await frame.getByRole('button', { name: 'Review' }).click();
    await frame.getByRole('button', { name: 'Approve and start the offer' }).click();
    await frame.getByText('The offer is saved').waitFor();
  });

  test.each([
    ['list', '/offers'],
    ['form', '/offers/edit?segment=win-back-90-179'],
    ['offer', '/offers/2'],
    ['settings', '/settings'],
  ])('on a phone, 375 px wide: %s', async (_name, path) => {
    await admin.onPhone(path, async (phone) => {
      expect(await tooWide(phone)).toEqual(FITS);
      expect(await brokenRules(phone)).toEqual([]);
    });
  });

  test('it is ended, and nobody pays less any more', async () => {
    const frame = await page();
    await frame.getByRole('link', { name: 'End', exact: true }).click();
    await frame.getByRole('button', { name: 'End the offer' }).click();
    await frame.getByText('Its tags and its discount are being removed').waitFor();
    await pays(HOLDER, '100.00');
    const list = await open('/offers', 'Offers');
    await list.getByText('Ended', { exact: true }).waitFor();
  });
});

async function customerPage(k: number): Promise<Frame> {
  const { customer } = await cart(k);
  const frame = await open(`/customers/${customer}`, /./);
  await frame.getByRole('heading', { level: 2, name: 'Offers' }).waitFor();
  return frame;
}

test('no script complained on the way', () => {
  // A form that is not right is answered with 422, which browsers write into the console.
  expect(admin.complaints.filter((one) => !/status of 422/.test(one))).toEqual([]);
});
