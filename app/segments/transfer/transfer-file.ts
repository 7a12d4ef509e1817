/**
 * The file in which segments and settings go to another store: versioned JSON, money in major units, no person in it.
 * Lists of frozen members hold customers of this store alone; they are named and left out.
 */
import { z } from 'zod';
import { namedTwice } from '../named-twice.ts';
import { toPortable } from '../portable-rule.ts';
import type { Rule, RuleFault } from '../rule.ts';
import type { SegmentSettings } from '../segment-settings.ts';

export const TRANSFER_FORMAT = 'regulars-transfer';
export const TRANSFER_LIMITS = { bytes: 1_048_576, segments: 500, sets: 100, depth: 50 } as const;

const word = (most: number) => z.string().min(1).max(most);

const segmentSchema = z.strictObject({
  key: word(100),
  name: word(200),
  /** Without the prefix. */
  tag: word(255),
  family: word(100),
  /** It is a preset of the app that nobody has changed. */
  preset: z.boolean(),
  /** Portable; looked at when it is known into which currency it goes. */
  rule: z.unknown(),
  /** With a portable keep rule. */
  settings: z.record(z.string(), z.unknown()),
});

const fileSchema = z.strictObject({
  format: z.literal(TRANSFER_FORMAT, { error: 'is not a file of this app' }),
  v: z.literal(1, { error: 'must be 1: this version of the app knows no other' }),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a currency such as EUR'),
  timeZone: z.string().max(100),
  settings: z.strictObject({
    askAbove: z.int().min(0).max(1_000_000),
    tagPrefix: z.string().max(100),
    policy: z.record(z.string(), z.unknown()),
    postalCodes: z.boolean(),
    metafields: z.array(z.strictObject({ key: word(320), type: word(100) })).max(10),
  }),
  sets: z
    .array(
      z.strictObject({
        name: word(200),
        kind: z.enum(['exclusive', 'tiers']),
        settings: z.record(z.string(), z.unknown()),
        /** Keys by rank, the first one wins. */
        segments: z.array(word(100)).max(TRANSFER_LIMITS.segments),
      }),
    )
    .max(TRANSFER_LIMITS.sets),
  segments: z
    .array(segmentSchema)
    .max(TRANSFER_LIMITS.segments, `must not be more than ${TRANSFER_LIMITS.segments}`),
  leftOut: z.array(z.strictObject({ key: word(100), name: word(200), why: z.string().max(500) })).max(1_000),
});

export type TransferFile = z.infer<typeof fileSchema>;
export type TransferSegment = TransferFile['segments'][number];
export type TransferSet = TransferFile['sets'][number];

export type ParsedTransfer = { ok: true; file: TransferFile } | { ok: false; faults: RuleFault[] };

/** How deep lists and objects are nested in a JSON text: what is written out again must not exhaust the stack. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/g)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, (depth += 1));
    else if (token === ']' || token === '}') depth -= 1;
  }
  return deepest;
}

/** From the text of a file. Every fault has its path; what is not JSON says where it ends to be. */
export function parseTransfer(text: string): ParsedTransfer {
  const fault = (path: string, message: string): ParsedTransfer => ({
    ok: false,
    faults: [{ path, message }],
  });
  if (new TextEncoder().encode(text).length > TRANSFER_LIMITS.bytes) {
    return fault('', 'is larger than 1 MB');
  }
  if (depthOf(text) > TRANSFER_LIMITS.depth)
    return fault('', `is nested more than ${TRANSFER_LIMITS.depth} deep`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fault('', `is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`);
  }
  const named = namedTwice(text);
  if (named !== null) return fault(named, 'is there twice');
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    return {
      ok: false,
      faults: parsed.error.issues
        .slice(0, 50)
        .map(({ path, message }) => ({ path: path.join('.'), message })),
    };
  }
  const { segments, sets } = parsed.data;
  const twice = segments.findIndex(({ key }, i) => segments.findIndex((one) => one.key === key) !== i);
  if (twice >= 0) return fault(`segments.${twice}.key`, 'is there twice');
  const seen = new Set<string>();
  for (const [i, { segments: keys }] of sets.entries()) {
    for (const [j, key] of keys.entries()) {
      if (seen.has(key)) return fault(`sets.${i}.segments.${j}`, 'is in two sets, or twice in one');
      seen.add(key);
    }
  }
  return { ok: true, file: parsed.data };
}

/** Settings of a segment as they go into the file. */
export function portableSettings(settings: SegmentSettings, currency: string): Record<string, unknown> {
  const { keep, ...others } = settings;
  return { ...others, ...(keep === undefined ? {} : { keep: toPortable(keep, currency) }) };
}

export function portableSegment(
  segment: {
    key: string;
    name: string;
    tagName: string;
    family: string;
    rule: Rule;
    settings: SegmentSettings;
  },
  { currency, preset }: { currency: string; preset: boolean },
): TransferSegment {
  const { key, name, tagName, family, rule, settings } = segment;
  return {
    key,
    name,
    tag: tagName,
    family,
    preset,
    rule: toPortable(rule, currency),
    settings: portableSettings(settings, currency),
  };
}
