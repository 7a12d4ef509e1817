/** docs/segments.md is what the declarations say, and every example in it is a rule. */
import { readFileSync } from 'node:fs';
import prettier from 'prettier';
import { expect, test } from 'vitest';
import { examplesOf } from '../../../app/segments/example-rules.ts';
import { operatorsOf } from '../../../app/segments/field.ts';
import { FIELD_KEYS, fieldOf } from '../../../app/segments/fields.ts';
import { fromPortable, toPortable } from '../../../app/segments/portable-rule.ts';
import { printDocs } from '../../../app/segments/print-docs.ts';
import { printRule } from '../../../app/segments/print-rule.ts';

const FILE = new URL('../../../docs/segments.md', import.meta.url);

test('the file is up to date', async () => {
  const options = await prettier.resolveConfig(FILE);
  const written = await prettier.format(printDocs(), { ...options, parser: 'markdown' });
  expect(readFileSync(FILE, 'utf8')).toBe(written);
});

test.each(FIELD_KEYS)('every example of %s is a rule, can be printed and comes back the same', (key) => {
  const examples = examplesOf(key);
  expect(examples.map(({ op }) => op)).toEqual([...operatorsOf(fieldOf(key))]);
  for (const where of examples) {
    const parsed = fromPortable({ v: 1, where }, 'EUR');
    expect(parsed).toMatchObject({ ok: true });
    if (!parsed.ok) return;
    expect(printRule(parsed.rule, { currency: 'EUR' })).toMatch(/^Customers .+\.$/);
    expect(toPortable(parsed.rule, 'EUR')).toEqual({ v: 1, where });
  }
});

test('every example that the file shows is read by the command line as it stands', () => {
  const blocks = [...readFileSync(FILE, 'utf8').matchAll(/```json\n([^]*?)```/g)].map(
    ([, json = '']) => json,
  );
  const [whole = '', ...conditions] = blocks;
  expect(fromPortable(JSON.parse(whole), 'EUR')).toMatchObject({ ok: true });
  const lines = conditions.flatMap((block) => block.trim().split('\n'));
  expect(lines.length).toBe(FIELD_KEYS.flatMap((key) => operatorsOf(fieldOf(key))).length);
  for (const line of lines) {
    expect(fromPortable({ v: 1, where: JSON.parse(line) }, 'EUR')).toMatchObject({ ok: true });
  }
});
