/** The package ships types but its "exports" do not name them; these are the functions that are used here. */
declare module 'cephes' {
  /** ln |Gamma(x)| */
  export function lgam(x: number): number;
  /** Digamma. */
  export function psi(x: number): number;
  /** Gauss hypergeometric 2F1(a, b; c; x). */
  export function hyp2f1(a: number, b: number, c: number, x: number): number;
}
