/** The app's import against a sandbox: rows a second of both sides. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../app/clock.ts';
import { sql } from '../../app/db/sql.ts';
import { createPool } from '../../app/db/pool.server.ts';
import { createDb } from '../../app/db/tenancy.server.ts';
import type { Db, ShopId } from '../../app/db/tenancy.server.ts';
import { runImport } from '../../app/intake/import/run-import.server.ts';
import { createLog } from '../../app/log.server.ts';
import { createAdminClient } from '../../app/shopify/admin-clients.server.ts';
import { createFetchResult } from '../../app/shopify/fetch-bulk-result.server.ts';
import { createShopifyFetch } from '../../app/shopify/sandbox-hook.server.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../../scripts/database.ts';
import { startEmbeddedPostgres } from '../../scripts/postgres.ts';
import { ask, dig, pause, round } from './process.ts';
import type { SandboxProcess } from './process.ts';

async function createShop(db: Db, domain: string): Promise<ShopId> {
  const shopId = await db.outsideShops(async (tx) => {
    const { rows } = await tx.query<{ id: ShopId }>(
      sql`INSERT INTO shop (domain) VALUES (${domain}) RETURNING id`,
    );
    const id = rows[0]?.id as ShopId;
    await tx.query(sql`INSERT INTO shop_lock (shop_id) VALUES (${id})`);
    return id;
  });
  await db.inShop(shopId, (tx) =>
    tx.query(sql`
      INSERT INTO shop_settings (shop_id, currency, iana_timezone, salt) VALUES (${shopId}, 'USD', 'UTC', 'bench')`),
  );
  return shopId;
}

interface Progress {
  seconds: number;
  exported: number;
  exporting: boolean;
  imported: number;
}

/** The app's import for at most so many seconds, into a PostgreSQL of its own. */
export async function importFor(sandbox: SandboxProcess, seconds: number) {
  const folder = path.join(tmpdir(), `regulars-bench-${process.pid}`);
  const server = await startEmbeddedPostgres({ folder: path.join(folder, 'data'), throwaway: true });
  const password = randomBytes(8).toString('hex');
  const url = await ensureDatabase(server.superuserUrl(), 'regulars_bench');
  await prepareDatabase(url, { role: { name: APP_ROLE, password } });
  const asApp = new URL(url);
  Object.assign(asApp, { username: APP_ROLE, password });
  const pool = createPool(asApp.toString(), { max: 4, applicationName: 'bench' });
  const stop = new AbortController();
  try {
    const db = createDb(pool);
    const shopId = await createShop(db, sandbox.shop);
    const where = { sandboxUrl: sandbox.address, production: false };
    const log = createLog({ level: 'silent', process: 'bench' });
    const context = {
      db,
      admin: createAdminClient(
        {
          clock: systemClock,
          log,
          tokens: { accessToken: async () => sandbox.accessToken },
          fetch: createShopifyFetch(where),
        },
        sandbox.shop,
      ),
      clock: systemClock,
      log,
      fetchResult: createFetchResult(where),
      redactionKey: Buffer.alloc(32, 7),
      afterLoad: async () => undefined,
      signal: stop.signal,
    };
    const began = performance.now();
    const parts = () =>
      db.inShop(shopId, async (tx) => {
        const { rows } = await tx.query<{ lines: number }>(
          sql`SELECT lines_done::int AS lines FROM import_part WHERE shop_id = ${shopId}`,
        );
        return rows;
      });
    let over = false;
    const run = runImport(context, shopId).finally(() => (over = true));
    const watched = run.catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    const seen: Progress[] = [];
    while (!over && performance.now() - began < seconds * 1000) {
      await pause(1000);
      const operations = await ask(
        sandbox,
        '{ bulkOperations(first: 10, query: "operation_type:query") { nodes { status objectCount } } }',
      );
      const nodes = dig(operations, 'bulkOperations', 'nodes') as { status: string; objectCount: string }[];
      seen.push({
        seconds: (performance.now() - began) / 1000,
        exported: nodes.reduce((sum, { objectCount }) => sum + Number(objectCount), 0),
        exporting: nodes.some(({ status }) => status === 'RUNNING'),
        imported: (await parts()).reduce((sum, { lines }) => sum + lines, 0),
      });
    }
    const finished = over;
    stop.abort();
    await watched;
    return { ...ratesOf(seen), finished };
  } finally {
    stop.abort();
    await pool.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows a second of both sides: over the time in which each was at work. */
function ratesOf(seen: readonly Progress[]) {
  const rate = (steps: readonly Progress[], of: (step: Progress) => number) => {
    const [first, last] = [steps[0], steps.at(-1)];
    if (!first || !last || last === first) return null;
    return Math.round((of(last) - of(first)) / (last.seconds - first.seconds));
  };
  const loading = seen.filter(({ imported }) => imported > 0);
  const both = loading.filter(({ exporting }) => exporting);
  return {
    seconds: round(seen.at(-1)?.seconds ?? 0),
    exportedRows: seen.at(-1)?.exported ?? 0,
    importedRows: seen.at(-1)?.imported ?? 0,
    exportRowsPerSecond: rate(
      seen.filter(({ exporting }) => exporting),
      ({ exported }) => exported,
    ),
    exportRowsPerSecondWhileImporting: rate(both, ({ exported }) => exported),
    importRowsPerSecond: rate(loading, ({ imported }) => imported),
    importRowsPerSecondAlone: rate(
      loading.filter(({ exporting }) => !exporting),
      ({ imported }) => imported,
    ),
  };
}
