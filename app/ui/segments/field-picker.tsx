/** Choosing what a row asks for: by typing or from the groups; what is not available says why and cannot be chosen. */
import { Autocomplete, BlockStack, Icon, Text } from '@shopify/polaris';
import { SearchIcon } from '@shopify/polaris-icons';
import { useRef, useState } from 'react';
import { FIELD_GROUPS, type FieldGroup } from '../../segments/field.ts';
import { FIELD_KEYS, fieldOf, isFieldKey, type FieldKey } from '../../segments/fields.ts';
import { notFieldsFor } from '../../segments/not-fields.ts';
import type { EditorData } from '../../segments/read-editor-data.server.ts';
import { capital } from '../format.ts';

export function FieldPicker({
  value,
  onChange,
  missing,
  label,
  error,
}: {
  value: FieldKey | '';
  onChange: (key: FieldKey) => void;
  missing: EditorData['missing'];
  label: string;
  error: boolean;
}) {
  /** null: nothing is being typed. */
  const [typed, setTyped] = useState<string | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const chosen = value === '' ? '' : capital(fieldOf(value).label);
  return (
    <div ref={place}>
      <Autocomplete
        options={sectionsFor(typed ?? '', missing)}
        selected={value === '' ? [] : [value]}
        onSelect={([key]) => {
          if (isFieldKey(key)) onChange(key);
          setTyped(null);
        }}
        emptyState={
          <Text as="p" tone="subdued" alignment="center">
            Nothing is called so. Try another word.
          </Text>
        }
        textField={
          <Autocomplete.TextField
            label={label}
            labelHidden
            autoComplete="off"
            placeholder="Choose or search"
            prefix={value === '' ? <Icon source={SearchIcon} tone="subdued" /> : undefined}
            value={typed ?? chosen}
            onChange={setTyped}
            onBlur={() => {
              setTyped(null);
              requestAnimationFrame(() => forgetClosedList(place.current));
            }}
            error={error}
          />
        }
      />
    </div>
  );
}

/** Polaris leaves the names of a list that is closed on its field; a screen reader would look for what is not there. */
function forgetClosedList(place: HTMLElement | null): void {
  const input = place?.querySelector('input[aria-expanded="false"]');
  for (const name of ['aria-activedescendant', 'aria-owns', 'aria-controls']) {
    const id = input?.getAttribute(name);
    if (input && id !== null && id !== undefined && !document.getElementById(id)) input.removeAttribute(name);
  }
}

function sectionsFor(typed: string, missing: EditorData['missing']) {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (key: FieldKey) => {
    const { label, help, group } = fieldOf(key);
    const text = `${label} ${help} ${FIELD_GROUPS[group]}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const found = FIELD_KEYS.filter(fits);
  // By name before by help.
  const named = (key: FieldKey) => words.every((word) => fieldOf(key).label.toLowerCase().includes(word));
  const sections = (Object.keys(FIELD_GROUPS) as FieldGroup[]).flatMap((group) => {
    const keys = found.filter((key) => fieldOf(key).group === group);
    if (keys.length === 0) return [];
    keys.sort((a, b) => Number(named(b)) - Number(named(a)));
    return [{ title: FIELD_GROUPS[group], options: keys.map((key) => optionFor(key, missing[key])) }];
  });
  const looked = notFieldsFor(typed).map(({ label, why }) => optionOf(`no ${label}`, capital(label), why));
  return looked.length > 0 ? [{ title: 'Not available', options: looked }, ...sections] : sections;
}

const optionFor = (key: FieldKey, why: string | undefined) => optionOf(key, capital(fieldOf(key).label), why);

/** @param why it cannot be chosen */
function optionOf(value: string, name: string, why: string | undefined) {
  return {
    value,
    disabled: why !== undefined,
    label:
      why === undefined ? (
        name
      ) : (
        <BlockStack>
          <span>{name}</span>
          <Text as="span" variant="bodySm" tone="subdued">
            {why}
          </Text>
        </BlockStack>
      ),
  };
}
