/** What an earlier installation left in the store: found, shown with counts, and nothing done until the merchant decides. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { BlockStack, Card, Page, Text } from '@shopify/polaris';
import { decideLeftovers } from '../activation/leftovers/decide-leftovers.server.ts';
import {
  LEFTOVER_KINDS,
  type LeftoverDecision,
  type LeftoverKind,
} from '../activation/leftovers/leftover.ts';
import { readLeftovers } from '../activation/leftovers/read-leftovers.server.ts';
import { NothingHere } from '../ui/nothing-here.tsx';
import { LeftoverGroup } from '../ui/reach/leftover-group.tsx';
import { useRefresh } from '../ui/use-refresh.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'From an earlier installation · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId }) => ({
    leftovers: await app.db.inShop(shopId, readLeftovers),
  }));
}

const DECISIONS: readonly string[] = ['adopt', 'remove', 'leave'] satisfies LeftoverDecision[];

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const kind = String(form.get('kind'));
    const decision = String(form.get('decision'));
    if (!LEFTOVER_KINDS.some((known) => known === kind) || !DECISIONS.includes(decision)) {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    const about = await app.db.inShop(shopId, (tx) =>
      decideLeftovers(tx, {
        kind: kind as LeftoverKind,
        decision: decision as LeftoverDecision,
        actor,
        now,
      }),
    );
    app.log.info({ shopId, kind, decision, about }, 'a word about what an earlier installation left');
    return about === 0 ? Response.json({ outcome: 'gone' }, { status: 409 }) : redirect('/app/leftovers');
  });
}

export default function Leftovers() {
  const { leftovers } = useLoaderData<typeof loader>();
  useRefresh(leftovers.some(({ state }) => state === 'removing') ? 2_000 : 30_000);
  const groups = LEFTOVER_KINDS.map((kind) => ({
    kind,
    all: leftovers.filter((one) => one.kind === kind),
  })).filter(({ all }) => all.length > 0);
  return (
    <Page title="From an earlier installation" backAction={{ content: 'Use it', url: '/app/use' }}>
      <BlockStack gap="400">
        {groups.length === 0 ? (
          <Card>
            <NothingHere heading="Nothing of an earlier installation is in your store">
              <p>Whenever the app is installed again, what it finds of itself is listed here.</p>
            </NothingHere>
          </Card>
        ) : (
          <Text as="p">
            Regulars was in this store before. Nothing is done with what it left until you decide.
          </Text>
        )}
        {groups.map(({ kind, all }) => (
          <LeftoverGroup key={kind} kind={kind} all={all} />
        ))}
      </BlockStack>
    </Page>
  );
}
