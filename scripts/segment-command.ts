/**
 * `npm run segment`: a rule evaluated on an order export, by the loader, the import and the compiler that a store's
 * own segments go through. The last line of stdout is one JSON object, everything else goes to stderr; exit 2 and a
 * sentence for a wrong option, file or rule.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { readOrderExport } from '../app/intake/export/read-order-export.server.ts';
import { ExportFileError } from '../app/intake/export/export-file-error.ts';
import { sql } from '../app/db/sql.ts';
import type { Db, ShopId, ShopTx } from '../app/db/tenancy.server.ts';
import { localDateOf, type LocalDate } from '../app/local-date.ts';
import { decimalOf } from '../app/money.ts';
import { refitShop } from '../app/pipeline/refit-shop.server.ts';
import { shopFaults } from '../app/segments/available-fields.ts';
import { compileEvidence, valuesOf } from '../app/segments/compile-rule.ts';
import { fieldOf } from '../app/segments/fields.ts';
import { loadReadableSegments } from '../app/segments/load-segments.server.ts';
import { compileSegments, heldMemberships } from '../app/segments/membership-difference.ts';
import { namedTwice } from '../app/segments/named-twice.ts';
import { fromPortable } from '../app/segments/portable-rule.ts';
import { printRule } from '../app/segments/print-rule.ts';
import { readRuleDay } from '../app/segments/read-rule-day.server.ts';
import { referenceFaults, resolveReferences } from '../app/segments/references.ts';
import type { Rule, RuleFault } from '../app/segments/rule.ts';
import { unsavedSegment, type Segment } from '../app/segments/segment.ts';
import { shopifyQuery } from '../app/segments/shopify-query.ts';
import { readTerm, type TermKey } from '../app/segments/term.ts';
import { usesPredictions } from '../app/segments/uses-predictions.ts';
import { openExportStore, type ExportStore } from './segment-store.ts';
import { readSegmentOptions, SegmentOptionError, USAGE, type SegmentCommand } from './segment-options.ts';

export interface SegmentIo {
  /** The folder that relative paths are counted from. */
  from: string;
  /** Standard output and standard error, text with its newline. */
  out(text: string): void;
  err(text: string): void;
}

interface Member {
  customerId: string;
  values: Record<TermKey, unknown>;
}

/** A rule that is wrong: every fault with its path. */
class RuleError extends Error {
  constructor(faults: readonly RuleFault[]) {
    super(faults.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('\n'));
  }
}

/** @returns the exit code */
export async function runSegment(args: string[], io: SegmentIo): Promise<number> {
  if (args.includes('--help')) {
    io.out(`${USAGE}\n`);
    return 0;
  }
  try {
    return await run(args, io);
  } catch (error) {
    if (error instanceof SegmentOptionError) io.err(`${error.message}\n`);
    else if (error instanceof ExportFileError) io.err(`--orders: ${error.message}\n`);
    else if (error instanceof RuleError) io.err(`--rule: ${error.message}\n`);
    else throw error;
    return 2;
  }
}

async function run(args: string[], io: SegmentIo): Promise<number> {
  const started = Date.now();
  const command = readSegmentOptions(args, io.from);
  const json = readRuleFile(command.rule);
  const asOf = command.asOf ?? (await newestDay(command));
  const store = await openExportStore({ ...command, asOf });
  try {
    const rule = readRule(json, store.currency);
    const { db, shopId } = await store.load();
    const answer = await evaluate({ db, shopId, store, rule });
    if (command.out !== undefined) writeMembers(command.out, answer.members, rule, store);
    const { query, whyNot } = shopifyQuery(rule, store.currency);
    const { buyers, sentence, members } = answer;
    const seconds = Math.round((Date.now() - started) / 100) / 10;
    io.out(
      `${JSON.stringify({ size: members.length, buyers, sentence, shopifyQuery: query, whyNot, seconds })}\n`,
    );
    return 0;
  } finally {
    await store.close();
  }
}

