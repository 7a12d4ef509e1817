/** The presets in docs/segments.md: each with its sentence and what to do with it. */
import type { LocalDate } from '../local-date.ts';
import { presetIdeas, type PresetNumbers } from './presets-ideas.ts';
import { FAMILY_NAMES, PRESETS } from './presets.ts';
import { printRule } from './print-rule.ts';

/** An example store, so that every preset has a sentence. */
const EXAMPLE: PresetNumbers = {
  today: '2026-11-22' as LocalDate,
  buyers: 2_000,
  bigOrderMinor: 24_000,
  discountShare: 75,
  returnedShare: 20,
  secondOrderDays: { from: 24, to: 71 },
  gapDays: { median: 38, most: 67 },
  activeDays: 67,
  predictedMinor: 31_000,
  products: [
    { id: '101', title: 'Blue shirt', buyers: 420 },
    { id: '102', title: 'Wool hat', buyers: 310 },
  ],
  newest: { id: '103', title: 'Rain jacket', since: '2026-10-01' as LocalDate },
  collections: [{ id: '7', title: 'Winter', pieces: 3 }],
  countries: ['DE', 'AT', 'FR'],
  hasSubscriptions: true,
  loneTags: ['call back', 'fair 2019'],
};

const TITLES = new Map([
  ...EXAMPLE.products.map(({ id, title }) => [id, title] as const),
  ['103', 'Rain jacket'] as const,
  ['7', 'Winter'] as const,
]);

export function printPresets(currency: string): string {
  const all = [...PRESETS, ...presetIdeas(EXAMPLE)];
  const families = Object.entries(FAMILY_NAMES).map(([family, name]) => {
    const lines = all
      .filter((preset) => preset.family === family)
      .map(({ key, name: words, rule, advice }) => {
        const sentence = rule ? printRule(rule, { currency, names: (_kind, id) => TITLES.get(id) }) : '';
        return `- **${words}** (\`${key}\`): ${sentence} ${advice}`;
      });
    return `### ${name}\n\n${lines.join('\n')}`;
  });
  return `## Presets

${all.length} presets. The ${PRESETS.length} of the life-cycle map, orders, the top groups and the win-back bands are in every store as drafts;
the others are ideas, made into a draft when the merchant takes one. Bounds are the store's own: published numbers,
percentiles over its buyers, gaps between its orders, its products, collections and countries. The sentences below have
the numbers of an example store. Where a store has nothing to take a bound from, the idea says why it is missing.
Win-back bands and the classic RFM groups are exclusive sets.

${families.join('\n\n')}`;
}
