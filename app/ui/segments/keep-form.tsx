/** The softer rule of those who are in already: written like the rule itself, with its sentence and what it would change. */
import { Form, useNavigation } from '@remix-run/react';
import { BlockStack, Button } from '@shopify/polaris';
import { useState } from 'react';
import type { EditorData } from '../../segments/read-editor-data.server.ts';
import type { Rule, RuleFault } from '../../segments/rule.ts';
import { RuleCards } from './rule-cards.tsx';
import { LOOK_AT_FIELDS, RuleForm } from './rule-form.tsx';
import { usePreview } from './use-preview.ts';
import { faultsShown, useRuleDraft } from './use-rule-draft.ts';

export interface RefusedKeep {
  faults: RuleFault[];
  given: { rule: string };
}

export function KeepForm({
  segmentKey,
  keep,
  begin,
  isOn,
  data,
  refused,
}: {
  segmentKey: string;
  /** What is said now; null: nothing, so that one begins with the rule to get in. */
  keep: Rule | null;
  begin: Rule | null;
  isOn: boolean;
  data: EditorData;
  refused: RefusedKeep | undefined;
}) {
  const editing = useRuleDraft(keep ?? begin, {
    currency: data.print.currency,
    names: data.names,
    given: refused?.given.rule,
  });
  const { read, portable, stored, firstFault } = editing;
  const [asked, setAsked] = useState(refused !== undefined);
  const { state, formData } = useNavigation();
  const busy = state === 'idle' ? null : formData?.get('intent');
  const preview = usePreview(segmentKey, read.parsed.ok ? portable : null, 'keep');
  return (
    <BlockStack gap="400">
      <RuleForm
        editing={editing}
        data={data}
        preview={preview}
        isOn={isOn}
        intent="keep"
        ready={read.parsed.ok}
        wrong={asked && (firstFault !== null || refused) ? (firstFault ?? LOOK_AT_FIELDS) : null}
        dirty={portable !== stored && busy === null}
        saving={busy === 'keep'}
        busy={busy !== null}
        saveLabel={isOn ? 'Save and review' : 'Save'}
        cancelUrl={`/app/segments/${segmentKey}/settings`}
        onAsked={() => setAsked(true)}
        onDiscard={() => {
          editing.reset();
          setAsked(false);
        }}
      >
        <RuleCards
          title="Who is in stays as long as this holds"
          editing={editing}
          data={data}
          faults={faultsShown(editing, refused, { asked, under: 'settings.keep' })}
          waitHelp="For staying. Empty: at once."
        />
      </RuleForm>
      {keep === null ? null : (
        <Form method="post">
          <input type="hidden" name="intent" value="no_keep" />
          <Button submit tone="critical" loading={busy === 'no_keep'}>
            To stay takes the same as to get in
          </Button>
        </Form>
      )}
    </BlockStack>
  );
}
