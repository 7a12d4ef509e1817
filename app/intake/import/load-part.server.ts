/**
 * Reads one result file from where it was left and stores it, chunk by chunk: a chunk's facts and the offset
 * after it commit together, so a kill anywhere resumes at the end of the last chunk and counts nothing twice.
 * Memory holds one chunk.
 */
import { AppError } from '../../app-error.ts';
import { waitForShop } from '../../db/shop-due.server.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { readPicks } from '../read-picks.server.ts';
import { endUnseenPairs } from '../store/store-collections.server.ts';
import { createFactTables } from '../store/fact-tables.server.ts';
import { storeIncoming } from '../store/store-incoming.server.ts';
import { copyRows } from './copy-rows.server.ts';
import type { ImportContext } from './import-context.server.ts';
import { advancePart, type ImportPart } from './import-rows.server.ts';
import { thinkInSets } from './statistics.server.ts';
import { readResultLine, type ReadingOptions, type Rows } from './read-result-line.server.ts';
import { splitLines } from './split-lines.ts';

const CHUNK_LINES = 5000;

interface Chunk {
  rows: Rows;
  lines: number;
  from: bigint;
  to: bigint;
}

/**
 * @throws AppError 'not_found' when the file is gone, 'shopify_unavailable' (retryable) when it ends early,
 *   'bad_payload' when it is damaged in the middle
 */
export async function loadPart(
  ctx: ImportContext,
  shopId: ShopId,
  runId: string,
  part: ImportPart,
  currency: string,
): Promise<void> {
  if (!part.url || !part.readStartedAt) {
    throw new AppError('invariant', 'The import lost its place. Start it again.');
  }
  const all = await ctx.db.inShop(shopId, readPicks);
  // Not asked for is not empty.
  const picks = part.hidden.includes('postal_codes') ? { ...all, postalCodes: false } : all;
  const options: ReadingOptions = { kind: part.kind, readStartedAt: part.readStartedAt, currency, picks };
  const limit = ctx.chunkLines ?? CHUNK_LINES;
  const start = BigInt(part.byteOffset);
  const unread = { count: 0, first: '' };
  let chunk = emptyChunk(start);

  async function commit(): Promise<void> {
    if (chunk.to === chunk.from) return;
    await storeChunk(ctx, shopId, runId, part, chunk, unread);
    chunk = emptyChunk(chunk.to);
    ctx.signal?.throwIfAborted();
  }

  const bytes = await ctx.fetchResult(part.url, { from: start, signal: ctx.signal });
  for await (const line of splitLines(bytes, start)) {
    const read = readResultLine(line.text, options);
    switch (read.outcome) {
      case 'rows':
        chunk.rows.push(...read.rows);
        break;
      case 'nothing':
        break;
      case 'damaged':
        await commit();
        throw line.whole ? damaged(part, chunk.to) : cutOff(part, chunk.to);
      case 'unreadable':
        unread.count += 1;
        unread.first ||= read.reason;
        break;
    }
    chunk.lines += 1;
    chunk.to = line.end;
    if (chunk.lines >= limit) await commit();
  }
  await commit();
  if (part.fileSize !== null && chunk.to < BigInt(part.fileSize)) throw cutOff(part, chunk.to);
  // A file with nothing in it is no empty store when Shopify has counted rows.
  if (chunk.to === 0n && BigInt(part.objectCount) > 0n) throw cutOff(part, chunk.to);
  if (part.kind === 'products' && unread.count === 0) {
    const readAt = part.readStartedAt;
    await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      await endUnseenPairs(tx, readAt);
    });
  }
  if (unread.count > 0) {
    ctx.log.warn({ shopId, kind: part.kind, rows: unread.count, reason: unread.first }, 'rows not read');
  }
}

const emptyChunk = (at: bigint): Chunk => ({ rows: [], lines: 0, from: at, to: at });

async function storeChunk(
  ctx: ImportContext,
  shopId: ShopId,
  runId: string,
  part: ImportPart,
  chunk: Chunk,
  unread: { count: number; first: string },
): Promise<void> {
  await ctx.db.inShop(shopId, async (tx) => {
    await thinkInSets(tx);
    await createFactTables(tx);
    await copyRows(tx, chunk.rows);
    await storeIncoming(tx, {
      now: ctx.clock.machineNow(),
      redactionKey: ctx.redactionKey,
      rereads: false,
    });
    await advancePart(tx, runId, part.kind, {
      from: chunk.from,
      to: chunk.to,
      lines: chunk.lines,
      unread: unread.count > 0 ? `Some rows could not be read (${unread.first}).` : undefined,
    });
  });
}

function damaged(part: ImportPart, at: bigint): AppError {
  return new AppError(
    'bad_payload',
    `Shopify’s file with the ${part.kind} is damaged. Start the import again.`,
    { context: { kind: part.kind, offset: at.toString() } },
  );
}

function cutOff(part: ImportPart, at: bigint): AppError {
  return new AppError('shopify_unavailable', `Shopify’s file with the ${part.kind} ended early.`, {
    context: { kind: part.kind, offset: at.toString() },
    retryable: true,
  });
}
