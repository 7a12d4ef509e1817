/**
 * CDNOW, 1/10 sample: the published summary, fits and hold-out. Sources: Fader, Hardie and Lee 2005 (Marketing
 * Science 24(2)) as asserted in the tests of CLVTools (bachmannpatrick/CLVTools) and lifetimes
 * (CamDavidsonPilon/lifetimes); BTYDplus for MBG/NBD; Fader and Hardie, note 025, for Gamma-Gamma; the vignette of
 * BTYD for the hold-out table. "Computed": recomputed from the same public data with an independent implementation.
 */
import { beforeAll, describe, expect } from 'vitest';
import { bgnbdLogLikelihood, fitBgnbd } from '../../app/value/models/bgnbd.ts';
import { frequencyClassOf } from '../../app/value/models/frequency-classes.ts';
import {
  fitGammaGamma,
  gammaGammaLogLikelihood,
  spendFrequencyCorrelation,
} from '../../app/value/models/gamma-gamma.ts';
import type { GroupedCustomers } from '../../app/value/models/grouped-customers.ts';
import { reportLtv, type LtvReport } from '../../app/value/models/ltv-report.ts';
import { fitMbgnbd } from '../../app/value/models/mbgnbd.ts';
import { fitPareto } from '../../app/value/models/pareto-nbd.ts';
import { YEAR } from '../../app/value/models/units.ts';
import { readCountedOrders } from '../../scripts/ltv-orders.ts';
import { CALIBRATION_END, CDNOW, publishedSummary, readCalibration, testOnCdnow, weekly } from './cdnow.ts';

let summaries: Awaited<ReturnType<typeof readCalibration>>;
let published: GroupedCustomers;
let weeks: GroupedCustomers;

beforeAll(async () => {
  if (CDNOW === null) return;
  summaries = await readCalibration();
  published = publishedSummary(summaries);
  weeks = weekly(summaries);
});

const spend = () => ({ x: summaries.map((one) => one.x), zbar: summaries.map((one) => one.zbar) });

/** The published zbar has two decimals. */
const roundedSpend = () => ({
  x: summaries.map((one) => one.x),
  zbar: summaries.map((one) => Math.round(one.zbar * 100 + 1e-7) / 100),
});

/** Three decimals as printed, or four digits where that is coarser. */
function expectDigits(params: Record<string, number>, figures: Record<string, number>, decimals = 3): void {
  for (const [name, figure] of Object.entries(figures)) {
    expect(Math.abs((params[name] ?? NaN) - figure), name).toBeLessThanOrEqual(
      Math.max(0.51 * 10 ** -decimals, 1e-4 * figure),
    );
  }
}

describe('from the log to x, t_x, T, zbar', () => {
  testOnCdnow('the published summary', () => {
    const repeat = summaries.filter((one) => one.x > 0);
    expect(summaries).toHaveLength(2357);
    expect(repeat).toHaveLength(946);
    expect(repeat.reduce((sum, one) => sum + one.x, 0)).toBe(2457);
    const { zbar } = roundedSpend();
    expect(zbar.reduce((sum, one) => sum + one, 0) / repeat.length).toBeCloseTo(35.0786, 4);
    expect(spendFrequencyCorrelation(spend())).toBeCloseTo(0.1139, 4);
    const classes = new Array<number>(8).fill(0);
    for (const { x } of summaries) classes[frequencyClassOf(x)] = (classes[frequencyClassOf(x)] ?? 0) + 1;
    expect(classes).toEqual([1411, 439, 214, 100, 62, 38, 29, 64]);
  });

  testOnCdnow('customer 1: x 2, t_x 30.43, T 38.86, zbar 22.35', () => {
    const one = summaries[0];
    expect([one?.x, (one?.txDays ?? 0) / 7, (one?.TDays ?? 0) / 7]).toEqual([
      2,
      expect.closeTo(30.43, 2),
      expect.closeTo(38.86, 2),
    ]);
    expect(one?.zbar).toBeCloseTo(22.35, 1);
  });
});

