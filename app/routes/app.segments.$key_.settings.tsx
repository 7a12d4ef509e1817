/** Settings of one segment: how long members stay, the set it is in, a frozen copy, pause, off, delete. */
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, FormLayout, InlineStack, Link, List, Text, TextField } from '@shopify/polaris'; // prettier-ignore
import { useState } from 'react';
import { assertNever } from '../app-error.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { parseLocalDate } from '../local-date.ts';
import { forgetSegment } from '../pipeline/forget-segment.server.ts';
import { pauseSegment } from '../pipeline/pause-segment.server.ts';
import { editSegment, readDraft } from '../segments/edit-segment.server.ts';
import { freezeMembers } from '../segments/freeze-members.server.ts';
import { loadSegment } from '../segments/load-segments.server.ts';
import { parseStayForm, stayFormOf, type StayField } from '../segments/parse-stay-form.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { readSegmentHead } from '../segments/read-segment-head.server.ts';
import { NAME_LIMITS, keyFromName } from '../segments/segment-names.ts';
import { parseRule } from '../segments/rule.ts';
import { parseSettings } from '../segments/segment-settings.ts';
import { StaySection } from '../ui/segments/stay-section.tsx';
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
      const head = await readSegmentHead(tx, await readRuleDay(tx, now), key);
      if (!head) throw noSuchSegment();
      const draft = await readDraft(tx, key);
      const waiting = parseSettings(draft?.settings ?? head.settings);
      const rule = parseRule(draft?.rule ?? (await loadSegment(tx, key))?.rule);
      const stay = stayFormOf(waiting.ok ? waiting.settings : head.settings, {
        // A step of tiers has its softer number in the set.
        rule: rule.ok && head.set?.kind !== 'tiers' ? rule.rule : null,
        currency: settings.currency,
      });
      const control = await readControlShown(tx, key, settings.timeZone);
      return { head, stay, control, today, tagPrefix: settings.tagPrefix };
    }),
  );
}

