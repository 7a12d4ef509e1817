/** Who may import whom: a small tree with one violation of every rule must be refused by the real rules. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const rules = createRequire(import.meta.url)(path.join(ROOT, '.dependency-cruiser.cjs')) as {
  forbidden: unknown[];
  options: ICruiseOptions;
};

let tree: string;
beforeEach(() => {
  tree = mkdtempSync(path.join(tmpdir(), 'rooms-'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(tree, 'node_modules'));
  writeFileSync(path.join(tree, 'tsconfig.json'), '{}');
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

function plant(files: Record<string, string>): void {
  mkdirSync(path.join(tree, 'app'), { recursive: true });
  mkdirSync(path.join(tree, 'sandbox'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(tree, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

async function violations(): Promise<string[]> {
  const { output } = await cruise(['app', 'sandbox'], {
    ...rules.options,
    baseDir: tree,
    validate: true,
    ruleSet: { forbidden: rules.forbidden } as never,
  });
  return (output as ICruiseResult).summary.violations.map((violation) => violation.rule.name);
}

const ORDER = ['intake', 'history', 'value', 'segments', 'activation', 'pipeline'];

/** One violation for every pair of rooms in the wrong order. */
function upstream(room: string, index: number): [rule: string, files: Record<string, string>][] {
  return ORDER.slice(index + 1).map((later) => [
    `${room}-imports-only-what-comes-before-it`,
    { [`app/${room}/a.ts`]: `import '../${later}/b.ts';`, [`app/${later}/b.ts`]: '' },
  ]);
}

const cases: [rule: string, files: Record<string, string>][] = [
  ...ORDER.flatMap(upstream),
  ['shopify-and-db-are-leaves', { 'app/shopify/a.ts': `import '../intake/b.ts';`, 'app/intake/b.ts': '' }],
  ['pure-files-do-no-io', { 'app/value/a.ts': `import './b.server.ts';`, 'app/value/b.server.ts': '' }],
  ['pure-files-do-no-io', { 'app/value/a.ts': `import { readFileSync } from 'node:fs';\nreadFileSync('x');` }],
  ['pure-files-do-no-io', { 'app/value/a.ts': `import pg from 'pg';\nexport default pg;` }],
  ['no-room-uses-composition', { 'app/history/a.server.ts': `import '../context.server.ts';`, 'app/context.server.ts': '' }],
  ['no-room-uses-composition', { 'app/activation/a.server.ts': `import '../jobs/b.server.ts';`, 'app/jobs/b.server.ts': '' }],
  ['privacy-is-used-by-composition-only', { 'app/pipeline/a.server.ts': `import '../privacy/b.server.ts';`, 'app/privacy/b.server.ts': '' }],
  ['the-app-does-not-know-the-sandbox', { 'app/server/a.server.ts': `import '../../sandbox/b.ts';`, 'sandbox/b.ts': '' }],
  ['the-sandbox-does-not-know-the-app', { 'sandbox/a.ts': `import '../app/segments/b.ts';`, 'app/segments/b.ts': '' }],
  ['no-circles', { 'app/value/a.ts': `import './b.ts';`, 'app/value/b.ts': `import './a.ts';` }],
]; // prettier-ignore

test.each(cases)('%s', async (rule, files) => {
  plant(files);
  expect(await violations()).toContain(rule);
});

test('the order of the data is free to use', async () => {
  plant({
    'app/segments/a.server.ts': `import '../history/b.ts'; import '../db/c.server.ts';`,
    'app/history/b.ts': `import '../intake/d.ts';`,
    'app/intake/d.ts': '',
    'app/db/c.server.ts': '',
  });
  expect(await violations()).toEqual([]);
});
