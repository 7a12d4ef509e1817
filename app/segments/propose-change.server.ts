/** What a change would make of which segments. Reads only. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { resolveReferences } from './references.ts';
import { parseRule } from './rule.ts';
import { parseSettings } from './segment-settings.ts';
import type { ProposedSegment, SegmentChange, SegmentState } from './segment-change.ts';
import { readUndoing } from './read-undoing.server.ts';
import type { Segment } from './segment.ts';
import type { Undoing } from './undone-moves.ts';

export interface Proposal {
  targets: ProposedSegment[];
  /** All segments whose rule can be read, as they would be. */
  all: Segment[];
  /** Of an undo: the moves that it takes back. */
  undoing: Undoing | undefined;
}

/** Stands for the id of a set that is not there yet. */
export const NEW_SET = 'new';

/** @returns without targets when there is nothing to change (unknown keys, nothing waits for approval, undone already) */
export async function proposeChange(tx: ShopTx, change: SegmentChange): Promise<Proposal> {
  const stored = await loadReadableSegments(tx);
  const states = await statesAfter(tx, change, stored);
  const targets = stored.flatMap((before) => {
    const state = states.get(before.key);
    return state === undefined ? [] : [{ before, after: { ...before, ...state } }];
  });
  const after = new Map(targets.map(({ after: one }) => [one.id, one]));
  const all = stored.map((one) => after.get(one.id) ?? { ...one });
  const byKey = new Map(all.map((segment) => [segment.key, segment]));
  for (const segment of all) {
    const resolved = resolveReferences(segment, byKey);
    // Rules that would ask for each other in a circle are not a change that can be made.
    if (!resolved.ok) return { targets: [], all: stored, undoing: undefined };
    segment.refersTo = resolved.refersTo;
  }
  return { targets, all, undoing: await readUndoing(tx, change) };
}

type States = Map<string, Partial<SegmentState>>;

async function statesAfter(tx: ShopTx, change: SegmentChange, stored: readonly Segment[]): Promise<States> {
  const named = (keys: readonly string[]) => stored.filter(({ key }) => keys.includes(key));
  switch (change.act) {
    case 'turn_on':
      return new Map(
        named(change.keys)
          .filter(({ status, trial }) => status !== 'live' || trial)
          .map(({ key }) => [key, { status: 'live', trial: false }]),
      );
    case 'turn_off':
      return new Map(
        named(change.keys)
          .filter(({ status }) => status !== 'draft')
          .map(({ key }) => [key, { status: 'draft', trial: false }]),
      );
    case 'resume':
      return new Map(
        named([change.key])
          .filter(({ status }) => status === 'paused')
          .map(({ key }) => [key, { status: 'live' }]),
      );
    case 'try':
      return new Map(
        named([change.key])
          .filter(({ status, trial }) => status !== 'live' || trial)
          .map(({ key }) => [key, { status: 'live', trial: true }]),
      );
    case 'change': {
      const draft = await readDraft(tx, change.key);
      return draft ? new Map([[change.key, draft]]) : new Map();
    }
    case 'return': {
      const version = await readVersion(tx, change);
      return version ? new Map([[change.key, version]]) : new Map();
    }
    case 'arrange_set': {
      const { set } = change;
      const setId = set.id ?? NEW_SET;
      const states: States = new Map();
      for (const { key, setId: of } of stored) {
        if (of === set.id && of !== null && !set.keys.includes(key)) states.set(key, WITHOUT_SET);
      }
      for (const [i, key] of set.keys.entries()) {
        states.set(key, { ...set.states?.[key], setId, setKind: set.kind, setRank: i + 1 });
      }
      return states;
    }
    case 'dissolve_set':
      return new Map(
        stored.filter(({ setId }) => setId === change.setId).map(({ key }) => [key, WITHOUT_SET]),
      );
    case 'undo':
      return readStatesBefore(tx, change.approvalId);
  }
}

const WITHOUT_SET = { setId: null, setKind: null, setRank: null } as const;

function readSaid(
  said: { rule: unknown; settings: unknown } | null | undefined,
): Partial<SegmentState> | null {
  if (!said) return null;
  const rule = parseRule(said.rule);
  const settings = parseSettings(said.settings);
  return rule.ok && settings.ok ? { rule: rule.rule, settings: settings.settings } : null;
}

async function readDraft(tx: ShopTx, key: string): Promise<Partial<SegmentState> | null> {
  const { rows } = await tx.query<{ draft: { rule: unknown; settings: unknown } | null }>(sql`
    SELECT draft FROM segment WHERE shop_id = ${tx.shopId} AND key = ${key}`);
  return readSaid(rows[0]?.draft);
}

async function readVersion(
  tx: ShopTx,
  { key, version }: { key: string; version: number },
): Promise<Partial<SegmentState> | null> {
  const { rows } = await tx.query<{ rule: unknown; settings: unknown }>(sql`
    SELECT v.rule, v.settings FROM segment_version v JOIN segment s ON s.shop_id = v.shop_id AND s.id = v.segment_id
     WHERE v.shop_id = ${tx.shopId} AND s.key = ${key} AND v.version = ${version}`);
  return readSaid(rows[0]);
}

/** The states that an approval found, of segments that nothing has changed since. */
async function readStatesBefore(tx: ShopTx, approvalId: string): Promise<States> {
  const { rows } = await tx.query<{ key: string; before: SegmentState }>(sql`
    SELECT s.key, changed.value AS before
      FROM approval a CROSS JOIN LATERAL jsonb_each(a.review -> 'before') AS changed
      JOIN segment s ON s.shop_id = a.shop_id AND s.id = changed.key::bigint
     WHERE a.shop_id = ${tx.shopId} AND a.id = ${approvalId}::bigint
       AND NOT EXISTS (SELECT FROM approval b WHERE b.shop_id = a.shop_id AND b.undoes = a.id)
       AND NOT EXISTS (SELECT FROM approval later
                        WHERE later.shop_id = a.shop_id AND later.id > a.id AND s.id = ANY(later.segment_ids)
                          AND later.review ? 'before')`);
  return new Map(
    rows.flatMap(({ key, before }) => {
      const said = readSaid(before);
      return said ? [[key, { ...before, ...said }]] : [];
    }),
  );
}
