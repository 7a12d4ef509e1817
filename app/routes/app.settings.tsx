/** Settings. One section each; a section's form names its intent. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { BlockStack, Page } from '@shopify/polaris';
import { recordBrake } from '../pipeline/record-brake.server.ts';
import { HoldSection } from '../ui/value/hold-section.tsx';
import { isOnHold } from '../value/hold-period.ts';
import { readHoldPeriod, storeHoldPeriod } from '../value/hold-period.server.ts';
import { parseHoldPeriod } from '../value/parse-hold-period.ts';
import { pageRequest } from './page-request.server.ts';

export const meta: MetaFunction = () => [{ title: 'Settings · Regulars' }];

export function loader(args: LoaderFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, today }) => {
    const hold = await app.db.inShop(shopId, readHoldPeriod);
    return { hold, active: isOnHold(hold, today) };
  });
}

interface Refused {
  errors: { from?: string; to?: string };
  given: { from: string; to: string };
}

export function action(args: ActionFunctionArgs) {
  return pageRequest(args, async ({ app, shopId, today, now, actor }) => {
    const form = await args.request.formData();
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    const intent = text('intent');
    if (intent !== 'set_hold' && intent !== 'end_hold') {
      return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
    const given = { from: text('from'), to: text('to') };
    const parsed = intent === 'set_hold' ? parseHoldPeriod(given, today) : null;
    if (parsed && !parsed.ok) {
      const refused: Refused = { errors: parsed.errors, given };
      return Response.json(refused, { status: 422 });
    }
    await app.db.inShop(shopId, async (tx) => {
      await storeHoldPeriod(tx, parsed ? parsed.period : null);
      await recordBrake(tx, { at: now, actor, act: intent });
    });
    app.log.info({ shopId, intent, period: parsed?.period }, 'the hold for the sale season');
    return redirect('/app/settings');
  });
}

export default function Settings() {
  const { hold, active } = useLoaderData<typeof loader>();
  const refused = useActionData() as Partial<Refused> | undefined;
  return (
    <Page title="Settings" backAction={{ content: 'Home', url: '/app' }}>
      <BlockStack gap="400">
        <HoldSection
          // A saved or ended hold begins its form anew.
          key={hold ? `${hold.from} ${hold.to}` : 'none'}
          hold={hold}
          active={active}
          errors={refused?.errors ?? {}}
          given={refused?.given ?? null}
        />
      </BlockStack>
    </Page>
  );
}
