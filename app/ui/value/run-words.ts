/** What is computed for everybody in the background, in words: its name, what it does meanwhile, what can be done about it. */
import type { CancelledRun } from '../../pipeline/cancel-run.server.ts';
import type { ShownRun } from '../../pipeline/background-run.server.ts';

export function runName({ kind, way }: Pick<ShownRun, 'kind' | 'way'>): string {
  const back = way === 'going_back';
  switch (kind) {
    case 'cut_points':
      return back ? 'The cut points of before are put back' : 'New cut points are applied to everybody';
    case 'fit':
      return 'New predictions are applied to everybody';
    case 'timezone':
      return 'Everything is computed by the new time zone';
    case 'policy':
      return back
        ? 'What counted as an order before is put back'
        : 'Everything is computed by the new settings of what counts';
    case 'rule':
      return 'Segments are evaluated for everybody';
    case 'product':
      return 'Segments follow a change of products or collections';
    case 'refit':
    case 'undo':
      return 'Everything is computed again';
  }
}

/** What goes on meanwhile, sentence by sentence. */
export function runSays(run: Pick<ShownRun, 'kind' | 'state' | 'way' | 'waitsForZone'>): string[] {
  const { kind, state, way, waitsForZone } = run;
  const back = way === 'going_back';
  return [
    ...(state === 'paused'
      ? [
          `Paused: who was done has everything ${back ? 'of before' : 'new'}, the others are not done yet. It goes on tonight by itself, or when you say so.`,
        ]
      : back
        ? ['It is cancelled. Segments and tags go back as it goes, and end as if it had never been.']
        : kind === 'timezone'
          ? ['Segments follow as it goes. Orders that come in meanwhile are worked off as always.']
          : ['Segments and tags follow as it goes. Orders that come in meanwhile are worked off as always.']),
    ...(waitsForZone
      ? [
          'Your store’s time zone has changed too: the tags of those whom this moves wait until that is worked out.',
        ]
      : []),
    ...(kind === 'timezone'
      ? [
          'Nobody’s tags are written because of it before the whole is known. If it moves many people, you decide then: release writes their tags, discard leaves them as they are in your store.',
          'There is no way back here: the time zone is your store’s, and days can be counted by one only. Change it back in Shopify (Settings, Store details), and everything is computed by it again.',
        ]
      : []),
  ];
}

/** What cancelling does; null: it cannot be cancelled. */
export function cancelSays({ kind, way }: Pick<ShownRun, 'kind' | 'way'>): string | null {
  if (way !== 'open') return null;
  return kind === 'policy'
    ? 'Cancel puts back what counted before: everybody is computed by it again, also the orders that have come in meanwhile, your tags end as if you had not changed it, and no automation starts and no offer is given on the way.'
    : 'Cancel puts the cut points of before back in force and keeps them for 30 days at most: until new ones differ from these by more than 5 %, or you let new ones in (Held changes).';
}

export type NotCancelled = Exclude<CancelledRun, 'done'> | 'bad_request';

export const NOT_CANCELLED = {
  gone: 'It is done: there is nothing left to cancel. To go back, change the setting back, which you see before it is saved. New cut points come when your store’s numbers differ.',
  already: 'It was cancelled before and is on its way back.',
  no_way_back: 'This cannot be cancelled, or newer numbers have taken its place.',
  bad_request: 'The page asked for something that is not there.',
} as const satisfies Record<NotCancelled, string>;
