/** One row of Activity in a merchant's words. */
const ACTS: Record<string, string> = {
  'add confirmed': 'Added',
  'remove confirmed': 'Removed',
  'add failed': 'Could not be added',
  'remove failed': 'Could not be removed',
  removed: 'Removed by hand or another app',
  added: 'Added by hand: always in',
  back: 'Put back by hand or another app',
  put_back: 'Put back by your word',
  left_off: 'Left off by your word',
};

export function activityWords({ act, outcome }: { act: string; outcome: string }): string {
  return ACTS[outcome === 'confirmed' || outcome === 'failed' ? `${act} ${outcome}` : act] ?? act;
}

export const OUTCOME_WORDS = {
  confirmed: 'Written',
  failed: 'Could not be written',
  by_others: 'Changed by others',
  decided: 'Decided by you',
} as const;
