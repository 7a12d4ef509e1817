import { formatCount } from '../format.ts';

/** As readTagSums gives it; pure, for browser and server. */
export interface TagSumLike {
  members: number;
  tagged: number;
  pending: number;
  heldOut: number;
  suppressed: number;
  impossible: number;
}

const PARTS = [
  ['tagged', 'tagged'],
  ['pending', 'pending'],
  ['heldOut', 'in the control group'],
  ['suppressed', 'removed by hand'],
  ['impossible', 'impossible'],
] as const satisfies readonly (readonly [keyof TagSumLike, string])[];

/** "8 = 7 tagged + 1 removed by hand": the parts that there are, always the whole sum. */
export function tagSumWords(sum: TagSumLike): string {
  const parts = PARTS.filter(([key], i) => sum[key] > 0 || (i === 0 && sum.members === 0)).map(
    ([key, words]) => `${formatCount(sum[key])} ${words}`,
  );
  return `${formatCount(sum.members)} = ${parts.join(' + ')}`;
}
