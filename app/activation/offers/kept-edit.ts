/**
 * Somebody's change of a discount of ours, and what is left of it after we have written the discount once more: what is
 * said in the app is the newer word, but it says nothing about the other fields. Pure.
 */
import { sameLooks } from './store-discount.ts';

/**
 * Deleted, or what was changed, in words. `looks` is how it looked with the change, as JSON; `base` how it had been
 * before, when it was written after the change and has not been looked at since.
 */
export type DiscountEdit =
  | { what: 'deleted' }
  | { what: 'segment'; looks?: string; base?: string }
  | { what: 'edited'; says: string; looks: string; base?: string };

/** How the discount looked before the change that it was written after; null: it was not. */
export function baseOf(edit: DiscountEdit | null): string | null {
  return edit === null || edit.what === 'deleted' ? null : (edit.base ?? null);
}

/** What is to be remembered of the change when the discount is written. */
export function keptEdit(row: { seen: string | null; edited: DiscountEdit | null }): DiscountEdit | null {
  const base = row.seen ?? baseOf(row.edited);
  if (row.edited === null || row.edited.what === 'deleted' || base === null) return null;
  return { ...row.edited, base };
}

/**
 * What counts as ours of a discount that was written: how it looks now, but for what somebody had changed before and
 * is still so.
 * @param looks as it looks now
 */
export function seenAfter(edit: DiscountEdit | null, looks: string): string {
  const text = baseOf(edit);
  if (edit === null || edit.what === 'deleted' || text === null || edit.looks === undefined) return looks;
  const [base, theirs, now] = [text, edit.looks, looks].map((one) => JSON.parse(one) as Record<string, unknown>) as [Fields, Fields, Fields]; // prettier-ignore
  for (const field of Object.keys(theirs)) {
    const isTheirs = !sameLooks(base[field], theirs[field]) && sameLooks(theirs[field], now[field]);
    if (isTheirs) now[field] = base[field];
  }
  return JSON.stringify(now);
}

type Fields = Record<string, unknown>;
