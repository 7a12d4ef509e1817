/**
 * The one hard part of Pareto/NBD: the odds of having left, as an integral over when,
 *   R = s / (beta + T) * integral from t_x to T of
 *       ((alpha+T)/(alpha+y))^(r+x) ((beta+T)/(beta+y))^(s+1) dy
 * (Fader and Hardie 2005, A note on deriving the Pareto/NBD model, section 3, before the integral is written as a
 * difference of two 2F1). The difference cancels when t_x is near T and overflows for large x; the integral does
 * neither. With L = (m - 1) ln(1 + (y - t_x) / c), m = r+x+s+1 and c = m over the slope at t_x, the integrand is
 * e^-L times a slowly changing factor, and Gauss-Legendre on L is exact to rounding. It is summed in panels, each
 * three times as long as the one before, until the integrand has fallen to nothing: where alpha and beta are far
 * apart it falls like e^-L only at first.
 */
import { gaussLegendre } from './gauss-legendre.ts';

export interface ParetoParams {
  r: number;
  alpha: number;
  s: number;
  beta: number;
}

/** ln R and its derivatives by r, alpha, s and beta. */
export interface LogOdds {
  value: number;
  r: number;
  alpha: number;
  s: number;
  beta: number;
}

/** e^-45 = 3e-20. */
const NOTHING = -45;
const PANEL = 45;
const SHORT = gaussLegendre(24);
const LONG = gaussLegendre(40);

/** Writes into `out`, because it is called for every row of every pass. @param x orders; tx <= T in the unit */
export function paretoLogOdds(
  { r, alpha, s, beta }: ParetoParams,
  x: number,
  tx: number,
  T: number,
  out: LogOdds,
): void {
  if (T <= tx) {
    out.value = -Infinity;
    out.r = out.alpha = out.s = out.beta = 0;
    return;
  }
  const rx = r + x;
  const [a0, b0] = [alpha + tx, beta + tx];
  const m = rx + s + 1;
  const c = m / (rx / a0 + (s + 1) / b0);
  const far = (m - 1) * Math.log1p((T - tx) / c);
  const [perT, perTs] = [1 / (alpha + T), 1 / (beta + T)];
  const [gapA, gapB] = [Math.log((alpha + T) / a0), Math.log((beta + T) / b0)];
  let [sum, dr, dAlpha, ds, dBeta] = [0, 0, 0, 0, 0];
  for (let from = 0, size = PANEL, exponent = 0; from < far && exponent > NOTHING; from += size, size *= 3) {
    const length = Math.min(size, far - from);
    const { nodes, weights } = length < 4 ? SHORT : LONG;
    for (let i = 0; i < nodes.length; i++) {
      const L = from + length * (nodes[i] as number);
      const passed = c * Math.expm1(L / (m - 1));
      const growA = Math.log1p(passed / a0);
      const growB = Math.log1p(passed / b0);
      exponent = L / (m - 1) - rx * growA - (s + 1) * growB;
      const weight = (weights[i] as number) * length * Math.exp(exponent);
      sum += weight;
      dr += weight * (gapA - growA);
      dAlpha += (weight * rx) / (a0 + passed);
      ds += weight * (gapB - growB);
      dBeta += (weight * (s + 1)) / (b0 + passed);
    }
  }
  out.value = Math.log((s * perTs * sum * c) / (m - 1)) + rx * gapA + (s + 1) * gapB;
  out.r = dr / sum;
  out.alpha = rx * perT - dAlpha / sum;
  out.s = 1 / s + ds / sum;
  out.beta = (s + 1) * perTs - dBeta / sum - perTs;
}
