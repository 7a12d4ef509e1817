/** Several texts: each becomes a word with a button that takes it out again. Enter, a comma or leaving adds one. */
import { BlockStack, InlineStack, Tag, TextField } from '@shopify/polaris';
import { useState } from 'react';

export function ListInput({
  label,
  values,
  onChange,
  placeholder,
  error,
  called = (value) => value,
}: {
  label: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
  placeholder?: string;
  error?: boolean;
  /** How a value is shown. */
  called?: (value: string) => string;
}) {
  const [typed, setTyped] = useState('');
  const add = (text: string) => {
    const found = text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '' && !values.includes(one));
    if (found.length > 0) onChange([...values, ...new Set(found)]);
    setTyped('');
  };
  return (
    <BlockStack gap="150">
      <div
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          // Enter would send the form.
          event.preventDefault();
          add(typed);
        }}
      >
        <TextField
          label={label}
          labelHidden
          autoComplete="off"
          placeholder={placeholder ?? 'Type, then press Enter'}
          value={typed}
          onChange={(text) => (text.includes(',') ? add(text) : setTyped(text))}
          onBlur={() => add(typed)}
          error={error}
        />
      </div>
      {values.length > 0 ? (
        <InlineStack gap="100">
          {values.map((value) => (
            <Tag key={value} onRemove={() => onChange(values.filter((one) => one !== value))}>
              {called(value)}
            </Tag>
          ))}
        </InlineStack>
      ) : null}
    </BlockStack>
  );
}
