/** Leaving: everything of ours is taken out of the store, with progress and a receipt. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, Checkbox, List, Page, ProgressBar, Text } from '@shopify/polaris';
import { useState } from 'react';
import { LEAVING_KINDS, LEAVING_WORDS, totalOf } from '../activation/leaving/leaving.ts';
import { readLeaving } from '../activation/leaving/read-leaving.server.ts';
import { startLeaving } from '../activation/leaving/start-leaving.server.ts';
import { FactList } from '../ui/fact-list.tsx';
import { capital, countOf, formatInstant } from '../ui/format.ts';
import { useRefresh } from '../ui/use-refresh.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Leaving · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, settings }) => ({
    ...(await app.db.inShop(shopId, readLeaving)),
    timeZone: settings.timeZone,
  }));
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    if ((await args.request.formData()).get('sure') !== 'yes') {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    const found = await startLeaving(app, shopId, { actor, now });
    app.log.info({ shopId, found }, 'leaving begins');
    return redirect('/app/leaving');
  });
}

export default function Leaving() {
  const { ours, run, timeZone } = useLoaderData<typeof loader>();
  const [sure, setSure] = useState(false);
  const busy = useNavigation().state !== 'idle';
  const running = run?.state === 'running';
  useRefresh(running ? 2_000 : 60_000);
  const total = run ? totalOf(run.found) : 0;
  const left = totalOf(ours);
  const words = (kind: (typeof LEAVING_KINDS)[number], n: number) =>
    countOf(n, LEAVING_WORDS[kind].one, LEAVING_WORDS[kind].many);
  return (
    <Page title="Leaving" backAction={{ content: 'Settings', url: '/app/settings' }}>
      <BlockStack gap="400">
        {running ? (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Being removed: {countOf(left, 'thing')} left of {total}
              </Text>
              <ProgressBar
                progress={total === 0 ? 100 : Math.round((100 * Math.max(0, total - left)) / total)}
                ariaLabelledBy="leaving-progress"
              />
              <p id="leaving-progress">
                {STEP_WORDS[run?.step ?? ''] ?? 'It begins.'} It goes on by itself; you can close this page.
              </p>
            </BlockStack>
          </Card>
        ) : null}
        {run?.state === 'done' && run.receipt ? (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Receipt
              </Text>
              <Text as="p" tone="subdued">
                Begun {formatInstant(run.startedAt, timeZone)}
                {run.finishedAt ? `, done ${formatInstant(run.finishedAt, timeZone)}` : ''}. The same lines
                are in Activity.
              </Text>
              <FactList
                facts={LEAVING_KINDS.map((kind) => ({
                  name: capital(LEAVING_WORDS[kind].many),
                  value: `${run.receipt?.removed[kind] ?? 0} removed`,
                }))}
              />
              {run.receipt.failed.length > 0 ? (
                <Banner tone="warning" title="Not removed">
                  <List>
                    {run.receipt.failed.map((one, i) => (
                      <List.Item key={i}>
                        {words(one.kind, one.count)}: {one.reason}
                      </List.Item>
                    ))}
                  </List>
                </Banner>
              ) : null}
            </BlockStack>
          </Card>
        ) : null}
        {running ? null : (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                {left === 0 ? 'Nothing of ours is in your store' : 'What would be removed'}
              </Text>
              {left === 0 ? null : (
                <List>
                  {LEAVING_KINDS.filter((kind) => ours[kind] > 0).map((kind) => (
                    <List.Item key={kind}>{words(kind, ours[kind])}</List.Item>
                  ))}
                </List>
              )}
              <Text as="p">
                Every segment is turned off, every offer ends, and all of these are taken out of the store.
                Tags that are not ours stay; ours go also where you put them on by hand. Nothing is written
                after that until you turn something on again.
              </Text>
              <Form method="post">
                <BlockStack gap="300" inlineAlign="start">
                  <input type="hidden" name="sure" value={sure ? 'yes' : ''} />
                  <Checkbox
                    label="I want everything of this app out of my store"
                    checked={sure}
                    onChange={setSure}
                  />
                  <Button submit tone="critical" variant="primary" disabled={!sure} loading={busy}>
                    Remove everything
                  </Button>
                </BlockStack>
              </Form>
            </BlockStack>
          </Card>
        )}
      </BlockStack>
    </Page>
  );
}

/** What is under way, by the step of the run. */
const STEP_WORDS: Readonly<Record<string, string>> = {
  tags: 'Tags are being removed.',
  discounts: 'Discounts are being removed.',
  segments: 'Segments in Shopify are being removed.',
  metafields: 'Metafields are being removed.',
  search: 'The store is searched for anything of ours that is left.',
};