interface Refused {
  intent: string;
  /** Beside the fields. */
  errors: Partial<Record<StayField | 'name' | 'tag' | 'freezeDay' | 'share', string>>;
  /** Above everything. */
  message?: string;
  given: Record<string, string>;
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
    const refuse = (refused: Omit<Refused, 'intent' | 'given'>) =>
      Response.json({ intent, given, ...refused } satisfies Refused, { status: 422 });
    const segment = await app.db.inShop(shopId, (tx) => loadSegment(tx, key));
    if (!segment) throw noSuchSegment();
    switch (intent) {
      case 'stay': {
        // What waits for approval is what is gone on with.
        const draft = await app.db.inShop(shopId, (tx) => readDraft(tx, key));
        const said = parseRule(draft?.rule ?? segment.rule);
        const waiting = parseSettings(draft?.settings ?? segment.settings);
        const parsed = parseStayForm(
          {
            hold: text('hold'),
            months: text('months'),
            minimumStayDays: text('minimumStayDays'),
            rejoinAfterDays: text('rejoinAfterDays'),
            lastDay: text('lastDay'),
            ...(form.has('keepAtLeast') ? { keepAtLeast: text('keepAtLeast') } : {}),
          },
          waiting.ok ? waiting.settings : segment.settings,
          { rule: said.ok ? said.rule : segment.rule, currency: settings.currency },
        );
        if (!parsed.ok) return refuse({ errors: parsed.errors });
        const edited = await app.db.inShop(shopId, async (tx) => {
          await waitForShop(tx, shopId);
          const rule = (await readDraft(tx, key))?.rule ?? (await loadSegment(tx, key))?.rule;
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
        const errors: Refused['errors'] = {};
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
  const { head, stay, control, today, tagPrefix } = useLoaderData<typeof loader>();
  const refused = useActionData() as Refused | undefined;
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

type Head = Awaited<ReturnType<typeof loader>>['head'];

function SetSection({ head }: { head: Head }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          One of several
        </Text>
        {head.set ? (
          <>
            <Text as="p">
              {`In “${head.set.name}” a customer is in one segment at most, the first that holds:`}
            </Text>
            <List type="number">
              {head.set.segments.map(({ key, name }) => (
                <List.Item key={key}>{name}</List.Item>
              ))}
            </List>
            <Link url={`/app/segment-sets/${head.set.id}`}>Change this set</Link>
          </>
        ) : (
          <>
            <Text as="p" tone="subdued">
              Segments can exclude each other by priority, or be the steps of tiers such as Gold and Silver.
            </Text>
            <InlineStack gap="300">
              <Link url={`/app/segment-sets/new?with=${head.key}`}>Make an exclusive set</Link>
              <Link url={`/app/segment-sets/new?kind=tiers&with=${head.key}`}>Make tiers</Link>
            </InlineStack>
          </>
        )}
      </BlockStack>
    </Card>
  );
}

function FreezeSection({
  name,
  today,
  tagPrefix,
  refused,
  busy,
}: {
  name: string;
  today: string;
  tagPrefix: string;
  refused: Refused | undefined;
  busy: boolean;
}) {
  const mine = refused?.intent === 'freeze' ? refused : undefined;
  const [listName, setListName] = useState(mine?.given['name'] ?? `${name} on ${today}`);
  const [typedTag, setTypedTag] = useState<string | null>(mine?.given['tag'] ?? null);
  const [day, setDay] = useState(mine?.given['freezeDay'] ?? '');
  return (
    <Card>
      <Form method="post">
        <input type="hidden" name="intent" value="freeze" />
        <BlockStack gap="300">
          <div>
            <Text as="h2" variant="headingMd">
              Freeze today’s members
            </Text>
            <Text as="p" tone="subdued">
              A list of its own, as a draft: whoever is in now stays in it, whatever they do.
            </Text>
          </div>
          <FormLayout>
            <TextField
              label="Name of the list"
              name="name"
              autoComplete="off"
              maxLength={NAME_LIMITS.name}
              value={listName}
              onChange={setListName}
              error={mine?.errors.name}
            />
            <FormLayout.Group>
              <TextField
                label="Tag of the list"
                name="tag"
                autoComplete="off"
                prefix={tagPrefix}
                value={typedTag ?? keyFromName(listName)}
                onChange={setTypedTag}
                error={mine?.errors.tag}
              />
              <TextField
                label="Last day (optional)"
                name="freezeDay"
                type="date"
                autoComplete="off"
                value={day}
                onChange={setDay}
                error={mine?.errors.freezeDay}
              />
            </FormLayout.Group>
          </FormLayout>
          <InlineStack>
            <Button submit loading={busy}>
              Freeze as a list
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}

function EndSection({ head, busy }: { head: Head; busy: FormDataEntryValue | null | undefined }) {
  const draft = head.status === 'draft';
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {draft ? 'Delete' : 'Pause or turn off'}
        </Text>
        {head.status === 'live' ? (
          <Form method="post">
            <input type="hidden" name="intent" value="pause" />
            <BlockStack gap="200" inlineAlign="start">
              <Text as="p" tone="subdued">
                Paused, its members are still kept up to date here, and the tags in your store stay as they
                are.
              </Text>
              <Button submit loading={busy === 'pause'}>
                Pause
              </Button>
            </BlockStack>
          </Form>
        ) : null}
        {draft ? null : (
          <BlockStack gap="200" inlineAlign="start">
            <Text as="p" tone="subdued">
              Turned off, it is a draft again and its tags are taken off. You see the numbers first.
            </Text>
            <Button tone="critical" url={`/app/segments/review?act=turn_off&keys=${head.key}`}>
              Turn off
            </Button>
          </BlockStack>
        )}
        {draft ? <DeleteForm head={head} busy={busy === 'delete'} /> : null}
      </BlockStack>
    </Card>
  );
}

function DeleteForm({ head, busy }: { head: Head; busy: boolean }) {
  const [sure, setSure] = useState(false);
  if (head.usedBy.length > 0) {
    return (
      <Text as="p">
        {`It cannot be deleted while others ask for its members: ${head.usedBy.map(({ name }) => name).join(', ')}.`}
      </Text>
    );
  }
  return (
    <Form method="post">
      <input type="hidden" name="intent" value="delete" />
      <BlockStack gap="200" inlineAlign="start">
        <Text as="p" tone="subdued">
          Its rule, versions, people and history are forgotten. Who approved what stays.
        </Text>
        {sure ? (
          <InlineStack gap="200">
            <Button submit tone="critical" variant="primary" loading={busy}>
              {`Delete ${head.name}`}
            </Button>
            <Button onClick={() => setSure(false)}>Keep it</Button>
          </InlineStack>
        ) : (
          <Button tone="critical" onClick={() => setSure(true)}>
            Delete the segment
          </Button>
        )}
      </BlockStack>
    </Form>
  );
}
