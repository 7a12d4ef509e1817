/** Ideas: presets by family, each with the store's own numbers, how many it would hold now, and what to do with it. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, Page, Text } from '@shopify/polaris';
import { readShownIdeas } from '../segments/idea-sizes.server.ts';
import type { ShownIdea } from '../segments/presets-read-ideas.server.ts';
import { takeIdeas } from '../segments/presets-take-ideas.server.ts';
import { countOf, formatInstant } from '../ui/format.ts';
import { SegmentStatusBadge } from '../ui/segment-status-badge.tsx';
import { useRefresh } from '../ui/use-refresh.ts';
import { pageRequest } from './page-request.server.ts';
import { reviewUrl } from './saved-segment.server.ts';

export const meta: MetaFunction = () => [{ title: 'Ideas · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, settings, now }) => ({
    imported: settings.firstImportedAt !== null,
    timeZone: settings.timeZone,
    ...(await app.db.inShop(shopId, (tx) => readShownIdeas(tx, now))),
  }));
}

/** "Use it": the idea becomes a draft (with its set, when it comes with one), and its review follows. */
export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, settings, now, actor }) => {
    const key = String((await args.request.formData()).get('key') ?? '');
    const taken = await app.db.inShop(shopId, (tx) => takeIdeas(tx, { keys: [key], actor, now }));
    const mine = taken.find((one) => one.key === key);
    if (!mine || mine.outcome === 'unknown') {
      return Response.json(
        { message: 'There is no such idea any more. Choose another one.' },
        { status: 404 },
      );
    }
    if (mine.outcome === 'missing') {
      return Response.json({ message: mine.why ?? 'It cannot be used in this store.' }, { status: 422 });
    }
    app.log.info({ shopId, key }, 'an idea was taken');
    if (settings.firstImportedAt === null) return redirect(`/app/segments/${key}?notice=created`);
    const keys = taken.flatMap((one) => (one.outcome === 'made' || one.key === key ? [one.key] : []));
    return redirect(reviewUrl({ act: 'turn_on', keys }));
  });
}

export default function Ideas() {
  const { ideas, imported, counting, countedAt, timeZone } = useLoaderData<typeof loader>();
  useRefresh(counting ? 3_000 : 60_000);
  const refused = useActionData() as { message?: string } | undefined;
  const families = [...new Set(ideas.map(({ familyName }) => familyName))];
  return (
    <Page
      title="Ideas"
      subtitle="Segments that work for many stores, with your store’s own numbers"
      backAction={{ content: 'Home', url: '/app' }}
    >
      <BlockStack gap="400">
        {refused?.message ? (
          <Banner tone="critical" title="This cannot be used">
            <p>{refused.message}</p>
          </Banner>
        ) : null}
        {imported ? null : (
          <Banner tone="info" title="Your store is still being read">
            <p>Numbers and counts come once that is done.</p>
          </Banner>
        )}
        {counting ? (
          <Banner tone="info" title="Your store is large">
            <p>Ideas are counted in the background. This page shows them as soon as they are there.</p>
          </Banner>
        ) : null}
        {countedAt ? (
          <Text
            as="p"
            tone="subdued"
          >{`Counted ${formatInstant(countedAt, timeZone)}. They are counted again while you look.`}</Text>
        ) : null}
        <nav className="rg-tabs" aria-label="Families">
          <ul>
            {families.map((family) => (
              <li key={family}>
                <a href={`#${idOf(family)}`}>{family}</a>
              </li>
            ))}
          </ul>
        </nav>
        {families.map((family) => (
          <Family
            key={family}
            name={family}
            ideas={ideas.filter(({ familyName }) => familyName === family)}
          />
        ))}
      </BlockStack>
    </Page>
  );
}

function Family({ name, ideas }: { name: string; ideas: readonly ShownIdea[] }) {
  const sets = [...new Set(ideas.flatMap(({ set }) => set ?? []))];
  return (
    <Card padding="0">
      <div className="rg-card-title">
        <Text as="h2" variant="headingMd" id={idOf(name)}>
          {name}
        </Text>
        {sets.length > 0 ? (
          <Text as="p" tone="subdued" variant="bodySm">
            They come together and exclude each other: a customer is in one of them at most.
          </Text>
        ) : null}
      </div>
      <ul className="rg-ideas">
        {ideas.map((idea) => (
          <li key={idea.key}>
            <IdeaItem idea={idea} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function IdeaItem({ idea }: { idea: ShownIdea }) {
  const { key, name, sentence, advice, size, missing, segment } = idea;
  const { state, formData } = useNavigation();
  return (
    <div className="rg-idea">
      <BlockStack gap="100">
        <Text as="h3" variant="headingSm">
          {name}
        </Text>
        {sentence ? <Text as="p">{sentence}</Text> : null}
        {missing ? (
          <Text as="p" tone="subdued">
            {missing}
          </Text>
        ) : (
          <Text as="p" tone="subdued">
            {advice}
          </Text>
        )}
        {segment?.changed ? (
          <Text as="p" tone="subdued" variant="bodySm">
            Yours says something else by now.
          </Text>
        ) : null}
      </BlockStack>
      <div className="rg-idea-end">
        {missing === null && size !== null ? (
          <Text as="span" numeric fontWeight="semibold">
            {countOf(size, 'customer')}
          </Text>
        ) : missing === null ? (
          <Text as="span" tone="subdued">
            Not counted: it took too long
          </Text>
        ) : null}
        {segment && segment.status !== 'draft' ? (
          <>
            <SegmentStatusBadge status={segment.status} />
            <Button url={`/app/segments/${segment.key}`} accessibilityLabel={`Open ${name}`}>
              Open
            </Button>
          </>
        ) : segment ? (
          <Button
            url={`/app/segments/review?act=turn_on&keys=${segment.key}`}
            accessibilityLabel={`Use it: ${name}`}
          >
            Use it
          </Button>
        ) : missing === null ? (
          <Form method="post">
            <input type="hidden" name="key" value={key} />
            <Button
              submit
              accessibilityLabel={`Use it: ${name}`}
              loading={state !== 'idle' && formData?.get('key') === key}
            >
              Use it
            </Button>
          </Form>
        ) : (
          <Text as="span" tone="subdued" variant="bodySm">
            Not available
          </Text>
        )}
      </div>
    </div>
  );
}

const idOf = (family: string) => `family-${family.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
