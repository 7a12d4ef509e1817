/**
 * Reads the result of a file line by line and records it in chunks; a line is dropped in the transaction that
 * records it, so a restarted reader goes on where it was. Lines without a result go back as "may have happened".
 */
import type { ShopId } from '../../../db/tenancy.server.ts';
import { splitLines } from '../../../intake/import/split-lines.ts';
import { MIN_BULK_CUSTOMERS } from '../choose-way.ts';
import type { PushContext } from '../push-context.server.ts';
import { recordWrites, type RecordOptions, type WriteResult } from '../record-writes.server.ts';
import { combinePayloads } from '../tag-mutation.ts';
import { noteRate } from '../write-rates.server.ts';
import type { BulkOperationState } from './bulk-api.server.ts';
import { readResultLine } from './bulk-mutation-document.ts';
import { dropLines, finishBulk, openLines, type BulkRow, type StagedLine } from './bulk-rows.server.ts';

const CHUNK = 500;

export async function readBulkResult(
  ctx: PushContext,
  shopId: ShopId,
  bulk: BulkRow,
  operation: BulkOperationState | null,
  signal: AbortSignal,
): Promise<void> {
  const open = new Map(
    (await ctx.db.inShop(shopId, (tx) => openLines(tx, bulk.id))).map((line) => [line.line, line]),
  );
  const url = operation?.url ?? null;
  const options = (): RecordOptions => {
    const machineNow = ctx.clock.machineNow();
    const began = operation?.createdAt ?? bulk.startedAt;
    const confirmedAt = operation?.completedAt ?? machineNow;
    return {
      holder: { bulkId: bulk.id },
      now: ctx.clock.now(),
      machineNow,
      // To the second, like the Date header that other states go by: within one second, the time we asked decides.
      remote: { date: new Date(Math.floor(began.getTime() / 1_000) * 1_000), sentAt: began, confirmedAt },
    };
  };
  const record = (results: { line: StagedLine; result: WriteResult }[]) =>
    ctx.db.inShop(shopId, async (tx) => {
      await recordWrites(
        tx,
        results.map(({ result }) => result),
        options(),
      );
      await dropLines(
        tx,
        bulk.id,
        results.map(({ line }) => line.line),
      );
    });
  const resultOf = (line: StagedLine, answer: WriteResult['answer']): WriteResult => ({
    customerId: line.customerId,
    generation: line.generation,
    add: bulk.act === 'add' ? line.tags : [],
    remove: bulk.act === 'remove' ? line.tags : [],
    answer,
    // The other act of the same customer may be waiting: always compared again.
    after: 'compare',
  });

  let chunk: { line: StagedLine; result: WriteResult }[] = [];
  if (url !== null && open.size > 0) {
    for await (const { text } of splitLines(await ctx.fetchResult(url, { from: 0n, signal }), 0n)) {
      const read = readResultLine(text);
      const line = read === null ? undefined : open.get(read.line);
      if (read === null || line === undefined) continue;
      open.delete(line.line);
      chunk.push({ line, result: resultOf(line, combinePayloads([read.payload])) });
      if (chunk.length >= CHUNK) {
        await record(chunk);
        chunk = [];
      }
    }
    if (chunk.length > 0) await record(chunk);
  }
  const left = [...open.values()];
  const status = operation?.status ?? 'UNKNOWN';
  for (let from = 0; from < left.length; from += CHUNK) {
    await record(
      left.slice(from, from + CHUNK).map((line) => ({
        line,
        result: resultOf(line, { kind: 'unknown', reason: `bulk_${status.toLowerCase()}` }),
      })),
    );
  }
  const message = left.length === 0 ? null : `${left.length} lines without a result (${status})`;
  const pace =
    status === 'COMPLETED' && left.length === 0 ? paceOf(bulk, operation, ctx.clock.machineNow()) : null;
  await ctx.db.inShop(shopId, async (tx) => {
    if (pace) await noteRate(tx, pace);
    await finishBulk(
      tx,
      bulk.id,
      status === 'COMPLETED' ? 'done' : 'failed',
      ctx.clock.machineNow(),
      operation?.errorCode ? `${operation.errorCode}: ${message ?? ''}` : message,
    );
  });
}

/** Times of operations have whole seconds: of a short one no more than "a second at most" is known. */
function paceOf(bulk: BulkRow, operation: BulkOperationState | null, at: Date) {
  if (!operation?.completedAt || bulk.lines < MIN_BULK_CUSTOMERS) return null;
  const seconds = Math.max(1, (operation.completedAt.getTime() - operation.createdAt.getTime()) / 1_000);
  const whole = (at.getTime() - bulk.startedAt.getTime()) / 1_000;
  return {
    way: 'bulk' as const,
    perSecond: bulk.lines / seconds,
    overheadSeconds: Math.max(0, whole - seconds),
    at,
  };
}
