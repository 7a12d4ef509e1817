/** "Use it": how the tags of all segments stand in Shopify, what waits for a person, and the brakes. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Card, Link, Page, Text } from '@shopify/polaris';
import { readDayLimit } from '../activation/tags/day-limit.server.ts';
import { decideFound, readFoundTags } from '../activation/tags/found-tags.server.ts';
import { readImpossible } from '../activation/tags/impossible.server.ts';
import { readBulksUnderWay } from '../activation/read-activity.server.ts';
import { readTagStatus } from '../activation/tags/read-tag-status.server.ts';
import { readTagSums, totalOf } from '../activation/tags/read-tag-sums.server.ts';
import { finishRename, readRename, takeBackRename } from '../activation/rename/rename-tags.server.ts';
import { decideAlert, readOpenAlerts } from '../activation/tags/tag-alerts.server.ts';
import { explainFailure } from '../activation/tags/write-failure.ts';
import { readHeldChanges } from '../pipeline/held-change.server.ts';
import { NumberTable } from '../ui/charts/number-table.tsx';
import { countOf, formatCount, formatInstant } from '../ui/format.ts';
import { Choice } from '../ui/tags/choice.tsx';
import { RenameBanner } from '../ui/tags/rename-banner.tsx';
import { tagSumWords } from '../ui/tags/tag-sum-words.ts';
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
  const { sums, total, alerts, rename, found, impossible, bulks, held, status, day, stoppedAt, timeZone } =
    data;
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
          <Banner
            key={alert.id}
            tone="critical"
            title={`${countOf(alert.removed, 'tag')} ${alert.removed === 1 ? 'was' : 'were'} removed at once`}
          >
            <BlockStack gap="300">
              <p>
                On {formatInstant(alert.at, timeZone)}, by somebody or something else than Regulars. Nothing
                was added again and nothing was accepted: you decide.
              </p>
              <Choice
                hidden={{ id: alert.id }}
                choices={[
                  { intent: 'put_back', label: `Put back ${formatCount(alert.waiting)}`, primary: true },
                  { intent: 'left_off', label: 'Leave them off' },
                ]}
              />
            </BlockStack>
          </Banner>
        ))}
        <HeldChanges changes={held} />
        {rename ? <RenameBanner rename={rename} pending={total.pending} /> : null}
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
        {found.length > 0 ? (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Tags that were there before
              </Text>
              <Text as="p" tone="subdued">
                They begin with your prefix, and Regulars did not write them. Adopt: Regulars keeps them in
                step from now on. Leave: they are never touched.
              </Text>
              {found.map(({ key, tag, customers, segment }) => (
                <BlockStack gap="200" key={key}>
                  <Text as="p">
                    <code className="rg-tag">{tag}</code> on {countOf(customers, 'customer')}.{' '}
                    {segment
                      ? segment.status === 'draft'
                        ? `It is the tag of “${segment.name}”, a draft: if you adopt it, it stays as it is until you turn the segment on.`
                        : `It is the tag of “${segment.name}”.`
                      : 'No segment has this tag: if you adopt it, it is removed.'}
                  </Text>
                  <Choice
                    hidden={{ key }}
                    about={tag}
                    choices={[
                      { intent: 'adopt', label: segment ? 'Adopt' : 'Adopt and remove' },
                      { intent: 'leave', label: 'Leave' },
                    ]}
                  />
                </BlockStack>
              ))}
            </BlockStack>
          </Card>
        ) : null}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Should have / has in Shopify
            </Text>
            {sums.length === 0 ? (
              <Text as="p" tone="subdued">
                No segment is on, so nothing is written. <Link url="/app/segments">Look at the segments</Link>
              </Text>
            ) : (
              <>
                <Text as="p">Tags of all segments: {tagSumWords(total)}.</Text>
                <NumberTable
                  caption="Tags of each segment"
                  head={[
                    'Segment',
                    'Members',
                    'Tagged',
                    'Pending',
                    'Control group',
                    'Removed by hand',
                    'Impossible',
                    'To be removed',
                  ]}
                  rows={sums.map((sum) => ({
                    key: sum.key,
                    head: <Link url={`/app/segments/${sum.key}`}>{sum.name}</Link>,
                    cells: [
                      sum.members,
                      sum.tagged,
                      sum.pending,
                      sum.heldOut,
                      sum.suppressed,
                      sum.impossible,
                      sum.toRemove,
                    ].map(formatCount),
                  }))}
                />
              </>
            )}
            <Text as="p" tone="subdued">
              {day.limit === null
                ? `${countOf(day.written, 'tag')} written today.`
                : `${formatCount(day.written)} of at most ${countOf(day.limit, 'tag')} written today.`}
            </Text>
          </BlockStack>
        </Card>
        {impossible.length > 0 ? (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Who cannot have a tag, and why
              </Text>
              <NumberTable
                caption="Tags that cannot be written"
                head={['Customer', 'Tag', 'Why']}
                wrap
                rows={impossible.map(({ customerId, tag, reason }) => ({
                  key: `${customerId} ${tag}`,
                  head: <Link url={`/app/customers/${customerId}`}>{customerId}</Link>,
                  cells: [{ text: <code className="rg-tag">{tag}</code> }, explainFailure(reason)],
                }))}
              />
              {impossible.length >= FEW ? (
                <Text as="p">
                  The newest {FEW} are shown. <Link url="/app/activity?outcome=failed">All of them</Link>
                </Text>
              ) : null}
            </BlockStack>
          </Card>
        ) : null}
        {bulks.length > 0 ? (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Large files under way
              </Text>
              <NumberTable
                caption="Bulk operations under way"
                head={['Started', 'What', 'Customers', 'Done']}
                rows={bulks.map((bulk) => ({
                  key: bulk.id,
                  head: formatInstant(bulk.startedAt, timeZone),
                  cells: [
                    bulk.act === 'add' ? 'Tags added' : 'Tags removed',
                    formatCount(bulk.lines),
                    formatCount(bulk.doneLines),
                  ],
                }))}
              />
            </BlockStack>
          </Card>
        ) : null}
      </BlockStack>
    </Page>
  );
}
