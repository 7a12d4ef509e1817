/** A group of rows: all, any or none of them hold. Groups stand in groups, as deep as the language allows. */
import { BlockStack, Button, InlineError, InlineStack, Select } from '@shopify/polaris';
import { PlusIcon } from '@shopify/polaris-icons';
import { RULE_LIMITS } from '../../segments/rule.ts';
import { ConditionRow, type RowContext } from './condition-row.tsx';
import type { DraftFaults } from './read-draft.ts';
import { emptyRow, isGroup, rowsOf, type DraftGroup, type DraftNode, type Match } from './rule-draft.ts';

const MATCHES: { value: Match; label: string }[] = [
  { value: 'all', label: 'All of these hold' },
  { value: 'any', label: 'At least one of these holds' },
  { value: 'none', label: 'None of these holds' },
];
const BETWEEN: Record<Match, string> = { all: 'and', any: 'or', none: 'nor' };

export function RuleGroup({
  group,
  depth,
  numbers,
  faults,
  context,
  newId,
  onChange,
  onRemove,
}: {
  group: DraftGroup;
  /** 1 for the outermost. */
  depth: number;
  /** Places of all rows by their id. */
  numbers: ReadonlyMap<string, number>;
  faults: DraftFaults;
  context: RowContext;
  newId: () => string;
  onChange: (id: string, change: (node: DraftNode) => DraftNode | null) => void;
  onRemove: (() => void) | null;
}) {
  const add = (child: DraftNode) =>
    onChange(group.id, (node) => (isGroup(node) ? { ...node, children: [...node.children, child] } : node));
  const wrong = faults.get(group.id) ?? [];
  const name = depth === 1 ? 'The rule' : 'Group';
  const onlyRow = depth === 1 && rowsOf(group).length <= 1 && group.children.length <= 1;
  return (
    <div className="rg-rule-group" data-depth={depth} role="group" aria-label={name}>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200" wrap={false}>
          <div className="rg-rule-match">
            <Select
              label={`${name}: how its conditions are taken together`}
              labelHidden
              options={MATCHES}
              value={group.match}
              onChange={(match) =>
                onChange(group.id, (node) => (isGroup(node) ? { ...node, match: match as Match } : node))
              }
            />
          </div>
          {onRemove ? (
            <Button variant="plain" tone="critical" onClick={onRemove}>
              Remove group
            </Button>
          ) : null}
        </InlineStack>
        {group.children.map((child, at) => (
          <BlockStack key={child.id} gap="300">
            {at > 0 ? <span className="rg-rule-between">{BETWEEN[group.match]}</span> : null}
            {isGroup(child) ? (
              <RuleGroup
                group={child}
                depth={depth + 1}
                {...{ numbers, faults, context, newId, onChange }}
                onRemove={() => onChange(child.id, () => null)}
              />
            ) : (
              <ConditionRow
                row={child}
                number={numbers.get(child.id) ?? 0}
                faults={faults.get(child.id) ?? []}
                context={context}
                onChange={(row) => onChange(child.id, () => row)}
                onRemove={onlyRow ? null : () => onChange(child.id, () => null)}
              />
            )}
          </BlockStack>
        ))}
        {wrong.length > 0 ? <InlineError message={wrong.join(' ')} fieldID={group.id} /> : null}
        <InlineStack gap="200">
          <Button icon={PlusIcon} onClick={() => add(emptyRow(newId()))}>
            Add condition
          </Button>
          {depth < RULE_LIMITS.depth - 1 ? (
            <Button
              variant="tertiary"
              onClick={() => add({ id: newId(), match: 'any', children: [emptyRow(newId())] })}
            >
              Add group
            </Button>
          ) : null}
        </InlineStack>
      </BlockStack>
    </div>
  );
}