describe('fits on the published summary (weeks at two decimals)', () => {
  testOnCdnow('BG/NBD', () => {
    const fit = fitBgnbd(published);
    expect(fit.converged).toBe(true);
    expectDigits(fit.params, { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 });
    for (const [name, figure] of Object.entries({
      r: 0.24259291,
      alpha: 4.41353118,
      a: 0.79288625,
      b: 2.42575366,
    })) {
      expect((fit.params as Record<string, number>)[name], name).toBeCloseTo(figure, 4);
    }
    expect(fit.logLikelihood).toBeCloseTo(-9582.425561, 4);
  });

  testOnCdnow('BG/NBD log-likelihood at fixed parameters (computed)', () => {
    const at = (r: number, alpha: number, a: number, b: number) =>
      bgnbdLogLikelihood({ r, alpha, a, b }, published);
    expect(Math.abs(at(0.243, 4.414, 0.793, 2.426) - -9582.426831)).toBeLessThan(1e-6);
    expect(Math.abs(at(1, 1, 1, 1) - -13887.694644)).toBeLessThan(1e-6);
    expect(Math.abs(at(0.5, 6, 1.2, 3.3) - -9783.441082)).toBeLessThan(1e-6);
  });

  testOnCdnow('Pareto/NBD', () => {
    const fit = fitPareto(published);
    expect(fit.converged).toBe(true);
    expectDigits(fit.params, { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 });
    expect(fit.logLikelihood).toBeCloseTo(-9595.0, 1);
  });

  testOnCdnow('MBG/NBD', () => {
    const fit = fitMbgnbd(published);
    expect(fit.converged).toBe(true);
    expectDigits(fit.params, { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 });
  });

  testOnCdnow('Gamma-Gamma', () => {
    const fit = fitGammaGamma(spend());
    expect(fit.converged).toBe(true);
    expect(fit.sample).toBe(946);
    expectDigits(fit.params, { p: 6.25, q: 3.74, gamma: 15.44 }, 2);
    expect(fit.logLikelihood).toBeCloseTo(-4055.92, 2);
    const fixed = gammaGammaLogLikelihood({ p: 6.25, q: 3.74, gamma: 15.44 }, roundedSpend());
    expect(Math.abs(fixed - -4055.924713)).toBeLessThan(1e-6);
  });
});

describe('npm run ltv -- --zero-orders count --calibration-end 1997-09-30 --time-unit week', () => {
  async function report(annualRate = 0): Promise<LtvReport> {
    const { customers } = await readCountedOrders(CDNOW as string, {
      timeZone: 'UTC',
      countZeroOrders: true,
    });
    const outcome = reportLtv(customers, {
      unit: 'week',
      model: 'bgnbd',
      calibrationEnd: CALIBRATION_END,
      days: YEAR,
      annualRate,
    });
    if (outcome.outcome !== 'report') throw new Error(outcome.sentence);
    return outcome.report;
  }

  testOnCdnow('three digits of the parameters, 0.05 of the log-likelihoods', async () => {
    const { models, gammaGamma } = await report();
    expectDigits(models.bgnbd.params, { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 });
    expectDigits(models.pareto.params, { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 });
    expectDigits(models.mbgnbd.params, { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 });
    expectDigits({ ...gammaGamma.params }, { p: 6.25, q: 3.74, gamma: 15.44 }, 2);
    expect(Math.abs(models.bgnbd.logLikelihood - -9582.4)).toBeLessThan(0.05);
    expect(Math.abs(models.pareto.logLikelihood - -9595.0)).toBeLessThan(0.05);
    expect(Math.abs((gammaGamma.logLikelihood ?? 0) - -4055.92)).toBeLessThan(0.05);
    expect(gammaGamma.n).toBe(946);
    expect(bgnbdLogLikelihood({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, weeks)).toBeCloseTo(
      -9582.4305,
      3,
    );
  });

  testOnCdnow('the hold-out of 39 weeks', async () => {
    const { holdout } = await report();
    expect(holdout?.days).toBe(273);
    const rows = holdout?.byFrequency ?? [];
    expect(rows.map((row) => row.customers)).toEqual([1411, 439, 214, 100, 62, 38, 29, 64]);
    [0.2367, 0.697, 1.3925, 1.56, 2.5323, 2.9474, 3.8621, 6.3594].forEach((figure, i) => {
      expect(rows[i]?.actual).toBeCloseTo(figure, 4);
    });
    [0.2251, 0.5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.504, 6.157].forEach((figure, i) => {
      expect(Math.abs((rows[i]?.expected ?? 0) - figure)).toBeLessThan(0.0003);
    });
  });

  testOnCdnow('a true 12 months at 1 % a month: 36.2785, 4.6375, 8.3441 for customers 1 to 3', async () => {
    const { rows } = await report(1.01 ** 12 - 1);
    [36.2785, 4.6375, 8.3441].forEach((figure, i) => {
      expect((rows[i]?.expectedValue ?? 0) / figure).toBeCloseTo(1, 2);
    });
  });
});
