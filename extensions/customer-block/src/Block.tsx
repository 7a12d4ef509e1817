/** On Shopify's page of a customer: life-cycle, spent, segments and why, and the way to the app's own page. */
import '@shopify/ui-extensions/preact';
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Api } from '@shopify/ui-extensions/admin.customer-details.block.render';
import { loadCustomer, type Loaded, type ShownCustomer, type ShownSegment } from './load-customer.ts';

declare const shopify: Api;

export default function block(): Promise<void> {
  render(<Block />, document.body);
  return Promise.resolve();
}

function Block() {
  const gid = shopify.data.selected[0]?.id ?? '';
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    void loadCustomer(gid).then(setLoaded);
  }, [gid]);
  return (
    <s-admin-block heading="Segments" collapsedSummary={summaryOf(loaded)}>
      <Content loaded={loaded} id={gid.split('/').at(-1) ?? ''} />
    </s-admin-block>
  );
}

function Content({ loaded, id }: { loaded: Loaded | undefined; id: string }) {
  switch (loaded?.outcome) {
    case undefined:
      return <s-spinner accessibilityLabel="Loading segments" />;
    case 'unknown':
      return (
        <s-paragraph>
          Regulars has not read this customer yet. New customers show up within a minute.
        </s-paragraph>
      );
    case 'failed':
      return (
        <s-paragraph>The segments could not be read just now. Reload the page to try again.</s-paragraph>
      );
    case 'known':
      return <Known customer={loaded.customer} id={id} />;
  }
}

function Known({ customer, id }: { customer: ShownCustomer; id: string }) {
  const { lifeCycle, spent, orders, segments } = customer;
  return (
    <s-stack gap="base">
      <s-stack direction="inline" gap="base">
        {lifeCycle === null ? null : <s-badge tone="info">{lifeCycle}</s-badge>}
        <s-text>
          {spent} spent in {orders} {orders === 1 ? 'order' : 'orders'}
        </s-text>
      </s-stack>
      {segments.length === 0 ? (
        <s-paragraph>In none of the segments that are turned on.</s-paragraph>
      ) : (
        segments.map((segment, index) => <Segment key={index} segment={segment} />)
      )}
      <s-link href={`app:customers/${id}`}>Open in Regulars</s-link>
    </s-stack>
  );
}

function Segment({ segment: { name, since, why } }: { segment: ShownSegment }) {
  return (
    <s-stack gap="small-300">
      <s-text type="strong">{name}</s-text>
      <s-text color="subdued">{since}</s-text>
      <s-unordered-list>
        {why.map((condition, index) => (
          <s-list-item key={index}>{condition}</s-list-item>
        ))}
      </s-unordered-list>
    </s-stack>
  );
}

function summaryOf(loaded: Loaded | undefined): string {
  if (loaded?.outcome !== 'known') return '';
  const { lifeCycle, spent } = loaded.customer;
  return lifeCycle === null ? spent : `${lifeCycle}, ${spent}`;
}
