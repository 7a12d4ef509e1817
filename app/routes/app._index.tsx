/** Home: what the store looks like, the life-cycle map, and whether the app is in step with Shopify. */
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { BlockStack, Card, Page, Text } from '@shopify/polaris';
import { leftoverWords } from '../activation/leftovers/leftover.ts';
import { readLeftovers } from '../activation/leftovers/read-leftovers.server.ts';
import { readTagStatus } from '../activation/tags/read-tag-status.server.ts';
import { readStoreSummary } from '../history/read-store-summary.server.ts';
import { wake } from '../db/shop-due.server.ts';
import { readShownRuns } from '../pipeline/background-run.server.ts';
import { readHeldChanges } from '../pipeline/held-change.server.ts';
import { readImportStatus, readSyncStatus } from '../intake/read-sync-status.server.ts';
import { readHowFar } from '../segments/change-run.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { readSegmentNames } from '../segments/read-segment-names.server.ts';
import { readSegments } from '../segments/read-segments.server.ts';
import { countOf } from '../ui/format.ts';
import { AllDrafts } from '../ui/home/all-drafts.tsx';
import { BeforeImport, ImportFailed } from '../ui/home/import-start.tsx';
import { StoreNumbers } from '../ui/home/store-numbers.tsx';
import { ImportProgress } from '../ui/import-progress.tsx';
import { pagedProgress } from '../ui/import-steps.ts';
import { LIFECYCLE_KEYS } from '../ui/lifecycle-grid.ts';
import { LifecycleMap } from '../ui/lifecycle-map.tsx';
import { readStandings } from '../shopify/standing.server.ts';
import { StandingNotices } from '../ui/standing-notices.tsx';
import { LeftoversBanner } from '../ui/reach/leftovers-banner.tsx';
import { SyncCard } from '../ui/sync-card.tsx';
import { useRefresh } from '../ui/use-refresh.ts';
import { ChangeNotice } from '../ui/segments/change-progress.tsx';
import { BackgroundRuns } from '../ui/value/background-runs.tsx';
import { HeldChanges } from '../ui/value/held-changes.tsx';
import { OnHold } from '../ui/value/on-hold.tsx';
import { MINIMUM_GAPS } from '../value/cut-points.ts';
import { isOnHold } from '../value/hold-period.ts';
import { readHoldPeriod } from '../value/hold-period.server.ts';
import { WritesStoppedBanner } from '../ui/writes-stopped-banner.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Home · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings, now, today }) =>
    app.db.inShop(shopId, async (tx) => {
      const sync = await readSyncStatus(tx);
      const tags = await readTagStatus(tx, now);
      const hold = await readHoldPeriod(tx);
      const waits = {
        held: await readHeldChanges(tx),
        runs: await readShownRuns(tx),
        change: await readHowFar(tx),
        standings: await readStandings(tx),
        leftovers: leftoverWords((await readLeftovers(tx)).filter(({ state }) => state === 'asked')),
        hold: isOnHold(hold, today) ? hold : null,
      };
      const common = { settings, sync, tags, ...waits };
      if (!settings.firstImportedAt) return { ...common, store: null };
      const summary = await readStoreSummary(tx);
      const { cutPoints } = await readRuleDay(tx, now);
      const groups = await readSegments(tx, now, LIFECYCLE_KEYS);
      const names = await readSegmentNames(tx);
      const live = names.filter((segment) => segment.status === 'live').length;
      return {
        ...common,
        store: {
          summary,
          groups: groups.map(({ key, name, size }) => ({ key, name, size })),
          rhythmDays: cutPoints.rhythmDays,
          gaps: cutPoints.gaps,
          live,
          drafts: names.length - live,
        },
      };
    }),
  );
}

/** "Start again": a new run of the import. The first one starts by itself after the installation. */
export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId }) => {
    await app.db.inShop(shopId, async (tx) => {
      const run = await readImportStatus(tx);
      // One that waits for Shopify to let it in is tried at once.
      if (run?.state === 'running' && run.message === null) return;
      await wake(tx, shopId, 'import', app.clock.machineNow());
    });
    return { outcome: 'import_queued' as const };
  });
}

const LARGE_STORE = 200_000;

export default function Home() {
  const { settings, sync, tags, store, held, runs, change, hold, standings, leftovers } =
    useLoaderData<typeof loader>();
  const queued = useActionData<typeof action>();
  const run = sync.import;
  const importing = run?.state === 'running';
  const going = runs.filter(({ state }) => state === 'running').length;
  const waiting = sync.inboxWaiting + sync.toRead + tags.customersWaiting + going;
  // Counting a large store again costs its database a second.
  const large = (store?.summary.customers ?? 0) > LARGE_STORE;
  const awaited = !store || (queued !== undefined && run?.state === 'failed');
  useRefresh(awaited ? 1_500 : importing || waiting > 0 ? (large ? 15_000 : 4_000) : 30_000);

  return (
    <Page title="Home" subtitle={settings.name}>
      <BlockStack gap="400">
        {settings.writesStoppedAt ? <WritesStoppedBanner /> : null}
        <StandingNotices
          standings={standings}
          paged={pagedProgress(run)}
          recentOrdersOnly={run?.parts.some((part) => part.recentOnly) ?? false}
          waiting={importing ? run.message : null}
        />
        <LeftoversBanner words={leftovers} />
        <HeldChanges changes={held} />
        <ChangeNotice run={change} />
        <BackgroundRuns runs={runs} />
        {hold ? <OnHold until={hold.to} /> : null}
        {run?.state === 'failed' ? (
          <ImportFailed message={run.message} first={!store} queued={queued !== undefined} />
        ) : null}
        {run && importing ? <ImportProgress run={run} first={!store} /> : null}
        {!store && !importing && run?.state !== 'failed' ? (
          <BeforeImport queued={queued !== undefined} />
        ) : null}
        {store ? (
          <>
            {store.live === 0 ? <AllDrafts drafts={store.drafts} /> : null}
            <StoreNumbers summary={store.summary} currency={settings.currency} />
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingMd">
                  Life-cycle map
                </Text>
                {store.summary.customers === 0 ? (
                  <Text as="p" tone="subdued">
                    Your store has no customers yet. The map fills as they come.
                  </Text>
                ) : (
                  <LifecycleMap groups={store.groups} rhythmDays={store.rhythmDays} />
                )}
                {store.gaps < MINIMUM_GAPS && store.summary.customers > 0 ? (
                  <Text as="p" tone="subdued" variant="bodySm">
                    Your store has {countOf(store.gaps, 'gap')} between orders of one customer. Under 100,
                    fixed limits of 30, 90 and 365 days are used.
                  </Text>
                ) : null}
              </BlockStack>
            </Card>
          </>
        ) : null}
        {run && store ? (
          <SyncCard
            timeZone={settings.timeZone}
            lastSyncedAt={settings.lastSyncedAt}
            lastImportAt={run.state === 'done' ? run.finishedAt : settings.firstImportedAt}
            inboxWaiting={sync.inboxWaiting}
            toRead={sync.toRead}
            couldNotRead={sync.couldNotRead}
            tagCustomersWaiting={tags.customersWaiting}
            tagCustomersTryingAgain={tags.customersTryingAgain}
            tagsFailed={tags.failed}
            writesStopped={settings.writesStoppedAt !== null}
          />
        ) : null}
      </BlockStack>
    </Page>
  );
}
