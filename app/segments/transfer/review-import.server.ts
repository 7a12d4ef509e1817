/** The plan of a file in this store, with a fingerprint: what is imported is what was shown. Reads only. */
import { createHash } from 'node:crypto';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { loadSegments } from '../load-segments.server.ts';
import { readShopFacts } from '../presets-read-ideas.server.ts';
import { readRuleDay } from '../read-rule-day.server.ts';
import { readTakenNames } from '../read-taken-names.server.ts';
import { canonical } from '../segment-change.ts';
import { planImport, type ImportPlan } from './plan-import.ts';
import { readTransfer } from './read-transfer.server.ts';
import type { TransferFile } from './transfer-file.ts';

export interface ReviewedImport {
  plan: ImportPlan;
  /** Of the file and of what the store is like now. */
  fingerprint: string;
}

export async function reviewImport(tx: ShopTx, file: TransferFile, now: Date): Promise<ReviewedImport> {
  const ruleDay = await readRuleDay(tx, now);
  const { prefix, taken } = await readTakenNames(tx);
  const here = await readTransfer(tx);
  const plan = planImport(file, {
    currency: ruleDay.day.currency,
    timeZone: ruleDay.day.timeZone,
    facts: await readShopFacts(tx, ruleDay),
    print: ruleDay.print,
    prefix,
    taken,
    segments: new Map((await loadSegments(tx)).map((segment) => [segment.key, segment])),
    known: await readKnown(tx, file),
    settings: here.settings,
  });
  const fingerprint = createHash('sha256').update(canonical({ plan, file })).digest('hex').slice(0, 32);
  return { plan, fingerprint };
}

/** Which of the numbers in the file are products, variants and collections of this store. */
async function readKnown(tx: ShopTx, file: TransferFile) {
  const text = JSON.stringify(file.segments.map(({ rule, settings }) => [rule, settings]));
  const ids = [...new Set(text.match(/"[1-9]\d{0,17}"/g)?.map((one) => one.slice(1, -1)) ?? [])];
  const { rows } = await tx.query<{ kind: 'product' | 'variant' | 'collection'; ids: string[] }>(sql`
    SELECT 'product' AS kind, array_agg(id::text) AS ids FROM product
     WHERE shop_id = ${tx.shopId} AND deleted_at IS NULL AND id = ANY(${ids}::bigint[])
     UNION ALL
    SELECT 'collection', array_agg(id::text) FROM collection
     WHERE shop_id = ${tx.shopId} AND deleted_at IS NULL AND id = ANY(${ids}::bigint[])
     UNION ALL
    SELECT 'variant', array_agg(id::text) FROM unnest(${ids}::bigint[]) id
     WHERE EXISTS (SELECT FROM order_line l WHERE l.shop_id = ${tx.shopId} AND l.variant_id = id)`);
  const of = (kind: string) => new Set(rows.find((row) => row.kind === kind)?.ids ?? []);
  return { product: of('product'), variant: of('variant'), collection: of('collection') };
}
