/** Every shop starts with the presets as drafts: nothing is written to a store that nobody has turned on. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { putIntoSet } from './presets-set.server.ts';
import { PRESETS, WIN_BACK_SET } from './presets.ts';

/** Adds the presets that the shop does not have; those it has, in whatever state, are left alone. @returns added */
export async function installPresets(tx: ShopTx, now: Date): Promise<number> {
  const { rows } = await tx.query<{ key: string }>(sql`
    INSERT INTO segment (shop_id, key, name, family, tag_name, rule, position, created_at)
    SELECT ${tx.shopId}, preset.key, preset.name, preset.family, preset.key, preset.rule::jsonb, preset.position, ${now}
      FROM unnest(${PRESETS.map((preset) => preset.key)}::text[], ${PRESETS.map((preset) => preset.name)}::text[],
                  ${PRESETS.map((preset) => preset.family)}::text[],
                  ${PRESETS.map((preset) => JSON.stringify(preset.rule))}::text[],
                  ${PRESETS.map((_, i) => i)}::int[]) AS preset (key, name, family, rule, position)
    ON CONFLICT (shop_id, key) DO NOTHING
    RETURNING key`);
  const added = rows.map(({ key }) => key);
  await putIntoSet(tx, WIN_BACK_SET, added, now);
  return added.length;
}
