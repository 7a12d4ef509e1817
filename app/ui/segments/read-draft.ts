/** What is wrong in a rule while it is written, in a sentence at the row that it is about. */
import { fieldOf } from '../../segments/fields.ts';
import { fromPortable } from '../../segments/portable-rule.ts';
import type { ParsedRule, RuleFault } from '../../segments/rule.ts';
import { capital } from '../format.ts';
import { portableOf } from './portable-of-draft.ts';
import { isGroup, takesList, type DraftNode, type DraftRow, type RuleDraft } from './rule-draft.ts';

/** What is wrong, by the id of the row or group ("wait" for the days before an order counts). */
export type DraftFaults = ReadonlyMap<string, readonly string[]>;

export interface ReadDraft {
  parsed: ParsedRule;
  /** The portable form, as it is sent. */
  portable: unknown;
  faults: DraftFaults;
}

export function readDraft(draft: RuleDraft, currency: string): ReadDraft {
  const portable = portableOf(draft);
  const parsed = fromPortable(portable, currency);
  return { parsed, portable, faults: parsed.ok ? new Map() : placeFaults(draft, parsed.faults) };
}

/** Leads each fault to its row, in a sentence. Paths begin with "where" or "countAfterDays". */
export function placeFaults(draft: RuleDraft, faults: readonly RuleFault[]): DraftFaults {
  const placed = new Map<string, string[]>();
  for (const { path, message } of faults) {
    const { id, node, rest } = nodeAt(draft, path.split('.'));
    const sentence = node && !isGroup(node) ? rowSentence(node, rest, message) : groupSentence(rest, message);
    const known = placed.get(id) ?? [];
    if (!known.includes(sentence)) placed.set(id, [...known, sentence]);
  }
  return placed;
}

function nodeAt(
  draft: RuleDraft,
  steps: readonly string[],
): { id: string; node?: DraftNode; rest: string[] } {
  if (steps[0] === 'countAfterDays') return { id: 'wait', rest: [] };
  let node: DraftNode = draft.root;
  let rest = steps.slice(1);
  const [only] = draft.root.children;
  // A bare condition stands where its group would.
  if (draft.bare && only && !['all', 'any', 'none'].includes(rest[0] ?? '')) node = only;
  while (isGroup(node) && rest.length >= 2 && rest[0] === node.match) {
    const child: DraftNode | undefined = node.children[Number(rest[1])];
    if (!child) break;
    node = child;
    rest = rest.slice(2);
  }
  return { id: node.id, node, rest };
}

function groupSentence(rest: readonly string[], message: string): string {
  if (rest.length === 1 && message.includes('at least one condition')) return 'Add at least one condition.';
  return `This ${message}.`;
}

function rowSentence(row: DraftRow, rest: readonly string[], message: string): string {
  if (row.field === '') return 'Choose what to ask for.';
  const [part, name = '', ...more] = rest;
  if (part === undefined || part === 'field' || part === 'op') {
    return message.startsWith('Not available')
      ? message
      : capital(`${part === 'op' ? 'the comparison' : 'this'} ${message}.`);
  }
  if (part === 'value') return valueSentence(row, name, message);
  if (part !== 'with') return capital(`${message}.`);
  const blank: Record<string, [boolean, string]> = {
    lastDays: [row.lastDays.trim() === '', 'Enter a number of days.'],
    beforeDays: [row.beforeDays.trim() === '', 'Enter a number of days.'],
    segment: [row.segment === '', fieldOf(row.field).asksForTiers ? 'Choose tiers.' : 'Choose a segment.'],
    metafield: [row.metafield === '', 'Choose a metafield.'],
    what: [row.what.length === 0, 'Choose at least one.'],
  };
  const [isBlank, words] = blank[name] ?? [false, ''];
  if (isBlank) return words;
  const called: Record<string, string> = {
    lastDays: 'the number of days',
    beforeDays: 'the number of days',
    from: 'the first day',
    to: 'the last day',
    segment: fieldOf(row.field).asksForTiers ? 'what was chosen' : 'the segment',
    metafield: 'the metafield',
  };
  const item = name === 'what' ? row.what[Number(more[1])] : undefined;
  return capital(`${item ? `“${item}”` : (called[name] ?? 'this')} ${message}.`);
}

function valueSentence(row: DraftRow, at: string, message: string): string {
  const index = at === '' ? 0 : Number(at);
  const text = row.texts[index] ?? '';
  if (text.trim() === '') return takesList(row.op) ? 'Name at least one.' : 'Enter a value.';
  if (row.op === 'between' && at !== '')
    return capital(`${index === 0 ? 'the first value' : 'the second value'} ${message}.`);
  return capital(takesList(row.op) && at !== '' ? `“${text}” ${message}.` : `the value ${message}.`);
}
