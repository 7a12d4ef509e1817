/**
 * JSON from outside. Whole numbers that a JS number cannot hold stay as text, so ids survive; a key called
 * __proto__ is a key like any other; of duplicate keys the last one counts.
 */

/** @returns undefined when the text is not JSON (or nested deeper than can be read) */
export function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text, keepBigIntegers as (key: string, value: unknown) => unknown) };
  } catch {
    return undefined;
  }
}

function keepBigIntegers(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context.source ?? '';
  return /^-?\d+$/.test(source) ? source : value;
}
