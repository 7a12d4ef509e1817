/**
 * Carries out the plan of a file: new segments are made as drafts; of one that is here with another rule the merchant
 * says what to do, and nothing is done unless they do. A segment that is on keeps what it says until its change has had
 * its own review.
 */
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { storeAskAbove } from '../ask-above.server.ts';
import { createSegment } from '../create-segment.server.ts';
import { editSegment } from '../edit-segment.server.ts';
import { readTakenNames } from '../read-taken-names.server.ts';
import { isCondition, childrenOf, type Rule, type RuleFault, type RuleNode } from '../rule.ts';
import type { SegmentSettings } from '../segment-settings.ts';
import { NAME_LIMITS } from '../segment-names.ts';
import { inOrder, type ImportPlan, type PlannedSegment } from './plan-import.ts';
import { reviewImport, type ReviewedImport } from './review-import.server.ts';
import type { TransferFile } from './transfer-file.ts';

/** skip: the one here stays; copy: the other one is made under another key; replace: the one here is to say so. */
export type Conflict = 'skip' | 'copy' | 'replace';

export interface ImportWish {
  file: TransferFile;
  fingerprint: string;
  /** By key; those that differ and are not named are skipped. */
  conflicts?: Readonly<Record<string, Conflict>>;
  /** Whether to take over "ask me before changing more than N customers"; other settings are never changed. */
  askAbove?: boolean;
  actor: string;
  now: Date;
}

export interface ImportedSegment {
  /** In the file. */
  key: string;
  /** Here; another one for a copy. */
  as: string;
  did: 'made' | 'replaced' | 'waiting' | 'skipped' | 'same' | 'faulty';
  faults: RuleFault[];
}

export type Imported =
  | { outcome: 'done'; segments: ImportedSegment[]; sets: number }
  /** The store has changed since the review: nothing was done, here is the new one. */
  | { outcome: 'changed'; review: ReviewedImport };

export async function importSegments(tx: ShopTx, wish: ImportWish): Promise<Imported> {
  // First: what is made below must not be waited for by whoever has the lock.
  await waitForShop(tx, tx.shopId);
  const review = await reviewImport(tx, wish.file, wish.now);
  if (review.fingerprint !== wish.fingerprint) return { outcome: 'changed', review };
  const { plan } = review;
  const keys = new Map<string, string>();
  const results = new Map<string, ImportedSegment>();
  for (const segment of inOrder(plan.segments)) {
    const result = await importOne(tx, segment, keys, wish);
    keys.set(segment.key, result.as);
    results.set(segment.key, result);
  }
  if (wish.askAbove && plan.settings.some(({ name }) => name === 'askAbove')) {
    await storeAskAbove(tx, wish.file.settings.askAbove);
  }
  return {
    outcome: 'done',
    segments: plan.segments.map(
      ({ key, faults }) => results.get(key) ?? { key, as: key, did: 'faulty', faults },
    ),
    sets: await makeSets(tx, plan, results, wish.now),
  };
}

async function importOne(
  tx: ShopTx,
  segment: PlannedSegment,
  keys: ReadonlyMap<string, string>,
  { conflicts = {}, actor, now }: ImportWish,
): Promise<ImportedSegment> {
  const { key, verdict } = segment;
  const wish = verdict === 'differs' ? (conflicts[key] ?? 'skip') : 'copy';
  const result = (did: ImportedSegment['did'], as = key, faults: RuleFault[] = []) => ({
    key,
    as,
    did,
    faults,
  });
  if (verdict === 'same') return result('same');
  if (segment.rule === null || wish === 'skip') return result('skipped');
  const rule = renamed(segment.rule, keys);
  const settings: SegmentSettings = {
    ...segment.settings,
    ...(segment.settings.keep ? { keep: renamed(segment.settings.keep, keys) } : {}),
  };
  const note = 'From a file of another store.';
  if (wish === 'replace') {
    const edited = await editSegment(tx, { key, rule, settings, actor, now, note });
    switch (edited.outcome) {
      case 'done':
        return result('replaced');
      case 'waiting':
        return result('waiting');
      case 'unchanged':
        return result('same');
      case 'unknown':
        return result('faulty', key, [{ path: 'key', message: 'is not here any more' }]);
      case 'invalid':
        return result('faulty', key, edited.faults);
    }
  }
  const names = verdict === 'new' ? segment : await freeNames(tx, segment);
  const made = await createSegment(tx, {
    key: names.key,
    name: names.name,
    tag: names.tag,
    family: segment.family,
    rule,
    settings,
    actor,
    now,
    note,
  });
  return made.outcome === 'done' ? result('made', made.key) : result('faulty', key, made.faults);
}

/** "vip" is taken: "vip-2", "vip-3" ... */
async function freeNames(tx: ShopTx, { key, name }: PlannedSegment) {
  const { prefix, taken } = await readTakenNames(tx);
  const tags = [...taken.tags, ...(taken.former ?? []), ...(taken.offers ?? [])].filter((tag) => tag.startsWith(prefix)); // prettier-ignore
  const used = new Set(
    [...taken.keys, ...tags.map((tag) => tag.slice(prefix.length))].map((one) => one.toLowerCase()),
  );
  let n = 2;
  const numbered = () => `${key.slice(0, NAME_LIMITS.key - 5).replace(/-+$/, '')}-${n}`;
  while (used.has(numbered())) n += 1;
  return {
    key: numbered(),
    tag: numbered(),
    name: `${[...name].slice(0, NAME_LIMITS.name - 12).join('')} (imported)`,
  };
}

/** The same rule, asking for segments by the keys that they have here. */
function renamed(rule: Rule, keys: ReadonlyMap<string, string>): Rule {
  const node = (one: RuleNode): RuleNode => {
    if (isCondition(one)) {
      const segment = one.with?.segment;
      return segment === undefined
        ? one
        : { ...one, with: { ...one.with, segment: keys.get(segment) ?? segment } };
    }
    const group = 'all' in one ? 'all' : 'any' in one ? 'any' : 'none';
    return { [group]: childrenOf(one).map(node) } as unknown as RuleNode;
  };
  return { ...rule, where: node(rule.where) };
}

/** Sets of what was made; segments that were here keep their place, so a set may be smaller than in the file. */
async function makeSets(
  tx: ShopTx,
  { sets }: ImportPlan,
  results: ReadonlyMap<string, ImportedSegment>,
  now: Date,
): Promise<number> {
  let made = 0;
  for (const { name, kind, settings, segments } of sets) {
    const keys = segments.flatMap((key) => {
      const result = results.get(key);
      return result?.did === 'made' ? [result.as] : [];
    });
    if (keys.length === 0) continue;
    await tx.query(sql`
      WITH made AS (
        INSERT INTO segment_set (shop_id, name, kind, settings, created_at)
        VALUES (${tx.shopId}::bigint, ${name}, ${kind}, ${JSON.stringify(settings)}::jsonb, ${now}::timestamptz) RETURNING id
      )
      UPDATE segment s SET set_id = made.id, set_rank = place.rank
        FROM made, unnest(${keys}::text[]) WITH ORDINALITY AS place (key, rank)
       WHERE s.shop_id = ${tx.shopId} AND s.key = place.key`);
    made += 1;
  }
  return made;
}
