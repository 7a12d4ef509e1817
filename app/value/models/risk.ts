/** The chance of losing a customer, in words. */
export const RISKS = ['low', 'medium', 'high'] as const;
export type Risk = (typeof RISKS)[number];

/** From these chances of being a customer still. */
export const RISK_BOUNDS = { low: 0.8, medium: 0.5 } as const;

export function riskOf(alive: number): Risk {
  if (alive >= RISK_BOUNDS.low) return 'low';
  return alive >= RISK_BOUNDS.medium ? 'medium' : 'high';
}
