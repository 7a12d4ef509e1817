/** Customers from our data, a page at a time; one segment's, or one by number. Names follow from Shopify. */
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, useLoaderData, useNavigation, useSubmit } from '@remix-run/react';
import { Button, Card, Page, Select, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { readCustomerPage, type CustomerOrder } from '../segments/read-customer-page.server.ts';
import { readSegmentNames } from '../segments/read-segment-names.server.ts';
import { CustomerTable } from '../ui/customer-table.tsx';
import { NothingHere } from '../ui/nothing-here.tsx';
import { pageRequest } from './page-request.server.ts';
import { pageLinks, readCursor } from './paging.server.ts';

const PAGE_SIZE = 50;

export const meta: MetaFunction = () => [{ title: 'Customers · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  const url = new URL(args.request.url);
  const filter = {
    segment: url.searchParams.get('segment') ?? '',
    // What people paste: "123", "gid://shopify/Customer/123" or the address of the customer's page.
    id: /(\d{1,19})\D*$/.exec(url.searchParams.get('id') ?? '')?.[1] ?? '',
    order: (url.searchParams.get('order') === 'newest' ? 'newest' : 'spent') as CustomerOrder,
  };
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const segments = await readSegmentNames(tx);
      const segment = segments.find(({ key }) => key === filter.segment);
      const page = await readCustomerPage(tx, now, {
        order: filter.order,
        segment: segment?.key,
        customerId: filter.id || undefined,
        limit: PAGE_SIZE,
        ...readCursor(url),
      });
      return {
        customers: page.customers,
        links: pageLinks(url, page),
        segments: segments.map(({ key, name, family }) => ({ key, name, family })),
        filter: { ...filter, segment: segment?.key ?? '' },
        currency: settings.currency,
        imported: settings.firstImportedAt !== null,
      };
    }),
  );
}

export default function Customers() {
  const { customers, links, segments, filter, currency, imported } = useLoaderData<typeof loader>();
  return (
    <Page title="Customers" backAction={{ content: 'Home', url: '/app' }}>
      <Card padding="0">
        <div className="rg-card-body">
          <Filters segments={segments} filter={filter} key={JSON.stringify(filter)} />
        </div>
        {customers.length > 0 ? (
          <CustomerTable
            rows={customers.map((customer) => ({ ...customer, group: customer.group?.name ?? '–' }))}
            currency={currency}
            showGroup
            previous={links.previous}
            next={links.next}
          />
        ) : (
          <NoCustomers imported={imported} filtered={filter.id !== '' || filter.segment !== ''} />
        )}
      </Card>
    </Page>
  );
}

type Data = Awaited<ReturnType<typeof loader>>;

function Filters({ segments, filter }: Pick<Data, 'segments' | 'filter'>) {
  const submit = useSubmit();
  const busy = useNavigation().state === 'loading';
  const [id, setId] = useState(filter.id);
  const change = (changed: Partial<typeof filter>) => {
    const wanted = { ...filter, id, ...changed };
    const given = Object.entries(wanted).filter(([, value]) => value !== '');
    submit(Object.fromEntries(given), { method: 'get', action: '/app/customers' });
  };
  return (
    <Form
      method="get"
      role="search"
      aria-label="Customers"
      onSubmit={(event) => {
        event.preventDefault();
        change({});
      }}
    >
      <div className="rg-filters">
        <Select
          label="Segment"
          value={filter.segment}
          onChange={(segment) => change({ segment })}
          options={[{ label: 'All customers', value: '' }, ...optionsByFamily(segments)]}
        />
        <Select
          label="Order"
          value={filter.order}
          onChange={(order) => change({ order: order as CustomerOrder })}
          options={[
            { label: 'Most spent first', value: 'spent' },
            { label: 'Newest customers first', value: 'newest' },
          ]}
        />
        <TextField
          label="Customer number in Shopify"
          placeholder="7123456789"
          value={id}
          onChange={setId}
          autoComplete="off"
          inputMode="numeric"
          clearButton
          onClearButtonClick={() => {
            setId('');
            change({ id: '' });
          }}
          connectedRight={
            <Button submit loading={busy}>
              Find
            </Button>
          }
        />
      </div>
    </Form>
  );
}

function NoCustomers({ imported, filtered }: { imported: boolean; filtered: boolean }) {
  if (filtered) {
    return (
      <NothingHere
        heading="No customer fits"
        action={{ content: 'Show all customers', url: '/app/customers' }}
      >
        <p>Check the number, or choose another segment.</p>
      </NothingHere>
    );
  }
  return (
    <NothingHere
      heading={imported ? 'Your store has no customers yet' : 'Your store is still being read'}
      action={{ content: 'Go to Home', url: '/app' }}
    >
      <p>
        {imported ? 'They appear here within seconds of their first order.' : 'Home shows how far it is.'}
      </p>
    </NothingHere>
  );
}

function optionsByFamily(segments: Data['segments']) {
  const families = [...new Set(segments.map((segment) => segment.family))];
  return families.map((family) => ({
    title: family,
    options: segments
      .filter((segment) => segment.family === family)
      .map(({ key, name }) => ({ label: name, value: key })),
  }));
}
