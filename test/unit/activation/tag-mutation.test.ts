import { buildClientSchema, parse, validate, type IntrospectionQuery } from 'graphql';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  bulkDocument,
  bulkFile,
  bulkMarker,
  readResultLine,
} from '../../../app/activation/tags/bulk/bulk-mutation-document.ts';
import {
  BULK_SLOTS,
  bulkThreshold,
  chooseWay,
  linesPerFile,
  MAX_BULK_LINES,
} from '../../../app/activation/tags/choose-way.ts';
import { answerOf, composeTagMutation } from '../../../app/activation/tags/tag-mutation.ts';
import { explainFailure, failureOf, failureText } from '../../../app/activation/tags/write-failure.ts';
import { ADMIN_API_VERSION } from '../../../app/shopify/api-version.ts';
import { mayRepeat } from '../../../app/shopify/may-repeat.ts';

const schema = buildClientSchema(
  (
    JSON.parse(
      gunzipSync(
        readFileSync(`node_modules/@shopify/dev-mcp/dist/data/admin_${ADMIN_API_VERSION}.json.gz`),
      ).toString(),
    ) as { data: IntrospectionQuery }
  ).data,
  { assumeValid: true },
);
const write = (customerId: string, add: string[], remove: string[], removeFirst = false) => ({
  customerId,
  add,
  remove,
  removeFirst,
});

describe('documents put together at run time', () => {
  const composed = composeTagMutation([
    write('1', ['a'], ['b']),
    write('2', [], ['b']),
    write('3', ['a'], ['b'], true),
  ]);

  test('Shopify’s own schema takes them', () => {
    for (const text of [composed.document, bulkDocument('add', 'M_1'), bulkDocument('remove', 'M_1')]) {
      expect(validate(schema, parse(text))).toEqual([]);
    }
  });

  test('adds come before removes, unless there is no room for them', () => {
    const aliases = [...composed.document.matchAll(/^ {2}(\w+):/gm)].map((match) => match[1]);
    expect(aliases).toEqual(['add0', 'remove0', 'remove1', 'remove2', 'add2']);
    expect(composed.mutations).toBe(5);
  });

  test('nothing of a tag or an id is in the text, and a lost answer may be asked for again', () => {
    const odd = composeTagMutation([write('7', ['"} evil'], [])]);
    expect(odd.document).not.toContain('evil');
    expect(odd.variables).toEqual({ id0: 'gid://shopify/Customer/7', add0: ['"} evil'] });
    expect(mayRepeat(odd.document)).toBe(true);
  });
});

describe('answers', () => {
  const tags = (list: string[]) => ({ node: { id: 'x', tags: list }, userErrors: [] });

  test('the last payload’s tags count, and the first refusal', () => {
    expect(answerOf(write('1', ['a'], ['b']), 0, { add0: tags(['a', 'b']), remove0: tags(['a']) })).toEqual({
      kind: 'answered',
      tags: ['a'],
      failure: null,
    });
    const refused = {
      node: null,
      userErrors: [{ field: ['tags'], message: 'Tags cannot be more than 250' }],
    };
    expect(answerOf(write('1', ['a'], ['b']), 0, { add0: refused, remove0: tags(['x']) })).toEqual({
      kind: 'answered',
      tags: ['x'],
      failure: { kind: 'too_many_tags' },
    });
    expect(answerOf(write('1', ['a'], []), 0, { add0: refused })).toEqual({
      kind: 'refused',
      failure: { kind: 'too_many_tags' },
    });
  });

  test('no errors and no tags is no confirmation', () => {
    for (const data of [
      null,
      {},
      { add0: null },
      { add0: { node: null, userErrors: [] } },
      { add0: 'odd' },
    ]) {
      expect(answerOf(write('1', ['a'], []), 0, data)).toEqual({ kind: 'unknown', reason: 'no_answer' });
    }
  });

  test('Shopify’s texts are told apart; an unknown one is kept', () => {
    const kind = (message: string) => failureOf([{ message }]);
    expect(kind('Customer does not exist')).toEqual({ kind: 'customer_gone' });
    expect(kind('Tags is too long (maximum is 255 characters)')).toEqual({ kind: 'too_long' });
    expect(kind('Something new')).toEqual({ kind: 'refused', said: 'Something new' });
    expect(failureOf([])).toBeNull();
  });
});

