/** What a segment query can say of a customer by the tags alone: most segments of an app ask for nothing else. */
import type { QueryNode } from '../segment-query/query.ts';
import type { Verdict } from '../store/ids-by-tags.ts';

export function judgeTags(node: QueryNode, tags: readonly string[]): Verdict {
  if ('and' in node) {
    const verdicts = node.and.map((child) => judgeTags(child, tags));
    return verdicts.includes('no') ? 'no' : verdicts.includes('maybe') ? 'maybe' : 'yes';
  }
  if ('or' in node) {
    const verdicts = node.or.map((child) => judgeTags(child, tags));
    return verdicts.includes('yes') ? 'yes' : verdicts.includes('maybe') ? 'maybe' : 'no';
  }
  if ('not' in node) {
    const verdict = judgeTags(node.not, tags);
    return verdict === 'maybe' ? 'maybe' : verdict === 'yes' ? 'no' : 'yes';
  }
  const { attribute, test } = node;
  if (attribute !== 'customer_tags') return 'maybe';
  if (test.op === 'null') return (tags.length === 0) !== test.negated ? 'yes' : 'no';
  if (test.op !== 'contains' || test.value.kind !== 'text') return 'maybe';
  const wanted = test.value.value.toLowerCase();
  return tags.some((tag) => tag.toLowerCase() === wanted) !== test.negated ? 'yes' : 'no';
}
