/** Acts as mutations: what an act refuses becomes a userError, with Shopify's words where they are known. */
import { randomUUID } from 'node:crypto';
import { ActError } from '../../acts/act.ts';
import type { SandboxJob } from '../../store/model.ts';
import type { GraphContext } from '../context.ts';

export interface UserError {
  field: string[] | null;
  message: string;
  code?: string | null;
}

/** Fields by the beginnings of an act's sentences. */
export type FieldsOfErrors = readonly (readonly [
  pattern: RegExp,
  field: string[] | null,
  message?: string,
])[];

export type Attempt<T> = { done: T; userErrors: [] } | { done: undefined; userErrors: UserError[] };

export function attempt<T>(act: () => T, fields: FieldsOfErrors = [], code?: string): Attempt<T> {
  try {
    return { done: act(), userErrors: [] };
  } catch (error) {
    if (!(error instanceof ActError)) throw error;
    return refused(errorOf(error.message, fields, code));
  }
}

export function refused(...userErrors: UserError[]): { done: undefined; userErrors: UserError[] } {
  return { done: undefined, userErrors };
}

function errorOf(message: string, fields: FieldsOfErrors, code: string | undefined): UserError {
  const known = fields.find(([pattern]) => pattern.test(message));
  return { field: known?.[1] ?? null, message: known?.[2] ?? message, ...(code ? { code } : {}) };
}

/** How long a job says that it is not done. The work itself is done at once. An assumption. */
const JOB_MS = 1000;

export function beginJob({ store, sandbox }: GraphContext, merge: SandboxJob['merge'] = null) {
  const now = store.clock.machineNow().getTime();
  const doneAt = new Date(now + (sandbox.fast ? 0 : JOB_MS)).toISOString();
  const job: SandboxJob = { id: randomUUID(), doneAt, merge };
  store.jobs.put(job);
  return { id: jobGid(job.id), done: false, query: null };
}

export function jobGid(id: string): string {
  return `gid://shopify/Job/${id}`;
}
