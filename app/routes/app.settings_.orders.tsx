/**
 * What counts as an order: the switches, what each would change before it is saved, and who and what is left out now.
 * Its effect is shown before it is saved, whatever its size; approved, all history is replayed in the background.
 */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Link, Page, Text } from '@shopify/polaris';
import { useState } from 'react';
import { assertNever } from '../app-error.ts';
import { readChannels, readProductTitles } from '../history/read-policy-words.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import { biggestSpender, readLeftOut, readThreeViews } from '../history/read-views.server.ts';
import { readShownRuns } from '../pipeline/background-run.server.ts';
import {
  approvePolicy,
  dropPolicyDraft,
  lookAtPolicy,
  readEarlierPolicies,
  readPolicyDraft,
} from '../pipeline/change-policy.server.ts';
import { leaveOutPerson, readLeftOutPeople } from '../pipeline/leave-out-person.server.ts';
import { readJson } from '../read-json.ts';
import { withinLimit } from '../segments/analysis/within-limit.server.ts';
import { readPolicyForm, type PolicyFaults } from '../segments/policy-faults.ts';
import { readShopFacts } from '../segments/presets-read-ideas.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { PolicyEffectCard } from '../ui/policy/policy-effect.tsx';
import { AmountField, CompanyFields, OrderFields, PeopleFields } from '../ui/policy/policy-fields.tsx';
import { EarlierPolicies, LeftOutNow, PeopleByHand, ViewsOf } from '../ui/policy/policy-state.tsx';
import { SaveBar } from '../ui/segments/save-bar.tsx';
import { useRefresh } from '../ui/use-refresh.ts';
import { BackgroundRuns } from '../ui/value/background-runs.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'What counts as an order · Regulars' }];

/** A page adds up every order: a store that is too large for it is told so. */
const LIMIT_MS = 3_000;
const SHOWN = 50;
const HERE = '/app/settings/orders';

export function loader(args: LoaderFunctionArgs) {
  const asked = new URL(args.request.url).searchParams.get('customer') ?? '';
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const day = await readShopDay(tx, now);
      const draft = await readPolicyDraft(tx);
      const customerId = /^\d{1,18}$/.test(asked) ? asked : await biggestSpender(tx);
      const timed = <T,>(work: () => Promise<T>) => withinLimit(tx, LIMIT_MS, work);
      const views = await timed(async () => ({
        store: await readThreeViews(tx, day, null),
        customer: customerId === null ? null : await readThreeViews(tx, day, customerId),
        leftOut: await readLeftOut(tx, day),
      }));
      const channels = await timed(() => readChannels(tx));
      const chosen = [...day.policy.leaveOutProducts, ...(draft?.policy.leaveOutProducts ?? [])];
      return {
        currency: settings.currency,
        timeZone: settings.timeZone,
        policy: day.policy,
        draft,
        customerId,
        views: views.state === 'here' ? views.value : null,
        channels: channels.state === 'here' ? channels.value : null,
        names: await readProductTitles(tx, chosen),
        people: await readLeftOutPeople(tx, SHOWN),
        earlier: await readEarlierPolicies(tx, 10),
        runs: (await readShownRuns(tx)).filter(({ kind }) => kind === 'policy'),
      };
    }),
  );
}

interface Answer {
  faults?: PolicyFaults;
  /** What was shown is no longer so: it was worked out anew. */
  changed?: boolean;
  /** The store's days are being moved. */
  busy?: boolean;
  /** The last change of this kind is still being worked out. */
  underWay?: boolean;
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    const answer = (body: Answer, status = 200) => Response.json(body, { status });
    const bad = () => Response.json({ outcome: 'bad_request' }, { status: 400 });
    switch (text('intent')) {
      case 'look': {
        const facts = await app.db.inShop(shopId, async (tx) =>
          readShopFacts(tx, await readRuleDay(tx, now)),
        );
        const read = readPolicyForm(readJson(text('policy')), facts);
        if (read.outcome === 'bad_request') return bad();
        if (read.outcome === 'faults') return answer({ faults: read.faults }, 422);
        const wish = await lookAtPolicy(app, shopId, { policy: read.policy, actor });
        app.log.info({ shopId, wish }, 'another order policy is looked at');
        return redirect(HERE);
      }
      case 'approve': {
        const approved = await approvePolicy(app, shopId, { version: text('version'), actor });
        switch (approved.outcome) {
          case 'done':
          case 'gone':
            return redirect(HERE);
          case 'busy':
            return answer({ busy: true }, 409);
          case 'under_way':
            return answer({ underWay: true }, 409);
          case 'changed': {
            const draft = await app.db.inShop(shopId, readPolicyDraft);
            if (draft) await lookAtPolicy(app, shopId, { policy: draft.policy, actor });
            return answer({ changed: true }, 409);
          }
          default:
            return assertNever(approved);
        }
      }
      case 'discard':
        await app.db.inShop(shopId, dropPolicyDraft);
        return redirect(HERE);
      case 'count_again': {
        const customerId = text('customer');
        if (!/^\d{1,18}$/.test(customerId)) return bad();
        await leaveOutPerson(app, shopId, { customerId, out: false, actor, now });
        return redirect(HERE);
      }
      default:
        return bad();
    }
  });
}

