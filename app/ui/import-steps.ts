/** What the merchant sees of an import: five steps, the one under way, and one bar over all of them. */
import type { ImportStatus } from '../intake/read-sync-status.server.ts';
import { countOf, formatCount } from './format.ts';

export interface ImportView {
  state: 'running' | 'failed' | 'done';
  step: string;
  stepDone: number;
  stepTotal: number;
  parts: readonly {
    kind: 'customers' | 'orders' | 'products';
    state: string;
    rows: number;
    rowsDone: number;
  }[];
}

export interface ImportStep {
  name: string;
  state: 'waiting' | 'running' | 'done';
  /** "1,200 of 5,000 rows"; empty when there is nothing to count. */
  detail: string;
}

const READING = [
  { kind: 'customers', name: 'Read customers from Shopify' },
  { kind: 'orders', name: 'Read orders from Shopify' },
  { kind: 'products', name: 'Read products from Shopify' },
] as const;

/** Later steps in the order of the run, each with the share of the whole bar that it takes. */
const LATER = [
  { name: 'Bring customers and orders together', steps: ['joining'], weight: 5 },
  { name: 'Work out each customer’s history', steps: ['profiles'], weight: 15 },
  { name: 'Work out scores and segments', steps: ['scores', 'memberships', 'segments'], weight: 10 },
] as const;
const READING_WEIGHT = 70;

/** The run as a list of steps, in order. */
export function importSteps(run: ImportView): ImportStep[] {
  const at = LATER.findIndex((later) => (later.steps as readonly string[]).includes(run.step));
  const position = run.state === 'done' || run.step === 'done' ? LATER.length : at;
  return [
    ...READING.map(({ kind, name }): ImportStep => {
      const part = run.parts.find((candidate) => candidate.kind === kind);
      if (position >= 0 || part?.state === 'done') {
        return { name, state: 'done', detail: part?.rowsDone ? countOf(part.rowsDone, 'row') : '' };
      }
      if (!part || part.state === 'starting') return { name, state: 'waiting', detail: '' };
      if (part.state === 'running') {
        const found = part.rows > 0 ? `, ${formatCount(part.rows)} rows so far` : '';
        return { name, state: 'running', detail: `Shopify is collecting them${found}` };
      }
      return { name, state: 'running', detail: progress(part.rowsDone, part.rows) };
    }),
    ...LATER.map(({ name }, index): ImportStep => {
      if (position > index) return { name, state: 'done', detail: '' };
      if (position < index) return { name, state: 'waiting', detail: '' };
      return { name, state: 'running', detail: progress(run.stepDone, run.stepTotal) };
    }),
  ];
}

/** 0 to 100 over the whole run. Never 100 before it is done. */
export function importPercent(run: ImportView): number {
  if (run.state === 'done') return 100;
  const share = (done: number, total: number) => (total > 0 ? Math.min(1, done / total) : 0);
  const at = LATER.findIndex((later) => (later.steps as readonly string[]).includes(run.step));
  if (at < 0) {
    const parts = READING.map(({ kind }) => run.parts.find((part) => part.kind === kind));
    const read = parts.map((part) => {
      if (part?.state === 'done') return 1;
      return part?.state === 'loading' ? share(part.rowsDone, part.rows) : 0;
    });
    return Math.round((READING_WEIGHT * read.reduce((sum, done) => sum + done, 0)) / parts.length);
  }
  const before = LATER.slice(0, at).reduce((sum, { weight }) => sum + weight, READING_WEIGHT);
  const now = (LATER[at]?.weight ?? 0) * share(run.stepDone, run.stepTotal);
  return Math.min(99, Math.round(before + now));
}

/** How far a run that reads page by page has come, over all its parts. */
export function pagedProgress(run: ImportStatus | null): { done: number; total: number } | null {
  const paged = run?.state === 'running' ? run.parts.filter((part) => part.paged) : [];
  if (paged.length === 0) return null;
  const sum = (of: (part: ImportStatus['parts'][number]) => number) =>
    paged.reduce((total, part) => total + of(part), 0);
  return { done: sum(({ rowsDone }) => rowsDone), total: sum(({ rows }) => rows) };
}

function progress(done: number, total: number): string {
  if (total <= 0) return done > 0 ? formatCount(done) : '';
  return `${formatCount(Math.min(done, total))} of ${formatCount(total)}`;
}
