/** The conditions of a rule and how long an order waits before it counts, as cards of a form. */
import { BlockStack, Card, Text, TextField } from '@shopify/polaris';
import type { ReactNode } from 'react';
import type { EditorData } from '../../segments/read-editor-data.server.ts';
import type { DraftFaults } from './read-draft.ts';
import { changed } from './rule-draft.ts';
import { RuleGroup } from './rule-group.tsx';
import type { RuleEditing } from './use-rule-draft.ts';

export function RuleCards({
  title,
  editing,
  data,
  faults,
  waitHelp,
  children,
}: {
  title: string;
  editing: RuleEditing;
  data: EditorData;
  faults: DraftFaults;
  waitHelp: string;
  /** Below the wait. */
  children?: ReactNode;
}) {
  const { draft, setDraft, numbers, names, addNames, newId } = editing;
  return (
    <>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <RuleGroup
            group={draft.root}
            depth={1}
            numbers={numbers}
            faults={faults}
            newId={newId}
            context={{ data, names, onNames: addNames }}
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
              error={faults.get('wait')?.join(' ')}
              helpText={waitHelp}
            />
          </div>
          {children}
        </BlockStack>
      </Card>
    </>
  );
}
