/** A rule while it is written, with what is wrong in it at its place, and how what it names is called. */
import { useMemo, useRef, useState } from 'react';
import { readJson } from '../../read-json.ts';
import { fromPortable } from '../../segments/portable-rule.ts';
import type { Rule, RuleFault } from '../../segments/rule.ts';
import { draftOf } from './draft-of-rule.ts';
import { placeFaults, readDraft, type DraftFaults, type ReadDraft } from './read-draft.ts';
import { rowsOf, type RuleDraft } from './rule-draft.ts';

export interface RuleEditing {
  draft: RuleDraft;
  setDraft: (draft: RuleDraft | ((before: RuleDraft) => RuleDraft)) => void;
  names: Readonly<Record<string, string>>;
  addNames: (more: Record<string, string>) => void;
  read: ReadDraft;
  /** As it is sent. */
  portable: string;
  /** As it was before anything was changed. */
  stored: string;
  /** Conditions are numbered through, by the ids of their rows. */
  numbers: ReadonlyMap<string, number>;
  /** "Condition 2: Enter a value." */
  firstFault: string | null;
  newId: () => string;
  /** Back to what is stored. */
  reset: () => void;
}

/** @param given what was sent without a script and refused, as text */
export function useRuleDraft(
  rule: Rule | null,
  {
    currency,
    names: known,
    given,
  }: { currency: string; names: Readonly<Record<string, string>>; given?: string | undefined },
): RuleEditing {
  const ids = useRef(0);
  const newId = () => `n${++ids.current}`;
  const fresh = () => draftOf(rule, currency, newId);
  const [draft, setDraft] = useState(() => {
    const sent = given === undefined ? undefined : fromPortable(readJson(given), currency);
    return sent?.ok ? draftOf(sent.rule, currency, newId) : fresh();
  });
  const [stored] = useState(() => JSON.stringify(readDraft(fresh(), currency).portable));
  const [names, setNames] = useState(known);
  const read = useMemo(() => readDraft(draft, currency), [draft, currency]);
  const numbers = useMemo(() => new Map(rowsOf(draft.root).map(({ id }, i) => [id, i + 1])), [draft]);
  return {
    draft,
    setDraft,
    names,
    addNames: (more) => setNames((before) => ({ ...before, ...more })),
    read,
    portable: JSON.stringify(read.portable),
    stored,
    numbers,
    firstFault: firstOf(read.faults, numbers),
    newId,
    reset: () => setDraft(fresh()),
  };
}

/**
 * What is shown as wrong: what the form finds itself once it was sent, and what the server said as long as nothing was
 * changed since.
 * @param under the path before the rule's own in the server's faults: "rule", "settings.keep"
 */
export function faultsShown(
  { draft, read, portable }: RuleEditing,
  refused: { faults: readonly RuleFault[]; given: { rule: string } } | undefined,
  { asked, under }: { asked: boolean; under: string },
): DraftFaults {
  const said = refused && refused.given.rule === portable ? refused.faults : [];
  const own = said.flatMap(({ path, message }) =>
    path.startsWith(`${under}.`) ? [{ path: path.slice(under.length + 1), message }] : [],
  );
  return merged(asked ? read.faults : new Map(), placeFaults(draft, own));
}

function firstOf(faults: DraftFaults, numbers: ReadonlyMap<string, number>): string | null {
  for (const [id, [words]] of faults) {
    const number = numbers.get(id);
    return number === undefined ? (words ?? null) : `Condition ${number}: ${words ?? ''}`;
  }
  return null;
}

function merged(one: DraftFaults, other: DraftFaults): DraftFaults {
  const all = new Map([...one].map(([id, words]) => [id, [...words]]));
  for (const [id, words] of other) {
    all.set(id, [...new Set([...(all.get(id) ?? []), ...words])]);
  }
  return all;
}

/** To the first field in red, once it is drawn. */
export function focusFault(): void {
  requestAnimationFrame(() => {
    const wrong = document.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong="true"] input, [data-wrong="true"] select'); // prettier-ignore
    wrong?.focus();
  });
}
