/** How long who has come in stays whatever they do: not at all, some months, to the end of a year. */
import { Select, TextField } from '@shopify/polaris';
import type { Hold } from '../../../segments/segment-settings.ts';

export type HoldChoice = 'none' | Hold['for'];

export function HoldFields({
  label,
  choices,
  form,
  errors = {},
  onChange,
}: {
  label: string;
  /** What each says on this page. */
  choices: Readonly<Record<HoldChoice, string>>;
  form: { hold: string; months: string };
  errors?: { hold?: string; months?: string };
  onChange: (name: 'hold' | 'months') => (value: string) => void;
}) {
  return (
    <>
      <Select
        label={label}
        name="hold"
        options={Object.entries(choices).map(([value, words]) => ({ value, label: words }))}
        value={form.hold}
        onChange={onChange('hold')}
        error={errors.hold}
      />
      {form.hold === 'months' ? (
        <TextField
          label="Months"
          name="months"
          inputMode="numeric"
          autoComplete="off"
          value={form.months}
          onChange={onChange('months')}
          error={errors.months}
        />
      ) : null}
    </>
  );
}
