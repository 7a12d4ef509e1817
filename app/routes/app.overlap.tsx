/** Segments beside each other: what to look at again, and who is in two of them. */
import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { BlockStack, Card, Page, Text } from '@shopify/polaris';
import { readHealth } from '../segments/analysis/read-health.server.ts';
import { readOverlap } from '../segments/analysis/read-overlap.server.ts';
import { NothingHere } from '../ui/nothing-here.tsx';
import { HealthNotes } from '../ui/segments/insights/health-notes.tsx';
import { OverlapMatrix } from '../ui/segments/insights/overlap-matrix.tsx';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Overlap and health · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings, today }) =>
    app.db.inShop(shopId, async (tx) => {
      const overlap = await readOverlap(tx);
      const health = await readHealth(tx, {
        today,
        timeZone: settings.timeZone,
        overlap: overlap.state === 'here' ? overlap.value : null,
      });
      return { overlap, health };
    }),
  );
}

export default function OverlapPage() {
  const { overlap, health } = useLoaderData<typeof loader>();
  const several = overlap.state === 'here' && overlap.value.segments.length > 1;
  const notes = health.state === 'here' ? health.value : [];
  const nothing = overlap.state === 'here' && overlap.value.segments.length === 0 && notes.length === 0;
  return (
    <Page
      title="Overlap and health"
      backAction={{ content: 'Segments', url: '/app/segments' }}
      secondaryActions={several ? [{ content: 'Compare two segments', url: '/app/compare' }] : []}
    >
      <BlockStack gap="400">
        {nothing ? (
          <Card>
            <NothingHere
              heading="No segment is on"
              action={{ content: 'Go to Segments', url: '/app/segments' }}
            >
              <p>Turn some on: from then on this page shows who is in two of them, and which do nothing.</p>
            </NothingHere>
          </Card>
        ) : (
          <>
            {health.state === 'here' ? <HealthNotes notes={notes} /> : <TooSlow what="What to look at" />}
            {overlap.state === 'too_slow' ? (
              <TooSlow what="Who is in two segments" />
            ) : several ? (
              <OverlapMatrix overlap={overlap.value} />
            ) : null}
          </>
        )}
      </BlockStack>
    </Page>
  );
}

function TooSlow({ what }: { what: string }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {what}
        </Text>
        <Text as="p">This took too long to count. Load the page again in a minute.</Text>
      </BlockStack>
    </Card>
  );
}
