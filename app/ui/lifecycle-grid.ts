/** Where each group of the life-cycle map stands: value down, rhythm across. Keys are segment keys. */
export const RHYTHMS = ['Active', 'Slowing', 'Away', 'Gone'] as const;

export const VALUES = [
  {
    name: 'Best',
    help: 'Top 20 % by spent',
    keys: ['best-customers', 'best-slowing', 'best-away', 'best-lost'],
  },
  {
    name: 'Steady',
    help: '2+ orders',
    keys: ['steady-customers', 'steady-slowing', 'steady-away', 'steady-lost'],
  },
  { name: 'One order', help: '', keys: ['new', 'second-order-due', 'one-order-away', 'one-order-gone'] },
] as const;

/** Customers without a counted order: outside the grid, so that every customer is in exactly one group. */
export const OUTSIDE = ['never-bought', 'returned-everything'] as const;

/** All 14 groups of the family. */
export const LIFECYCLE_KEYS: readonly string[] = [...VALUES.flatMap((row) => row.keys), ...OUTSIDE];

/** "0–30 days", "31–60 days", "61–180 days", "over 180 days" since the last order, from the bounds in force. */
export function rhythmRanges(upperBounds: readonly number[]): string[] {
  const [active, slowing, away] = upperBounds.map(Math.floor);
  if (active === undefined || slowing === undefined || away === undefined) return ['', '', '', ''];
  return [
    `0–${active} days`,
    slowing > active ? `${active + 1}–${slowing} days` : 'no days',
    away > slowing ? `${slowing + 1}–${away} days` : 'no days',
    `over ${away} days`,
  ];
}
