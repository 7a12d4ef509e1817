/** The softer rule to stay. A segment that is on keeps working as it is until the change is approved. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Page } from '@shopify/polaris';
import { assertNever } from '../app-error.ts';
import { afterSegmentEdit } from '../activation/after-segment-edit.server.ts';
import { readEditorData } from '../segments/read-editor-data.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { readSaid } from '../segments/read-said.server.ts';
import { saveKeepRule } from '../segments/save-keep-rule.server.ts';
import { SegmentStatusBadge } from '../ui/segment-status-badge.tsx';
import { KeepForm, type RefusedKeep } from '../ui/segments/keep-form.tsx';
import { noSuchSegment } from './no-such-segment.server.ts';
import { notFound, pageRequest } from './page-request.server.ts';
import { applyOrReview } from './saved-segment.server.ts';
import { readSegmentForm } from './segment-form.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Softer rule of ${data?.segment.name ?? 'a segment'} · Regulars` },
];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const said = await readSaid(tx, args.params['key'] ?? '');
      if (!said) throw noSuchSegment();
      const { segment, rule, settings, waiting } = said;
      if (segment.kind === 'list') {
        throw notFound('A list has no rule to stay', 'Its members were frozen. Its settings say until when.');
      }
      const keep = settings.keep ?? null;
      const data = await readEditorData(tx, await readRuleDay(tx, now), {
        key: segment.key,
        rules: [rule, ...(keep ? [keep] : [])],
      });
      const { key, name, status, setKind } = segment;
      return { data, segment: { key, name, status, setKind }, keep, begin: rule, waiting };
    }),
  );
}

export function action(args: ActionFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const { form, given, intent } = await readSegmentForm(args.request);
    const keep = intent === 'no_keep' ? null : form.rule;
    const saved = await app.db.inShop(shopId, (tx) => saveKeepRule(tx, { key, keep, actor, now }));
    if (saved.outcome === 'done' || saved.outcome === 'waiting') {
      await app.db.inShop(shopId, (tx) => afterSegmentEdit(tx, key, now));
    }
    const after = `/app/segments/${key}`;
    switch (saved.outcome) {
      case 'unknown':
        throw noSuchSegment();
      case 'invalid': {
        const refused: RefusedKeep = { faults: saved.faults, given: { rule: given.rule } };
        return Response.json(refused, { status: 422 });
      }
      case 'waiting':
        return applyOrReview(app, shopId, { change: { act: 'change', key }, actor, now, after });
      case 'done':
      case 'unchanged':
        return redirect(`${after}/settings?notice=saved`);
      default:
        return assertNever(saved);
    }
  });
}

export default function KeepRule() {
  const { data, segment, keep, begin, waiting } = useLoaderData<typeof loader>();
  const refused = useActionData() as RefusedKeep | undefined;
  return (
    <Page
      fullWidth
      title={`To stay in ${segment.name}`}
      titleMetadata={<SegmentStatusBadge status={segment.status} />}
      backAction={{ content: 'Settings', url: `/app/segments/${segment.key}/settings` }}
    >
      <BlockStack gap="400">
        {waiting ? (
          <Banner tone="info" title="A change waits for approval">
            <p>You see it as it was saved last. The segment works as before until you approve it.</p>
          </Banner>
        ) : null}
        {segment.setKind === 'tiers' ? (
          <Banner tone="info" title="A step of your tiers">
            <p>
              A rule that is written here is replaced when the tiers are changed on their page: what it takes
              to stay is a number there.
            </p>
          </Banner>
        ) : null}
        <KeepForm
          key={JSON.stringify(keep)}
          segmentKey={segment.key}
          keep={keep}
          begin={begin}
          isOn={segment.status !== 'draft'}
          data={data}
          refused={refused}
        />
      </BlockStack>
    </Page>
  );
}
