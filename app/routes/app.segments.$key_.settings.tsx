/** Settings of one segment: how long members stay, the set it is in, a frozen copy, pause, off, delete. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner } from '@shopify/polaris';
import { assertNever } from '../app-error.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { parseLocalDate } from '../local-date.ts';
import { forgetSegment } from '../pipeline/forget-segment.server.ts';
import { pauseSegment } from '../pipeline/pause-segment.server.ts';
import { editSegment } from '../segments/edit-segment.server.ts';
import { freezeMembers } from '../segments/freeze-members.server.ts';
import { loadSegment } from '../segments/load-segments.server.ts';
import { parseStayForm, stayFormOf } from '../segments/parse-stay-form.ts';
import { printRule } from '../segments/print-rule.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { namesOf, readRuleNames } from '../segments/read-rule-names.server.ts';
import { readSaid } from '../segments/read-said.server.ts';
import { readSegmentHead } from '../segments/read-segment-head.server.ts';
import { EndSection } from '../ui/segments/settings/end-section.tsx';
import { FreezeSection } from '../ui/segments/settings/freeze-section.tsx';
import type { RefusedSetting } from '../ui/segments/settings/refused-setting.ts';
import { SetSection } from '../ui/segments/settings/set-section.tsx';
import { StaySection } from '../ui/segments/settings/stay-section.tsx';
import { SegmentPage } from '../ui/segments/segment-page.tsx';
import { ControlSection } from '../ui/tags/control-section.tsx';
import { actOnControl, readControlShown } from './control-form.server.ts';
import { noSuchSegment } from './no-such-segment.server.ts';
import { pageRequest } from './page-request.server.ts';
import { applyOrReview } from './saved-segment.server.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Settings of ${data?.head.name ?? 'a segment'} · Regulars` },
];

export function loader(args: LoaderFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, ({ app, shopId, settings, now, today }) =>
    app.db.inShop(shopId, async (tx) => {
      const ruleDay = await readRuleDay(tx, now);
      const head = await readSegmentHead(tx, ruleDay, key);
      if (!head) throw noSuchSegment();
      const said = await readSaid(tx, key);
      const stay = stayFormOf(said?.settings ?? head.settings, {
        // A step of tiers has its softer number in the set.
        rule: said && head.set?.kind !== 'tiers' ? said.rule : null,
        currency: settings.currency,
      });
      const { keep } = said?.settings ?? head.settings;
      const keepWords = keep
        ? printRule(keep, { ...ruleDay.print, names: namesOf(await readRuleNames(tx, [keep])) })
        : null;
      const control = await readControlShown(tx, key, settings.timeZone);
      return { head, stay, keepWords, control, today, tagPrefix: settings.tagPrefix };
    }),
  );
}

export function action(args: ActionFunctionArgs) {
  const key = args.params['key'] ?? '';
  return pageRequest(args, async ({ app, shopId, settings, now, actor, today }) => {
    const form = await args.request.formData();
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value.slice(0, 1_000) : '';
    };
    const intent = text('intent');
    const here = `/app/segments/${key}`;
    const given = Object.fromEntries([...form.keys()].map((name) => [name, text(name)]));
    const refuse = (refused: Omit<RefusedSetting, 'intent' | 'given'>) =>
      Response.json({ intent, given, ...refused } satisfies RefusedSetting, { status: 422 });
    const segment = await app.db.inShop(shopId, (tx) => loadSegment(tx, key));
    if (!segment) throw noSuchSegment();
    switch (intent) {
      case 'stay': {
        // What waits for approval is what is gone on with.
        const said = await app.db.inShop(shopId, (tx) => readSaid(tx, key));
        const parsed = parseStayForm(
          {
            hold: text('hold'),
            months: text('months'),
            minimumStayDays: text('minimumStayDays'),
            rejoinAfterDays: text('rejoinAfterDays'),
            lastDay: text('lastDay'),
            ...(form.has('keepAtLeast') ? { keepAtLeast: text('keepAtLeast') } : {}),
          },
          said?.settings ?? segment.settings,
          { rule: said?.rule ?? segment.rule, currency: settings.currency },
        );
        if (!parsed.ok) return refuse({ errors: parsed.errors });
        const edited = await app.db.inShop(shopId, async (tx) => {
          await waitForShop(tx, shopId);
          const rule = (await readSaid(tx, key))?.rule ?? segment.rule;
          return editSegment(tx, { key, rule, settings: parsed.settings, actor, now });
        });
        switch (edited.outcome) {
          case 'waiting':
            return applyOrReview(app, shopId, { change: { act: 'change', key }, actor, now, after: here });
          case 'done':
          case 'unchanged':
            return redirect(`${here}/settings?notice=saved`);
          case 'unknown':
            throw noSuchSegment();
          case 'invalid':
            return refuse({ errors: {}, message: edited.faults.map(({ path, message }) => `${path} ${message}.`).join(' ') }); // prettier-ignore
          default:
            return assertNever(edited);
        }
      }
      case 'freeze': {
        const lastDay = text('freezeDay');
        const date = lastDay === '' ? undefined : parseLocalDate(lastDay);
        if (lastDay !== '' && (date === undefined || date < today)) {
          return refuse({ errors: { freezeDay: 'Choose a day that is not over.' } });
        }
        const tag = text('tag').trim();
        const frozen = await app.db.inShop(shopId, (tx) =>
          freezeMembers(tx, {
            key,
            name: text('name'),
            ...(tag === '' ? {} : { tag }),
            ...(date === undefined ? {} : { lastDay: date }),
            actor,
            now,
          }),
        );
        if (frozen.outcome === 'unknown') throw noSuchSegment();
        if (frozen.outcome === 'done') return redirect(`/app/segments/${frozen.key}?notice=frozen`);
        const errors: RefusedSetting['errors'] = {};
        for (const { path, message } of frozen.faults) {
          errors[path === 'name' ? 'name' : 'tag'] ??= `The ${path === 'name' ? 'name' : 'tag'} ${message}.`;
        }
        return refuse({ errors });
      }
      case 'set_control':
      case 'end_control': {
        const answer = await actOnControl(
          app,
          shopId,
          { intent, share: text('share'), shown: text('shown') },
          { key, actor, now },
        );
        if (answer instanceof Response) return answer;
        return refuse('share' in answer ? { errors: answer } : { errors: {}, ...answer });
      }
      case 'pause': {
        const paused = await pauseSegment(app, shopId, { key, actor, now });
        return redirect(`${here}?notice=${paused ? 'paused' : 'not_live'}`);
      }
      case 'delete': {
        const deleted = await app.db.inShop(shopId, (tx) => forgetSegment(tx, key));
        switch (deleted.outcome) {
          case 'done':
            app.log.info({ shopId, key }, 'a segment was deleted');
            return redirect('/app/segments?notice=deleted');
          case 'unknown':
            throw noSuchSegment();
          case 'on':
            return refuse({
              errors: {},
              message: 'It is on. Turn it off first, so that its tags are taken off.',
            });
          case 'following':
            return refuse({
              errors: {},
              message: 'It is still being turned off. Try again in a few minutes.',
            });
          case 'in_change':
            return refuse({
              errors: {},
              message:
                'A change of segments that is under way names it. Approve that one or give it up first.',
            });
          case 'used':
            return refuse({
              errors: {},
              message: `Other segments ask for its members: ${deleted.by.map(({ name }) => name).join(', ')}. Change them first.`,
            });
          default:
            return assertNever(deleted);
        }
      }
      default:
        return Response.json({ outcome: 'bad_request' }, { status: 400 });
    }
  });
}

export default function SegmentSettings() {
  const { head, stay, keepWords, control, today, tagPrefix } = useLoaderData<typeof loader>();
  const refused = useActionData() as RefusedSetting | undefined;
  const { state, formData } = useNavigation();
  const busy = state === 'idle' ? null : formData?.get('intent');
  return (
    <SegmentPage head={head} tab="settings">
      {refused?.message ? (
        <Banner tone="critical" title="Not done">
          <p>{refused.message}</p>
        </Banner>
      ) : null}
      <StaySection
        key={JSON.stringify(stay)}
        isList={head.kind === 'list'}
        isDraft={head.status === 'draft'}
        stay={stay}
        keepWords={keepWords}
        keepUrl={`/app/segments/${head.key}/keep`}
        refused={refused?.intent === 'stay' ? refused : undefined}
        busy={busy === 'stay'}
      />
      <ControlSection
        key={JSON.stringify(control)}
        control={control}
        error={refused?.errors.share}
        given={refused?.intent === 'set_control' ? refused.given['share'] : undefined}
        busy={busy === 'set_control' || busy === 'end_control' ? busy : null}
      />
      <SetSection head={head} />
      <FreezeSection
        name={head.name}
        today={today}
        tagPrefix={tagPrefix}
        refused={refused}
        busy={busy === 'freeze'}
      />
      <EndSection head={head} busy={busy} />
    </SegmentPage>
  );
}
