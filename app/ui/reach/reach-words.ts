/** Sentences about what segments do outside of the app besides tags. */
import { assertNever } from '../../app-error.ts';
import type { NativeDifference } from '../../activation/native-segments/explain-difference.ts';
import { countOf, formatCount } from '../format.ts';

/** Why Shopify has another number than we have; null: it has the same, or was not asked yet. */
export function differenceWords(difference: NativeDifference): string | null {
  switch (difference.cause) {
    case 'none':
    case 'not_counted':
      return null;
    case 'pending':
      return `${moreOrFewer(difference.by)} in Shopify: ${countOf(difference.pending, 'tag')} ${difference.pending === 1 ? 'is' : 'are'} on the way.`;
    case 'settling':
      return `${moreOrFewer(difference.by)} in Shopify. Shopify takes a few minutes to sort customers in; the numbers are compared again.`;
    case 'without':
      return `${moreOrFewer(difference.by)} in Shopify: ${countOf(difference.without, 'member')} ${difference.without === 1 ? 'does' : 'do'} not get the tag (removed by hand, control group, or 250 tags already).`;
    case 'definition':
      return `${moreOrFewer(difference.by)} in Shopify. Shopify works out the rule from its own figures: it counts every order, whatever you set here.`;
    case 'drift':
      return `${moreOrFewer(difference.by)} in Shopify, and nothing explains it. Somebody else may be giving or taking the tag.`;
    default:
      return assertNever(difference);
  }
}

function moreOrFewer(by: number): string {
  return by > 0 ? `${formatCount(by)} more` : `${formatCount(-by)} fewer`;
}

export type Repair = 'renamed' | 'query' | 'made_again' | 'adopted';

export function repairWords(repaired: Repair): string {
  switch (repaired) {
    case 'renamed':
      return 'Somebody gave it another name in Shopify: Regulars gave it its name back.';
    case 'query':
      return 'Somebody changed its rule in Shopify: Regulars put it right.';
    case 'made_again':
      return 'Somebody deleted it in Shopify: Regulars made it again.';
    case 'adopted':
      return 'It was in Shopify already and was taken up.';
    default:
      return assertNever(repaired);
  }
}

/** "9:00 to 20:00" */
export function hoursWords({ from, to }: { from: number; to: number }): string {
  return `${String(from).padStart(2, '0')}:00 to ${String(to).padStart(2, '0')}:00`;
}

/** How far the automations for those who were in a segment already are, or were when somebody stopped them. */
export function flowRunWords(
  run: { state: 'running' | 'stopped'; total: number; told: number; perhapsTold: number },
  startedAt: string,
): string {
  const told = `For those who were in already: ${formatCount(run.told)} of ${formatCount(run.total)} told, since ${startedAt}.`;
  if (run.state === 'running') return told;
  const perhaps = run.perhapsTold;
  return perhaps === 0
    ? `${told} Stopped: the others are not told.`
    : `${told} Stopped: ${formatCount(perhaps)} ${perhaps === 1 ? 'was' : 'were'} on the way to Flow and may have been told, the others are not.`;
}
