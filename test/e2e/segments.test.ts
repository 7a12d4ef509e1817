/**
 * A merchant's own segment in a real browser: written with two groups while the count follows, saved, reviewed,
 * approved, seen, edited, undone, and asked why; by keyboard, on a phone, and for screen readers.
 *
 * The steps build on one another, in the order in which they are written.
 */
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installAndImport } from '../../scripts/demo-acts.ts';
import { frameOf, openAdmin, type Admin } from './support/admin.ts';
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

const open = async (path: string): Promise<Frame> => {
  await admin.goto(`/apps/regulars/app${path}`);
  return admin.appFrame();
};
const row = (frame: Frame, number: number) =>
  frame.getByRole('group', { name: new RegExp(`^Condition ${number}`) });
const choose = async (frame: Frame, number: number, typed: string, name: string) => {
  const picker = frame.getByRole('combobox', { name: `Condition ${number}, what`, exact: true });
  await picker.click();
  await picker.fill(typed);
  await frame.getByRole('option', { name, exact: true }).click();
};
const counted = (frame: Frame, words: string) => frame.getByText(words, { exact: true }).waitFor(SLOW);
const saveBar = () => admin.page.getByRole('region', { name: 'Unsaved changes' });

describe('a segment of one’s own', () => {
  test('the count and the sentence follow while it is written', async () => {
    const frame = await open('/segments');
    await frame.getByRole('link', { name: 'Create segment' }).click();
    await frame.getByRole('heading', { level: 1, name: 'New segment' }).waitFor();
    await frame.getByLabel('Name', { exact: true }).fill('Big and loyal');
    expect(await frame.getByLabel('Tag in Shopify').inputValue()).toBe('big-and-loyal');
    await saveBar().waitFor();
    await choose(frame, 1, 'orders', 'Orders');
    await frame.getByLabel('Condition 1, value').fill('2');
    await counted(frame, '80 customers');
    await frame.getByText('Customers with at least 2 orders.').waitFor();
    await frame.getByLabel('Condition 1, value').fill('3');
    await counted(frame, '40 customers');
  });

  test('a group within the rule, with an amount in the shop’s currency', async () => {
    const frame = await admin.appFrame();
    await frame.getByRole('button', { name: 'Add group' }).click();
    await frame.getByRole('group', { name: 'Group', exact: true }).waitFor();
    await choose(frame, 2, 'spent', 'Spent');
    await frame.getByLabel('Condition 2, value').fill('1000');
    await counted(frame, '10 customers');
    await frame
      .getByRole('group', { name: 'Group', exact: true })
      .getByRole('button', { name: 'Add condition' })
      .click();
    await choose(frame, 3, 'days since last order', 'Days since last order');
    await row(frame, 3).getByLabel('Condition 3, comparison').selectOption('lte');
    await frame.getByLabel('Condition 3, value').fill('x');
    await frame.getByRole('button', { name: 'Save as draft' }).click();
    await row(frame, 3).getByText('The value must be a whole number.').waitFor();
    await frame.getByText('Condition 3: The value must be a whole number.').first().waitFor();
    await frame.getByLabel('Condition 3, value').fill('30');
    await frame
      .getByText(/who spent at least €1,000.00 or|spent at least €1,000.00/)
      .first()
      .waitFor();
    await counted(frame, '13 customers');
  });

  test('it breaks no rule of WCAG 2.1 AA that a machine can check', async () => {
    expect(await violations(await admin.appFrame())).toEqual([]);
  });

  test('saved, reviewed, approved: its size is there', async () => {
    await saveBar().getByRole('button', { name: 'Save' }).click();
    const { app } = admin;
    await app.getByText('Saved as a draft').waitFor(SLOW);
    await app.getByText('13 customers', { exact: true }).waitFor();
    await app.getByRole('link', { name: 'Turn on', exact: true }).click();
    await app.getByText('13 customers: 13 tags added').waitFor();
    await app.getByRole('button', { name: 'Approve and add 13 tags' }).click();
    await app.getByText('Live', { exact: true }).waitFor(SLOW);
    await app.getByText('13 tags are being added').waitFor();
  });

  test('edited: who comes and goes is shown before; undone from the receipt', async () => {
    const { app } = admin;
    await app.getByRole('link', { name: 'Edit', exact: true }).click();
    await app.getByRole('heading', { level: 1, name: 'Edit Big and loyal' }).waitFor();
    await app.getByLabel('Condition 3, value').fill('60');
    await app.getByText(/come in/).waitFor(SLOW);
    await app.getByRole('button', { name: 'Save and review' }).click();
    await app.getByRole('heading', { name: 'Changed' }).waitFor(SLOW);
    await app.getByText('15 customers', { exact: true }).waitFor();
    await app.getByRole('link', { name: 'Undo' }).click();
    await app.getByRole('heading', { level: 1, name: 'Undo the change' }).waitFor();
    await app.getByRole('button', { name: /^Approve/ }).click();
    await app.getByText('Undone').waitFor(SLOW);
    await admin.goto('/apps/regulars/app/segments/big-and-loyal');
    await app.getByText('13 customers', { exact: true }).waitFor();
  });

  test('versions say what was changed; history says who came in', async () => {
    const { app } = admin;
    await app.getByRole('link', { name: 'Versions' }).click();
    await app.getByRole('heading', { name: 'Version 2' }).waitFor();
    await app.getByRole('link', { name: 'History' }).click();
    await app.getByText('Size over time').first().waitFor();
    await app.getByText('The segment was turned on').first().waitFor();
  });

  test('why: a member’s values, bounds and the day on which it changes', async () => {
    const { app } = admin;
    await app.getByRole('link', { name: 'Overview' }).click();
    await app.locator('a[href*="/app/customers/"]').first().click();
    await app.getByRole('button', { name: 'Why Big and loyal' }).click();
    const list = app.getByRole('list', { name: 'Why Big and loyal' });
    await list.getByText(/Orders is at least 3/).waitFor(SLOW);
  });
});

