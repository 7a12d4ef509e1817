/** The faults of one bulk operation: drawn when it starts, so that what runs beside it changes nothing. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Faults } from '../faults/faults.ts';
import { seededRandom } from '../webhooks/faults.ts';
import type { BulkOperation } from './operation.ts';
import type { ResultFile } from './result-file.ts';

export interface FaultPlan {
  fields: readonly string[];
  /** How it ends after so many lines of its result; STUCK: never, unless it is cancelled. */
  ends?: {
    afterLines: number;
    status: 'FAILED' | 'CANCELED' | 'EXPIRED' | 'STUCK';
    code: BulkOperation['errorCode'];
  };
  noUrl: boolean;
  emptyFile: boolean;
  /** Seed of the order of lines. */
  shuffle?: number;
  rows?: { orphans: number; duplicates: number; unknownField: boolean };
}

export function planOfFaults(
  faults: Faults,
  chance: { shop: string; fields: readonly string[] },
  type: BulkOperation['type'],
): FaultPlan {
  const mine = (settings: { type?: BulkOperation['type'] }) => (settings.type ?? type) === type;
  const shuffled = faults.strike('bulk-shuffled', chance);
  const rows = faults.strike('bulk-rows', chance);
  return {
    fields: chance.fields,
    ends: endOf(faults, chance, mine),
    noUrl: faults.strike('bulk-no-url', chance) !== undefined,
    emptyFile: faults.strike('bulk-empty-file', chance) !== undefined,
    ...(shuffled ? { shuffle: shuffled.settings.seed } : {}),
    ...(rows ? { rows: rows.settings } : {}),
  };
}

function endOf(
  faults: Faults,
  chance: { shop: string; fields: readonly string[] },
  mine: (settings: { type?: BulkOperation['type'] }) => boolean,
): FaultPlan['ends'] {
  const failed = faults.strike('bulk-failed', chance, mine);
  if (failed) {
    const { afterLines, code } = failed.settings;
    return { afterLines, status: 'FAILED', code };
  }
  const others = [
    ['bulk-timeout', 'FAILED', 'TIMEOUT'],
    ['bulk-canceled', 'CANCELED', null],
    ['bulk-expired', 'EXPIRED', null],
    ['bulk-stuck', 'STUCK', null],
  ] as const;
  for (const [name, status, code] of others) {
    const struck = faults.strike(name, chance, mine);
    if (struck) return { afterLines: struck.settings.afterLines, status, code };
  }
  return undefined;
}

/** Rewrites a finished file as the faults want it. */
export async function spoilResult(file: ResultFile, plan: FaultPlan): Promise<void> {
  if (plan.emptyFile && file.lines > 0) {
    await writeFile(file.path, '');
    file.bytes = 0;
    return;
  }
  if (plan.shuffle === undefined && !plan.rows) return;
  let lines = (await readFile(file.path, 'utf8')).split('\n').filter((line) => line !== '');
  if (plan.rows) lines = withOddRows(lines, plan.rows);
  if (plan.shuffle !== undefined) shuffle(lines, plan.shuffle);
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  await writeFile(file.path, text);
  file.bytes = text.length;
  file.lines = lines.length;
}

function withOddRows(
  lines: readonly string[],
  rows: { orphans: number; duplicates: number; unknownField: boolean },
): string[] {
  const all = rows.unknownField
    ? lines.map((line) => `${line.slice(0, -1)},"__newField":{"of":["tomorrow"]}}`)
    : [...lines];
  const orphan = (number: number) =>
    JSON.stringify({
      id: `gid://shopify/LineItem/${number + 1}`,
      __parentId: `gid://shopify/Order/${9_000_000_000_000 + number}`,
    });
  return [
    ...Array.from({ length: rows.orphans }, (_, number) => orphan(number)),
    ...all,
    ...all.slice(0, rows.duplicates),
  ];
}

/** Fisher and Yates, seeded. */
function shuffle(lines: string[], seed: number): void {
  const random = seededRandom(seed);
  for (let last = lines.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [lines[last], lines[other]] = [lines[other] as string, lines[last] as string];
  }
}
