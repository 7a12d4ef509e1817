/**
 * The second family: the classic groups by recency, frequency and money scores. The matrix is in fields/value.ts
 * (RFM_ROWS, RFM_QUIET); here are the segments on it, one for each group, so that every customer is in exactly one.
 * Off by default: they are offered, not installed.
 */
import type { Preset } from './presets.ts';

const group = (value: string, name: string, advice: string): Preset => ({
  key: `rfm-${value}`,
  name,
  family: 'rfm',
  rule: { v: 1, where: { all: [{ field: 'rfm_group', op: 'eq', value }] } },
  advice,
});

export const CLASSIC_RFM: readonly Preset[] = [
  group(
    'champions',
    'Champions',
    'Thank them, show them new things first, and ask for reviews and recommendations.',
  ),
  group('loyal', 'Loyal', 'Offer what goes with what they have; a loyalty programme pays here.'),
  group('potential-loyalists', 'Potential loyalists', 'One more good experience makes them loyal: suggest.'),
  group('new', 'New buyers', 'Welcome them and help them use what they bought.'),
  group('promising', 'Promising', 'Remind them soon, with what others bought next.'),
  group('need-attention', 'Need attention', 'An offer for a limited time brings them back into a rhythm.'),
  group('about-to-sleep', 'About to sleep', 'Remind them of what is popular before they forget you.'),
  group('cannot-lose-them', 'Cannot lose them', 'Write personally and ask what went wrong.'),
  group('at-risk', 'At risk', 'Win them back with a good offer and what is new since they were here.'),
  group('hibernating', 'Hibernating', 'Write seldom, with what they bought before.'),
  group('lost', 'Lost', 'One last message; leave them out of costly campaigns.'),
  group('prospects', 'Prospects', 'They have not bought yet: show best-sellers and reviews.'),
];

/** Exclusive by the rules already; as a set they stay so when one is changed. */
export const CLASSIC_RFM_SET = {
  name: 'Classic RFM',
  keys: CLASSIC_RFM.map(({ key }) => key),
} as const;
