/**
 * The order of lines of a bulk query's result. Unless objects are grouped, Shopify promises nothing about where
 * children stand: here they are scattered before, between and after the roots of their slice, and some far
 * behind, by a hash of their text, so that the same store gives the same file.
 */
export interface ResultRow {
  root: boolean;
  line: string;
}

/** Takes rows in natural order (each root followed by its children), slice by slice. */
export class ChildSpreader {
  #late: string[] = [];

  spread(rows: readonly ResultRow[]): string[] {
    const roots = rows.filter(({ root }) => root).map(({ line }) => line);
    const slots: string[][] = Array.from({ length: roots.length + 1 }, () => []);
    const carried = this.#late;
    this.#late = [];
    for (const { root, line } of rows) {
      if (root) continue;
      const hash = hashOf(line);
      if (hash % 4 === 0) this.#late.push(line);
      else slots[Math.floor(hash / 4) % slots.length]?.push(line);
    }
    return [
      ...(slots[0] ?? []),
      ...roots.flatMap((line, index) => [line, ...(slots[index + 1] ?? [])]),
      ...carried,
    ];
  }

  /** What was put off; at the end of the file. */
  rest(): string[] {
    const rest = this.#late;
    this.#late = [];
    return rest;
  }
}

/** FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
