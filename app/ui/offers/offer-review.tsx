/** What an offer would do, before it is made: how many, the most it can cost, what they pay, what stands in its way. */
import { Banner, BlockStack, Card, Text } from '@shopify/polaris';
import { priceWords, SEEN_WORDS } from '../../activation/offers/offer-words.ts';
import { NumberTable } from '../charts/number-table.tsx';
import { FactList } from '../fact-list.tsx';
import { countOf, formatDay, formatMinor } from '../format.ts';

export interface ShownOfferReview {
  name: string;
  title: string;
  says: string;
  startsOn: string;
  endsOn: string;
  wayLabel: string;
  holders: number;
  reachable: number;
  mostMinor: string;
  costHow: string;
  waiting: { otherOffer: number; bound: number; excluded: number };
  cartMinor: string;
  paysMinor: string | null;
  leastMinor: string;
  belowMinimum: boolean;
  /** What must be true of the cart for these prices, in words. */
  condition: string | null;
  /** An amount off without a minimum: smaller carts cost nothing. */
  freeUpToMinor: string | null;
  conflicts: { title: string; status: 'active' | 'planned'; how: 'together' | 'better_one' | 'by_code'; sure: boolean; paysMinor: string | null }[]; // prettier-ignore
}

/** A store may have thousands of codes. */
const MOST_SHOWN = 50;

const HOW_WORDS = {
  together: 'Both apply',
  better_one: 'Only the better of the two',
  by_code: 'If the customer types its code',
} as const;

export function OfferReviewView({ review, currency }: { review: ShownOfferReview; currency: string }) {
  const money = (minor: string) => formatMinor(minor, currency);
  const { waiting } = review;
  const waits = [
    waiting.otherOffer > 0 ? `${countOf(waiting.otherOffer, 'member')} had another new offer of late` : '',
    waiting.bound > 0 ? `${countOf(waiting.bound, 'member')} wait because of your bound` : '',
    waiting.excluded > 0
      ? `${countOf(waiting.excluded, 'member')} are named “never in” or in the control group`
      : '',
  ].filter(Boolean);
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {countOf(review.holders, 'person', 'people')}, {review.reachable} reachable by e-mail
          </Text>
          <FactList
            facts={[
              { name: 'Offer', value: review.says },
              { name: 'In the cart', value: review.title },
              { name: 'Days', value: `${formatDay(review.startsOn)} to ${formatDay(review.endsOn)}` },
              { name: 'How', value: review.wayLabel },
              { name: 'Most this can cost', value: money(review.mostMinor), note: review.costHow },
              ...(waits.length > 0 ? [{ name: 'Without it', value: `${waits.join('; ')}.` }] : []),
            ]}
          />
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            What a member pays
          </Text>
          <Text as="p">
            {priceWords({
              cart: money(review.cartMinor),
              pays: review.paysMinor === null ? null : money(review.paysMinor),
              least: money(review.leastMinor),
              belowMinimum: review.belowMinimum,
              condition: review.condition,
            })}
          </Text>
          {review.freeUpToMinor === null ? null : (
            <Text as="p">
              {`${review.condition === null ? 'A' : 'Such a'} cart of up to ${money(review.freeUpToMinor)} costs nothing. Set a minimum if that is not meant.`}
            </Text>
          )}
          {review.conflicts.length === 0 ? (
            <Text as="p" tone="subdued">
              No other discount is active or planned in these days.
            </Text>
          ) : (
            <NumberTable
              caption="Other discounts of the store in these days"
              wrap
              head={['Other discount', 'Together', 'Then a member pays']}
              rows={review.conflicts.slice(0, MOST_SHOWN).map((one, i) => ({
                key: String(i),
                head: `${one.title}${one.status === 'planned' ? ' (planned)' : ''}`,
                cells: [
                  `${HOW_WORDS[one.how]}${one.sure ? '' : ', where it applies'}`,
                  one.paysMinor === null ? 'cannot be said' : money(one.paysMinor),
                ],
              }))}
            />
          )}
          {review.conflicts.length > MOST_SHOWN ? (
            <Text as="p" tone="subdued">
              {`And ${countOf(review.conflicts.length - MOST_SHOWN, 'more', 'more')}.`}
            </Text>
          ) : null}
        </BlockStack>
      </Card>
      <Banner tone="info">
        <p>{SEEN_WORDS}</p>
      </Banner>
    </BlockStack>
  );
}
