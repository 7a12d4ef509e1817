/** E(M | x, zbar) of the first ten CDNOW customers: the Quickstart of lifetimes (CamDavidsonPilon/lifetimes). */
import { expect, test } from 'vitest';
import { expectedAmount } from '../../app/value/models/gamma-gamma.ts';

/** Fitted by lifetimes on the published summary; 6.25, 3.74, 15.44 at two decimals (Fader and Hardie, note 025). */
const PARAMS = { p: 6.25, q: 3.74, gamma: 15.44 };

const CUSTOMERS: [x: number, zbar: number, figure: number][] = [
  [2, 22.35, 24.658619],
  [1, 11.77, 18.911489],
  [0, 0, 35.170981],
  [0, 0, 35.170981],
  [0, 0, 35.170981],
  [7, 73.74, 71.462843],
  [1, 11.77, 18.911489],
  [0, 0, 35.170981],
  [2, 25.55, 27.282408],
  [0, 0, 35.170981],
];

test.each(CUSTOMERS.map(([x, zbar, figure], i) => ({ i: i + 1, x, zbar, figure })))(
  'customer $i: x $x, zbar $zbar gives $figure',
  ({ x, zbar, figure }) => {
    // The parameters are known to two decimals only.
    expect(expectedAmount(PARAMS, x, zbar) / figure).toBeCloseTo(1, 2);
  },
);
