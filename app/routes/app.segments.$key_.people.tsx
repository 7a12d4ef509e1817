/** Always in, never in, and the few customers that a draft is tried on. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Card, Text } from '@shopify/polaris';
import { assertNever } from '../app-error.ts';
import { namePerson } from '../pipeline/name-person.server.ts';
import { trySegment, TRIAL_LIMIT } from '../pipeline/try-segment.server.ts';
import { readPeople } from '../segments/read-people.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { readSegmentHead } from '../segments/read-segment-head.server.ts';
import { NameForm } from '../ui/segments/people/name-form.tsx';
import { NamedPeople } from '../ui/segments/people/named-people.tsx';
import { TryForm } from '../ui/segments/people/try-form.tsx';
import { SegmentPage } from '../ui/segments/segment-page.tsx';
import { CustomerNamesProvider, useCustomerNames } from '../ui/use-customer-names.ts';
import { noSuchSegment } from './no-such-segment.server.ts';
import { pageRequest } from './page-request.server.ts';
import { CHANGE_URL, reviewUrl } from './saved-segment.server.ts';

const SHOWN = 100;

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `People of ${data?.head.name ?? 'a segment'} · Regulars` },
];

export function loader(args: LoaderFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const head = await readSegmentHead(tx, await readRuleDay(tx, now), key);
      if (!head) throw noSuchSegment();
      return {
        head,
        people: await readPeople(tx, key, SHOWN),
        timeZone: settings.timeZone,
        most: TRIAL_LIMIT,
      };
    }),
  );
}

interface Refused {
  message: string;
}

export function action(args: ActionFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const customerIds = form.getAll('customer').map(String).filter((id) => /^\d{1,18}$/.test(id)); // prettier-ignore
    const refuse = (message: string) => Response.json({ message } satisfies Refused, { status: 422 });
    const here = `/app/segments/${key}/people`;
    if (form.get('intent') === 'try') {
      const tried = await trySegment(app, shopId, { key, customerIds, actor, now });
      switch (tried.outcome) {
        case 'done':
          return redirect(`/app/segments/${key}?receipt=${tried.approvalId}`);
        case 'ask':
        case 'changed':
          return redirect(reviewUrl({ act: 'try', key }));
        case 'not_a_draft':
          return refuse('Only a draft can be tried on a few customers.');
        case 'bad_customers':
          return refuse(`Choose one to ${TRIAL_LIMIT} customers of this store.`);
        case 'started':
        case 'busy':
          return redirect(CHANGE_URL);
        case 'not_ready':
          return redirect(`/app/segments/${key}?notice=${tried.reason}`);
        default:
          return assertNever(tried);
      }
    }
    const list = form.get('list');
    if (form.get('intent') !== 'name' || (list !== 'always' && list !== 'never' && list !== 'none')) {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    const named = await namePerson(app, shopId, {
      key,
      customerIds,
      list: list === 'none' ? null : list,
      actor,
      now,
    });
    switch (named.outcome) {
      case 'done':
        return redirect(`${here}?notice=people`);
      case 'unknown_segment':
        throw noSuchSegment();
      case 'unknown_customers':
        return refuse('Choose at least one customer of this store.');
      default:
        return assertNever(named);
    }
  });
}

export default function People() {
  const { head, people, timeZone, most } = useLoaderData<typeof loader>();
  const refused = useActionData() as Partial<Refused> | undefined;
  const names = useCustomerNames(people.map(({ customerId }) => customerId));
  const of = (list: string) => people.filter((one) => one.list === list);
  return (
    <SegmentPage head={head} tab="people">
      {refused?.message ? (
        <Banner tone="critical" title="Not saved">
          <p>{refused.message}</p>
        </Banner>
      ) : null}
      <NameForm
        // What was chosen is done with once it is in the list.
        key={people.map(({ customerId, list }) => `${customerId}${list}`).join()}
      />
      <CustomerNamesProvider value={names}>
        <Card>
          <BlockStack gap="400">
            <NamedPeople
              title="Always in"
              help="Whatever the rule says."
              people={of('always')}
              timeZone={timeZone}
            />
            <NamedPeople
              title="Never in"
              help="This wins over everything."
              people={of('never')}
              timeZone={timeZone}
            />
            {people.length >= SHOWN ? (
              <Text as="p" tone="subdued" variant="bodySm">{`The last ${SHOWN} are shown.`}</Text>
            ) : null}
          </BlockStack>
        </Card>
        {head.trial ? (
          <Card>
            <NamedPeople
              title="Tried on"
              help="Nobody else gets the tag."
              people={of('trial')}
              timeZone={timeZone}
            />
          </Card>
        ) : null}
      </CustomerNamesProvider>
      {head.status === 'draft' && head.kind === 'rule' ? <TryForm most={most} /> : null}
    </SegmentPage>
  );
}
