/** One segment in Shopify and in Flow. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import {
  previewNativeRule,
  type NativeRulePreview,
} from '../activation/native-segments/preview-native-rule.server.ts';
import { readContactHours } from '../activation/flow/read-contact-hours.server.ts';
import { readSegmentReach } from '../activation/read-segment-reach.server.ts';
import { setSegmentReach } from '../activation/set-reach.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { readSegmentHead } from '../segments/read-segment-head.server.ts';
import { FlowSection } from '../ui/reach/flow-section.tsx';
import { NativeSection } from '../ui/reach/native-section.tsx';
import { hoursWords } from '../ui/reach/reach-words.ts';
import { useRefresh } from '../ui/use-refresh.ts';
import { SegmentPage } from '../ui/segments/segment-page.tsx';
import { noSuchSegment } from './no-such-segment.server.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.head.name ?? 'A segment'} in Shopify and Flow · Regulars` },
];

export function loader(args: LoaderFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, ({ app, shopId, settings, now }) =>
    app.db.inShop(shopId, async (tx) => {
      const head = await readSegmentHead(tx, await readRuleDay(tx, now), key);
      const reach = await readSegmentReach(tx, key, app.clock.machineNow());
      if (!head || !reach) throw noSuchSegment();
      return {
        head,
        reach,
        hours: hoursWords((await readContactHours(tx)).hours),
        timeZone: settings.timeZone,
      };
    }),
  );
}

export function action(args: ActionFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, async ({ app, shopId }) => {
    const form = await args.request.formData();
    const intent = form.get('intent');
    let known: boolean;
    switch (intent) {
      case 'preview_rule': {
        const admin = await app.adminFor(shopId);
        return Response.json({ preview: await previewNativeRule({ db: app.db, admin }, shopId, key) });
      }
      case 'set_native': {
        const native = form.get('native');
        if (native !== 'none' && native !== 'tag' && native !== 'rule') {
          return Response.json({ outcome: 'bad_request' }, { status: 400 });
        }
        known = await app.db.inShop(shopId, (tx) => setSegmentReach(tx, key, { native }));
        break;
      }
      case 'set_flow': {
        const on = form.get('flow') === 'true';
        const change = on ? { flow: true, flowRefit: form.get('flowRefit') === 'true' } : { flow: false };
        known = await app.db.inShop(shopId, (tx) => setSegmentReach(tx, key, change));
        break;
      }
      default:
        return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    if (!known) throw noSuchSegment();
    app.log.info({ shopId, key, intent }, 'a segment’s reach was set');
    return redirect(`/app/segments/${key}/reach`);
  });
}

export default function SegmentReachPage() {
  const { head, reach, hours, timeZone } = useLoaderData<typeof loader>();
  useRefresh(reach.native.state === 'waiting' ? 2_000 : 30_000);
  const answer = useActionData<{ preview?: NativeRulePreview }>();
  return (
    <SegmentPage head={head} tab="reach">
      <NativeSection
        native={reach.native}
        live={reach.status !== 'draft'}
        preview={answer?.preview ?? null}
        timeZone={timeZone}
      />
      <FlowSection flow={reach.flow} hours={hours} />
    </SegmentPage>
  );
}
