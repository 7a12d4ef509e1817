import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FIELD_KEYS, fieldOf } from '../../../app/segments/fields.ts';
import { NOT_FIELDS, notFieldsFor } from '../../../app/segments/not-fields.ts';

test.each([
  ['market', 1],
  ['Markets ', 1],
  ['mark', 1],
  ['ma', 0],
  ['spent', 0],
])('who looks for %j is told of %d that there is not', (typed, count) => {
  expect(notFieldsFor(typed)).toHaveLength(count);
});

test('the docs say so, and none of them is a field', () => {
  const docs = readFileSync(path.join(import.meta.dirname, '../../../docs/segments.md'), 'utf8');
  for (const { label, why } of NOT_FIELDS) {
    expect(docs).toContain(`There is no field for **${label}**. ${why}`);
    expect(FIELD_KEYS.map((key) => fieldOf(key).label)).not.toContain(label);
  }
});
