/** "Use it": how the tags of all segments stand in Shopify, what waits for a person, and the brakes. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Link, Page } from '@shopify/polaris';
import { readDayLimit } from '../activation/tags/day-limit.server.ts';
import { decideFound, readFoundTags } from '../activation/tags/found-tags.server.ts';
import { readImpossible } from '../activation/tags/impossible.server.ts';
import { readBulksUnderWay } from '../activation/read-activity.server.ts';
import { readTagStatus } from '../activation/tags/read-tag-status.server.ts';
import { readTagSums, totalOf } from '../activation/tags/read-tag-sums.server.ts';
import { readTagsLeft } from '../activation/rename/read-tags-left.server.ts';
import { finishRename, readRename, takeBackRename } from '../activation/rename/rename-tags.server.ts';
import { decideAlert, readOpenAlerts } from '../activation/tags/tag-alerts.server.ts';
import { readHeldChanges } from '../pipeline/held-change.server.ts';
import { countOf, formatInstant } from '../ui/format.ts';
import { BulksCard } from '../ui/tags/bulks-card.tsx';
import { FoundTagsCard } from '../ui/tags/found-tags-card.tsx';
import { ImpossibleCard } from '../ui/tags/impossible-card.tsx';
import { RemovedAtOnce } from '../ui/tags/removed-at-once.tsx';
import { RenameBanner, TagsLeftBanner } from '../ui/tags/rename-banner.tsx';
import { TagSumsCard } from '../ui/tags/tag-sums-card.tsx';
import { useRefresh } from '../ui/use-refresh.ts';
import { HeldChanges } from '../ui/value/held-changes.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Use it · Regulars' }];

/** Customers with a reason that are listed here; Activity has all. */
const FEW = 20;

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const sums = await readTagSums(tx);
      const limit = await readDayLimit(tx, now);
      return {
        sums,
        total: totalOf(sums),
        alerts: await readOpenAlerts(tx),
        rename: await readRename(tx),
        tagsLeft: await readTagsLeft(tx),
        found: (await readFoundTags(tx)).filter(({ state }) => state === 'asked'),
        impossible: await readImpossible(tx, FEW),
        bulks: await readBulksUnderWay(tx),
        held: await readHeldChanges(tx),
        status: await readTagStatus(tx, now),
        day: {
          limit: limit.limit,
          written: limit.written + limit.underWay,
          until: limit.until,
          reached: limit.reached,
        },
        stoppedAt: settings.writesStoppedAt,
        timeZone: settings.timeZone,
      };
    }),
  );
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    const intent = text('intent');
    let about: number | null;
    switch (intent) {
      case 'put_back':
      case 'left_off':
        about = await app.db.inShop(shopId, (tx) =>
          decideAlert(tx, { id: text('id'), decision: intent, actor, now }),
        );
        break;
      case 'adopt':
      case 'leave':
        about = await app.db.inShop(shopId, (tx) =>
          decideFound(tx, { key: text('key'), decision: intent, actor, now }),
        );
        break;
      case 'finish_rename': {
        const done = await app.db.inShop(shopId, (tx) => finishRename(tx, { id: text('id'), actor, now }));
        about = done ? 0 : null;
        break;
      }
      case 'take_back_rename': {
        const back = await app.db.inShop(shopId, (tx) => takeBackRename(tx, { actor, now }));
        about = back?.outcome === 'started' || back?.outcome === 'done' ? 0 : null;
        break;
      }
      default:
        return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    app.log.info({ shopId, intent, about }, 'a word about tags');
    return about === null ? Response.json({ outcome: 'gone' }, { status: 409 }) : redirect('/app/use');
  });
}

export default function UseIt() {
  const data = useLoaderData<typeof loader>();
  const {
    sums,
    total,
    alerts,
    rename,
    tagsLeft,
    found,
    impossible,
    bulks,
    held,
    status,
    day,
    stoppedAt,
    timeZone,
  } = data;
  useRefresh(status.customersWaiting > 0 || rename ? 3_000 : 30_000);
  const over = day.limit !== null && day.reached && status.customersWaiting > 0;
  return (
    <Page
      title="Use it"
      backAction={{ content: 'Home', url: '/app' }}
      secondaryActions={[
        { content: 'Offers', url: '/app/offers' },
        { content: 'Leaving', url: '/app/leaving' },
        { content: 'Activity', url: '/app/activity' },
        { content: 'Shopify and Flow', url: '/app/use/reach' },
        stoppedAt
          ? { content: 'Go on writing', url: '/app/writes' }
          : { content: 'Stop all writes', url: '/app/writes', destructive: true },
      ]}
    >
      <BlockStack gap="400">
        {stoppedAt ? (
          <Banner tone="warning" title="Nothing is written to your store">
            <p>
              Writing was stopped on {formatInstant(stoppedAt, timeZone)}. Segments are still kept up to date
              here.
            </p>
          </Banner>
        ) : null}
        {alerts.map((alert) => (
          <RemovedAtOnce key={alert.id} alert={alert} timeZone={timeZone} />
        ))}
        <HeldChanges changes={held} />
        {rename ? <RenameBanner rename={rename} pending={total.pending} /> : null}
        {tagsLeft ? <TagsLeftBanner left={tagsLeft} /> : null}
        {over ? (
          <Banner tone="info" title="Today’s limit of tags is reached">
            <p>
              {countOf(status.customersWaiting, 'customer')}{' '}
              {status.customersWaiting === 1 ? 'waits' : 'wait'} until {formatInstant(day.until, timeZone)}.
              Metafields and Flow go on. The limit of {countOf(day.limit ?? 0, 'tag')} a day is in{' '}
              <Link url="/app/settings/tags">Settings of tags</Link>.
            </p>
          </Banner>
        ) : null}
        {found.length > 0 ? <FoundTagsCard found={found} /> : null}
        <TagSumsCard sums={sums} total={total} day={day} />
        {impossible.length > 0 ? <ImpossibleCard impossible={impossible} most={FEW} /> : null}
        {bulks.length > 0 ? <BulksCard bulks={bulks} timeZone={timeZone} /> : null}
      </BlockStack>
    </Page>
  );
}
