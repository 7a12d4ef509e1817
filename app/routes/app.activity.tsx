/** Activity: every tag that was written or edited, with outcome and cause; decisions; what could not be read; requests. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useLoaderData, useSearchParams } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Link, Page, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { activityWords, OUTCOME_WORDS } from '../activation/activity-words.ts';
import { readActivity, type ActivityOutcome } from '../activation/read-activity.server.ts';
import { readStoreWrites } from '../activation/reach-writes.server.ts';
import { storeWriteWords } from '../activation/store-write-words.ts';
import { explainFailure } from '../activation/tags/write-failure.ts';
import { listDeadLetters, replayDeadLetter } from '../intake/inbox/dead-letters.server.ts';
import { readDecidedChanges } from '../pipeline/held-change.server.ts';
import { listPrivacyRequests } from '../privacy/privacy-request.server.ts';
import { readReceipts } from '../segments/read-receipts.server.ts';
import { readSegmentTags } from '../segments/read-segment-tags.server.ts';
import { ActivitySection } from '../ui/activity/activity-section.tsx';
import { causeWords } from '../ui/cause-words.ts';
import { NumberTable } from '../ui/charts/number-table.tsx';
import { countOf, formatCount, formatInstant } from '../ui/format.ts';
import { actWords } from '../ui/segments/receipt-banner.tsx';
import { DECIDED_WORDS, whatOf } from '../ui/value/held-words.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Activity · Regulars' }];

const PAGE_SIZE = 50;
const FEW = 20;
/** With 25 discounts, their segments and the metafields, leaving a store is on one page. */
const WRITTEN = 100;

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings }) =>
    app.db.inShop(shopId, async (tx) => {
      const query = new URL(args.request.url).searchParams;
      const segments = await readSegmentTags(tx);
      const segment = segments.find(({ key }) => key === query.get('segment'));
      const outcome = query.get('outcome') ?? '';
      const customer = query.get('customer') ?? '';
      const page = await readActivity(tx, {
        filter: {
          ...(segment ? { tag: segment.tag } : {}),
          ...(outcome in OUTCOME_WORDS ? { outcome: outcome as ActivityOutcome } : {}),
          ...(/^\d{1,18}$/.test(customer) ? { customerId: customer } : {}),
        },
        cursor: query.get('after') ?? undefined,
        limit: PAGE_SIZE,
      });
      return {
        page,
        segments: segments.map(({ key, name }) => ({ key, name })),
        written: await readStoreWrites(tx, WRITTEN),
        receipts: await readReceipts(tx, { limit: FEW }),
        decided: await readDecidedChanges(tx, FEW),
        dead: await listDeadLetters(tx, FEW),
        requests: (await listPrivacyRequests(tx, app.cipher, FEW)).map(
          ({ result: _, ...request }) => request,
        ),
        timeZone: settings.timeZone,
      };
    }),
  );
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId }) => {
    const form = await args.request.formData();
    const id = form.get('id');
    if (form.get('intent') !== 'replay' || typeof id !== 'string') {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    const outcome = await app.db.inShop(shopId, (tx) => replayDeadLetter(tx, id, app.clock.machineNow()));
    app.log.info({ shopId, inboxId: id, outcome }, 'a message is read again');
    return outcome === 'queued' ? redirect('/app/activity') : Response.json({ outcome }, { status: 409 });
  });
}

const REQUESTS = {
  data_request: 'Data request',
  customer_redact: 'A customer was erased',
  shop_redact: 'The store was erased',
} as const;

