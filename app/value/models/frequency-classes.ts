/** The classes of the published hold-out tables: customers with 0, 1, ... 6, and 7 or more repeat purchase days. */
export const FREQUENCY_CLASSES = [0, 1, 2, 3, 4, 5, 6, '7+'] as const;
export type FrequencyClass = (typeof FREQUENCY_CLASSES)[number];

/** Position in FREQUENCY_CLASSES. */
export function frequencyClassOf(x: number): number {
  return Math.min(7, x);
}
