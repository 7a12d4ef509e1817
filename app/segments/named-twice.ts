/**
 * A key that a JSON text has twice in one object: of two values one would silently win, and whoever wrote the file meant
 * both.
 */
type Open = { in: 'object'; keys: Set<string>; key: string; atKey: boolean } | { in: 'list'; at: number };

const TOKENS = /"(?:[^"\\]|\\.)*"|[[\]{},:]/g;

/** @param text JSON @returns the path to the first one, as "where.all.0.op"; null without one */
export function namedTwice(text: string): string | null {
  const open: Open[] = [];
  for (const [token] of text.matchAll(TOKENS)) {
    const here = open.at(-1);
    if (token === '{') open.push({ in: 'object', keys: new Set(), key: '', atKey: true });
    else if (token === '[') open.push({ in: 'list', at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && here?.in === 'list') here.at += 1;
    else if (token === ',' && here?.in === 'object') here.atKey = true;
    else if (token === ':' && here?.in === 'object') here.atKey = false;
    else if (here?.in === 'object' && here.atKey && token.startsWith('"')) {
      // An escaped letter is the same letter.
      here.key = JSON.parse(token) as string;
      if (here.keys.has(here.key)) return open.map((one) => (one.in === 'list' ? one.at : one.key)).join('.');
      here.keys.add(here.key);
    }
  }
  return null;
}
