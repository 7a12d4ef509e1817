/** What is computed for everybody in the background: how far it is; "Pause", "Go on" and "Cancel". */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Card, Page } from '@shopify/polaris';
import { pauseRun, readRuns, readShownRuns, resumeRuns } from '../pipeline/background-run.server.ts';
import { cancelRun } from '../pipeline/cancel-run.server.ts';
import { NothingHere } from '../ui/nothing-here.tsx';
import { useRefresh } from '../ui/use-refresh.ts';
import { BackgroundRuns } from '../ui/value/background-runs.tsx';
import { NOT_CANCELLED, type NotCancelled } from '../ui/value/run-words.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Under way · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId }) =>
    app.db.inShop(shopId, async (tx) => ({ runs: await readShownRuns(tx) })),
  );
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    switch (form.get('intent')) {
      case 'cancel': {
        const id = form.get('id');
        const outcome = await cancelRun(app, shopId, { id: typeof id === 'string' ? id : '', actor });
        return outcome === 'done' ? redirect('/app') : Response.json({ outcome }, { status: 409 });
      }
      case 'pause':
      case 'resume': {
        const pause = form.get('intent') === 'pause';
        const changed = await app.db.inShop(shopId, async (tx) => {
          const run = (await readRuns(tx)).find(({ kind }) => kind === form.get('kind'));
          if (!run) return false;
          return pause
            ? pauseRun(tx, run.kind, { actor, now })
            : (await resumeRuns(tx, { kind: run.kind, actor, now })).length > 0;
        });
        app.log.info({ shopId, pause, changed }, 'a run in the background');
        return redirect('/app');
      }
      default:
        return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
  });
}

export default function Runs() {
  const { runs } = useLoaderData<typeof loader>();
  const said = useActionData() as { outcome?: NotCancelled } | undefined;
  useRefresh(runs.some(({ state }) => state === 'running') ? 2_000 : 30_000);
  return (
    <Page title="Under way" backAction={{ content: 'Home', url: '/app' }}>
      <BlockStack gap="400">
        {said?.outcome ? (
          <Banner tone="info" title="Nothing was cancelled">
            <p>{NOT_CANCELLED[said.outcome]}</p>
          </Banner>
        ) : null}
        <BackgroundRuns runs={runs} />
        {runs.length === 0 ? (
          <Card>
            <NothingHere heading="Nothing is under way" action={{ content: 'Go to Home', url: '/app' }}>
              <p>What is computed for all your customers in the background shows here how far it is.</p>
            </NothingHere>
          </Card>
        ) : null}
      </BlockStack>
    </Page>
  );
}
