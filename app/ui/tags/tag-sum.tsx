/** Should have / has / pending of one segment's tag, always as the whole sum, with what each part means. */
import { BlockStack, InlineStack, Link, Text } from '@shopify/polaris';
import type { SegmentTagSum } from '../../activation/tags/read-tag-sums.server.ts';
import { FactList, type Fact } from '../fact-list.tsx';
import { countOf, formatCount } from '../format.ts';
import { tagSumWords } from './tag-sum-words.ts';

export interface TagSumProps {
  sum: Omit<SegmentTagSum, 'key' | 'name' | 'status'>;
  /** Activity of this segment, with a filter set already. */
  activityUrl: string;
}

export function TagSum({ sum, activityUrl }: TagSumProps) {
  const facts: Fact[] = [
    { name: 'Should have it', value: countOf(sum.members, 'member') },
    { name: 'Has it in Shopify', value: formatCount(sum.tagged) },
  ];
  if (sum.pending > 0) {
    const notes = [
      sum.pendingHeld > 0 ? `${formatCount(sum.pendingHeld)} wait for your decision about a held change` : '',
      sum.pendingLost > 0
        ? `${formatCount(sum.pendingLost)} were removed at once and wait for your decision`
        : '',
    ].filter(Boolean);
    facts.push({
      name: 'Pending',
      value: formatCount(sum.pending),
      note: notes.join('; ') || 'being written',
    });
  }
  if (sum.heldOut > 0) {
    facts.push({
      name: 'Control group (gets nothing)',
      value: formatCount(sum.heldOut),
      note: 'drawn when they came in',
    });
  }
  if (sum.suppressed > 0) {
    facts.push({
      name: 'Removed by hand',
      value: formatCount(sum.suppressed),
      note: 'respected until you put it back on the customer’s page, or they leave',
    });
  }
  if (sum.impossible > 0) {
    facts.push({
      name: 'Impossible',
      value: formatCount(sum.impossible),
      note: 'each with its reason: a full list of tags, deleted in Shopify, refused',
    });
  }
  if (sum.toRemove > 0) {
    facts.push({
      name: 'Still to be removed',
      value: formatCount(sum.toRemove),
      note: 'from those who have left',
    });
  }
  return (
    <BlockStack gap="300">
      <Text as="p">
        <code className="rg-tag">{sum.tag}</code> {tagSumWords(sum)}
      </Text>
      <FactList facts={facts} />
      <InlineStack gap="300">
        <Link url={activityUrl}>What was written and decided</Link>
        {sum.impossible > 0 ? (
          <Link url={`${activityUrl}&outcome=failed`}>Who cannot have it, and why</Link>
        ) : null}
      </InlineStack>
    </BlockStack>
  );
}
