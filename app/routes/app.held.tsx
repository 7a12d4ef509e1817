/** Changes that wait for a person, those that were decided, and the decision itself. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Card, Page, Text } from '@shopify/polaris';
import { decideHeldChange } from '../pipeline/decide-held-change.server.ts';
import { readDecidedChanges, readHeldChanges } from '../pipeline/held-change.server.ts';
import { allowNumbers, readKeptOut } from '../pipeline/numbers-kept-out.server.ts';
import { NumberTable } from '../ui/charts/number-table.tsx';
import { formatCount, formatDay, formatInstant } from '../ui/format.ts';
import { HeldChanges } from '../ui/value/held-changes.tsx';
import { NumbersKeptOut } from '../ui/value/numbers-kept-out.tsx';
import { DECIDED_WORDS, whatOf } from '../ui/value/held-words.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Held changes · Regulars' }];

const SHOWN = 20;

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings, today }) =>
    app.db.inShop(shopId, async (tx) => ({
      timeZone: settings.timeZone,
      held: await readHeldChanges(tx),
      keptOut: await readKeptOut(tx, today),
      decided: await readDecidedChanges(tx, SHOWN),
    })),
  );
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const [id, decision] = [form.get('id'), form.get('decision')];
    if (typeof id === 'string' && decision === 'allow') {
      const allowed = await app.db.inShop(shopId, (tx) => allowNumbers(tx, { id, actor, now }));
      return allowed ? redirect('/app/held') : Response.json({ outcome: 'gone' }, { status: 409 });
    }
    if (typeof id !== 'string' || (decision !== 'release' && decision !== 'discard')) {
      return Response.json({ outcome: 'bad_request' as const }, { status: 400 });
    }
    const decided = await decideHeldChange(app, shopId, { id, decision, actor, now });
    app.log.info({ shopId, id, decision, outcome: decided.outcome }, 'a held change');
    if (decided.outcome === 'done') return redirect('/app');
    return Response.json(
      { outcome: decided.outcome, until: decided.outcome === 'on_hold' ? decided.until : null },
      { status: 409 },
    );
  });
}

const WHY_NOT = {
  gone: 'It was decided already, or newer numbers have taken its place. Nothing was done. Here is what waits now.',
  changed: 'Other segments are live now, so the counts were old. Nothing was done. Here are the new ones.',
  under_way:
    'Another change of what counts as an order is still being worked out. Nothing was done. Release this one when that is done, or cancel that one first.',
  bad_request: 'The page asked for something that is not there. Nothing was done.',
} as const;

export default function Held() {
  const { held, keptOut, decided, timeZone } = useLoaderData<typeof loader>();
  const said = useActionData() as { outcome?: keyof typeof WHY_NOT | 'on_hold'; until?: string } | undefined;
  return (
    <Page title="Held changes" backAction={{ content: 'Home', url: '/app' }}>
      <BlockStack gap="400">
        {said?.outcome ? (
          <Banner tone="info" title="Nothing was done">
            <p>
              {said.outcome === 'on_hold'
                ? `Nothing is put in force until the hold for the sale season is over, after ${said.until ? formatDay(said.until) : ''}. You can end the hold in Settings.`
                : WHY_NOT[said.outcome]}
            </p>
          </Banner>
        ) : null}
        <HeldChanges changes={held} />
        {keptOut ? <NumbersKeptOut id={keptOut.id} until={keptOut.until} /> : null}
        {held.length === 0 ? (
          <Card>
            <Text as="p">
              Nothing waits for you. Changes that nobody approved and that would touch more than 2 % of your
              buyers, at least 100 customers, wait here.
            </Text>
          </Card>
        ) : null}
        {decided.length > 0 ? (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Decided
              </Text>
              <NumberTable
                caption="Held changes that were decided"
                head={['When', 'What', 'Customers', 'Outcome']}
                rows={decided.map((change) => ({
                  key: change.id,
                  head: change.decidedAt ? formatInstant(change.decidedAt, timeZone) : '–',
                  cells: [whatOf(change), formatCount(change.affected), DECIDED_WORDS[change.state]],
                }))}
              />
            </BlockStack>
          </Card>
        ) : null}
      </BlockStack>
    </Page>
  );
}
