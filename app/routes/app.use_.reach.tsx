/** Segments in Shopify, customer metafields and Flow, for the whole shop. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { BlockStack, Page } from '@shopify/polaris';
import { stopFlowRun } from '../activation/flow/stop-flow-run.server.ts';
import { switchMetafields } from '../activation/metafields/switch-metafields.server.ts';
import { readShopReach } from '../activation/read-shop-reach.server.ts';
import { setContactHours } from '../activation/set-reach.server.ts';
import { FlowStatus, MetafieldSection, NativeList } from '../ui/reach/shop-reach.tsx';
import { useRefresh } from '../ui/use-refresh.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Shopify and Flow · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, settings }) => ({
    ...(await app.db.inShop(shopId, (tx) => readShopReach(tx, app.clock.machineNow()))),
    timeZone: settings.timeZone,
  }));
}

interface Refused {
  errors: { hours?: string; metafields?: string };
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, now }) => {
    const form = await args.request.formData();
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    const intent = text('intent');
    switch (intent) {
      case 'switch_metafields':
        if (!(await app.db.inShop(shopId, (tx) => switchMetafields(tx, text('on') === 'true', now)))) {
          const words =
            'Everything is being taken out of your store. They can be switched on when Leaving is done.';
          return Response.json({ errors: { metafields: words } } satisfies Refused, { status: 409 });
        }
        break;
      case 'stop_run':
        await app.db.inShop(shopId, (tx) => stopFlowRun(tx, text('id'), now));
        break;
      case 'set_hours': {
        const hour = (name: string) => (/^\d{1,2}$/.test(text(name)) ? Number(text(name)) : -1);
        const hours = { from: hour('from'), to: hour('to') };
        if ((await app.db.inShop(shopId, (tx) => setContactHours(tx, hours))) === 'invalid') {
          const words = 'Enter whole hours from 0 to 24, the first before the second.';
          return Response.json({ errors: { hours: words } } satisfies Refused, { status: 422 });
        }
        break;
      }
      default:
        return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    app.log.info({ shopId, intent }, 'a word about metafields or Flow');
    return redirect('/app/use/reach');
  });
}

export default function Reach() {
  const { segments, metafields, flow, timeZone } = useLoaderData<typeof loader>();
  const refused = useActionData<Refused>();
  useRefresh(metafields.waiting > 0 || flow.runs.some(({ state }) => state === 'running') ? 3_000 : 30_000);
  return (
    <Page title="Shopify and Flow" backAction={{ content: 'Use it', url: '/app/use' }}>
      <BlockStack gap="400">
        <NativeList
          segments={segments}
          full={segments.some(({ failure }) => failure?.includes('6,000') ?? false)}
        />
        <MetafieldSection metafields={metafields} error={refused?.errors.metafields} />
        <FlowStatus flow={flow} timeZone={timeZone} errors={refused?.errors ?? {}} />
      </BlockStack>
    </Page>
  );
}
