import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { loadSegments } from '../load-segments.server.ts';
import { PRESETS } from '../presets.ts';
import { canonical } from '../segment-change.ts';
import type { SetKind } from '../segment.ts';
import { portableSegment, TRANSFER_FORMAT, type TransferFile, type TransferSet } from './transfer-file.ts';

type StoredSettings = TransferFile['settings'] & { currency: string; timeZone: string };

/** Everything of this store that another one can use. */
export async function readTransfer(tx: ShopTx): Promise<TransferFile> {
  const { rows } = await tx.query<StoredSettings & Record<string, unknown>>(sql`
    SELECT currency, iana_timezone AS "timeZone", ask_above AS "askAbove", tag_prefix AS "tagPrefix", policy,
           postal_codes AS "postalCodes", metafields
      FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  const stored = rows[0];
  if (!stored) throw new TypeError('an installed shop has settings');
  const { currency, timeZone, ...settings } = stored;
  const all = await loadSegments(tx);
  const presets = new Map(PRESETS.map(({ key, rule }) => [key, canonical({ rule, settings: {} })]));
  const chosen = all.flatMap((segment) => {
    if (segment.rule === null || segment.kind !== 'rule') return [];
    const preset = presets.get(segment.key) === canonical({ rule: segment.rule, settings: segment.settings });
    return [{ segment, preset }];
  });
  return {
    format: TRANSFER_FORMAT,
    v: 1,
    currency,
    timeZone,
    settings,
    sets: await readSets(tx, new Set(chosen.map(({ segment }) => segment.key))),
    segments: chosen.map(({ segment, preset }) => portableSegment(segment, { currency, preset })),
    leftOut: all.flatMap(({ key, name, rule, kind }) => {
      if (kind === 'list') return [{ key, name, why: 'A list holds customers of this store.' }];
      return rule === null ? [{ key, name, why: 'Its rule cannot be read.' }] : [];
    }),
  };
}

async function readSets(tx: ShopTx, keys: ReadonlySet<string>): Promise<TransferSet[]> {
  const { rows } = await tx.query<{
    name: string;
    kind: SetKind;
    settings: Record<string, unknown>;
    segments: string[];
  }>(sql`
    SELECT g.name, g.kind, g.settings, array_agg(s.key ORDER BY s.set_rank, s.id) AS segments
      FROM segment_set g JOIN segment s ON s.shop_id = g.shop_id AND s.set_id = g.id
     WHERE g.shop_id = ${tx.shopId} GROUP BY g.id, g.name, g.kind, g.settings ORDER BY g.id`);
  return rows.map((set) => ({ ...set, segments: set.segments.filter((key) => keys.has(key)) }));
}
