/**
 * BFGS inside a box, for the few smooth parameters of a likelihood: Nocedal and Wright, Numerical Optimization
 * (2nd ed.), algorithm 6.1 with backtracking (algorithm 3.1). A step that would leave the box ends on its edge;
 * a parameter that is pushed against its edge is held there, so that a likelihood without an inner maximum ends
 * in a defined place and can be told from one that has one.
 *
 * Own code because no well-kept package has it: docs/decisions/0006-value-models-libraries.md.
 */

/** Value at `x`; writes the gradient into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface Box {
  lower: Float64Array;
  upper: Float64Array;
}

export interface Minimum {
  x: Float64Array;
  value: number;
  /** Largest component of the gradient, without those held at an edge. */
  slope: number;
  evaluations: number;
}

const SUFFICIENT_DECREASE = 1e-4;
const LONGEST_STEP = 2;
const ROUNDING = 1e-12;

/** @param tolerance on the largest component of the gradient */
export function minimise(
  objective: Objective,
  start: ArrayLike<number>,
  box: Box,
  { tolerance = 1e-9, maxIterations = 200 }: { tolerance?: number; maxIterations?: number } = {},
): Minimum {
  const n = start.length;
  let x = clamp(Float64Array.from(start), box);
  let gradient = new Float64Array(n);
  let value = objective(x, gradient);
  let evaluations = 1;
  let inverse = identity(n);
  let fresh = true;
  let held = heldAtEdge(x, gradient, box);

  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (slopeOf(gradient, held) <= tolerance) break;
    let direction = descend(inverse, gradient, held);
    if (dot(direction, gradient) >= 0) {
      inverse = identity(n);
      fresh = true;
      direction = descend(inverse, gradient, held);
    }
    shorten(direction);
    // What can still be gained is lost in the rounding of a sum over many rows.
    if (-dot(direction, gradient) <= ROUNDING * Math.abs(value)) break;

    let step = 1;
    let next = x;
    let nextValue = Infinity;
    const nextGradient = new Float64Array(n);
    for (let tries = 0; tries < 40; tries++, step /= 2) {
      next = clamp(
        x.map((xi, i) => xi + step * (direction[i] as number)),
        box,
      );
      nextValue = objective(next, nextGradient);
      evaluations += 1;
      const moved = next.map((value_, i) => value_ - (x[i] as number));
      if (nextValue <= value + SUFFICIENT_DECREASE * dot(moved, gradient)) break;
    }
    if (!(nextValue < value)) {
      // No way down along this direction: begin anew with the steepest one, once.
      if (fresh) break;
      inverse = identity(n);
      fresh = true;
      continue;
    }
    const nextHeld = heldAtEdge(next, nextGradient, box);
    const moved = next.map((value_, i) => value_ - (x[i] as number));
    const bend = nextGradient.map((value_, i) => value_ - (gradient[i] as number));
    if (nextHeld.some((is, i) => is !== held[i])) {
      inverse = identity(n);
      fresh = true;
    } else {
      inverse = update(inverse, moved, bend, fresh);
      fresh = false;
    }
    [x, value, gradient, held] = [next, nextValue, nextGradient, nextHeld];
  }
  return { x, value, slope: slopeOf(gradient, held), evaluations };
}

/** Parameters that lie on an edge while the objective falls beyond it. */
export function heldAtEdge(x: Float64Array, gradient: Float64Array, box: Box): boolean[] {
  return Array.from(x, (xi, i) => {
    const slope = gradient[i] as number;
    return (xi <= (box.lower[i] as number) && slope >= 0) || (xi >= (box.upper[i] as number) && slope <= 0);
  });
}

export function slopeOf(gradient: Float64Array, held: readonly boolean[]): number {
  return gradient.reduce((largest, slope, i) => (held[i] ? largest : Math.max(largest, Math.abs(slope))), 0);
}

export function clamp(x: Float64Array, box: Box): Float64Array<ArrayBuffer> {
  return Float64Array.from(x, (xi, i) =>
    Math.min(box.upper[i] as number, Math.max(box.lower[i] as number, xi)),
  );
}

function descend(inverse: Float64Array[], gradient: Float64Array, held: readonly boolean[]): Float64Array {
  const free = gradient.map((slope, i) => (held[i] ? 0 : slope));
  return Float64Array.from(inverse, (row, i) => (held[i] ? 0 : -dot(row, free)));
}

/** Parameters are logarithms: a factor of e^2 a step is far enough. */
function shorten(direction: Float64Array): void {
  const longest = direction.reduce((most, part) => Math.max(most, Math.abs(part)), 0);
  if (longest > LONGEST_STEP)
    direction.forEach((part, i) => (direction[i] = (part * LONGEST_STEP) / longest));
}

/** Nocedal and Wright (6.17), first scaled by (6.20); left alone where the objective does not curve upwards. */
function update(
  inverse: Float64Array[],
  moved: Float64Array,
  bend: Float64Array,
  first: boolean,
): Float64Array[] {
  const curvature = dot(moved, bend);
  const bending = dot(bend, bend);
  if (!(curvature > 1e-12 * Math.sqrt(bending * dot(moved, moved)))) return inverse;
  const n = moved.length;
  if (first) inverse = identity(n).map((row) => row.map((value) => (value * curvature) / bending));
  const rho = 1 / curvature;
  const carried = Float64Array.from(inverse, (row) => dot(row, bend));
  const factor = rho * (1 + rho * dot(bend, carried));
  return inverse.map((row, i) =>
    row.map(
      (value, j) =>
        value +
        factor * (moved[i] as number) * (moved[j] as number) -
        rho * ((carried[i] as number) * (moved[j] as number) + (moved[i] as number) * (carried[j] as number)),
    ),
  );
}

function identity(n: number): Float64Array[] {
  return Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (_value, j) => (i === j ? 1 : 0)),
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
