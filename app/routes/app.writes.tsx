/** "Stop all writes" and "Go on", each with what it means before it is confirmed. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useLoaderData, useNavigation } from '@remix-run/react';
import { BlockStack, Button, ButtonGroup, Card, Page, Text } from '@shopify/polaris';
import { readTagStatus } from '../activation/tags/read-tag-status.server.ts';
import { resumeWrites } from '../pipeline/resume-writes.server.ts';
import { stopWrites } from '../pipeline/stop-writes.server.ts';
import { countOf, formatInstant } from '../ui/format.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Writing tags · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, settings, now }) => ({
    stoppedAt: settings.writesStoppedAt,
    timeZone: settings.timeZone,
    waiting: (await app.db.inShop(shopId, (tx) => readTagStatus(tx, now))).customersWaiting,
  }));
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const intent = (await args.request.formData()).get('intent');
    if (intent !== 'stop' && intent !== 'resume') {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    const act = intent === 'stop' ? stopWrites : resumeWrites;
    const changed = await app.db.inShop(shopId, (tx) => act(tx, { actor, now }));
    app.log.info({ shopId, intent, changed }, 'writing tags');
    return redirect('/app');
  });
}

export default function Writes() {
  const { stoppedAt, timeZone, waiting } = useLoaderData<typeof loader>();
  const submitting = useNavigation().formMethod === 'POST';
  return (
    <Page
      title={stoppedAt ? 'Go on writing tags' : 'Stop all writes'}
      backAction={{ content: 'Home', url: '/app' }}
    >
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="200">
            <Text as="p">
              {stoppedAt
                ? `Nothing has been written to your store since ${formatInstant(stoppedAt, timeZone)}. If you go on, the tags of your customers are compared with what they should be now, and the differences are written.`
                : 'No tag is added or removed in your store until you let Regulars go on. Segments are still kept up to date here. What Shopify has been given already is finished: it may take a minute.'}
            </Text>
            <Text as="p" tone="subdued">
              {waiting === 0
                ? 'No customer waits for a change of tags.'
                : `${countOf(waiting, 'customer')} ${waiting === 1 ? 'waits' : 'wait'} for a change of tags.`}
            </Text>
          </BlockStack>
        </Card>
        <Form method="post" className="rg-page-actions">
          <input type="hidden" name="intent" value={stoppedAt ? 'resume' : 'stop'} />
          <ButtonGroup>
            <Button submit variant="primary" tone={stoppedAt ? undefined : 'critical'} loading={submitting}>
              {stoppedAt ? 'Go on' : 'Stop all writes'}
            </Button>
            <Button url="/app" disabled={submitting}>
              Cancel
            </Button>
          </ButtonGroup>
        </Form>
      </BlockStack>
    </Page>
  );
}
