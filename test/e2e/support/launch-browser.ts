import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../../scripts/browser.ts';
import { ROOT } from '../../../scripts/setup.ts';

/** The Chromium that `npm test` has found or fetched. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await findChromium(ROOT, () => undefined);
  return chromium.launch({
    executablePath,
    args,
    env: { ...(process.env as Record<string, string>), ...env },
  });
}
