/** Settings. One section each; a section's form names its intent (change-setting.server.ts). */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { BlockStack, Card, Link, List, Page } from '@shopify/polaris';
import { readOfferGap } from '../activation/offers/offer-gap.server.ts';
import { assertNever } from '../app-error.ts';
import { readPicks } from '../intake/read-picks.server.ts';
import { reviewPicks } from '../intake/store-picks.server.ts';
import { readAskAbove } from '../segments/ask-above.server.ts';
import { HISTORY_BOUNDS, readHistoryMonths } from '../segments/keep-history.server.ts';
import { HistorySection } from '../ui/settings/history-section.tsx';
import { HoldSection } from '../ui/settings/hold-section.tsx';
import { NumberSetting } from '../ui/settings/number-setting.tsx';
import { MetafieldsSection, PostalSection } from '../ui/settings/picks-sections.tsx';
import { isOnHold } from '../value/hold-period.ts';
import { readHoldPeriod } from '../value/hold-period.server.ts';
import { changeSetting, type SettingAnswer } from './change-setting.server.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Settings · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings, today }) =>
    app.db.inShop(shopId, async (tx) => {
      const hold = await readHoldPeriod(tx);
      const { postalCodes, metafields } = await readPicks(tx);
      return {
        hold,
        active: isOnHold(hold, today),
        askAbove: await readAskAbove(tx),
        offerGapDays: await readOfferGap(tx),
        tagPrefix: settings.tagPrefix,
        months: await readHistoryMonths(tx),
        bounds: HISTORY_BOUNDS,
        postalCodes,
        metafields,
        // What the other position of the switch would do.
        postalEffect: await reviewPicks(tx, { postalCodes: !postalCodes, metafields }),
      };
    }),
  );
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async (shop) => {
    const done = await changeSetting(shop, await args.request.formData());
    switch (done.outcome) {
      case 'saved':
        return redirect('/app/settings');
      case 'refused':
        return Response.json(done.answer, { status: 422 });
      case 'looked':
        return Response.json(done.answer);
      case 'bad_request':
        return Response.json({ outcome: 'bad_request' }, { status: 400 });
      default:
        return assertNever(done);
    }
  });
}

export default function Settings() {
  const {
    hold,
    active,
    askAbove,
    offerGapDays,
    tagPrefix,
    months,
    bounds,
    postalCodes,
    metafields,
    postalEffect,
  } = useLoaderData<typeof loader>();
  const refused = useActionData() as Partial<SettingAnswer> | undefined;
  return (
    <Page title="Settings" backAction={{ content: 'Home', url: '/app' }}>
      <BlockStack gap="400">
        <Card>
          <List>
            <List.Item>
              <Link url="/app/settings/orders">What counts as an order</Link>: amounts, companies, and who and
              what is left out.
            </List.Item>
            <List.Item>
              <Link url="/app/settings/tags">Tags</Link>: the prefix (
              <code className="rg-tag">{tagPrefix}</code>
              ), the tag of each segment, and how many are written a day.
            </List.Item>
            <List.Item>
              <Link url="/app/transfer">Move segments</Link> and settings to or from another store.
            </List.Item>
          </List>
        </Card>
        {/* A saved section begins its form anew: its key is what is stored. */}
        <NumberSetting
          key={`ask ${askAbove}`}
          intent="set_ask"
          name="askAbove"
          title="When to ask you"
          about="Turning a segment on always asks. Other changes below this number are made at once, with a receipt and a way back."
          label="Ask me before changing more than"
          unit="customers"
          help="0: always."
          stored={askAbove}
          error={refused?.errors?.askAbove}
          given={refused?.askAbove}
        />
        <HoldSection
          key={hold ? `${hold.from} ${hold.to}` : 'none'}
          hold={hold}
          active={active}
          errors={refused?.errors ?? {}}
          given={refused?.given ?? null}
        />
        <NumberSetting
          key={`gap ${offerGapDays}`}
          intent="set_offer_gap"
          name="offerGapDays"
          title="Offers"
          about="Whoever enters a segment with an offer sooner than this after their last new offer waits for it. Offers that people hold stay theirs."
          label="At most one new offer a person in"
          unit="days"
          help="0: as many as there are."
          stored={offerGapDays}
          error={refused?.errors?.offerGapDays}
          given={refused?.offerGapDays}
        />
        <PostalSection on={postalCodes} effect={postalEffect} />
        <MetafieldsSection
          key={`metafields ${JSON.stringify(metafields)}`}
          picked={metafields}
          error={refused?.errors?.metafields}
          effect={refused?.effect}
          given={refused?.metafields}
        />
        <HistorySection
          key={`history ${months} ${JSON.stringify(refused?.history)}`}
          months={months}
          bounds={bounds}
          error={refused?.errors?.months}
          given={refused?.months}
          looked={refused?.history}
        />
      </BlockStack>
    </Page>
  );
}
