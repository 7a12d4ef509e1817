/**
 * What the second derivatives at a minimum tell: whether it is one (positive definite), a last Newton step that
 * BFGS cannot make along a flat ridge, and the standard errors of the parameters.
 */
import type { Objective } from './minimise.ts';

const STEP = 1e-4;

/** Symmetric matrix of second derivatives, by central differences of the gradient. */
export function hessian(objective: Objective, x: Float64Array): Float64Array[] {
  const n = x.length;
  const columns = Array.from({ length: n }, (_, j) => {
    const [ahead, behind] = [new Float64Array(n), new Float64Array(n)];
    objective(shift(x, j, STEP), ahead);
    objective(shift(x, j, -STEP), behind);
    return ahead.map((slope, i) => (slope - (behind[i] as number)) / (2 * STEP));
  });
  return columns.map((column, j) =>
    column.map((value, i) => (value + ((columns[i] as Float64Array)[j] as number)) / 2),
  );
}

function shift(x: Float64Array, at: number, by: number): Float64Array {
  return x.map((value, i) => (i === at ? value + by : value));
}

/** Lower triangle L with L L' = matrix; undefined when the matrix is not positive definite. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] | undefined {
  const n = matrix.length;
  const lower = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = entry(matrix, i, j);
      for (let k = 0; k < j; k++) sum -= entry(lower, i, k) * entry(lower, j, k);
      if (i === j) {
        if (!(sum > 1e-14)) return undefined;
        (lower[i] as Float64Array)[i] = Math.sqrt(sum);
      } else (lower[i] as Float64Array)[j] = sum / entry(lower, j, j);
    }
  }
  return lower;
}

/** Solution of matrix y = right; undefined when the matrix is not positive definite. */
export function solvePositive(
  matrix: readonly Float64Array[],
  right: Float64Array,
): Float64Array | undefined {
  const lower = cholesky(matrix);
  if (!lower) return undefined;
  const n = right.length;
  const y = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) y[i] = at(y, i) - entry(lower, i, k) * at(y, k);
    y[i] = at(y, i) / entry(lower, i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) y[i] = at(y, i) - entry(lower, k, i) * at(y, k);
    y[i] = at(y, i) / entry(lower, i, i);
  }
  return y;
}

/** Diagonal of the inverse; undefined when the matrix is not positive definite. */
export function inverseDiagonal(matrix: readonly Float64Array[]): Float64Array | undefined {
  const diagonal = new Float64Array(matrix.length);
  for (let i = 0; i < matrix.length; i++) {
    const column = solvePositive(
      matrix,
      Float64Array.from({ length: matrix.length }, (_, j) => (i === j ? 1 : 0)),
    );
    if (!column) return undefined;
    diagonal[i] = at(column, i);
  }
  return diagonal;
}

function entry(matrix: readonly Float64Array[], i: number, j: number): number {
  return (matrix[i] as Float64Array)[j] as number;
}

function at(vector: Float64Array, i: number): number {
  return vector[i] as number;
}
