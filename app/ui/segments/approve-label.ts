import { countOf } from '../format.ts';

/** What the button of a review says. @param on false: segments are turned off */
export function approveLabel(review: { tagAdditions: number; tagRemovals: number }, on: boolean): string {
  if (!on && review.tagAdditions === 0)
    return review.tagRemovals > 0 ? `Turn off and remove ${countOf(review.tagRemovals, 'tag')}` : 'Turn off';
  const parts = [
    ...(review.tagAdditions > 0 ? [`add ${countOf(review.tagAdditions, 'tag')}`] : []),
    ...(review.tagRemovals > 0 ? [`remove ${countOf(review.tagRemovals, 'tag')}`] : []),
  ];
  return parts.length > 0 ? `${on ? 'Approve' : 'Turn off'} and ${parts.join(', ')}` : 'Approve';
}
