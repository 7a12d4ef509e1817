/** Text that should be JSON, as a page or a file sends it; undefined: it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