function readRuleFile(file: string): unknown {
  let text: string;
  try {
    // Editors of Windows begin a file with the mark of its byte order.
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new SegmentOptionError(`--rule: ${file} cannot be read${code}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? `: ${error.message}` : '';
    throw new SegmentOptionError(`--rule: ${file} is not JSON${why}`);
  }
  const twice = namedTwice(text);
  if (twice !== null) throw new RuleError([{ path: twice, message: 'is there twice' }]);
  return json;
}

function readRule(json: unknown, currency: string): Rule {
  const parsed = fromPortable(json, currency);
  if (!parsed.ok) throw new RuleError(parsed.faults);
  return parsed.rule;
}

/** The local day of the newest order. */
async function newestDay({ orders, timeZone }: SegmentCommand): Promise<LocalDate> {
  let newest = -Infinity;
  for await (const { createdAt } of readOrderExport(orders)) newest = Math.max(newest, createdAt.getTime());
  if (newest === -Infinity) {
    throw new SegmentOptionError('--orders: the file has no order, so --as-of DATE is needed');
  }
  return localDateOf(new Date(newest), timeZone);
}

async function evaluate({
  db,
  shopId,
  store: { clock, log },
  rule,
}: {
  db: Db;
  shopId: ShopId;
  store: ExportStore;
  rule: Rule;
}): Promise<{ members: Member[]; buyers: number; sentence: string }> {
  if (usesPredictions(rule)) await refitShop({ db, clock, log }, shopId, { publish: 'force' });
  return db.inShop(shopId, async (tx) => {
    const day = await readRuleDay(tx, clock.now());
    const faults = shopFaults(rule, {
      scopes: [],
      predictions: day.predictions !== null,
      postalCodes: true,
      metafields: [],
      tagPrefix: day.day.tagPrefix,
      ownTags: [],
      tiers: [],
    });
    if (faults.length > 0) throw new RuleError(faults);
    const segment = await resolved(tx, rule);
    const { rows } = await tx.query<Member>(sql`
      ${heldMemberships(shopId, compileSegments([segment]), day.context, { touched: false })}
      SELECT held.customer_id AS "customerId", ${compileEvidence(valuesOf(rule))} AS values
        FROM held JOIN subject USING (customer_id)
       WHERE held.segment_id = ${segment.id}::bigint ORDER BY held.customer_id`);
    const { rows: buyers } = await tx.query<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM profile WHERE shop_id = ${shopId} AND orders > 0 AND NOT left_out`,
    );
    return { members: rows, buyers: buyers[0]?.n ?? 0, sentence: printRule(rule, day.print) };
  });
}

const KEY = 'the-rule-of-this-command';

/** The rule as a segment beside the presets, which it may ask for. */
async function resolved(tx: ShopTx, rule: Rule): Promise<Segment> {
  const presets = await loadReadableSegments(tx);
  const segment = unsavedSegment(rule, { key: KEY, name: KEY, tagName: KEY });
  const faults = referenceFaults(segment, presets).map(({ path, message }) => ({
    path: path.replace(/^rule\./, ''),
    message,
  }));
  if (faults.length > 0) throw new RuleError(faults);
  const references = resolveReferences(segment, new Map([...presets, segment].map((one) => [one.key, one])));
  if (!references.ok) throw new RuleError([{ path: 'where', message: references.fault }]);
  return { ...segment, refersTo: references.refersTo };
}

function writeMembers(file: string, members: readonly Member[], rule: Rule, store: ExportStore): void {
  const terms = valuesOf(rule);
  const rows = members
    .map(({ customerId, values }) => ({ email: store.emailOf(customerId), values }))
    .sort((a, b) => (a.email < b.email ? -1 : Number(a.email > b.email)));
  const lines = [
    ['customer', ...terms],
    ...rows.map(({ email, values }) => [
      email,
      ...terms.map((term) => valueText(term, values[term], store.currency)),
    ]),
  ];
  try {
    writeFileSync(file, `${lines.map((line) => line.map(csvField).join(',')).join('\n')}\n`);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new SegmentOptionError(`--out: ${file} cannot be written${code}`);
  }
}

/** Money in major units, lists with "; " between; empty for no value. */
function valueText(term: TermKey, value: unknown, currency: string): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.join('; ');
  if (fieldOf(readTerm(term).field).type === 'money') {
    return decimalOf(BigInt(Math.round(Number(value))), currency);
  }
  return String(value as string | number | boolean);
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
