import { describe, expect, it } from 'vitest';
import { SandboxOptionError } from '../../../sandbox/option-error.ts';
import { readOptions } from '../../../sandbox/start-options.ts';

const HERE = import.meta.filename;

describe('the options of the process', () => {
  it('have the defaults of the demo', () => {
    expect(readOptions([])).toMatchObject({
      port: 0,
      fast: false,
      json: false,
      clock: { now: undefined, frozen: false },
      stores: [
        {
          domain: 'regulars-demo.myshopify.com',
          timeZone: 'UTC',
          plan: 'standard',
          seed: { customers: 5000, seed: 1 },
        },
      ],
    });
  });

  it('stand the clock for an as-of day, and freeze it when told to', () => {
    const asOf = readOptions(['--orders', HERE, '--as-recorded', '--as-of', '2026-11-22']);
    expect(asOf.clock).toEqual({ now: '2026-11-22', frozen: true });
    expect(asOf.stores[0]?.seed).toEqual({ orders: HERE, asRecorded: true, asOf: '2026-11-22' });
    expect(readOptions(['--freeze']).clock).toEqual({ now: undefined, frozen: true });
  });

  it.each([
    [['--bogus'], 'bogus'],
    [['stray'], 'stray'],
    [['--plan', 'gold'], '--plan must be standard, advanced or plus.'],
    [['--as-of', '2026-02-30'], '--as-of: 2026-02-30 is not a date'],
    [['--time-zone', 'Mars/Base'], '--time-zone: Mars/Base is not a time zone.'],
    [['--customers', 'many'], '--customers must be a whole number'],
    [['--customers', '-1'], 'customers'],
    [['--customers', '5', '--orders', HERE], '--orders cannot be given together'],
    [['--as-recorded'], '--as-recorded needs --orders.'],
    [['--orders', 'nowhere.csv'], '--orders: there is no file nowhere.csv.'],
    [['--port', '99999'], '--port must be a whole number from 0 to 65535.'],
    [['--app-config', 'nowhere.toml'], '--app-config: there is no file nowhere.toml.'],
  ])('refuse %j in one sentence', (args, sentence) => {
    expect(() => readOptions(args)).toThrow(SandboxOptionError);
    expect(() => readOptions(args)).toThrow(sentence);
  });
});
