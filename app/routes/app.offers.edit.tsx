/** An offer made or changed in two steps: the form, then the review with what it can cost. Nothing is made before the second. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, ButtonGroup, Page } from '@shopify/polaris';
import { memberPrice } from '../activation/offers/member-price.ts';
import { conditionWords, costWords, termsWords, WAY_WORDS } from '../activation/offers/offer-words.ts';
import {
  emptyOfferForm,
  OFFER_FIELDS,
  type OfferDraft,
  type OfferForm,
} from '../activation/offers/offer-form.ts';
import { readOfferForm } from '../activation/offers/read-offer-form.ts'; // prettier-ignore
import { readOffer } from '../activation/offers/read-offers.server.ts';
import { readStoreDiscounts } from '../activation/offers/read-store-discounts.server.ts';
import {
  formOf,
  readOfferedSegment,
  readSurroundings,
} from '../activation/offers/read-surroundings.server.ts';
import { reviewOffer, type OfferReview } from '../activation/offers/review-offer.server.ts';
import { notNowWords, saveOffer } from '../activation/offers/save-offer.server.ts';
import { titleOf } from '../activation/offers/terms.ts';
import type { StoreDiscount } from '../activation/offers/store-discount.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import { addDays, startOfDay } from '../local-date.ts';
import { OfferFormView } from '../ui/offers/offer-form.tsx';
import { OfferReviewView, type ShownOfferReview } from '../ui/offers/offer-review.tsx';
import { notFound, pageRequest, type PageShop } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Offer · Regulars' }];

/** What both steps look at: the segment, the offer that is changed, all discounts of the store. */
async function lookAround({ app, shopId, now }: PageShop, request: Request) {
  const query = new URL(request.url).searchParams;
  const store = await readStoreDiscounts(await app.adminFor(shopId), { priority: 'page' });
  return app.db.inShop(shopId, async (tx) => {
    const id = query.get('offer');
    const offer = id === null ? null : await readOffer(tx, id);
    const which = offer ? { id: offer.segmentId } : { key: query.get('segment') ?? '' };
    const segment = await readOfferedSegment(tx, which);
    if (!segment || (id !== null && !offer)) {
      throw notFound('This is not here', 'There is no such segment or offer.');
    }
    const day = await readShopDay(tx, now);
    return { offer, segment, day, around: await readSurroundings(tx, day, { segment, offer, store }) };
  });
}

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async (shop) => {
    const { offer, segment, day, around } = await lookAround(shop, args.request);
    return {
      segment: {
        key: segment.key,
        name: segment.name,
        members: segment.members,
        live: segment.status === 'live',
      },
      offerId: offer?.id ?? null,
      initial: offer ? formOf(offer, day.currency) : emptyOfferForm(day.today, segment.name),
      currency: day.currency,
      suggestedWay: around.suggestedWay,
      activeAutomatic: around.activeAutomatic,
    };
  });
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async (shop) => {
    const { app, shopId, now, actor } = shop;
    const given = await args.request.formData();
    const form = readForm(given);
    const { offer, segment, day, around } = await lookAround(shop, args.request);
    const read = readOfferForm(form, around);
    if (!read.ok) return Response.json({ step: 'form', faults: read.faults }, { status: 422 });
    const { draft } = read;
    const offerId = offer?.id ?? null;
    const shownOf = (review: OfferReview) => show(review, draft, around.others, day);
    if (given.get('intent') !== 'approve') {
      const review = await app.db.inShop(shopId, (tx) =>
        reviewOffer(tx, day, { segmentId: segment.id, draft, offerId }),
      );
      return { step: 'review' as const, form, review: shownOf(review), fingerprint: review.fingerprint };
    }
    const fingerprint = String(given.get('fingerprint') ?? '');
    const wish = { segmentId: segment.id, draft, offerId, fingerprint, actor, now };
    const saved = await saveOffer(app, shopId, wish);
    switch (saved.outcome) {
      case 'done':
        return redirect(`/app/offers/${saved.offerId}?saved=${saved.given}${saved.more ? '&more=1' : ''}`);
      case 'changed':
        return {
          step: 'review' as const,
          form,
          review: shownOf(saved.review),
          fingerprint: saved.review.fingerprint,
          changed: true,
        };
      case 'not_now':
        return Response.json(
          { step: 'form', faults: {}, notNow: notNowWords(saved.reason) },
          { status: 409 },
        );
    }
  });
}

