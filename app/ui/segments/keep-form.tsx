/** The softer rule of those who are in already: written like the rule itself, with its sentence and what it would change. */
import { Form, useNavigation, useSubmit } from '@remix-run/react';
import { Banner, BlockStack, Button, InlineStack, Layout } from '@shopify/polaris';
import { useRef, useState } from 'react';
import type { EditorData } from '../../segments/read-editor-data.server.ts';
import type { Rule, RuleFault } from '../../segments/rule.ts';
import { LivePanel } from './live-panel.tsx';
import { RuleCards } from './rule-cards.tsx';
import { SaveBar } from './save-bar.tsx';
import { usePreview } from './use-preview.ts';
import { faultsShown, focusFault, useRuleDraft } from './use-rule-draft.ts';

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
  const { read, portable, stored, firstFault, names } = editing;
  const [asked, setAsked] = useState(refused !== undefined);
  const form = useRef<HTMLFormElement>(null);
  const { state, formData } = useNavigation();
  const submit = useSubmit();
  const busy = state === 'idle' ? null : formData?.get('intent');
  const preview = usePreview(segmentKey, read.parsed.ok ? portable : null, 'keep');
  const send = () => {
    setAsked(true);
    if (!read.parsed.ok) return focusFault();
    submit(form.current);
  };
  const here = `/app/segments/${segmentKey}/settings`;
  return (
    <BlockStack gap="400">
      <Form
        method="post"
        ref={form}
        onSubmit={(event) => {
          setAsked(true);
          if (read.parsed.ok) return;
          event.preventDefault();
          focusFault();
        }}
      >
        <SaveBar
          dirty={portable !== stored && busy === null}
          saving={busy === 'keep'}
          onSave={send}
          onDiscard={() => {
            editing.reset();
            setAsked(false);
          }}
        />
        <input type="hidden" name="intent" value="keep" />
        <input type="hidden" name="rule" value={portable} />
        <Layout>
          <Layout.Section>
            <BlockStack gap="400">
              {asked && (firstFault !== null || refused) ? (
                <Banner tone="critical" title="Not saved yet">
                  <p>{firstFault ?? 'Look at the fields in red.'}</p>
                </Banner>
              ) : null}
              <RuleCards
                title="Who is in stays as long as this holds"
                editing={editing}
                data={data}
                faults={faultsShown(editing, refused, { asked, under: 'settings.keep' })}
                waitHelp="For staying. Empty: at once."
              />
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
            <Button submit variant="primary" loading={busy === 'keep'}>
              {isOn ? 'Save and review' : 'Save'}
            </Button>
            <Button url={here} disabled={busy !== null}>
              Cancel
            </Button>
          </InlineStack>
        </div>
      </Form>
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
