/** Settings of tags: the prefix, one segment's tag, and the limit of writes a day. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, Page, Select, Text, TextField } from '@shopify/polaris';
import { useState, type ReactNode } from 'react';
import { parseDayLimit, readDayLimit, storeDayLimit } from '../activation/tags/day-limit.server.ts';
import { readRename, startRename, type RenameWish } from '../activation/rename/rename-tags.server.ts';
import { recordBrake } from '../pipeline/record-brake.server.ts';
import { readSegmentTags } from '../segments/read-segment-tags.server.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Tags · Settings · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => ({
      prefix: settings.tagPrefix,
      segments: await readSegmentTags(tx),
      limit: (await readDayLimit(tx, now)).limit,
      rename: await readRename(tx),
      chosen: new URL(args.request.url).searchParams.get('segment') ?? '',
    })),
  );
}

interface Refused {
  field: 'prefix' | 'tag' | 'limit';
  message: string;
  given: string;
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const form = await args.request.formData();
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const refuse = (refused: Refused) => Response.json(refused, { status: 422 });
    const intent = text('intent');
    if (intent === 'limit') {
      const parsed = parseDayLimit(text('limit'));
      if (!parsed.ok) return refuse({ field: 'limit', message: parsed.message, given: text('limit') });
      await app.db.inShop(shopId, (tx) => storeDayLimit(tx, parsed.limit));
      return redirect('/app/use');
    }
    if (intent !== 'prefix' && intent !== 'tag')
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    const to = text(intent);
    const wish: RenameWish =
      intent === 'prefix' ? { what: 'prefix', to } : { what: 'tag', key: text('segment'), to };
    const started = await app.db.inShop(shopId, async (tx) => {
      const result = await startRename(tx, wish, { actor, now });
      if (result.outcome === 'started' || result.outcome === 'done') {
        await recordBrake(tx, { at: now, actor, act: 'rename_tags' });
      }
      return result;
    });
    app.log.info({ shopId, intent, outcome: started.outcome }, 'a change of tags');
    switch (started.outcome) {
      case 'invalid':
        return refuse({ field: intent, message: started.message, given: to });
      case 'unknown_segment':
        return refuse({ field: intent, message: 'There is no such segment.', given: to });
      case 'unchanged':
        return refuse({ field: intent, message: 'This is what it is now.', given: to });
      case 'started':
      case 'done':
        return redirect('/app/use');
    }
  });
}

export default function TagSettings() {
  const { prefix, segments, limit, rename, chosen } = useLoaderData<typeof loader>();
  const refused = useActionData() as Partial<Refused> | undefined;
  const of = (field: Refused['field']) => (refused?.field === field ? refused : undefined);
  const [segment, setSegment] = useState(chosen || (segments[0]?.key ?? ''));
  return (
    <Page title="Tags" backAction={{ content: 'Settings', url: '/app/settings' }}>
      <BlockStack gap="400">
        {rename ? (
          <Banner
            tone="info"
            title={`Changing ${rename.from} to ${rename.to}`}
            action={{ content: 'Progress', url: '/app/use' }}
          >
            <p>Another change can be made when this one has ended.</p>
          </Banner>
        ) : null}
        <Section
          title="Prefix"
          help="Every tag of Regulars begins with it. A new prefix adds the new tags to everybody first, verifies what hangs on them, and removes the old ones at the end."
        >
          <Field
            name="prefix"
            label="Prefix"
            first={of('prefix')?.given ?? prefix}
            error={of('prefix')?.message}
          />
        </Section>
        {segments.length > 0 ? (
          <Section title="Tag of one segment" help="Without the prefix. The change goes the same way.">
            <Select
              label="Segment"
              name="segment"
              options={segments.map(({ key, name }) => ({ value: key, label: name }))}
              value={segment}
              onChange={setSegment}
            />
            <Field
              key={segment}
              name="tag"
              label={`Tag, after ${prefix}`}
              first={
                of('tag')?.given ??
                segments.find(({ key }) => key === segment)?.tag.slice(prefix.length) ??
                ''
              }
              error={of('tag')?.message}
            />
          </Section>
        ) : null}
        <Section
          title="Writes a day"
          help="No more tags than this are added and removed in your store on one day. What is over waits until midnight; only the tag of an offer that somebody has used or that was taken from them goes at once, because it would give them the discount again. Metafields, Flow and discounts do not count and do not wait. Leave it empty for no limit."
        >
          <Field
            name="limit"
            label="At most"
            first={of('limit')?.given ?? (limit === null ? '' : String(limit))}
            error={of('limit')?.message}
          />
        </Section>
      </BlockStack>
    </Page>
  );
}

function Section({ title, help, children }: { title: string; help: string; children: ReactNode }) {
  return (
    <Card>
      <Form method="post">
        <BlockStack gap="300" inlineAlign="start">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {help}
          </Text>
          {children}
        </BlockStack>
      </Form>
    </Card>
  );
}

function Field({
  name,
  label,
  first,
  error,
}: {
  name: Refused['field'];
  label: string;
  first: string;
  error: string | undefined;
}) {
  const [value, setValue] = useState(first);
  const submitting = useNavigation().formMethod === 'POST';
  return (
    <>
      <input type="hidden" name="intent" value={name} />
      <TextField
        name={name}
        label={label}
        value={value}
        onChange={setValue}
        error={error}
        autoComplete="off"
      />
      <Button submit loading={submitting} disabled={value === first && !error}>
        Save
      </Button>
    </>
  );
}
