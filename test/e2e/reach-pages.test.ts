/**
 * Segments in Shopify, metafields, Flow, leaving and coming back, in a browser: switched on and off, wrong input, by
 * axe, on a phone. The steps build on one another.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installAndImport, turnEverythingOn, waitForTags } from '../../scripts/demo-acts.ts';
import { openAdmin, type Admin } from './support/admin.ts';
import { brokenRules, FITS, tooWide } from './support/page-checks.ts';

const SLOW = { timeout: 60_000 };
const KEY = 'win-back-365';

let admin: Admin;
beforeAll(async () => {
  admin = await openAdmin();
  await installAndImport(admin.stack, () => undefined);
  await turnEverythingOn(admin.stack, () => undefined);
  await waitForTags(admin.stack, () => undefined);
}, 300_000);
afterAll(() => admin?.close());

const open = (path: string, heading: string | RegExp) => admin.open(path, heading);
const phone = (path: string) => admin.onPhone(path, tooWide);

describe('one segment in Shopify and Flow', () => {
  test('the rule is compared in people first; by the tag it is made, and both numbers agree', async () => {
    const frame = await open(`/segments/${KEY}/reach`, /Win-back 365/);
    await frame.getByText('There is none.').waitFor();
    await frame.getByText('By the rule itself', { exact: true }).click();
    await frame.getByRole('button', { name: 'Compare the numbers' }).click();
    await frame.getByText(/Shopify finds|Shopify’s rules cannot say this/).waitFor(SLOW);
    await frame.getByText('By the tag (as here)', { exact: true }).click();
    const saved = admin.page.waitForResponse((one) => one.request().method() === 'POST');
    await frame.getByRole('button', { name: 'Save' }).first().click();
    await saved;
    await frame.getByText(/in Shopify: 18 members; here: 18/).waitFor(SLOW);
    expect(await brokenRules(frame)).toEqual([]);
  });

  test('automations are switched off and stay off', async () => {
    const frame = await open(`/segments/${KEY}/reach`, /Win-back 365/);
    await frame.getByLabel('Start automations for this segment').uncheck();
    const saved = admin.page.waitForResponse((one) => one.request().method() === 'POST');
    await frame.getByRole('button', { name: 'Save' }).last().click();
    await saved;
    await expect
      .poll(async () => {
        const again = await open(`/segments/${KEY}/reach`, /Win-back 365/);
        return again.getByLabel('Start automations for this segment').isChecked();
      }, SLOW)
      .toBe(false);
  });

  test('fits a phone', async () => {
    expect(await phone(`/segments/${KEY}/reach`)).toEqual(FITS);
  });
});

describe('the whole shop', () => {
  test('hours that are none get a sentence beside the field, and what was typed stays', async () => {
    const frame = await open('/use/reach', 'Shopify and Flow');
    await frame.getByText('Win-back 365+ days').waitFor();
    await frame.getByLabel('From', { exact: false }).first().fill('21');
    await frame.getByRole('button', { name: 'Save' }).click();
    await frame.getByText('Enter whole hours from 0 to 24, the first before the second.').waitFor(SLOW);
    expect(await frame.getByLabel('From', { exact: false }).first().inputValue()).toBe('21');
    expect(await brokenRules(frame)).toEqual([]);
  });

  test('metafields are switched on and written', async () => {
    const frame = await open('/use/reach', 'Shopify and Flow');
    await frame.getByRole('button', { name: 'Switch on' }).click();
    await frame.getByText('On. Everything is written.').waitFor(SLOW);
    expect(await phone('/use/reach')).toEqual(FITS);
  });
});

describe('leaving', () => {
  test('what would be removed, progress, and the receipt; nothing is on after it', async () => {
    const frame = await open('/leaving', 'Leaving');
    await frame.getByText('7 metafield definitions').waitFor();
    await frame.getByText('1 Shopify segment', { exact: true }).waitFor();
    expect(await brokenRules(frame)).toEqual([]);
    expect(await phone('/leaving')).toEqual(FITS);
    const remove = frame.getByRole('button', { name: 'Remove everything' });
    expect(await remove.isDisabled()).toBe(true);
    await frame.getByLabel('I want everything of this app out of my store').check();
    await remove.click();
    await frame
      .getByText(/Being removed:|Receipt/)
      .first()
      .waitFor(SLOW);
    await frame.getByRole('heading', { name: 'Receipt' }).waitFor({ timeout: 120_000 });
    await frame.getByText('Nothing of ours is in your store').waitFor(SLOW);
    expect(await brokenRules(frame)).toEqual([]);
    const activity = await open('/activity', 'Activity');
    await activity.getByText('Segment in Shopify removed').waitFor();
    expect(await brokenRules(activity)).toEqual([]);
    expect(await phone('/activity')).toEqual(FITS);
  }, 240_000);
});

describe('coming back', () => {
  test('what an earlier installation left is shown, and removed by the merchant’s word', async () => {
    const empty = await open('/leftovers', 'From an earlier installation');
    await empty.getByText('Nothing of an earlier installation is in your store').waitFor();
    const control = (route: string, body: Record<string, unknown>) =>
      fetch(`${admin.stack.sandboxUrl}/control/${route}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const name = `Regulars: ${'A very long name of a segment '.repeat(6)}`.trim();
    await control('create-segment', { name, query: "customer_tags CONTAINS 'regulars-old'" });
    await control('uninstall-app', {});
    await expect
      .poll(async () => {
        const home = await open('', 'Home').catch(() => null);
        return (await home?.getByText('An earlier installation left things in your store').count()) ?? 0;
      }, { timeout: 120_000, interval: 2_000 })
      .toBe(1); // prettier-ignore
    const frame = await open('/leftovers', 'From an earlier installation');
    await frame.getByText(name).waitFor();
    expect(await brokenRules(frame)).toEqual([]);
    expect(await phone('/leftovers')).toEqual(FITS);
    await frame.getByRole('button', { name: 'Remove from the store: Segments in Shopify' }).click();
    await frame.getByText('Nothing of an earlier installation is in your store').waitFor(SLOW);
  }, 240_000);
});

test('no script complained on the way', () => {
  expect(admin.complaints.filter((one) => !one.includes('422'))).toEqual([]);
});
