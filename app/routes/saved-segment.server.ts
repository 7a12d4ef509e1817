/** What follows a saved change of a segment that is on: made at once below the merchant's limit, else its review. */
import { redirect } from '@remix-run/node';
import { assertNever } from '../app-error.ts';
import type { AppContext } from '../context.server.ts';
import type { ShopId } from '../db/tenancy.server.ts';
import { applyChange } from '../pipeline/apply-change.server.ts';
import type { SegmentChange } from '../segments/segment-change.ts';

/** Where a change is that is worked out in the background. */
export const CHANGE_URL = '/app/segments/change';

/** Where the review of a change is. */
export function reviewUrl(change: SegmentChange): string {
  const query = new URLSearchParams({ act: change.act });
  switch (change.act) {
    case 'turn_on':
    case 'turn_off':
      query.set('keys', change.keys.join(','));
      break;
    case 'resume':
    case 'change':
    case 'try':
      query.set('key', change.key);
      break;
    case 'return':
      query.set('key', change.key);
      query.set('version', String(change.version));
      break;
    case 'dissolve_set':
      query.set('set', change.setId);
      break;
    case 'undo':
      query.set('approval', change.approvalId);
      break;
    case 'arrange_set':
      throw new TypeError('a set is reviewed on its own page');
    default:
      assertNever(change);
  }
  return `/app/segments/review?${query.toString()}`;
}

/** Makes the change when it needs no approval. @returns where to go: the receipt on `after`, or the review */
export async function applyOrReview(
  app: AppContext,
  shopId: ShopId,
  { change, actor, now, after, note }: { change: SegmentChange; actor: string; now: Date; after: string; note?: string }, // prettier-ignore
): Promise<Response> {
  const applied = await applyChange(app, shopId, { change, actor, now, note });
  switch (applied.outcome) {
    case 'done':
      return redirect(`${after}?receipt=${applied.approvalId}`);
    case 'ask':
    case 'changed':
      return redirect(reviewUrl(change));
    case 'started':
    case 'busy':
      return redirect(CHANGE_URL);
    case 'not_ready':
      return redirect(`${after}?notice=${applied.reason}`);
    default:
      return assertNever(applied);
  }
}