export default function Activity() {
  const { page, segments, written, receipts, decided, dead, requests, timeZone } =
    useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const when = (at: string | Date | null) => (at ? formatInstant(at, timeZone) : '–');
  const kept = ['segment', 'outcome', 'customer'].flatMap((name) => {
    const value = query.get(name);
    return value ? [[name, value] as [string, string]] : [];
  });
  const next = page.next
    ? `/app/activity?${new URLSearchParams([...kept, ['after', page.next]]).toString()}`
    : null;
  return (
    <Page title="Activity" backAction={{ content: 'Use it', url: '/app/use' }}>
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Tags
            </Text>
            <Form method="get">
              <InlineStack gap="300" blockAlign="end">
                <Choose label="Segment" name="segment" value={query.get('segment') ?? ''}>
                  <option value="">All segments</option>
                  {segments.map(({ key, name }) => (
                    <option key={key} value={key}>
                      {name}
                    </option>
                  ))}
                </Choose>
                <Choose label="Outcome" name="outcome" value={query.get('outcome') ?? ''}>
                  <option value="">All outcomes</option>
                  {Object.entries(OUTCOME_WORDS).map(([key, words]) => (
                    <option key={key} value={key}>
                      {words}
                    </option>
                  ))}
                </Choose>
                <Button submit>Show</Button>
              </InlineStack>
            </Form>
            {page.rows.length === 0 ? (
              <Text as="p" tone="subdued">
                Nothing here. Every tag that is added, removed or edited appears in this list.
              </Text>
            ) : (
              <NumberTable
                caption="Tags that were written or edited"
                head={['When', 'What', 'Tag', 'Customer', 'Why']}
                wrap
                rows={page.rows.map((row) => ({
                  key: row.id,
                  head: when(row.at),
                  cells: [
                    `${activityWords(row)}${row.way === 'bulk' ? ' (in bulk)' : ''}`,
                    { text: <code className="rg-tag">{row.tag}</code> },
                    { text: <Link url={`/app/customers/${row.customerId}`}>{row.customerId}</Link> },
                    row.reason ? explainFailure(row.reason) : row.cause ? causeWords(row.cause) : '–',
                  ],
                }))}
              />
            )}
            {next ? <Link url={next}>Older</Link> : null}
          </BlockStack>
        </Card>
        <ActivitySection
          title="Discounts, segments and metafields"
          none="Nothing of the kind was written to your store."
          caption="Discounts, segments and metafields that were written"
          head={['When', 'What', 'Name', 'Why not']}
          rows={written.map((row) => ({
            key: row.id,
            head: when(row.at),
            cells: [
              storeWriteWords(row),
              row.kind === 'metafields' ? `of ${countOf(row.amount, 'customer')}` : row.title,
              row.reason ?? '–',
            ],
          }))}
        />
        <ActivitySection
          title="Decisions"
          none="Nobody has decided anything yet."
          caption="What was decided"
          head={['When', 'What', 'Segments', 'Customers']}
          rows={receipts.map((receipt) => ({
            key: receipt.id,
            head: when(receipt.at),
            cells: [
              actWords(receipt.act),
              receipt.segments.map(({ name }) => name).join(', ') || '–',
              formatCount(receipt.customersAffected),
            ],
          }))}
        />
        <ActivitySection
          title="Held changes"
          none="No change had to wait for you."
          caption="Held changes that were decided"
          head={['When', 'What', 'Customers', 'Outcome']}
          rows={decided.map((change) => ({
            key: change.id,
            head: when(change.decidedAt),
            cells: [whatOf(change), formatCount(change.affected), DECIDED_WORDS[change.state]],
          }))}
        />
        <ActivitySection
          title="Could not read"
          none="Every message from Shopify was read."
          caption="Messages that could not be read"
          head={['When', 'Message', 'Why', 'Again']}
          rows={dead.map((letter) => ({
            key: letter.id,
            head: when(letter.finishedAt),
            cells: [
              letter.topic,
              letter.reason,
              {
                text: letter.replayable ? (
                  <Form method="post">
                    <input type="hidden" name="intent" value="replay" />
                    <input type="hidden" name="id" value={letter.id} />
                    <Button submit accessibilityLabel={`Read message ${letter.id} again`}>
                      Read again
                    </Button>
                  </Form>
                ) : (
                  'Its content is gone'
                ),
              },
            ],
          }))}
        />
        <ActivitySection
          title="Privacy requests"
          none="There were none."
          note={`${countOf(requests.length, 'request')}, newest first.`}
          caption="Privacy requests"
          head={['Received', 'What', 'Due', 'Done']}
          rows={requests.map((request) => ({
            key: request.id,
            head: when(request.receivedAt),
            cells: [REQUESTS[request.kind], when(request.dueAt), when(request.doneAt)],
          }))}
        />
      </BlockStack>
    </Page>
  );
}

/** A plain select, so that the filter works without scripts and its form is a link. */
function Choose({
  label,
  name,
  value,
  children,
}: {
  label: string;
  name: string;
  value: string;
  children: ReactNode;
}) {
  return (
    <label className="rg-choose">
      <span>{label}</span>
      <select name={name} defaultValue={value}>
        {children}
      </select>
    </label>
  );
}
