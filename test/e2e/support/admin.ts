/**
 * The whole product as real processes (local Shopify, PostgreSQL, web, worker) and a browser in the admin of its
 * store. What the pages' own scripts complain of is collected, so that a test can say: nothing.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Frame, type FrameLocator, type Page } from 'playwright-core';
import { findChromium } from '../../../scripts/browser.ts';
import { freePort } from '../../../scripts/postgres.ts';
import { prepareCode, ROOT } from '../../../scripts/setup.ts';
import { startStack, type Stack } from '../../../scripts/stack.ts';
import { writeArithmeticExport } from '../../support/arithmetic-export.ts';

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
  close(): Promise<void>;
}

const quiet = () => undefined;

/** Starts everything with the arithmetic store, 22 November 2026; the app is not installed yet. */
export async function openAdmin(): Promise<Admin> {
  await prepareCode({ build: true });
  const folder = mkdtempSync(path.join(tmpdir(), 'regulars-e2e-'));
  // PostgreSQL runs as a user of its own when the tests run as root, and must get to its data.
  chmodSync(folder, 0o755);
  const orders = path.join(folder, 'arithmetic.csv');
  writeArithmeticExport(orders);
  const stack = await startStack({
    folder,
    port: await freePort(41_000),
    say: quiet,
    sandboxArgs: [
      '--orders', orders, '--as-recorded', '--as-of', '2026-11-22', '--time-zone', 'Europe/Berlin', '--fast',
    ], // prettier-ignore
  });
  try {
    const found = await findChromium(ROOT, quiet);
    const browser = await chromium.launch({
      executablePath: found.executablePath,
      args: found.args,
      env: { ...(process.env as Record<string, string>), ...found.env },
    });
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
    return {
      stack,
      browser,
      page,
      app: page.frameLocator('iframe[title="Regulars"]'),
      goto: async (to) => void (await page.goto(`${store}${to}`)),
      appFrame: () => frameOf(page),
      complaints,
      newPage,
      async close() {
        await browser.close();
        await stack.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stack.stop();
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
