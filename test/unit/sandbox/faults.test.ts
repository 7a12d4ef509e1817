import { describe, expect, it } from 'vitest';
import { FAULT_NAMES } from '../../../sandbox/faults/fault.ts';
import { Faults } from '../../../sandbox/faults/faults.ts';

const HERE = { shop: 'a.myshopify.com', fields: ['customers'] };

function struck(faults: Faults, chances: number, chance = HERE): number[] {
  return Array.from({ length: chances }, (_, index) => index).filter(() =>
    faults.strike('throttled', chance),
  );
}

describe('an armed fault', () => {
  it('strikes once unless told otherwise, and says how often it happened', () => {
    const faults = new Faults();
    expect(struck(faults, 3)).toEqual([]);
    const armed = faults.arm('throttled');
    expect(struck(faults, 3)).toEqual([0]);
    expect([armed.happened, faults.happened('throttled'), faults.happened('hang')]).toEqual([1, 1, 0]);
    expect(faults.happened('throttled', 'b.myshopify.com')).toBe(0);
    expect(faults.armed()).toMatchObject([{ name: 'throttled', happened: 1, chances: 1, active: false }]);
  });

  it('obeys count, after, shop and field', () => {
    const faults = new Faults();
    faults.arm('throttled', { count: 2, after: 3 });
    expect(struck(faults, 8)).toEqual([3, 4]);
    faults.disarmAll();
    faults.arm('throttled', { count: 5, shop: 'b.myshopify.com' });
    faults.arm('throttled', { count: 5, field: 'orders' });
    expect(struck(faults, 8)).toEqual([]);
    expect(struck(faults, 2, { ...HERE, fields: ['customers', 'orders'] })).toEqual([0, 1]);
    expect(struck(faults, 1, { ...HERE, shop: 'b.myshopify.com' })).toEqual([0]);
  });

  it('strikes a share of the chances, the same ones for the same seed', () => {
    const of = (seed: number) => {
      const faults = new Faults();
      faults.arm('throttled', { share: 0.3, seed });
      return struck(faults, 1000);
    };
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
    expect(of(1).length).toBeGreaterThan(240);
    expect(of(1).length).toBeLessThan(360);
  });

  it('ends with its time', async () => {
    const faults = new Faults();
    faults.arm('throttled', { seconds: 0.05 });
    expect(struck(faults, 2)).toEqual([0, 1]);
    const deadline = Date.now() + 20_000;
    while (struck(faults, 1).length > 0 && Date.now() < deadline) await new Promise(setImmediate);
    expect(struck(faults, 2)).toEqual([]);
  });

  it('can be disarmed; what happened stays known until all is reset', () => {
    const faults = new Faults();
    const { id } = faults.arm('throttled', { count: 9 });
    struck(faults, 2);
    expect(faults.disarm(id)).toBe(true);
    expect(faults.disarm(id)).toBe(false);
    expect(struck(faults, 2)).toEqual([]);
    expect(faults.counts()).toEqual({ throttled: 2 });
    expect(faults.strikes()).toMatchObject([{ name: 'throttled', fields: ['customers'] }, { id }]);
    faults.reset();
    expect([faults.counts(), faults.strikes()]).toEqual([{}, []]);
  });

  it('is refused when it is unknown or makes no sense', () => {
    const faults = new Faults();
    const refused: [string, Record<string, unknown>][] = [
      ['lightning', {}],
      ['__proto__', {}],
      ['throttled', { share: 2 }],
      ['throttled', { count: 0 }],
      ['throttled', { cuont: 1 }],
      ['server-error', { status: 404 }],
      ['result-cut', { at: 'the end' }],
    ];
    for (const [name, settings] of refused) {
      expect(() => faults.arm(name as 'throttled', settings), name).toThrow(RangeError);
    }
    expect(faults.armed()).toEqual([]);
    for (const name of FAULT_NAMES) expect(faults.arm(name, { count: 1 }).name).toBe(name);
  });
});
