/** One offer: who holds it, what it can cost and has taken off, its discount in Shopify, and what can be done with it. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { Banner, BlockStack, Card, Page, Text } from '@shopify/polaris';
import { changeOfferState, type OfferStep } from '../activation/offers/change-state.server.ts';
import { SEEN_WORDS, STATE_WORDS, termsWords, WAY_WORDS } from '../activation/offers/offer-words.ts';
import { readOffer } from '../activation/offers/read-offers.server.ts';
import { readOfferStandings } from '../activation/offers/read-offer-standing.server.ts';
import { FactList } from '../ui/fact-list.tsx';
import { countOf, formatDay, formatMinor } from '../ui/format.ts';
import { AskStep } from '../ui/offers/ask-step.tsx';
import { EditedDiscount } from '../ui/offers/edited-discount.tsx';
import { notFound, pageRequest } from './page-request.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.name ?? 'Offer'} · Regulars` },
];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings }) =>
    app.db.inShop(shopId, async (tx) => {
      const offer = await readOffer(tx, args.params['id'] ?? '');
      if (!offer) throw notFound('This is not here', 'There is no such offer.');
      const standing = (await readOfferStandings(tx, [offer.id])).get(offer.id);
      if (!standing) throw notFound('This is not here', 'There is no such offer.');
      const {
        id,
        name,
        segmentKey,
        segmentName,
        state,
        startsOn,
        endsOn,
        keepDays,
        tag,
        way,
        code,
        endCause,
      } = offer;
      return {
        id, name, segmentKey, segmentName, state, startsOn, endsOn, keepDays, tag, endCause, code,
        wayLabel: WAY_WORDS[way].label,
        says: termsWords(offer.terms, offer.currency ?? settings.currency),
        bounds: { holders: offer.mostHolders, costMinor: offer.mostCostMinor, currency: offer.currency ?? settings.currency },
        standing,
        currency: settings.currency,
        foreign: offer.currency !== null && offer.currency !== settings.currency ? offer.currency : null,
      }; // prettier-ignore
    }),
  );
}

const STEPS = ['pause', 'resume', 'end', 'give', 'repair', 'accept'] as const;

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const given = (await args.request.formData()).get('step');
    const step = STEPS.find((one) => one === given);
    const id = args.params['id'] ?? '';
    const offer = await app.db.inShop(shopId, (tx) => readOffer(tx, id));
    if (!offer) throw notFound('This is not here', 'There is no such offer.');
    if (!step) return Response.json({ outcome: 'bad_request' }, { status: 400 });
    const done = await changeOfferState(app, shopId, { offerId: id, step, actor, now });
    return redirect(`/app/offers/${id}?${done === null ? 'late=1' : `done=${step}&n=${done}`}`);
  });
}

const IN_SHOPIFY = {
  there: 'In Shopify',
  coming: 'On its way to Shopify',
  refused: 'Not in Shopify',
  edited: 'Changed by somebody else',
  none: 'Not in Shopify',
} as const;

const DONE: Record<OfferStep['step'], string> = {
  pause: 'Paused: nobody gets the discount, and whoever holds the offer keeps it.',
  resume: 'It goes on.',
  end: 'Ended. Its tags and its discount are being removed.',
  give: 'Given. The tags are being written.',
  repair: 'The discount is being made as it was.',
  accept: 'Accepted as it is now.',
};

export default function OneOffer() {
  const offer = useLoaderData<typeof loader>();
  const { standing, currency, foreign } = offer;
  const [query] = useSearchParams();
  const asked = query.get('step');
  const done = STEPS.find((step) => step === query.get('done'));
  const url = `/app/offers/${offer.id}`;
  const open = offer.state !== 'ended';
  const facts = [
    { name: 'Gives', value: offer.says },
    { name: 'For', value: offer.segmentName },
    { name: 'Days', value: `${formatDay(offer.startsOn)} to ${formatDay(offer.endsOn)}` },
    { name: 'How', value: offer.wayLabel + (offer.code === null ? '' : ` ${offer.code}`) },
    { name: 'Tag', value: offer.tag },
    { name: 'Kept after leaving', value: countOf(offer.keepDays, 'day') },
    ...(offer.bounds.holders === null
      ? []
      : [{ name: 'At most', value: countOf(offer.bounds.holders, 'person', 'people') }]),
    ...(offer.bounds.costMinor === null
      ? []
      : [{ name: 'May cost at most', value: formatMinor(offer.bounds.costMinor, offer.bounds.currency) }]),
  ];
  const numbers = [
    {
      name: 'Hold it',
      value: `${countOf(standing.holders, 'person', 'people')}, ${standing.reachable} reachable by e-mail`,
      note: [
        ...(standing.leaving > 0
          ? [`${standing.leaving} have left the segment and keep it for some days`]
          : []),
        ...(standing.byHand > 0 ? [`${standing.byHand} got it by its tag, put on in Shopify`] : []),
        ...(standing.tagOff > 0
          ? [`of ${standing.tagOff} the tag was taken off in Shopify: no discount`]
          : []),
        ...(standing.notWritten > 0
          ? [`on ${standing.notWritten} the tag cannot be written: no discount`]
          : []),
      ].join('; '),
    },
    { name: 'Most this can cost', value: formatMinor(standing.mostMinor, currency) },
    {
      name: 'Used',
      value: `${countOf(standing.used, 'order')}, ${formatMinor(standing.takenMinor, currency)} taken off`,
      note: 'All discounts of those orders',
    },
    ...(open && standing.without > 0
      ? [{ name: 'In the segment without it', value: countOf(standing.without, 'person', 'people') }]
      : []),
    { name: 'Discount', value: IN_SHOPIFY[standing.inShopify] },
  ];
  return (
    <Page
      title={offer.name}
      subtitle={STATE_WORDS[offer.state]}
      backAction={{ content: 'Offers', url: '/app/offers' }}
      primaryAction={
        open ? { content: 'Change or renew', url: `/app/offers/edit?offer=${offer.id}` } : undefined
      }
      secondaryActions={
        open
          ? [
              ...(offer.state === 'running'
                ? [{ content: 'Pause', url: `${url}?step=pause` }]
                : foreign === null
                  ? [{ content: 'Go on', url: `${url}?step=resume` }]
                  : []),
              ...(standing.without > 0 && offer.state === 'running'
                ? [{ content: 'Give to those without it', url: `${url}?step=give` }]
                : []),
              { content: 'End', destructive: true, url: `${url}?step=end` },
            ]
          : []
      }
    >
      <BlockStack gap="400">
        {query.has('late') ? (
          <Banner tone="info" title="Nothing was done">
            <p>
              It was done already, the offer has ended, or its amounts are in a currency that your store no
              longer has.
            </p>
          </Banner>
        ) : null}
        {query.has('saved') ? (
          <Banner tone="success" title="The offer is saved">
            <p>
              {countOf(Number(query.get('saved')), 'person gets', 'people get')} it now
              {query.has('more') ? ', the others within minutes' : ''}. Tags and discount are being written.
            </p>
          </Banner>
        ) : null}
        {done ? (
          <Banner tone="success" title={DONE[done]}>
            <p>{countOf(Number(query.get('n')), 'person', 'people')}.</p>
          </Banner>
        ) : null}
        {open && STEPS.some((step) => step === asked) ? (
          <AskStep
            step={asked as OfferStep['step']}
            holders={standing.holders}
            without={standing.without}
            url={url}
          />
        ) : null}
        {open && foreign !== null ? (
          <Banner tone="warning" title={`Its amounts are in ${foreign}`}>
            <p>
              Your store has another currency now, so nobody gets it. Give the amounts anew with “Change or
              renew”.
            </p>
          </Banner>
        ) : null}
        {open && standing.fault !== null ? (
          <Banner tone="critical" title="Shopify did not take the discount">
            <p>{standing.fault}</p>
          </Banner>
        ) : null}
        {open && standing.edited ? (
          <EditedDiscount
            what={standing.edited.what}
            says={standing.edited.what === 'edited' ? standing.edited.says : null}
            serves={standing.sharedBy}
            url={url}
          />
        ) : null}
        <Card>
          <FactList facts={facts} />
        </Card>
        <Card>
          <BlockStack gap="300">
            <FactList facts={numbers} />
            <Text as="p" tone="subdued">
              {SEEN_WORDS}
            </Text>
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}
