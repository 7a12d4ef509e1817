/**
 * The frame of a form that writes a rule: the save bar, what is missing, the fields, and beside them the sentence and
 * the count. Nothing is sent while something is missing.
 */
import { Form, useSubmit } from '@remix-run/react';
import { Banner, BlockStack, Button, InlineStack, Layout } from '@shopify/polaris';
import { useRef, type ReactNode } from 'react';
import type { EditorData } from '../../segments/read-editor-data.server.ts';
import { LivePanel } from './live-panel.tsx';
import { SaveBar } from './save-bar.tsx';
import type { Preview } from './use-preview.ts';
import { focusFault, type RuleEditing } from './use-rule-draft.ts';

export interface RuleFormProps {
  editing: RuleEditing;
  data: EditorData;
  preview: Preview;
  isOn: boolean;
  /** Named in the form, where it has more than one act. */
  intent?: string;
  /** Nothing is missing. */
  ready: boolean;
  /** What is missing or was refused; null: nothing to say. */
  wrong: string | null;
  dirty: boolean;
  saving: boolean;
  /** Something of the page is on its way. */
  busy: boolean;
  saveLabel: string;
  cancelUrl: string;
  /** It was to be sent: from now on what is missing is shown. */
  onAsked: () => void;
  onDiscard: () => void;
  children: ReactNode;
}

export function RuleForm({
  editing: { read, portable, firstFault, names },
  data,
  preview,
  isOn,
  intent,
  ready,
  wrong,
  dirty,
  saving,
  busy,
  saveLabel,
  cancelUrl,
  onAsked,
  onDiscard,
  children,
}: RuleFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const submit = useSubmit();
  const send = () => {
    onAsked();
    if (!ready) return focusFault();
    submit(form.current);
  };
  return (
    <Form
      method="post"
      ref={form}
      onSubmit={(event) => {
        onAsked();
        if (ready) return;
        event.preventDefault();
        focusFault();
      }}
    >
      <SaveBar dirty={dirty} saving={saving} onSave={send} onDiscard={onDiscard} />
      {intent === undefined ? null : <input type="hidden" name="intent" value={intent} />}
      <input type="hidden" name="rule" value={portable} />
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {wrong === null ? null : (
              <Banner tone="critical" title="Not saved yet">
                <p>{wrong}</p>
              </Banner>
            )}
            {children}
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
            {saveLabel}
          </Button>
          <Button url={cancelUrl} disabled={busy}>
            Cancel
          </Button>
        </InlineStack>
      </div>
    </Form>
  );
}

/** In a form that names no single field. */
export const LOOK_AT_FIELDS = 'Look at the fields in red.';
