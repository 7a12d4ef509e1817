/**
 * A softer rule to stay, of any form, in a real browser: from the settings of a segment that is on, with its sentence and
 * what it would change, through its review into the version that is in force, and out again.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installAndImport } from '../../scripts/demo-acts.ts';
import { openAdmin, type Admin } from './support/admin.ts';
import { brokenRules, FITS, tooWide } from './support/page-checks.ts';

const SLOW = { timeout: 30_000 };

let admin: Admin;
beforeAll(async () => {
  admin = await openAdmin();
  await installAndImport(admin.stack, () => undefined);
});
afterAll(async () => {
  await admin?.close();
});

test('written with the rule’s editor, reviewed, kept with the version, taken back', async () => {
  const { app } = admin;
  let frame = await admin.open('/segments/new', 'New segment');
  await frame.getByLabel('Name', { exact: true }).fill('Three orders');
  const choose = async (number: number, typed: string, name: string) => {
    const picker = app.getByRole('combobox', { name: `Condition ${number}, what`, exact: true });
    await picker.click();
    await picker.fill(typed);
    await app.getByRole('option', { name, exact: true }).click();
  };
  await choose(1, 'orders', 'Orders');
  await frame.getByLabel('Condition 1, value').fill('3');
  await frame.getByText('40 customers', { exact: true }).waitFor(SLOW);
  await frame.getByRole('button', { name: 'Save as draft' }).click();
  await app.getByText('Saved as a draft').waitFor(SLOW);
  await app.getByRole('link', { name: 'Turn on', exact: true }).click();
  await app.getByRole('button', { name: 'Approve and add 40 tags' }).click();
  await app.getByText('Live', { exact: true }).waitFor(SLOW);

  frame = await admin.open('/segments/three-orders/settings', 'Three orders');
  await frame.getByText('To stay takes the same as to get in.').waitFor();
  await frame.getByRole('link', { name: 'Write a softer rule to stay' }).click();
  await app.getByRole('heading', { level: 1, name: 'To stay in Three orders' }).waitFor(SLOW);
  // It begins with the rule to get in.
  await app.getByText('Customers with at least 3 orders.').waitFor();
  await app.getByLabel('Condition 1, value').fill('2');
  await app.getByRole('button', { name: 'Add condition' }).click();
  await app.getByRole('button', { name: 'Save and review' }).click();
  await app.getByText('Condition 2: Choose what to ask for.').first().waitFor();
  await choose(2, 'days since last order', 'Days since last order');
  await app.getByLabel('Condition 2, comparison').selectOption('lte');
  await app.getByLabel('Condition 2, value').fill('400');
  await app
    .getByText('Customers with at least 2 orders, whose last order was at most 400 days ago.')
    .waitFor();
  // It brings nobody in: who would be in it is who is in it.
  await app.getByText('40 customers', { exact: true }).waitFor(SLOW);
  frame = await admin.appFrame();
  expect(await brokenRules(frame)).toEqual([]);
  await app.getByRole('button', { name: 'Save and review' }).click();
  await app.getByRole('heading', { name: 'Changed' }).waitFor(SLOW);

  const words =
    'Who is in stays as long as this holds: Customers with at least 2 orders, whose last order was at most 400 days ago.';
  frame = await admin.open('/segments/three-orders/versions', 'Three orders');
  await frame.getByText(`Now: ${words}`).first().waitFor();
  frame = await admin.open('/segments/three-orders/settings', 'Three orders');
  await frame.getByText(words).waitFor();
  expect(await admin.onPhone('/segments/three-orders/keep', (small) => tooWide(small))).toEqual(FITS);
  await frame.getByRole('link', { name: 'Change the rule to stay' }).click();
  await app.getByLabel('Condition 2, value').waitFor(SLOW);
  await app.getByRole('button', { name: 'To stay takes the same as to get in' }).click();
  await app.getByRole('heading', { name: 'Changed' }).waitFor(SLOW);
  frame = await admin.open('/segments/three-orders/settings', 'Three orders');
  await frame.getByText('To stay takes the same as to get in.').waitFor();
  expect(admin.complaints).toEqual([]);
}, 180_000);
