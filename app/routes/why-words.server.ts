/** A condition and the customer's own values, in words. A derived field is shown by what it is made from. */
import { fieldOf, isFieldKey, type FieldKey } from '../segments/fields.ts';
import type { Why, WhyCondition as Answer, WhyValue } from '../segments/why.server.ts';
import { formatCount, formatDay, formatMinor } from '../ui/format.ts';
import type { WhyCondition } from '../ui/why-list.tsx';

export function whyWords(why: Why, currency: string): WhyCondition[] {
  return why.conditions.map((condition) => ({
    label: capital(condition.text),
    value: lookedAt(condition)
      .map((key) => `${fieldOf(key).label}: ${valueWords(key, why.values[key] ?? null, currency)}`)
      .join(', '),
    holds: condition.holds,
    change: condition.canChangeOn ? `can change on ${formatDay(condition.canChangeOn)}` : '',
  }));
}

function lookedAt({ field }: Answer): FieldKey[] {
  const { basedOn } = fieldOf(field);
  return basedOn ? basedOn.filter(isFieldKey) : [field];
}

function valueWords(key: FieldKey, value: WhyValue, currency: string): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'none';
  const field = fieldOf(key);
  switch (field.type) {
    case 'money':
      return formatMinor(String(Math.round(Number(value))), currency);
    case 'text':
      return String(value);
    case 'list':
      return (value as string[]).join(', ');
    case 'date':
      return formatDay(String(value));
    case 'yes_no':
      return value === true ? 'yes' : 'no';
    case 'percent':
      return `${String(value)} %`;
    case 'decimal':
      return String(value);
    case 'count':
    case 'days':
      return formatCount(Number(value));
    case 'step':
    case 'choice':
      return field.options?.find((option) => option.value === value)?.label ?? String(value);
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