export default function OrderPolicyPage() {
  const data = useLoaderData<typeof loader>();
  const answer = useActionData() as Answer | undefined;
  const { draft, currency, runs } = data;
  const busy = useNavigation().formMethod === 'POST';
  useRefresh(draft?.state === 'asked' || runs.length > 0 ? 2_000 : 60_000);
  return (
    <Page
      title="What counts as an order"
      subtitle="Orders, spent, scores and segments follow it. What is left out is kept, and can be counted again."
      backAction={{ content: 'Settings', url: '/app/settings' }}
    >
      <BlockStack gap="400">
        {answer?.changed ? (
          <Banner tone="warning" title="Your store has changed since you looked">
            <p>Nothing was saved. These are the numbers now: look again, then approve.</p>
          </Banner>
        ) : null}
        {answer?.busy ? (
          <Banner tone="info" title="Your store’s days are being moved">
            <p>
              Another time zone is being worked out for everybody. Nothing was saved: approve when that is
              done.
            </p>
          </Banner>
        ) : null}
        {answer?.underWay ? (
          <Banner tone="info" title="The last change is still being worked out">
            <p>Nothing was saved. Approve this one when that is done, or cancel that one first.</p>
          </Banner>
        ) : null}
        <BackgroundRuns runs={runs} />
        {draft ? <PolicyEffectCard draft={draft} currency={currency} busy={busy} /> : null}
        {/* A draft, or what was approved, begins the form anew. */}
        <PolicyForm key={draft?.version ?? JSON.stringify(data.policy)} faults={answer?.faults ?? {}} />
        <LeftOutNow leftOut={data.views?.leftOut ?? null} currency={currency} />
        <EarlierPolicies earlier={data.earlier} timeZone={data.timeZone} busy={busy} />
      </BlockStack>
    </Page>
  );
}

function PolicyForm({ faults }: { faults: PolicyFaults }) {
  const {
    policy: stored,
    draft,
    views,
    currency,
    customerId,
    channels,
    names,
    people,
  } = useLoaderData<typeof loader>();
  const first = draft?.policy ?? stored;
  const [policy, setPolicy] = useState(first);
  const busy = useNavigation().formMethod === 'POST';
  const dirty = JSON.stringify(policy) !== JSON.stringify(first);
  const fields = { policy, faults, onChange: setPolicy };
  return (
    <>
      <Form method="post" id="policy-form">
        <SaveBar
          dirty={dirty && !busy}
          saving={busy}
          onSave={() => (document.getElementById('policy-form') as HTMLFormElement | null)?.requestSubmit()}
          onDiscard={() => setPolicy(first)}
        />
        <input type="hidden" name="intent" value="look" />
        <input type="hidden" name="policy" value={JSON.stringify(policy)} />
        <BlockStack gap="400">
          {Object.keys(faults).length > 0 ? (
            <Banner tone="critical" title="Not saved yet">
              <p>See what is wrong beside the fields.</p>
            </Banner>
          ) : null}
          <AmountField {...fields}>
            <ViewsOf views={views} customerId={customerId} currency={currency} />
          </AmountField>
          <CompanyFields {...fields} />
          <PeopleFields {...fields}>
            <Text as="p" tone="subdued">
              One person: choose “Leave out” on the page of the <Link url="/app/customers">customer</Link>.
            </Text>
          </PeopleFields>
          <OrderFields {...fields} channels={channels} names={names} />
          <div className="rg-page-actions">
            <Button submit variant="primary" loading={busy} disabled={!dirty}>
              See what this changes
            </Button>
          </div>
        </BlockStack>
      </Form>
      <PeopleByHand people={people} busy={busy} />
    </>
  );
}