const PAGES = [
  ['the list', '/segments'],
  ['the editor', '/segments/win-back-30-59/edit'],
  ['people', '/segments/big-and-loyal/people'],
  ['settings of a segment', '/segments/big-and-loyal/settings'],
  ['history', '/segments/big-and-loyal/history'],
  ['versions', '/segments/big-and-loyal/versions'],
  ['ideas', '/ideas'],
  ['tiers', '/segment-sets/new?kind=tiers'],
  ['settings', '/settings'],
] as const;

test.each(PAGES)('%s break no rule of WCAG 2.1 AA that a machine can check', async (_name, path) => {
  expect(await violations(await open(path))).toEqual([]);
});

describe('on a phone, 375 px wide', () => {
  let phone: Page;
  beforeAll(async () => {
    phone = await admin.newPage({ width: 375, height: 760 });
  });

  test.each(PAGES)('%s need no sideways scrolling', async (_name, path) => {
    await phone.goto(
      `${new URL(admin.stack.sandboxUrl).origin}/store/regulars-demo/apps/regulars/app${path}`,
    );
    const frame = await frameOf(phone);
    await frame.waitForFunction(() => !document.querySelector('.rg-name-skeleton'));
    expect(await tooWide(frame)).toEqual(FITS);
  });
});

test('by keyboard alone: a field is chosen, compared and saved', async () => {
  const frame = await open('/segments/new');
  const { keyboard } = admin.page;
  await frame.getByLabel('Name', { exact: true }).focus();
  await keyboard.type('By keyboard');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.type('one-time');
  await keyboard.press('Control+A');
  await keyboard.type('biggest order');
  await frame.getByRole('option', { name: 'Biggest order', exact: true }).waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await frame.getByLabel('Condition 1, value').focus();
  await keyboard.type('400');
  await counted(frame, '10 customers');
  await keyboard.press('Enter');
  await frame.getByText('Saved as a draft').waitFor(SLOW);
});

test('no script complained on the way', () => {
  expect(admin.complaints).toEqual([]);
});

async function violations(frame: Frame): Promise<string[]> {
  await frame.waitForFunction(() => !document.querySelector('.rg-name-skeleton'));
  return brokenRules(frame);
}
