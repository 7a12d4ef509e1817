/** What a change would do, before it is approved: counts, money, people named by hand, warnings, a few customers. */
import { Banner, BlockStack, Card, List, Text } from '@shopify/polaris';
import { REVIEW_BOUND_WORDS } from '../../segments/review-bound.ts';
import { warningWords, type ReviewedSegment } from '../../segments/turn-on-review.ts';
import { CustomerSample } from '../customer-sample.tsx';
import { FactList } from '../fact-list.tsx';
import { countOf, formatMinor } from '../format.ts';
import { ReviewTable } from '../review-table.tsx';

type Reviewed = Pick<ReviewedSegment, 'key' | 'name' | 'tag' | 'size' | 'gains' | 'loses'> &
  Partial<Pick<ReviewedSegment, 'gainsSpent' | 'losesSpent' | 'always' | 'never' | 'warning'>>;

export interface ShownReview {
  segments: readonly Reviewed[];
  customersAffected: number;
  tagAdditions: number;
  tagRemovals: number;
  /** Absent where nothing is gained. */
  spentByGaining?: string;
  spentByLosing?: string;
  sample: readonly string[];
}

export function ChangeReviewView({
  review,
  words,
  currency,
  showGains,
}: {
  review: ShownReview;
  words: readonly { key: string; name: string; changes: readonly string[] }[];
  currency: string;
  showGains: boolean;
}) {
  const warned = review.segments.filter(({ warning }) => warning);
  return (
    <BlockStack gap="400">
      {warned.length > 0 ? (
        <Banner
          tone="warning"
          title={warned.length === 1 ? `Look at ${warned[0]?.name ?? ''} again` : 'Look at these again'}
        >
          <List>
            {warned.map(({ key, name, warning }) => (
              <List.Item key={key}>
                {`${warned.length === 1 ? '' : `${name}: `}${warning ? warningWords(warning) : ''}`}
              </List.Item>
            ))}
          </List>
        </Banner>
      ) : null}
      {words.length > 0 ? (
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              What is said differently
            </Text>
            {words.map(({ key, name, changes }) => (
              <BlockStack gap="100" key={key}>
                {words.length > 1 ? (
                  <Text as="h3" variant="headingSm">
                    {name}
                  </Text>
                ) : null}
                <List>
                  {changes.map((text) => (
                    <List.Item key={text}>{text}</List.Item>
                  ))}
                </List>
              </BlockStack>
            ))}
          </BlockStack>
        </Card>
      ) : null}
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {summaryOf(review, showGains)}
          </Text>
          <ReviewTable segments={review.segments} showGains={showGains} />
          <Facts review={review} currency={currency} />
          <Text as="p" tone="subdued" variant="bodySm">
            {REVIEW_BOUND_WORDS}
          </Text>
        </BlockStack>
      </Card>
      {review.tagAdditions > 0 ? (
        <Banner
          tone="warning"
          title={`${countOf(review.tagAdditions, 'tag addition')} may start your own automations`}
        >
          <p>
            Flow workflows, e-mail campaigns and other apps that watch for new customer tags will see each of
            them. Check what starts on the tags above before you approve.
          </p>
        </Banner>
      ) : null}
      <CustomerSample ids={review.sample} total={review.customersAffected} />
    </BlockStack>
  );
}

function Facts({ review, currency }: { review: ShownReview; currency: string }) {
  const { spentByGaining, spentByLosing, segments } = review;
  const sum = (pick: (segment: Reviewed) => number | undefined) =>
    segments.reduce((total, segment) => total + (pick(segment) ?? 0), 0);
  const [always, never] = [sum((one) => one.always), sum((one) => one.never)];
  const facts = [
    ...(spentByGaining && spentByGaining !== '0'
      ? [{ name: 'Those who gain a tag spent', value: formatMinor(spentByGaining, currency) }]
      : []),
    ...(spentByLosing && spentByLosing !== '0'
      ? [{ name: 'Those who lose a tag spent', value: formatMinor(spentByLosing, currency) }]
      : []),
    ...(always + never > 0
      ? [{ name: 'Named by hand', value: `${always} always in, ${never} never in` }]
      : []),
  ];
  return facts.length > 0 ? <FactList facts={facts} /> : null;
}

export function summaryOf(review: ShownReview, showGains: boolean): string {
  if (review.customersAffected === 0) return 'No tag changes in your store';
  const parts = [
    ...(showGains ? [`${countOf(review.tagAdditions, 'tag')} added`] : []),
    ...(review.tagRemovals > 0 || !showGains ? [`${countOf(review.tagRemovals, 'tag')} removed`] : []),
  ];
  return `${countOf(review.customersAffected, 'customer')}: ${parts.join(', ')}`;
}
