/** A condition and the customer's own values, in words. A derived field is shown by what it is made from. */
import { fieldOf, isFieldKey, type FieldKey } from '../segments/fields.ts';
import type { Why, WhyCondition as Answer, WhyValue } from '../segments/why.server.ts';
import { readTerm, relatedTerms } from '../segments/term.ts';
import { capital, formatCount, formatDay, formatMinor } from '../ui/format.ts';
import type { WhyCondition } from '../ui/why-list.tsx';

export function whyWords(why: Why, currency: string): WhyCondition[] {
  const settings = why.settings.map(({ what, words }) => ({
    label: capital(words),
    value: '',
    holds: !['never', 'waiting', 'instead', 'not_tried'].includes(what),
    change: '',
  }));
  const conditions = why.conditions.map((condition) => ({
    label: capital(condition.text),
    value: lookedAt(condition, why.values)
      .map(({ label, key, value }) => `${label}: ${valueWords(key, value, currency)}`)
      .join(', '),
    holds: condition.holds,
    change: condition.canChangeOn ? `can change on ${formatDay(condition.canChangeOn)}` : '',
  }));
  return [...settings, ...conditions];
}

/** What a derived field is made from, else the field with its parameters. */
function lookedAt(
  { field, label, value, term }: Answer,
  values: Why['values'],
): { key: FieldKey; label: string; value: WhyValue }[] {
  const { basedOn } = fieldOf(field);
  if (!basedOn) return [{ key: field, label, value }];
  return relatedTerms(term, basedOn.filter(isFieldKey)).map((related) => {
    const { field: key } = readTerm(related);
    return { key, label: fieldOf(key).label, value: values[related] ?? null };
  });
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
      return `${Math.round(Number(value) * 10) / 10} %`;
    case 'decimal':
      return String(Math.round(Number(value) * 100) / 100);
    case 'count':
    case 'days':
      return formatCount(Number(value));
    case 'step':
    case 'choice':
      return field.options?.find((option) => option.value === value)?.label ?? String(value);
  }
}