describe('bulk files', () => {
  test('one line a customer, and the operation is known by its marker', () => {
    expect(bulkFile([{ customerId: '5', tags: ['ä', 'b'] }])).toBe(
      '{"id":"gid://shopify/Customer/5","tags":["ä","b"]}\n',
    );
    const marker = bulkMarker('12', new Date(5));
    expect(bulkDocument('add', marker)).toContain(`${marker}(`);
    expect(bulkDocument('add', bulkMarker('1', new Date(25)))).not.toContain(`${marker}(`);
    expect(marker.length).toBeGreaterThanOrEqual(10);
  });

  test('lines that are none of ours are passed over, whatever they are', () => {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"data":{}}',
      '{"__lineNumber":-1}',
      '{"__lineNumber":1.5}',
    ]) {
      expect(readResultLine(text)).toBeNull();
    }
    expect(readResultLine('{"data":null,"__lineNumber":4}')).toEqual({ line: 4, payload: null });
    expect(
      readResultLine(
        '{"data":{"tagsRemove":{"node":{"id":"g","tags":[]},"userErrors":[]}},"__lineNumber":0}',
      ),
    ).toEqual({ line: 0, payload: { node: { id: 'g', tags: [] }, userErrors: [] } });
  });
});

describe('one by one or in bulk', () => {
  const standard = { restoreRate: 100, currentlyAvailable: 2_000 };

  test('a few hundred customers are where the ways meet, at the learned rate', () => {
    expect(chooseWay(99, { restoreRate: 1, currentlyAvailable: 0 })).toBe('single');
    expect(chooseWay(250, standard)).toBe('single');
    expect(chooseWay(400, standard)).toBe('bulk');
    expect(chooseWay(150, { ...standard, currentlyAvailable: 0 })).toBe('bulk');
    expect(chooseWay(1_000, { restoreRate: 1_000, currentlyAvailable: 20_000 })).toBe('single');
    expect(chooseWay(100_000, { restoreRate: 1_000, currentlyAvailable: 20_000 })).toBe('bulk');
  });

  test('the threshold follows what was measured', () => {
    const empty = { restoreRate: 100, currentlyAvailable: 0 };
    // 8 s to set up; 10 a second against 200.
    expect(bulkThreshold(empty, { linesPerSecond: 50, overheadSeconds: 8 })).toBe(100);
    expect(bulkThreshold(empty, { linesPerSecond: 50, overheadSeconds: 60 })).toBe(632);
    expect(bulkThreshold(empty, { linesPerSecond: 50, overheadSeconds: 60, mutationsPerSecond: 5 })).toBe(
      308,
    );
    // Bulk operations slower than the single way are never taken.
    expect(bulkThreshold(empty, { linesPerSecond: 2 })).toBe(Infinity);
  });

  test('files fill the free slots and never grow beyond about a minute', () => {
    expect(linesPerFile(2_357, BULK_SLOTS)).toBe(590);
    expect(linesPerFile(1_000_000, BULK_SLOTS)).toBe(3_000);
    expect(linesPerFile(1_000_000, BULK_SLOTS, { linesPerSecond: 10 })).toBe(600);
    expect(linesPerFile(1_000_000, BULK_SLOTS, { linesPerSecond: 9_999 })).toBe(MAX_BULK_LINES);
    expect(linesPerFile(1, 0)).toBe(1);
  });
});

test.each([
  [failureText({ kind: 'too_many_tags' }), 'The customer already has 250 tags, which is Shopify’s limit.'],
  [failureText({ kind: 'refused', said: 'Not today.' }), 'Shopify refused it: Not today.'],
  ['bulk_failed', 'The bulk operation ended before it came to this customer.'],
  ['no_answer', 'Shopify gave no answer that can be relied on.'],
  ['shopify_unavailable', 'Shopify gave no answer that can be relied on.'],
])('a stored reason in words: %s', (reason, words) => {
  expect(explainFailure(reason)).toBe(words);
});
