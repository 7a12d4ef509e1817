/** Gauss-Legendre nodes (ascending) and weights on [0, 1]: roots of the Legendre polynomial by Newton's method. */
export interface Quadrature {
  nodes: Float64Array;
  weights: Float64Array;
}

export function gaussLegendre(n: number): Quadrature {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let root = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      let [before, value] = [1, root];
      for (let k = 2; k <= n; k++) {
        [before, value] = [value, ((2 * k - 1) * root * value - (k - 1) * before) / k];
      }
      slope = (n * (root * value - before)) / (root * root - 1);
      const change = value / slope;
      root -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    nodes[i] = (1 - root) / 2;
    weights[i] = 1 / ((1 - root * root) * slope * slope);
  }
  return { nodes, weights };
}
