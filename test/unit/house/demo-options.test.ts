/** A wrong option of the demo is one sentence, said before anything is started. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { OptionError, readDemoOptions } from '../../../scripts/demo-options.ts';

const HERE = import.meta.filename;
const read = (...args: string[]) => readDemoOptions(args, path.dirname(HERE));

test.each([
  [['--orders', 'no-such-file.csv'], /there is no file no-such-file\.csv/],
  [['--orders', '.'], /is not a file/],
  [['--orders', HERE, '--customers', '5'], /exclude each other/],
  [['--customers', '0'], /not a whole number from 1 to 1000000/],
  [['--customers', '1e3'], /not a whole number/],
  [['--seed', '1.5'], /not a whole number/],
  [['--as-recorded'], /goes with --orders/],
  [['--as-of', '2026-02-30'], /not a date/],
  [['--time-zone', 'Mars/Base'], /not a time zone/],
  [['--plan', 'gold'], /not one of standard, advanced, plus/],
  [['--port', '70000'], /not a whole number/],
  [['--dump-customers', 'x.jsonl'], /goes with --headless/],
  [['--headless', '--dump-customers', tmpdir()], /is not a file/],
  [['--headless', '--dump-customers', 'no-such-folder/x'], /there is no folder/],
  [['--colour'], /Unknown option '--colour'.*--help lists the options/],
  [['extra'], /--help lists the options/],
])('%j', (args, said) => {
  expect(() => read(...args)).toThrow(OptionError);
  expect(() => read(...args)).toThrow(said);
});

test('without options: 5,000 customers of seed 1, in UTC, on the standard plan, at real pace', () => {
  const options = read();
  expect(options).toMatchObject({ headless: false, drafts: false, reset: false, port: 4600 });
  expect(options.sandboxArgs.join(' ')).toBe('--customers 5000 --seed 1 --time-zone UTC --plan standard');
});

test('a headless run stands still in time, and relative paths count from where it was called', () => {
  const options = read(
    '--headless',
    '--orders',
    path.basename(HERE),
    '--as-recorded',
    '--as-of',
    '2026-11-22',
  );
  expect(options.sandboxArgs).toEqual(
    expect.arrayContaining(['--freeze', '--orders', HERE, '--as-recorded', '--as-of', '2026-11-22']),
  );
});
