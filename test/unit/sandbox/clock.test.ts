import { describe, expect, it } from 'vitest';
import { BusinessClock, parseClockTime } from '../../../sandbox/clock.ts';

const frozenAt = (now: string) => new BusinessClock({ now: new Date(now), frozen: true });

describe('the business clock', () => {
  it('stands still when frozen, and its machine time does not', async () => {
    const clock = frozenAt('2026-11-22T11:00:00Z');
    const machine = clock.machineNow().getTime();
    while (Date.now() === machine) await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now().toISOString()).toBe('2026-11-22T11:00:00.000Z');
    expect(clock.machineNow().getTime()).toBeGreaterThan(machine);
  });

  it('runs with the machine from where it was set', async () => {
    const clock = new BusinessClock({ now: new Date('2030-01-01T00:00:00Z') });
    const before = clock.now().getTime();
    const start = Date.now();
    while (Date.now() < start + 5) await new Promise((resolve) => setImmediate(resolve));
    const passed = clock.now().getTime() - before;
    expect(passed).toBeGreaterThanOrEqual(5);
    expect(passed).toBeLessThan(5000);
  });

  it('advances whole local days over a change of daylight saving, the hour kept', () => {
    const clock = frozenAt('2026-10-24T10:00:00Z'); // 12:00 in Berlin, summer time
    clock.advanceDays(1, 'Europe/Berlin');
    expect(clock.now().toISOString()).toBe('2026-10-25T11:00:00.000Z'); // 12:00, winter time
    clock.advanceDays(-1, 'Europe/Berlin');
    expect(clock.now().toISOString()).toBe('2026-10-24T10:00:00.000Z');
  });

  it('tells a waiter of every change, at once', async () => {
    const clock = frozenAt('2026-11-22T11:00:00Z');
    const { version } = clock.state();
    const waiting = clock.waitForChange(version, 10_000);
    clock.advance(1000);
    expect(await waiting).toEqual({ now: '2026-11-22T11:00:01.000Z', version: version + 1, running: false });
    const late = await clock.waitForChange(version, 10_000);
    expect(late.version).toBe(version + 1);
  });

  it('lets a waiter go when nothing happens or the caller is gone', async () => {
    const clock = frozenAt('2026-11-22T11:00:00Z');
    const { version } = clock.state();
    expect((await clock.waitForChange(version, 1)).version).toBe(version);
    const gone = new AbortController();
    const waiting = clock.waitForChange(version, 10_000, gone.signal);
    gone.abort();
    expect((await waiting).version).toBe(version);
  });

  it('reads dates as noon in the shop and refuses what is neither date nor instant', () => {
    expect(parseClockTime('2026-11-22', 'Europe/Berlin')?.toISOString()).toBe('2026-11-22T11:00:00.000Z');
    expect(parseClockTime('2026-11-28T00:00:00+01:00', 'UTC')?.toISOString()).toBe(
      '2026-11-27T23:00:00.000Z',
    );
    for (const text of ['2026-02-30', '2026-11-28T00:00:00', 'tomorrow', '']) {
      expect(parseClockTime(text, 'UTC')).toBeUndefined();
    }
  });
});