function readForm(given: FormData): OfferForm {
  const value = (field: string) => {
    const shown = given.get(field) ?? given.get(`kept-${field}`);
    return typeof shown === 'string' ? shown.slice(0, 2_500) : '';
  };
  return Object.fromEntries(OFFER_FIELDS.map((field) => [field, value(field)])) as OfferForm;
}

function show(
  review: OfferReview,
  draft: OfferDraft,
  others: readonly StoreDiscount[],
  { currency, timeZone }: { currency: string; timeZone: string },
): ShownOfferReview {
  const price = memberPrice(
    draft.terms,
    BigInt(review.typicalCartMinor),
    others,
    { currency },
    {
      startsAt: startOfDay(draft.startsOn, timeZone).toISOString(),
      endsAt: startOfDay(addDays(draft.endsOn, 1), timeZone).toISOString(),
    },
  );
  return {
    name: draft.name,
    title: titleOf(draft.name),
    says: termsWords(draft.terms, currency),
    startsOn: draft.startsOn,
    endsOn: draft.endsOn,
    wayLabel: WAY_WORDS[draft.way].label + (draft.code === null ? '' : ` ${draft.code}`),
    ...review.exposure,
    costHow: costWords(draft.terms.gives, draft.terms.once),
    cartMinor: String(price.cartMinor),
    paysMinor: price.paysMinor === null ? null : String(price.paysMinor),
    leastMinor: String(price.leastMinor),
    belowMinimum: price.belowMinimum,
    condition: conditionWords(draft.terms),
    freeUpToMinor:
      draft.terms.gives.kind === 'amount' && !draft.terms.minimum ? draft.terms.gives.amountMinor : null,
    conflicts: price.conflicts.map((one) => ({
      ...one,
      paysMinor: one.paysMinor === null ? null : String(one.paysMinor),
    })),
  };
}

type Said =
  | { step: 'form'; faults: Record<string, string>; notNow?: string }
  | { step: 'review'; form: OfferForm; review: ShownOfferReview; fingerprint: string; changed?: boolean };

export default function EditOffer() {
  const { segment, offerId, initial, currency, suggestedWay, activeAutomatic } =
    useLoaderData<typeof loader>();
  const said = useActionData() as Said | undefined;
  const busy = useNavigation().state !== 'idle';
  const back = offerId === null ? `/app/segments/${segment.key}` : `/app/offers/${offerId}`;
  const reviewing = said?.step === 'review';
  return (
    <Page
      title={offerId === null ? `An offer for ${segment.name}` : 'Change the offer'}
      backAction={{ content: 'Back', url: back }}
    >
      <BlockStack gap="400">
        {segment.live ? null : (
          <Banner tone="warning" title="The segment is not on">
            <p>Turn it on first: an offer goes to the people who are in it.</p>
          </Banner>
        )}
        {said?.step === 'form' && said.notNow ? (
          <Banner tone="critical" title="Nothing was done">
            <p>{said.notNow}</p>
          </Banner>
        ) : null}
        {reviewing ? (
          <>
            {said.changed ? (
              <Banner tone="warning" title="The store has changed since">
                <p>Nothing was done. These are the new numbers.</p>
              </Banner>
            ) : null}
            <OfferReviewView review={said.review} currency={currency} />
            <Form method="post">
              {Object.entries(said.form).map(([field, value]) => (
                <input key={field} type="hidden" name={field} value={value} />
              ))}
              <input type="hidden" name="fingerprint" value={said.fingerprint} />
              <input type="hidden" name="intent" value="approve" />
              <ButtonGroup>
                <Button submit variant="primary" loading={busy} disabled={!segment.live}>
                  {offerId === null ? 'Approve and start the offer' : 'Approve the change'}
                </Button>
                <Button url={back} disabled={busy}>
                  Cancel
                </Button>
              </ButtonGroup>
            </Form>
          </>
        ) : (
          <Form method="post" noValidate>
            <OfferFormView
              initial={initial}
              faults={said?.step === 'form' ? said.faults : {}}
              currency={currency}
              members={segment.members}
              suggestedWay={suggestedWay}
              activeAutomatic={activeAutomatic}
              changing={offerId !== null}
              busy={busy}
              cancelUrl={back}
            />
          </Form>
        )}
      </BlockStack>
    </Page>
  );
}
