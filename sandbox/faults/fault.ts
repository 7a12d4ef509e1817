/**
 * Faults that a test or a person may arm: what may go wrong between an app and Shopify, by name. Each says what
 * it strikes (`target`), when (`count`, `after`, `share`, `seconds`, `field`) and how (its own settings).
 */
import { z } from 'zod';

const rule = {
  /** "NAME.myshopify.com"; every store without it. */
  shop: z.string().optional(),
  /** Strikes only what has this root field (of the request, or of the bulk operation's document). */
  field: z.string().optional(),
  /** Ends after so many strikes. Without count, share and seconds: 1. */
  count: z.number().int().min(1).optional(),
  /** Lets so many chances go by first. */
  after: z.number().int().min(0).default(0),
  /** Of the chances, 0 to 1, drawn with `seed`. */
  share: z.number().min(0).max(1).optional(),
  seed: z.number().int().default(1),
  /** Ends after so many seconds of machine time. */
  seconds: z.number().positive().optional(),
};

/** Which of the sandbox's HTTP is meant. */
const on = z.enum(['graphql', 'bulk-result', 'staged-upload', 'token']).default('graphql');
/** Was the request carried out before its answer was lost? */
const when = z.enum(['before', 'after']).default('before');

/** How a bulk operation ends; so many lines are in the file by then. */
const afterLines = z.number().int().min(0).default(0);

const faults = {
  // --- answers of the Admin API: the request is not carried out, unless `when` is "after" ---
  throttled: z.object(rule),
  'too-many-requests': z.object({ ...rule, on, retryAfter: z.number().min(0).default(1) }),
  'server-error': z.object({ ...rule, on, when, status: z.number().int().min(500).max(599).default(503) }),
  hang: z.object({
    ...rule,
    on,
    when,
    for: z.number().min(0).max(600).default(30),
    then: z.enum(['answer', 'close']).default('answer'),
  }),
  reset: z.object({ ...rule, on, when: z.enum(['before', 'after']).default('after') }),
  errors: z.object({
    ...rule,
    code: z.string().default('INTERNAL_SERVER_ERROR'),
    message: z.string().default('Internal error. Looks like something went wrong on our end.'),
  }),
  // --- root fields: each one of a document is a chance ---
  'user-errors': z.object({
    ...rule,
    message: z.string().default('Something was not accepted'),
    code: z.string().nullable().default(null),
    path: z.array(z.string()).nullable().default(null),
  }),
  'partial-data': z.object({
    ...rule,
    when,
    code: z.string().default('INTERNAL_SERVER_ERROR'),
    message: z.string().default('Internal error. Looks like something went wrong on our end.'),
  }),
  // --- tokens ---
  'revoke-token': z.object(rule),
  'expire-token': z.object(rule),
  // --- bulk operations: each one that starts is a chance ---
  'bulk-failed': z.object({
    ...rule,
    afterLines,
    type: z.enum(['QUERY', 'MUTATION']).optional(),
    code: z.enum(['INTERNAL_SERVER_ERROR', 'ACCESS_DENIED', 'TIMEOUT']).default('INTERNAL_SERVER_ERROR'),
  }),
  'bulk-timeout': z.object({ ...rule, afterLines, type: z.enum(['QUERY', 'MUTATION']).optional() }),
  'bulk-canceled': z.object({ ...rule, afterLines, type: z.enum(['QUERY', 'MUTATION']).optional() }),
  'bulk-expired': z.object({ ...rule, afterLines, type: z.enum(['QUERY', 'MUTATION']).optional() }),
  'bulk-stuck': z.object({ ...rule, afterLines, type: z.enum(['QUERY', 'MUTATION']).optional() }),
  'bulk-denied': z.object({ ...rule, type: z.enum(['QUERY', 'MUTATION']).optional() }),
  'bulk-shuffled': z.object(rule),
  'bulk-no-url': z.object(rule),
  'bulk-empty-file': z.object(rule),
  'bulk-finish-lost': z.object(rule),
  'bulk-rows': z.object({
    ...rule,
    /** Rows whose parent is not in the file. */
    orphans: z.number().int().min(0).default(0),
    /** Rows that come twice. */
    duplicates: z.number().int().min(0).default(0),
    /** Adds a field that nobody asked for to every row. */
    unknownField: z.boolean().default(false),
  }),
  // --- lines of bulk mutations: each line is a chance ---
  'bulk-lines': z.object({
    ...rule,
    /** Numbers of lines, from 0. Without them `share` or `count` decides. */
    lines: z.array(z.number().int().min(0)).optional(),
    as: z.enum(['userErrors', 'errors']).default('userErrors'),
    message: z.string().default('Something was not accepted'),
  }),
  // --- files: each download is a chance ---
  'result-expired': z.object(rule),
  'result-cut': z.object({
    ...rule,
    at: z.enum(['middle-of-line', 'middle-of-character']).default('middle-of-line'),
    /** `file`: that is all there is; `transfer`: the connection breaks there. */
    how: z.enum(['file', 'transfer']).default('transfer'),
  }),
  'result-crlf': z.object(rule),
  'result-gzip': z.object({ ...rule, told: z.boolean().default(true) }),
  'result-long-line': z.object({ ...rule, megabytes: z.number().int().min(1).max(200).default(50) }),
} as const;

export type FaultName = keyof typeof faults;
export type FaultSettings<Name extends FaultName> = z.infer<(typeof faults)[Name]>;
export type FaultInput<Name extends FaultName> = z.input<(typeof faults)[Name]>;

export const FAULT_NAMES = Object.keys(faults) as readonly FaultName[];

/** @throws RangeError in a sentence for whoever asked */
export function checkFault<Name extends FaultName>(name: Name, input: unknown): FaultSettings<Name> {
  if (!Object.hasOwn(faults, name)) {
    throw new RangeError(`There is no fault ${String(name)}: ${FAULT_NAMES.join(', ')}.`);
  }
  const parsed = faults[name].strict().safeParse(input);
  if (!parsed.success) throw new RangeError(z.prettifyError(parsed.error));
  return parsed.data as FaultSettings<Name>;
}
