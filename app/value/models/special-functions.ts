/**
 * Special functions come from stdlib (FreeBSD's lgamma, Boost's digamma); what is here joins them to the models:
 * everything stays in logarithms, so that a thousand orders or twenty years overflow nowhere.
 */
import digammaOf from '@stdlib/math-base-special-digamma';
import gammalnOf from '@stdlib/math-base-special-gammaln';

/** ln Gamma(x), x > 0. */
export const logGamma: (x: number) => number = gammalnOf;

/** d/dx ln Gamma(x), x > 0. */
export const digamma: (x: number) => number = digammaOf;

/** ln(1 + e^d) without overflow. */
export function softplus(d: number): number {
  return d > 0 ? d + Math.log1p(Math.exp(-d)) : Math.log1p(Math.exp(d));
}

/** 1 / (1 + e^-d). */
export function logistic(d: number): number {
  if (d >= 0) return 1 / (1 + Math.exp(-d));
  const e = Math.exp(d);
  return e / (1 + e);
}

/** (e^y - 1) / y, 1 at y = 0. */
export function expm1Ratio(y: number): number {
  return Math.abs(y) < 1e-8 ? 1 + y / 2 : Math.expm1(y) / y;
}
