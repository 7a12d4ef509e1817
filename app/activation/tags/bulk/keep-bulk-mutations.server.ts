/**
 * As keepBulkQueries, for bulk mutations: one line that takes a tag which nobody has from a customer that is not
 * there. Nothing is written by it, and nothing is sent at all while writing is stopped.
 */
import type { ShopId } from '../../../db/tenancy.server.ts';
import { deniedText } from '../../../shopify/denied.ts';
import { isStale, whyNoBulk } from '../../../shopify/standing.ts';
import { readStandings, recordStanding } from '../../../shopify/standing.server.ts';
import { mayWrite } from '../may-write.server.ts';
import type { PushContext } from '../push-context.server.ts';
import { runBulkMutation, stageUpload } from './bulk-api.server.ts';
import { bulkDocument, bulkFile, bulkMarker } from './bulk-mutation-document.ts';

/** No store of today has it. */
const NOBODY = '1';

/** @throws AppError as the client's, but for the refusal that is recorded */
export async function keepBulkMutations(
  ctx: PushContext,
  shopId: ShopId,
  signal: AbortSignal,
): Promise<'not_due' | 'granted' | 'refused'> {
  const now = ctx.clock.machineNow();
  const due = await ctx.db.inShop(
    shopId,
    async (tx) => (await mayWrite(tx)) && isStale((await readStandings(tx)).bulk_mutations, now),
  );
  if (!due) return 'not_due';
  const marker = bulkMarker('0', now);
  try {
    const name = `${marker}.jsonl`;
    const target = await stageUpload(ctx.admin, name);
    const file = bulkFile([{ customerId: NOBODY, tags: ['regulars-nobody'] }]);
    await runBulkMutation(ctx.admin, {
      mutation: bulkDocument('remove', marker),
      stagedUploadPath: await ctx.uploadFile(target, { name, text: file }, signal),
      clientIdentifier: marker,
    });
  } catch (error) {
    const said = deniedText(error);
    if (said === undefined) throw error;
    const why = whyNoBulk(said);
    await ctx.db.inShop(shopId, (tx) => recordStanding(tx, 'bulk_mutations', { state: 'refused', why }, now));
    return 'refused';
  }
  await ctx.db.inShop(shopId, (tx) => recordStanding(tx, 'bulk_mutations', { state: 'granted' }, now));
  return 'granted';
}
