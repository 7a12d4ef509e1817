/**
 * The whole product as real processes (local Shopify, PostgreSQL, web, worker) and a browser in the admin of its
 * store. What the pages' own scripts complain of is collected, so that a test can say: nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Frame, FrameLocator, Page } from 'playwright-core';
import { freePort } from '../../../scripts/postgres.ts';
import { startStack, type Stack } from '../../../scripts/stack.ts';
import { writeArithmeticExport } from '../../support/arithmetic-export.ts';
import { createEmptyDatabase } from '../../support/test-db.ts';
import { launchBrowser } from './launch-browser.ts';

/** The library answers browsers that call themselves headless with 410. */
const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';

export interface Admin {
  stack: Stack;
  browser: Browser;
  page: Page;
  /** The embedded app. */
  app: FrameLocator;
  /** Page of the store's admin: "" is its home, "/apps/regulars/app" the app's. */
  goto(path: string): Promise<void>;
  /** The embedded app's frame, for questions to its document. */
  appFrame(): Promise<Frame>;
  /** Errors in the console and uncaught ones, of the admin and the app. */
  complaints: string[];
  newPage(viewport: { width: number; height: number }): Promise<Page>;
  /** Opens a page of the app ("/offers") and waits for its main heading. */
  open(path: string, heading: string | RegExp, wait?: { timeout: number }): Promise<Frame>;
  /** The same page on a phone, 375 px wide, in a context of its own, which ends when `look` is done. */
  onPhone<T>(path: string, look: (frame: Frame) => Promise<T>): Promise<T>;
  /** As `onPhone`; the context lasts as long as the browser. */
  openOnPhone(path: string): Promise<Frame>;
  close(): Promise<void>;
}

const quiet = () => undefined;

/** Starts everything with the arithmetic store, 22 November 2026; the app is not installed yet. */
export async function openAdmin(): Promise<Admin> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'regulars-e2e-'));
    closing.push(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
    const orders = path.join(folder, 'arithmetic.csv');
    writeArithmeticExport(orders);
    const database = await createEmptyDatabase();
    closing.push(() => database.drop());
    const stack = await startStack({
      folder,
      // The other worker looks for free ones at the same moment.
      port: await freePort(41_000 + 500 * Number(process.env['VITEST_POOL_ID'] ?? 0)),
      databaseUrl: database.url,
      say: quiet,
      sandboxArgs: [
        '--orders', orders, '--as-recorded', '--as-of', '2026-11-22', '--time-zone', 'Europe/Berlin', '--fast',
      ], // prettier-ignore
    });
    closing.push(() => stack.stop());
    const browser = await launchBrowser();
    closing.push(() => browser.close());
    const complaints: string[] = [];
    const newPage = async (viewport: { width: number; height: number }) => {
      const context = await browser.newContext({ viewport, userAgent: BROWSER });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
      });
      return page;
    };
    const page = await newPage({ width: 1280, height: 900 });
    const store = `${stack.sandboxUrl}/store/${stack.shop.replace('.myshopify.com', '')}`;
    const app = page.frameLocator('iframe[title="Regulars"]');
    const openOnPhone = async (to: string) => {
      const phone = await newPage({ width: 375, height: 760 });
      await phone.goto(`${store}/apps/regulars/app${to}`);
      return frameOf(phone);
    };
    return {
      stack,
      browser,
      page,
      app,
      goto: async (to) => void (await page.goto(`${store}${to}`)),
      async open(to, heading, wait) {
        await page.goto(`${store}/apps/regulars/app${to}`);
        await app.getByRole('heading', { level: 1, name: heading }).waitFor(wait);
        return frameOf(page);
      },
      openOnPhone,
      async onPhone(to, look) {
        const frame = await openOnPhone(to);
        try {
          return await look(frame);
        } finally {
          await frame.page().context().close();
        }
      },
      appFrame: () => frameOf(page),
      complaints,
      newPage,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The app's frame once it shows a page (not the one that fetches a session token). */
export async function frameOf(page: Page): Promise<Frame> {
  await page.frameLocator('iframe[title="Regulars"]').getByRole('heading', { level: 1 }).first().waitFor();
  const frame = page.frame({ name: 'app-iframe' });
  if (!frame) throw new Error('the app is not in the page');
  return frame;
}
