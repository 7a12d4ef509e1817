/**
 * Calibration by what was expected: customers in ten equal parts, from those of whom least was expected to those of
 * whom most was, and in each what came. Classes by repeat orders before say nothing about those who never came back,
 * most of a store; here they are told apart by when they bought.
 *
 * Customers of whom equally much is expected are one group: where a part ends inside it, it counts with its share on
 * both sides, so that the figures do not depend on the order of the customers.
 */
export interface DecileRow {
  /** 1: least expected; 10: most. */
  decile: number;
  /** Need not be whole where a group is shared. */
  customers: number;
  /** Mean purchase days in the hold-out. */
  actual: number;
  expected: number;
}

/** At least ten customers, or nothing. @param weights customers of each entry; 1 when left out */
export function calibrationDeciles(
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  weights?: ArrayLike<number>,
): DecileRow[] {
  const order = Array.from({ length: expected.length }, (_, i) => i).sort(
    (i, j) => (expected[i] as number) - (expected[j] as number),
  );
  const weightOf = (i: number) => weights?.[i] ?? 1;
  const all = order.reduce((sum, i) => sum + weightOf(i), 0);
  if (all < 10) return [];
  const rows = Array.from({ length: 10 }, (_, i) => ({
    decile: i + 1,
    customers: 0,
    actual: 0,
    expected: 0,
  }));
  let before = 0;
  for (let next = 0; next < order.length;) {
    const value = expected[order[next] as number] as number;
    let [people, came] = [0, 0];
    for (; next < order.length && expected[order[next] as number] === value; next++) {
      const i = order[next] as number;
      people += weightOf(i);
      came += weightOf(i) * (actual[i] as number);
    }
    for (const row of rows) {
      const [from, to] = [((row.decile - 1) * all) / 10, (row.decile * all) / 10];
      const share = Math.max(0, Math.min(to, before + people) - Math.max(from, before));
      row.customers += share;
      row.actual += (share / people) * came;
      row.expected += share * value;
    }
    before += people;
  }
  return rows.map(({ decile, customers, actual: came, expected: forecast }) => ({
    decile,
    customers,
    actual: came / customers,
    expected: forecast / customers,
  }));
}
