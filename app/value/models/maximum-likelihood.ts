/**
 * Maximum likelihood in logarithms of positive parameters: several starts, then Newton steps from the best one.
 * "Converged" is said only of an inner maximum: slope nearly zero, second derivatives of a maximum, and no
 * parameter at the edge of its range. A parameter at its edge means that the data hold no information on it
 * (customers all alike, nobody ever leaving), which is reported by name.
 */
import { hessian, inverseDiagonal, solvePositive } from './curvature.ts';
import { clamp, heldAtEdge, minimise, slopeOf, type Box, type Objective } from './minimise.ts';

export interface Fit<Name extends string> {
  params: Record<Name, number>;
  /** Of all customers together. */
  logLikelihood: number;
  /** An inner maximum was reached. */
  converged: boolean;
  /** Parameters that ended at the edge of their range. */
  atEdge: Name[];
  /** Null unless converged. */
  standardErrors: Record<Name, number> | null;
  /** Customers (or observations) the likelihood was summed over. */
  sample: number;
  /** Passes over the rows. */
  evaluations: number;
}

export interface Likelihood<Name extends string> {
  names: readonly Name[];
  /** Mean negative log-likelihood of a customer over the logarithms of the parameters, with its gradient. */
  objective: Objective;
  sample: number;
  /** Ranges of the parameters (not of their logarithms). */
  ranges: Record<Name, readonly [number, number]>;
  starts: readonly Record<Name, number>[];
}

const ROUGH = 1e-4;
/** From here Newton's steps are better: they do not compare values, which rounding makes equal. */
const FINE = 1e-6;
const CONVERGED = 1e-7;
/** Relative to the range in logarithms. */
const EDGE = 1e-3;

export function maximise<Name extends string>(likelihood: Likelihood<Name>): Fit<Name> {
  const { names, objective, sample, ranges } = likelihood;
  const box: Box = {
    lower: Float64Array.from(names, (name) => Math.log(ranges[name][0])),
    upper: Float64Array.from(names, (name) => Math.log(ranges[name][1])),
  };
  let evaluations = 0;
  const rough = likelihood.starts.map((start) =>
    minimise(
      objective,
      names.map((name) => Math.log(start[name])),
      box,
      { tolerance: ROUGH, maxIterations: 100 },
    ),
  );
  const first = rough.reduce((best, one) => (one.value < best.value ? one : best));
  const best = minimise(objective, first.x, box, { tolerance: FINE });
  evaluations += rough.reduce((sum, one) => sum + one.evaluations, best.evaluations);

  const polished = polish(objective, best.x, box);
  evaluations += polished.evaluations;
  const { x, value, slope, curvature } = polished;
  const atEdge = names.filter((_, i) => {
    const [low, high] = [box.lower[i] as number, box.upper[i] as number];
    const margin = EDGE * (high - low);
    return (x[i] as number) <= low + margin || (x[i] as number) >= high - margin;
  });
  const variances = inverseDiagonal(curvature);
  const converged = atEdge.length === 0 && slope <= CONVERGED && variances !== undefined;
  const named = (of: (i: number) => number) =>
    Object.fromEntries(names.map((name, i) => [name, of(i)])) as Record<Name, number>;
  return {
    params: named((i) => Math.exp(x[i] as number)),
    logLikelihood: -value * sample,
    converged,
    atEdge,
    // Delta method: the parameter is e^x, so its error is the error of x times the parameter.
    standardErrors:
      converged && variances
        ? named((i) => Math.exp(x[i] as number) * Math.sqrt((variances[i] as number) / sample))
        : null,
    sample,
    evaluations,
  };
}

/** Up to six Newton steps on the parameters that are free; a step that does not help is not made. */
function polish(objective: Objective, start: Float64Array, box: Box) {
  const n = start.length;
  let x = Float64Array.from(start);
  let gradient = new Float64Array(n);
  let value = objective(x, gradient);
  let evaluations = 1;
  let curvature = hessian(objective, x);
  evaluations += 2 * n;
  for (let step = 0; step < 6; step++) {
    const held = heldAtEdge(x, gradient, box);
    if (held.some(Boolean) || slopeOf(gradient, held) < CONVERGED / 1000) break;
    const towards = solvePositive(curvature, gradient);
    if (!towards || towards.some((part) => Math.abs(part) > 1)) break;
    const next = clamp(
      x.map((xi, i) => xi - (towards[i] as number)),
      box,
    );
    const nextGradient = new Float64Array(n);
    const nextValue = objective(next, nextGradient);
    evaluations += 1;
    const better = slopeOf(nextGradient, held) < slopeOf(gradient, held);
    if (!better || nextValue > value + 1e-10 * Math.abs(value)) break;
    [x, value, gradient] = [next, nextValue, nextGradient];
    curvature = hessian(objective, x);
    evaluations += 2 * n;
  }
  return { x, value, slope: slopeOf(gradient, heldAtEdge(x, gradient, box)), curvature, evaluations };
}
