/** What a row compares with, typed by its field: amounts in the shop's currency, days, dates, choices, lists. */
import { InlineStack, Select, Text, TextField, ChoiceList } from '@shopify/polaris';
import { DAY_OPERATORS, type Field } from '../../segments/field.ts';
import { ListInput } from './list-input.tsx';
import { takesList, takesNothing, type DraftRow } from './rule-draft.ts';
import { capital } from '../format.ts';

export interface ValueInputProps {
  row: DraftRow;
  field: Field;
  currency: string;
  label: string;
  error: boolean;
  onChange: (texts: string[]) => void;
}

/** More choices than this do not fit beside each other. */
const FEW = 16;

export function ValueInput({ row, field, currency, label, error, onChange }: ValueInputProps) {
  const { op, texts } = row;
  if (takesNothing(op)) return null;
  if (takesList(op)) {
    return field.options && field.options.length <= FEW && !field.pattern ? (
      <ChoiceList
        allowMultiple
        title={label}
        titleHidden
        choices={field.options.map((option) => ({ label: option.label, value: String(option.value) }))}
        selected={texts}
        onChange={onChange}
      />
    ) : (
      <ListInput
        label={label}
        values={texts}
        error={error}
        placeholder={field.pattern ? 'Codes, such as DE' : undefined}
        onChange={(values) => onChange(field.pattern ? values.map((one) => one.toUpperCase()) : values)}
      />
    );
  }
  const one = (index: number, words: string) => (
    <OneValue
      row={row}
      field={field}
      currency={currency}
      label={words}
      error={error}
      value={texts[index] ?? ''}
      onChange={(text) => {
        const next = op === 'between' ? [texts[0] ?? '', texts[1] ?? ''] : [''];
        next[index] = text;
        onChange(next);
      }}
    />
  );
  if (op !== 'between') return one(0, label);
  return (
    <InlineStack gap="200" blockAlign="center" wrap={false}>
      {one(0, `${label}, from`)}
      <Text as="span">and</Text>
      {one(1, `${label}, to`)}
    </InlineStack>
  );
}

function OneValue({
  row,
  field,
  currency,
  label,
  error,
  value,
  onChange,
}: Omit<ValueInputProps, 'onChange'> & { value: string; onChange: (text: string) => void }) {
  const days = DAY_OPERATORS.includes(row.op);
  if (!days && field.type === 'yes_no') {
    const says = field.says;
    return (
      <Select
        label={label}
        labelHidden
        options={[
          { label: says ? capital(says.yes) : 'Yes', value: 'true' },
          { label: says ? capital(says.no) : 'No', value: 'false' },
        ]}
        value={value}
        onChange={onChange}
      />
    );
  }
  if (!days && field.options && field.options.length > 0 && !field.pattern) {
    const options = field.options.map((option) => ({ label: option.label, value: String(option.value) }));
    return (
      <Select
        label={label}
        labelHidden
        placeholder={value === '' ? 'Choose' : undefined}
        options={options}
        value={value}
        onChange={onChange}
        error={error}
      />
    );
  }
  const date = !days && field.type === 'date';
  const money = !days && field.type === 'money';
  const whole = days || field.type === 'count' || field.type === 'days' || field.type === 'percent';
  const text = !days && (field.type === 'text' || field.type === 'list' || field.type === 'choice');
  const unit = days ? 'days' : field.type === 'days' ? 'days' : field.type === 'percent' ? '%' : field.unit;
  return (
    <TextField
      label={label}
      labelHidden
      autoComplete="off"
      type={date ? 'date' : 'text'}
      inputMode={whole ? 'numeric' : money || field.type === 'decimal' ? 'decimal' : undefined}
      prefix={money ? currency : undefined}
      suffix={text || date || money ? undefined : unit}
      placeholder={text && field.pattern ? 'Code, such as DE' : undefined}
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}
