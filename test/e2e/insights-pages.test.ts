/** Overlap, comparison and moving segments, in a browser: by keyboard and click, by axe, on a phone. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installAndImport, turnEverythingOn } from '../../scripts/demo-acts.ts';
import { openAdmin, type Admin } from './support/admin.ts';
import { brokenRules, FITS, tooWide } from './support/page-checks.ts';

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

test('overlap and health: the matrix and the notes, and the way to a comparison', async () => {
  const frame = await open('/overlap', 'Overlap and health');
  const table = frame.getByRole('table', { name: 'Customers in two segments' });
  await table.waitFor();
  expect(await table.getByRole('row').count()).toBe(26);
  await frame.getByText('All of them are in Repeat buyers too.').first().waitFor();
  expect(await brokenRules(frame)).toEqual([]);
  await frame.getByRole('link', { name: 'Compare two segments' }).first().click();
  await admin.app.getByRole('heading', { level: 1, name: 'Compare segments' }).waitFor();
});

test('two segments are chosen and compared', async () => {
  const frame = await open('/compare', 'Compare segments');
  await frame.getByLabel('This segment').selectOption('repeat-buyers');
  await frame.getByLabel('Compared with').selectOption('one-time-buyers');
  await frame.getByRole('button', { name: 'Compare' }).click();
  await frame.getByText('Repeat buyers: 80 customers. One-time buyers: 120 customers.').waitFor();
  const row = frame.getByRole('table', { name: 'Averages of both' }).getByRole('row', { name: /^Spent/ });
  expect(await row.innerText()).toContain('€256.25');
  expect(await brokenRules(frame)).toEqual([]);
});

test('a file is downloaded, changed, looked at and imported as a draft', async () => {
  const frame = await open('/transfer', 'Move segments');
  expect(await brokenRules(frame)).toEqual([]);
  const [download] = await Promise.all([
    admin.page.waitForEvent('download'),
    frame.getByRole('button', { name: 'Download the file' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^regulars-segments-\d{4}-\d\d-\d\d\.json$/);
  const file = JSON.parse(readFileSync(await download.path(), 'utf8')) as {
    currency: string;
    segments: Record<string, unknown>[];
  };
  expect(file.segments).toHaveLength(25);
  const [first] = file.segments;
  const other = {
    ...file,
    currency: 'USD',
    segments: [
      {
        ...first,
        key: 'vip',
        name: 'VIP',
        tag: 'vip',
        rule: { v: 1, where: { field: 'spent', op: 'gte', value: 500 } },
      },
      { ...first, rule: { v: 1, where: { field: 'orders', op: 'gte', value: 9 } } },
    ],
  };
  await frame.getByLabel('Choose the file').setInputFiles({
    name: 'other.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(other)),
  });
  await frame.getByRole('button', { name: 'Look at it first' }).click();
  await frame.getByText('1 new draft, 1 to decide, 0 here already, 0 that cannot be used').waitFor();
  await frame.getByText('Its amounts were in USD; the same numbers are now in EUR.').waitFor();
  expect(await brokenRules(frame)).toEqual([]);
  await frame.getByRole('button', { name: 'Import as drafts' }).click();
  await frame.getByText('1 draft and 0 sets made').waitFor();
  const vip = await open('/segments/vip', 'VIP');
  await vip.getByText('spent at least €500.00').first().waitFor();
});

test('what is not a file of the app is refused with the place', async () => {
  const frame = await open('/transfer', 'Move segments');
  await frame.getByLabel('Or paste what is in it').fill('{"format": "regulars-transfer", "v": 9}');
  await frame.getByRole('button', { name: 'Look at it first' }).click();
  await frame.getByText('must be 1: this version of the app knows no other').waitFor();
  expect(await brokenRules(frame)).toEqual([]);
});

test.each(['/overlap', '/compare?a=repeat-buyers&b=*', '/transfer'])(
  'on a phone, 375 px wide, %s needs no sideways scrolling, but in tables that scroll by themselves',
  async (path) => {
    await admin.onPhone(path, async (phone) => {
      expect(await tooWide(phone)).toEqual(FITS);
      expect(await brokenRules(phone)).toEqual([]);
    });
  },
);

test('no script complained on the way', () => {
  // A refused file is answered with 422, which browsers write into the console.
  expect(admin.complaints.filter((one) => !/status of 422/.test(one))).toEqual([]);
});
