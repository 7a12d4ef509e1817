/** A new segment, from nothing or from another one's rule. It is saved as a draft. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { Page } from '@shopify/polaris';
import { loadSegment } from '../segments/load-segments.server.ts';
import { readEditorData } from '../segments/read-editor-data.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { saveSegment } from '../segments/save-segment.server.ts';
import { SegmentForm, type RefusedForm } from '../ui/segments/segment-form.tsx';
import { pageRequest } from './page-request.server.ts';
import { readSegmentForm, refusal } from './segment-form.server.ts';

export const meta: MetaFunction = () => [{ title: 'New segment · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  const from = new URL(args.request.url).searchParams.get('from');
  return pageRequest(args, ({ app, shopId, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const model = from === null ? undefined : await loadSegment(tx, from);
      const rule = model?.rule ?? null;
      const data = await readEditorData(tx, await readRuleDay(tx, now), { rules: rule ? [rule] : [] });
      return { data, initial: { name: model ? `${model.name} (copy)` : '', tag: '', rule } };
    }),
  );
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now, actor }) => {
    const { form, given } = await readSegmentForm(args.request);
    const saved = await saveSegment(app.db, shopId, { key: null, form, actor, now });
    if (saved.outcome === 'invalid') return refusal(given, saved.faults);
    if (saved.outcome === 'unknown') throw new TypeError('a new segment is never unknown');
    app.log.info({ shopId, key: saved.key }, 'a segment was made');
    return redirect(`/app/segments/${saved.key}?notice=created`);
  });
}

export default function NewSegment() {
  const { data, initial } = useLoaderData<typeof loader>();
  const refused = useActionData() as RefusedForm | undefined;
  return (
    <Page
      fullWidth
      title="New segment"
      subtitle="A draft: nothing is written to your store until you turn it on"
      backAction={{ content: 'Segments', url: '/app/segments' }}
    >
      <SegmentForm
        segmentKey={null}
        initial={initial}
        tagIsFixed={false}
        isOn={false}
        data={data}
        refused={refused}
      />
    </Page>
  );
}
