/**
 * Creating and editing a segment: name, tag and rule, with the sentence and the count beside them. What was typed stays
 * when the server refuses it. Everything is in the form's own fields, so that it can be sent without a script.
 */
import { Form, useNavigation, useSubmit } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, InlineStack, Layout, Text, TextField } from '@shopify/polaris';
import { useMemo, useRef, useState } from 'react';
import { fromPortable } from '../../segments/portable-rule.ts';
import type { EditorData } from '../../segments/read-editor-data.server.ts';
import type { Rule, RuleFault } from '../../segments/rule.ts';
import { checkNames, keyFromName, NAME_LIMITS } from '../../segments/segment-names.ts';
import { LivePanel } from './live-panel.tsx';
import { changed, draftOf, placeFaults, readDraft, rowsOf, type DraftFaults } from './rule-draft.ts';
import { RuleGroup } from './rule-group.tsx';
import { SaveBar } from './save-bar.tsx';
import { usePreview } from './use-preview.ts';

/** What was sent and refused, with every fault. */
export interface RefusedForm {
  faults: RuleFault[];
  given: { name: string; tag: string; rule: string; note: string };
}

export interface SegmentFormProps {
  /** null: a new one. */
  segmentKey: string | null;
  initial: { name: string; tag: string; rule: Rule | null };
  /** Its tag is in the store. */
  tagIsFixed: boolean;
  isOn: boolean;
  data: EditorData;
  refused: RefusedForm | undefined;
}

