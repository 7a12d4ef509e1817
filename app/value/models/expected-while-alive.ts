/**
 * Expected orders in the next `t` of a customer who is alive, with lambda ~ Gamma(r, alpha) and p ~ Beta(a, b): the
 * mean over p of (1 - (1 + p t / alpha)^-r) / p. Fader, Hardie and Lee's equation (9) and the numerator of (10),
 *   (a + b - 1) / (a - 1) [1 - (alpha / (alpha + t))^r 2F1(r, b; a + b - 1; t / (alpha + t))],
 * which has no value at a = 1, loses all digits near it, and overflows for large b. So it is never computed like
 * that: a series that has neither fault serves nearly all customers, and a quadrature the rest.
 */
import { expm1Ratio, logGamma } from './special-functions.ts';

/** @param t in the unit of alpha */
export function expectedWhileAlive(
  rate: { r: number; alpha: number },
  a: number,
  b: number,
  t: number,
): number {
  if (t <= 0) return 0;
  const most = (rate.r * t) / rate.alpha;
  const expected = bySeries(rate, a, b, t) ?? byQuadrature(rate, a, b, t);
  // Nobody orders more often than someone who never leaves.
  return Math.min(most, Math.max(0, expected));
}

/** Where the series converges slowly, or its parts cancel to fewer than ten digits, it is not used. */
const SLOW = 0.995;
const CANCELLED = 1e-6;

/**
 * 2F1 transformed (Pfaff) and divided by a - 1 term by term, with l = ln(1 + t / alpha), z = t / (alpha + t):
 *   (a+b-1) (e^((1-a) l) - 1) / (1-a)  -  e^((1-a) l) sum_k>=1 (a)_(k-1) (a+b-1-r)_k / ((a+b)_(k-1) k!) z^k
 */
export function bySeries(
  { r, alpha }: { r: number; alpha: number },
  a: number,
  b: number,
  t: number,
): number | undefined {
  const z = t / (alpha + t);
  if (z > SLOW) return undefined;
  const c = a + b - 1;
  const q = c - r;
  let term = q * z;
  let [sum, largest] = [term, Math.abs(term)];
  for (let k = 1; k < 20_000 && term !== 0; k++) {
    term *= (((a + k - 1) * (q + k)) / ((a + b + k - 1) * (k + 1))) * z;
    sum += term;
    const size = Math.abs(term);
    if (size > largest) largest = size;
    // Beyond -q all terms have one sign and fall at least as fast as z^k.
    if (k > -q && size <= 1e-16 * (1 - z) * Math.abs(sum)) break;
  }
  const l = Math.log1p(t / alpha);
  const factor = Math.exp((1 - a) * l);
  const first = c * l * expm1Ratio((1 - a) * l);
  const expected = first - factor * sum;
  const scale = Math.max(Math.abs(first), factor * largest);
  return expected > CANCELLED * scale ? expected : undefined;
}

/**
 * Trapezoidal rule over v = ln(p / (1 - p)), where the Beta density p^a (1-p)^b / B(a, b) dv is smooth and falls
 * off exponentially on both sides, so that equal steps converge exponentially. For a < 1/2 the left side falls off
 * slowly; there the mean of what leaving costs, r t / alpha - (...), is summed instead, which vanishes with p.
 */
export function byQuadrature(
  { r, alpha }: { r: number; alpha: number },
  a: number,
  b: number,
  t: number,
): number {
  const w = t / alpha;
  const most = r * w;
  const complement = a < 0.5;
  const at = (v: number) => {
    const logP = v < 0 ? v - Math.log1p(Math.exp(v)) : -Math.log1p(Math.exp(-v));
    const p = Math.exp(logP);
    const orders = p < 1e-300 ? most : -Math.expm1(-r * Math.log1p(p * w)) / p;
    const density = Math.exp(a * logP + b * (logP - v) - logBeta);
    return density * (complement ? most - orders : orders);
  };
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  const step = Math.min(0.25, Math.sqrt(1 / a + 1 / b) / 1.5);
  const centre = Math.log(a / b);
  let sum = at(centre);
  for (const direction of [-1, 1]) {
    // The integrand rises once and falls once: stop when it has fallen to nothing.
    let largest = at(centre);
    for (let i = 1; i < 100_000; i++) {
      const value = at(centre + direction * i * step);
      sum += value;
      if (value > largest) largest = value;
      if (value <= 1e-18 * largest && i * step > 2) break;
    }
  }
  return complement ? most - step * sum : step * sum;
}
