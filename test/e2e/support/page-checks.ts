/** What every page is held to: rules of accessibility, nothing beyond the edge of a phone, drawn once and in time. */
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

/** What `tooWide` says of a page that fits. */
export const FITS = { scrolls: false, beyond: [] };

/** Tables and sticky heads are measured by their scripts after the first paint: so long at most. */
const SETTLED_MS = 10_000;

/**
 * Whether the page scrolls sideways, and what reaches beyond its edges, once its scripts have measured what is in it. A
 * table in a box that scrolls by itself may, unless the page is to have none (`boxes: false`).
 */
export function tooWide(
  frame: Frame,
  { boxes = true } = {},
): Promise<{ scrolls: boolean; beyond: string[] }> {
  const hidden = '.rg-hidden, [class*="VisuallyHidden"], [aria-hidden="true"]';
  return frame.evaluate(
    async ([apart, longest]) => {
      const look = () => {
        const limit = document.documentElement.clientWidth;
        const beyond = [...document.querySelectorAll('body *')].filter((element) => {
          const box = element.getBoundingClientRect();
          // Polaris pulls a layout over the left edge and pads what stands in it back.
          const cut = box.left < -1 && !element.matches('.Polaris-Layout');
          return box.width > 0 && (box.right > limit + 1 || cut) && !element.closest(apart);
        });
        return {
          scrolls: document.documentElement.scrollWidth > limit,
          beyond: beyond.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)),
        };
      };
      const began = performance.now();
      for (;;) {
        const seen = look();
        if (!seen.scrolls && seen.beyond.length === 0) return seen;
        if (performance.now() - began > longest) return seen;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    },
    [boxes ? `${hidden}, .rg-scroll table` : hidden, SETTLED_MS] as const,
  );
}

/** How far the page shifted while it was drawn, and after how many ms its largest thing was painted. */
export function drawn(frame: Frame): Promise<{ shift: number; paintedAfter: number | undefined }> {
  return frame.evaluate(async () => {
    const observed = (type: string) =>
      new Promise<PerformanceEntry[]>((resolve) => {
        const entries: PerformanceEntry[] = [];
        new PerformanceObserver((list) => {
          entries.push(...list.getEntries());
          resolve(entries);
        }).observe({ type, buffered: true });
        requestAnimationFrame(() => setTimeout(() => resolve(entries), 0));
      });
    const shifts = (await observed('layout-shift')) as (PerformanceEntry & { value: number })[];
    const paints = await observed('largest-contentful-paint');
    return {
      shift: shifts.reduce((sum, { value }) => sum + value, 0),
      paintedAfter: paints.at(-1)?.startTime,
    };
  });
}
