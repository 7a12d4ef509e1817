/** Rows in the text format of PostgreSQL's COPY. */

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

/** One row, columns in the given order; absent and null are NULL. */
export function copyText(row: Readonly<Record<string, unknown>>, columns: readonly string[]): string {
  return `${columns.map((column) => field(row[column])).join('\t')}\n`;
}

function field(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  return plain(value).replace(/[\\\n\r\t\b\f\v]/g, (character) => ESCAPES[character] ?? character);
}

function plain(value: unknown): string {
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map(element).join(',')}}`;
  return String(value);
}

function element(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return `"${plain(value).replace(/["\\]/g, (character) => `\\${character}`)}"`;
}
