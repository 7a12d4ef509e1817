/**
 * Creating and editing a segment: name, tag and rule, with the sentence and the count beside them. What was typed stays
 * when the server refuses it. Everything is in the form's own fields, so that it can be sent without a script.
 */
import { useNavigation } from '@remix-run/react';
import { BlockStack, Card, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { EditorData } from '../../segments/read-editor-data.server.ts';
import type { Rule, RuleFault } from '../../segments/rule.ts';
import { checkNames, keyFromName, NAME_LIMITS } from '../../segments/segment-names.ts';
import { RuleCards } from './rule-cards.tsx';
import { LOOK_AT_FIELDS, RuleForm } from './rule-form.tsx';
import { usePreview } from './use-preview.ts';
import { faultsShown, useRuleDraft } from './use-rule-draft.ts';
import { capital } from '../format.ts';

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
  const editing = useRuleDraft(initial.rule, {
    currency: data.print.currency,
    names: data.names,
    given: refused?.given.rule,
  });
  const { read, portable, firstFault } = editing;
  // A form sent without a script comes back with what was typed.
  const [start] = useState({
    name: refused?.given.name ?? initial.name,
    tag: refused?.given.tag ?? initial.tag,
  });
  const stored = JSON.stringify([initial.name, initial.tag, editing.stored]);
  const [name, setName] = useState(start.name);
  const [typedTag, setTypedTag] = useState<string | null>(start.tag === '' ? null : start.tag);
  const [note, setNote] = useState(refused?.given.note ?? '');
  const [asked, setAsked] = useState(refused !== undefined);
  const navigation = useNavigation();
  const saving = navigation.state !== 'idle' && navigation.formMethod === 'POST';

  const tag = typedTag ?? keyFromName(name);
  const preview = usePreview(segmentKey, read.parsed.ok ? portable : null);
  const dirty = JSON.stringify([name, tag, portable]) !== stored && !saving;

  const ruleFaults = faultsShown(editing, refused, { asked, under: 'rule' });
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

  const sound = read.parsed.ok && nameFaults.filter(({ path }) => path === 'name').length === 0 && !tagFault;
  const discard = () => {
    setName(initial.name);
    setTypedTag(initial.tag === '' ? null : initial.tag);
    editing.reset();
    setNote('');
    setAsked(false);
  };
  return (
    <RuleForm
      editing={editing}
      data={data}
      preview={preview}
      isOn={isOn}
      ready={sound && !(segmentKey === null && nameFaults.length > 0)}
      wrong={asked && !sound ? (firstFault ?? nameFault ?? tagFault ?? LOOK_AT_FIELDS) : null}
      dirty={dirty}
      saving={saving}
      busy={saving}
      saveLabel={segmentKey === null ? 'Save as draft' : isOn ? 'Save and review' : 'Save'}
      cancelUrl={segmentKey === null ? '/app/segments' : `/app/segments/${segmentKey}`}
      onAsked={() => setAsked(true)}
      onDiscard={discard}
    >
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
      <RuleCards
        title="Who is in it"
        editing={editing}
        data={data}
        faults={ruleFaults}
        waitHelp="So that an order that is sent back never brings anybody in. Empty: at once."
      >
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
      </RuleCards>
    </RuleForm>
  );
}
