/** Editing a segment. One that is on keeps working as it is until the change is approved. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Page } from '@shopify/polaris';
import { readDraft } from '../segments/edit-segment.server.ts';
import { loadSegment } from '../segments/load-segments.server.ts';
import { readEditorData } from '../segments/read-editor-data.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { parseRule } from '../segments/rule.ts';
import { afterSegmentEdit } from '../activation/after-segment-edit.server.ts';
import { saveSegment } from '../segments/save-segment.server.ts';
import { SegmentStatusBadge } from '../ui/segment-status-badge.tsx';
import { SegmentForm, type RefusedForm } from '../ui/segments/segment-form.tsx';
import { notFound, pageRequest } from './page-request.server.ts';
import { applyOrReview } from './saved-segment.server.ts';
import { noSuchSegment } from './no-such-segment.server.ts';
import { readSegmentForm, refusal } from './segment-form.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Edit ${data?.segment.name ?? 'segment'} · Regulars` },
];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, ({ app, shopId, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const segment = await loadSegment(tx, args.params['key'] ?? '');
      if (!segment) throw noSuchSegment();
      if (segment.kind === 'list') {
        throw notFound(
          'A list has no rule to edit',
          'Its members were frozen. Name people on its People page.',
        );
      }
      const waiting = parseRule((await readDraft(tx, segment.key))?.rule);
      const rule = waiting.ok ? waiting.rule : segment.rule;
      const data = await readEditorData(tx, await readRuleDay(tx, now), {
        key: segment.key,
        rules: rule ? [rule] : [],
      });
      const { key, name, tagName, status, setKind } = segment;
      return { data, segment: { key, name, tagName, status, setKind }, rule, waiting: waiting.ok };
    }),
  );
}

export function action(args: ActionFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const { form, given } = await readSegmentForm(args.request);
    const saved = await saveSegment(app.db, shopId, { key, form, actor, now });
    if (saved.outcome !== 'unknown' && saved.outcome !== 'invalid') {
      await app.db.inShop(shopId, (tx) => afterSegmentEdit(tx, key, now));
    }
    switch (saved.outcome) {
      case 'unknown':
        throw noSuchSegment();
      case 'invalid':
        return refusal(given, saved.faults);
      case 'waiting':
        return applyOrReview(app, shopId, {
          change: { act: 'change', key },
          actor,
          now,
          after: `/app/segments/${key}`,
          note: form.note,
        });
      default:
        return redirect(`/app/segments/${key}?notice=saved`);
    }
  });
}

export default function EditSegment() {
  const { data, segment, rule, waiting } = useLoaderData<typeof loader>();
  const refused = useActionData() as RefusedForm | undefined;
  const isOn = segment.status !== 'draft';
  return (
    <Page
      fullWidth
      title={`Edit ${segment.name}`}
      titleMetadata={<SegmentStatusBadge status={segment.status} />}
      backAction={{ content: segment.name, url: `/app/segments/${segment.key}` }}
    >
      <BlockStack gap="400">
        {waiting ? (
          <Banner tone="info" title="This change waits for approval">
            <p>You see it as it was saved last. The segment works as before until you approve it.</p>
          </Banner>
        ) : null}
        {segment.setKind === 'tiers' ? (
          <Banner tone="info" title="A step of your tiers">
            <p>What it takes to get in is better changed for all steps together, on the page of the tiers.</p>
          </Banner>
        ) : null}
        <SegmentForm
          segmentKey={segment.key}
          initial={{ name: segment.name, tag: segment.tagName, rule }}
          tagIsFixed={isOn}
          isOn={isOn}
          data={data}
          refused={refused}
        />
      </BlockStack>
    </Page>
  );
}
