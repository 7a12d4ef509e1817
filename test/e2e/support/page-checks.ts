/** What every page is held to: rules of accessibility, and nothing beyond the edge of a phone. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.1 A and AA. @returns rule and elements; empty: none is broken */
export async function brokenRules(frame: Frame): Promise<string[]> {
  await frame.evaluate(AXE);
  const { violations } = (await frame.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })`,
  )) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

/** Whether the page scrolls sideways, and what reaches beyond its edge; tables scroll by themselves. */
export function tooWide(frame: Frame): Promise<{ scrolls: boolean; beyond: string[] }> {
  return frame.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    const beyond = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      const hidden = element.closest(
        '.rg-hidden, .rg-scroll, [class*="VisuallyHidden"], [aria-hidden="true"]',
      );
      return box.width > 0 && box.right > limit + 1 && !hidden;
    });
    return {
      scrolls: document.documentElement.scrollWidth > limit,
      beyond: beyond.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)),
    };
  });
}
