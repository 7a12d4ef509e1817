/** What another order policy would change, before it is saved: the store, the segments, a few people. */
import { Form } from '@remix-run/react';
import { Banner, BlockStack, Button, ButtonGroup, Card, Spinner, Text } from '@shopify/polaris';
import type { PolicyDraft } from '../../pipeline/change-policy.server.ts';
import type { MovedSegment, PolicyEffect, PolicyNumbers } from '../../pipeline/measure-policy.server.ts';
import { CardHead } from '../card-head.tsx';
import { NumberTable } from '../charts/number-table.tsx';
import { CustomerName } from '../customer-name.tsx';
import { countOf, formatCount, formatMinor } from '../format.ts';
import { ReviewTable } from '../review-table.tsx';
import { CustomerNamesProvider, useCustomerNames } from '../use-customer-names.ts';

export function PolicyEffectCard({
  draft: { state, version, effect },
  currency,
  busy,
}: {
  draft: Pick<PolicyDraft, 'state' | 'version' | 'effect'>;
  currency: string;
  busy: boolean;
}) {
  if (state === 'asked') {
    return (
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            What this changes
          </Text>
          <div role="status">
            <Spinner size="small" accessibilityLabel="Counting" /> Your store is large: it is counted in the
            background. This page shows it when it is done; nothing is saved until you approve.
          </div>
          <Discard busy={busy} />
        </BlockStack>
      </Card>
    );
  }
  if (state === 'failed' || effect === null) {
    return (
      <Banner tone="warning" title="What this changes could not be counted">
        <BlockStack gap="200">
          <p>It took too long. Nothing was saved. Try it again when your store is quiet.</p>
          <Discard busy={busy} />
        </BlockStack>
      </Banner>
    );
  }
  const moved = effect.segments.filter(({ gains, loses }) => gains + loses > 0);
  return (
    <Card>
      <BlockStack gap="400">
        <CardHead title="What this changes">
          Nothing is saved until you approve. Then all orders are counted again in the background; you see how
          far it is.
        </CardHead>
        <Numbers effect={effect} currency={currency} />
        {moved.length > 0 ? (
          <>
            <Text as="h3" variant="headingSm">
              {`${countOf(effect.affected, 'customer')} enter or leave live segments`}
            </Text>
            <ReviewTable segments={moved} showGains />
            <People moved={moved} people={effect.people} />
          </>
        ) : (
          <Text as="p">Nobody enters or leaves a live segment.</Text>
        )}
        {effect.offers ? (
          <Banner tone="warning" title="An offer hangs on one of these segments">
            <p>Who leaves the segment keeps the offer as its own page says; who enters may get it.</p>
          </Banner>
        ) : null}
        {moved.some(({ gains }) => gains > 0) ? (
          <Text as="p" tone="subdued">
            New tags may start your own automations: Flow workflows and campaigns see each of them. Ours for
            these customers are not started.
          </Text>
        ) : null}
        <div className="rg-page-actions">
          <ButtonGroup>
            <Form method="post">
              <input type="hidden" name="intent" value="approve" />
              <input type="hidden" name="version" value={version} />
              <Button submit variant="primary" loading={busy}>
                Approve and count again
              </Button>
            </Form>
            <Discard busy={busy} />
          </ButtonGroup>
        </div>
      </BlockStack>
    </Card>
  );
}

function Discard({ busy }: { busy: boolean }) {
  return (
    <Form method="post">
      <input type="hidden" name="intent" value="discard" />
      <Button submit disabled={busy}>
        Discard
      </Button>
    </Form>
  );
}

function Numbers({ effect: { before, after }, currency }: { effect: PolicyEffect; currency: string }) {
  const money = (minor: string | null) => (minor === null ? '–' : formatMinor(minor, currency));
  const rows: [string, (numbers: PolicyNumbers) => string][] = [
    ['Orders that count', ({ summary }) => formatCount(summary.orders)],
    ['Spent', ({ summary }) => money(summary.spentMinor)],
    ['Buyers', ({ summary }) => formatCount(summary.buyers)],
    ['Repeat buyers', ({ summary }) => formatCount(summary.repeatBuyers)],
    ['People left out', ({ leftOut }) => `${formatCount(leftOut.people)}, ${money(leftOut.peopleMinor)}`],
    ['Orders left out', ({ leftOut }) => `${formatCount(leftOut.orders)}, ${money(leftOut.ordersMinor)}`],
    ['All that was paid', ({ views }) => money(views.totalMinor)],
    ['Products only', ({ views }) => money(views.productsMinor)],
    ['Shopify’s amount spent', ({ views }) => money(views.shopifyMinor)],
  ];
  return (
    <NumberTable
      caption="The store before and after"
      wrap
      head={['', 'Now', 'Then']}
      rows={rows.map(([head, of]) => ({
        key: head,
        head,
        cells: [of(before), of(after)],
        strong: of(before) !== of(after),
      }))}
    />
  );
}

function People({ moved, people }: { moved: readonly MovedSegment[]; people: readonly string[] }) {
  const names = useCustomerNames(people);
  return (
    <CustomerNamesProvider value={names}>
      {moved.map(({ key, name, enter, leave, gains, loses }) => (
        <BlockStack gap="100" key={key}>
          <Text as="h4" variant="headingSm">
            {name}
          </Text>
          <Some words="Enter" ids={enter} of={gains} />
          <Some words="Leave" ids={leave} of={loses} />
        </BlockStack>
      ))}
    </CustomerNamesProvider>
  );
}

function Some({ words, ids, of }: { words: string; ids: readonly string[]; of: number }) {
  if (ids.length === 0) return null;
  return (
    <div>
      <Text as="p" tone="subdued">
        {ids.length < of ? `${words}: ${ids.length} of ${formatCount(of)}` : `${words}:`}
      </Text>
      <ul className="rg-sample">
        {ids.map((id) => (
          <li key={id}>
            <CustomerName id={id} link />
          </li>
        ))}
      </ul>
    </div>
  );
}
