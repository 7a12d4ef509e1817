/** Each rule of the house is broken once here, and must be refused. */
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const eslint = new ESLint({
  overrideConfig: [
    { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false, project: null } } },
  ],
  ruleFilter: ({ ruleId }) => !ruleId.startsWith('@typescript-eslint/no-floating') && !TYPED.has(ruleId),
});
const TYPED = new Set([
  '@typescript-eslint/no-misused-promises',
  '@typescript-eslint/switch-exhaustiveness-check',
]);

async function complaints(file: string, code: string): Promise<string[]> {
  const results = await eslint.lintText(code, { filePath: file });
  return results.flatMap((result) =>
    result.messages.map((message) => `${message.ruleId}: ${message.message}`),
  );
}

const planted: [rule: string, file: string, code: string, said: RegExp][] = [
  ['no module mocks', 'test/unit/planted.test.ts', `vi.mock('../app/clock.ts');`, /No module mocks/],
  ['no environment outside the config', 'app/intake/planted.server.ts', `export const url = process.env['X'];`, /reads? the environment/],
  ['no Date.now() in the app', 'app/history/planted.ts', `export const t = () => Date.now();`, /Nothing asks for the time/],
  ['no new Date() in the app', 'app/history/planted.server.ts', `export const t = () => new Date();`, /Nothing asks for the time/],
  ['no now() in SQL', 'app/history/planted.server.ts', 'export const q = sql`select now() - ${1}`;', /SQL never asks for the time/],
  ['no CURRENT_DATE in SQL', 'app/history/planted.server.ts', 'export const q = sql`select CURRENT_DATE`;', /SQL never asks for the time/],
  ['no joined SQL', 'app/history/planted.server.ts', 'export const q = (tx, id) => tx.query(`select ${id}`);', /never joined/],
  ['no added SQL', 'app/history/planted.server.ts', `export const q = (tx, id) => tx.query('select ' + id);`, /never joined/],
  ['no console in the app', 'app/intake/planted.ts', `console.log('x');`, /no-console/],
  ['no any', 'app/intake/planted.ts', `export const x: any = 1;`, /no-explicit-any/],
  ['no ts-ignore', 'app/intake/planted.ts', `// @ts-ignore\nexport const x = 1;`, /ban-ts-comment/],
]; // prettier-ignore

test.each(planted)('%s', async (_rule, file, code, said) => {
  expect(await complaints(file, code)).toEqual(expect.arrayContaining([expect.stringMatching(said)]));
});

/** Rules that need types are planted into a file that the compiler knows. */
const typed = new ESLint();

test.each([
  ['no floating promises', 'export const f = () => { Promise.resolve(1); };', /no-floating-promises/],
  ['no promise as a condition', 'export const f = (p: Promise<boolean>) => (p ? 1 : 2);', /no-misused-promises/],
  ['no switch with a case left out', `export function f(x: 'a' | 'b') { switch (x) { case 'a': return 1; } return 2; }`, /switch-exhaustiveness/],
  ['no unused names', 'const left = 1;\nexport const kept = 2;', /no-unused-vars/],
  ['no loose equality', 'export const f = (x: number) => x == 1;', /eqeqeq/],
] as const)('%s', async (_rule, code, said) => {
  const [result] = await typed.lintText(code, { filePath: 'app/money.ts' });
  expect(result?.messages.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining([expect.stringMatching(said)]));
}); // prettier-ignore

test('hooks are called unconditionally', async () => {
  const code = `import { useState } from 'react';\nexport function Card({ x }: { x: boolean }) {\n  if (x) useState(1);\n  return null;\n}`;
  const [result] = await typed.lintText(code, { filePath: 'app/root.tsx' });
  expect(result?.messages.map(({ ruleId }) => ruleId)).toContain('react-hooks/rules-of-hooks');
});

test('what is allowed is not refused', async () => {
  const fine = 'export const q = (tx, now) => tx.query(sql`select ${new Date(now)}`);';
  expect(await complaints('app/history/planted.server.ts', fine)).toEqual([]);
  expect(await complaints('app/clock.ts', 'export const t = () => Date.now();')).toEqual([]);
});
