/** A condition and the customer's own value, in words. */
import { fieldOf } from '../segments/fields.ts';
import type { WhyCondition as Answer } from '../segments/why.server.ts';
import { formatCount, formatDay, formatMinor } from '../ui/format.ts';
import type { WhyCondition } from '../ui/why-list.tsx';

export function whyWords(answer: Answer, currency: string): WhyCondition {
  return {
    label: capital(answer.text),
    value: `${capital(answer.label)}: ${valueWords(answer, currency)}`,
    holds: answer.holds,
    change: answer.canChangeOn ? `can change on ${formatDay(answer.canChangeOn)}` : '',
  };
}

function valueWords({ field: key, value }: Answer, currency: string): string {
  if (value === null) return 'none';
  const field = fieldOf(key);
  switch (field.type) {
    case 'money':
      return formatMinor(String(Math.round(Number(value))), currency);
    case 'date':
      return formatDay(String(value));
    case 'yes_no':
      return value === true ? 'yes' : 'no';
    case 'count':
    case 'days':
      return formatCount(Number(value));
    case 'step':
    case 'choice':
      return field.options?.find((option) => option.value === value)?.label ?? String(value);
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