export function SegmentForm(props: SegmentFormProps) {
  const { segmentKey, initial, tagIsFixed, isOn, data, refused } = props;
  const { currency } = data.print;
  const ids = useRef(0);
  const newId = () => `n${++ids.current}`;
  // A form sent without a script comes back with what was typed.
  const [start] = useState(() => {
    const given = refused?.given;
    const rule = given ? fromPortable(jsonOf(given.rule), currency) : undefined;
    return {
      name: given?.name ?? initial.name,
      tag: given?.tag ?? initial.tag,
      draft: draftOf(rule?.ok ? rule.rule : initial.rule, currency, newId),
    };
  });
  const [stored] = useState(() =>
    JSON.stringify([
      initial.name,
      initial.tag,
      readDraft(draftOf(initial.rule, currency, newId), currency).portable,
    ]),
  );
  const [name, setName] = useState(start.name);
  const [typedTag, setTypedTag] = useState<string | null>(start.tag === '' ? null : start.tag);
  const [note, setNote] = useState(refused?.given.note ?? '');
  const [draft, setDraft] = useState(start.draft);
  const [names, setNames] = useState<Readonly<Record<string, string>>>(data.names);
  const [asked, setAsked] = useState(refused !== undefined);
  const form = useRef<HTMLFormElement>(null);
  const navigation = useNavigation();
  const submit = useSubmit();
  const saving = navigation.state !== 'idle' && navigation.formMethod === 'POST';

  const tag = typedTag ?? keyFromName(name);
  const read = useMemo(() => readDraft(draft, currency), [draft, currency]);
  const portable = JSON.stringify(read.portable);
  const preview = usePreview(segmentKey, read.parsed.ok ? portable : null);
  const dirty = JSON.stringify([name, tag, read.portable]) !== stored && !saving;

  // What the server said holds as long as nothing was changed since.
  const fromServer = refused && refused.given.rule === portable ? refused.faults : [];
  const ruleFaults = merged(
    asked ? read.faults : new Map(),
    placeFaults(draft, fromServer.flatMap(({ path, message }) => path.startsWith('rule.') ? [{ path: path.slice(5), message }] : [])), // prettier-ignore
  );
  const nameFaults = checkNames(
    { key: segmentKey ?? tag, name, tag },
    { prefix: data.tagPrefix, taken: segmentKey === null ? data.taken : { ...data.taken, keys: [] } },
  );
  const faultOf = (path: 'name' | 'tag') => {
    const server = refused?.given[path] === (path === 'name' ? name : tag) ? refused.faults : [];
    const found = (
      asked ? nameFaults : nameFaults.filter((one) => one.path === 'tag' && typedTag !== null)
    ).find((one) => one.path === path || (path === 'tag' && one.path === 'key' && segmentKey === null));
    const fault = found ?? server.find((one) => one.path === path);
    return fault ? capital(`${path === 'tag' ? 'The tag' : 'The name'} ${fault.message}.`) : undefined;
  };
  const tagFault = tagIsFixed || tag === initial.tag ? undefined : faultOf('tag');
  const nameFault = faultOf('name');

  const numbers = useMemo(() => new Map(rowsOf(draft.root).map(({ id }, i) => [id, i + 1])), [draft]);
  const firstFault = firstOf(read.faults, numbers);
  const sound = read.parsed.ok && nameFaults.filter(({ path }) => path === 'name').length === 0 && !tagFault;
  const send = () => {
    setAsked(true);
    if (!sound || (segmentKey === null && nameFaults.length > 0)) return focusFault();
    submit(form.current);
  };
  const discard = () => {
    setName(initial.name);
    setTypedTag(initial.tag === '' ? null : initial.tag);
    setDraft(draftOf(initial.rule, currency, newId));
    setNote('');
    setAsked(false);
  };
  return (
    <Form
      method="post"
      ref={form}
      onSubmit={(event) => {
        setAsked(true);
        if (sound && !(segmentKey === null && nameFaults.length > 0)) return;
        event.preventDefault();
        focusFault();
      }}
    >
      <SaveBar dirty={dirty} saving={saving} onSave={send} onDiscard={discard} />
      <input type="hidden" name="rule" value={portable} />
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {asked && !sound ? (
              <Banner tone="critical" title="Not saved yet">
                <p>{firstFault ?? nameFault ?? tagFault ?? 'Look at the fields in red.'}</p>
              </Banner>
            ) : null}
            <Card>
              <BlockStack gap="300">
                <TextField
                  label="Name"
                  name="name"
                  autoComplete="off"
                  maxLength={NAME_LIMITS.name}
                  value={name}
                  onChange={setName}
                  error={nameFault}
                />
                <TextField
                  label="Tag in Shopify"
                  name="tag"
                  autoComplete="off"
                  prefix={data.tagPrefix}
                  value={tag}
                  onChange={setTypedTag}
                  readOnly={tagIsFixed}
                  error={tagFault}
                  helpText={
                    tagIsFixed
                      ? 'It is in your store. Turn the segment off to change its tag.'
                      : 'Other apps, staff and sometimes customers can see it.'
                  }
                />
              </BlockStack>
            </Card>
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingMd">
                  Who is in it
                </Text>
                <RuleGroup
                  group={draft.root}
                  depth={1}
                  numbers={numbers}
                  faults={ruleFaults}
                  newId={newId}
                  context={{ data, names, onNames: (more) => setNames((known) => ({ ...known, ...more })) }}
                  onChange={(id, change) =>
                    setDraft((before) => ({ ...before, root: changed(before.root, id, change) }))
                  }
                  onRemove={null}
                />
              </BlockStack>
            </Card>
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingMd">
                  Return period
                </Text>
                <div className="rg-narrow">
                  <TextField
                    label="Count an order for this segment only after"
                    autoComplete="off"
                    inputMode="numeric"
                    suffix="days"
                    placeholder="0"
                    value={draft.countAfterDays}
                    onChange={(countAfterDays) => setDraft({ ...draft, countAfterDays })}
                    error={ruleFaults.get('wait')?.join(' ')}
                    helpText="So that an order that is sent back never brings anybody in. Empty: at once."
                  />
                </div>
                {segmentKey === null ? null : (
                  <TextField
                    label="Note for the version (optional)"
                    name="note"
                    autoComplete="off"
                    maxLength={200}
                    value={note}
                    onChange={setNote}
                    helpText="Shown beside this change under Versions."
                  />
                )}
              </BlockStack>
            </Card>
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <div className="rg-live">
            <LivePanel
              rule={read.parsed.ok ? read.parsed.rule : null}
              unfinished={firstFault}
              preview={preview}
              print={{ ...data.print, names: (kind, id) => names[`${kind} ${id}`] }}
              currentWords={isOn ? 'its members now' : 'what is saved'}
            />
          </div>
        </Layout.Section>
      </Layout>
      <div className="rg-page-actions rg-space-above">
        <InlineStack gap="200">
          <Button submit variant="primary" loading={saving}>
            {segmentKey === null ? 'Save as draft' : isOn ? 'Save and review' : 'Save'}
          </Button>
          <Button
            url={segmentKey === null ? '/app/segments' : `/app/segments/${segmentKey}`}
            disabled={saving}
          >
            Cancel
          </Button>
        </InlineStack>
      </div>
    </Form>
  );
}

/** "Condition 2: Enter a value." */
function firstOf(faults: DraftFaults, numbers: ReadonlyMap<string, number>): string | null {
  for (const [id, [words]] of faults) {
    const number = numbers.get(id);
    return number === undefined ? (words ?? null) : `Condition ${number}: ${words ?? ''}`;
  }
  return null;
}

function merged(one: DraftFaults, other: DraftFaults): DraftFaults {
  const all = new Map([...one].map(([id, words]) => [id, [...words]]));
  for (const [id, words] of other) {
    all.set(id, [...new Set([...(all.get(id) ?? []), ...words])]);
  }
  return all;
}

/** To the first field in red, once it is drawn. */
function focusFault(): void {
  requestAnimationFrame(() => {
    const wrong = document.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong="true"] input, [data-wrong="true"] select'); // prettier-ignore
    wrong?.focus();
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
