/**
 * Fit and score 1,000,000 simulated customers on one core, their times in whole weeks: MBG/NBD for purchasing,
 * Gamma-Gamma for the amount. The floor in the same run is one pass of the likelihood over the distinct rows (a fit
 * cannot do with less than a few dozen) and one pass that only reads and writes a number for each customer.
 * The last line of stdout is JSON; exit 1 when a bound is broken.
 *
 * usage: node bench/value-models.ts [customers] [seed]
 */
import { betaGeometricObjective } from '../app/value/models/beta-geometric.ts';
import {
  expectedAmount,
  fitGammaGamma,
  gammaGammaObjective,
  prepareSpend,
} from '../app/value/models/gamma-gamma.ts';
import { groupCustomers } from '../app/value/models/grouped-customers.ts';
import { fitMbgnbd } from '../app/value/models/mbgnbd.ts';
import { scoreGroups } from '../app/value/models/score-groups.ts';
import { YEAR } from '../app/value/models/units.ts';
import { beta, gamma, seeded } from '../test/unit/value/simulate.ts';

const BOUNDS = { fitSeconds: 3, scoreSeconds: 0.5 };
const TRUTH = { r: 0.55, alpha: 43, a: 0.75, b: 1.6 };
const AMOUNTS = { p: 5, q: 4, gamma: 25 };
const WEEKS = 104;

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
const say = (words: string) => void process.stderr.write(`${words}\n`);

function simulate() {
  const random = seeded(seed);
  const columns = {
    x: new Int32Array(count),
    txDays: new Int32Array(count),
    TDays: new Int32Array(count),
    zbar: new Float64Array(count),
  };
  for (let i = 0; i < count; i++) {
    const T = 7 * (1 + Math.floor(random() * WEEKS));
    const rate = gamma(random, TRUTH.r) / TRUTH.alpha;
    const leave = beta(random, TRUTH.a, TRUTH.b);
    const nu = gamma(random, AMOUNTS.q) / AMOUNTS.gamma;
    let [x, tx, at, gone] = [0, 0, 0, random() < leave];
    while (!gone) {
      at += -Math.log(random()) / rate;
      if (at > T) break;
      x += 1;
      // The end of the week it falls into, so that grouping by week keeps t_x <= T.
      tx = Math.ceil(at / 7) * 7;
      gone = random() < leave;
    }
    columns.x[i] = x;
    columns.txDays[i] = tx;
    columns.TDays[i] = T;
    columns.zbar[i] = x > 0 ? Math.round((gamma(random, AMOUNTS.p * x) / nu / x) * 100) / 100 : 0;
  }
  return columns;
}

/** Seconds of the fastest of `runs`, and the last result. */
function timed<T>(runs: number, work: () => T): { seconds: number; result: T } {
  let seconds = Infinity;
  let result: T | undefined;
  for (let run = 0; run < runs; run++) {
    const before = performance.now();
    result = work();
    seconds = Math.min(seconds, (performance.now() - before) / 1000);
  }
  return { seconds, result: result as T };
}

const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);
const round = (value: number, digits = 4) => Number(value.toPrecision(digits));

say(`Drawing ${count.toLocaleString('en')} customers (seed ${seed}) ...`);
const columns = simulate();
const memory = { drawn: megabytes(), fitted: 0, scored: 0, scoredTenTimes: 0 };

say('Fitting ...');
const grouped = timed(1, () => groupCustomers(columns, 'week'));
const { groups, rowOf } = grouped.result;
const purchase = timed(1, () => fitMbgnbd(groups));
const amount = timed(1, () => fitGammaGamma(columns));
memory.fitted = megabytes();

const spend = prepareSpend(columns);
const logs = Float64Array.of(0.5, 6, 0.8, 1.6).map(Math.log);
const pass = timed(5, () => betaGeometricObjective(groups, { afterFirst: true })(logs, new Float64Array(4)));
const amountPass = timed(5, () => gammaGammaObjective(spend)(Float64Array.of(1, 1, 3), new Float64Array(3)));

say('Scoring ...');
const chance = new Float64Array(count);
const orders = new Float64Array(count);
const value = new Float64Array(count);
function score(): void {
  const scores = scoreGroups({ name: 'mbgnbd', fit: purchase.result }, groups, { days: YEAR, annualRate: 0 });
  const params = amount.result.params;
  for (let i = 0; i < count; i++) {
    const row = rowOf[i] as number;
    chance[i] = scores.alive[row] as number;
    orders[i] = scores.orders[row] as number;
    value[i] =
      (scores.discountedOrders[row] as number) *
      expectedAmount(params, columns.x[i] as number, columns.zbar[i] as number);
  }
}
const scored = timed(1, score);
memory.scored = megabytes();
timed(10, score);
memory.scoredTenTimes = megabytes();
const copy = timed(3, () => {
  for (let i = 0; i < count; i++) {
    const row = rowOf[i] as number;
    chance[i] = orders[i] = value[i] = row;
  }
});

const fitSeconds = grouped.seconds + purchase.seconds + amount.seconds;
const withinBounds =
  fitSeconds <= BOUNDS.fitSeconds &&
  scored.seconds <= BOUNDS.scoreSeconds &&
  purchase.result.converged &&
  amount.result.converged;
process.stdout.write(
  `${JSON.stringify({
    bench: 'value-models',
    customers: count,
    seed,
    distinctRows: groups.size,
    amountRows: spend.xAt.length,
    fit: {
      seconds: round(fitSeconds),
      group: round(grouped.seconds),
      mbgnbd: round(purchase.seconds),
      gammaGamma: round(amount.seconds),
    },
    score: { seconds: round(scored.seconds) },
    floor: {
      mbgnbdPass: round(pass.seconds),
      gammaGammaPass: round(amountPass.seconds),
      copyPerCustomer: round(copy.seconds),
    },
    ratio: {
      mbgnbdFitToPass: round(purchase.seconds / pass.seconds, 3),
      mbgnbdPasses: purchase.result.evaluations,
      gammaGammaFitToPass: round(amount.seconds / amountPass.seconds, 3),
      gammaGammaPasses: amount.result.evaluations,
      scoreToCopy: round(scored.seconds / copy.seconds, 3),
    },
    recovered: {
      params: purchase.result.params,
      truthInWeeks: { ...TRUTH, alpha: TRUTH.alpha / 7 },
      standardErrors: purchase.result.standardErrors,
      amounts: amount.result.params,
      converged: purchase.result.converged && amount.result.converged,
    },
    memoryMegabytes: memory,
    bounds: BOUNDS,
    withinBounds,
  })}\n`,
);
process.exitCode = withinBounds ? 0 : 1;
