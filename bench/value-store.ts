/**
 * The value models of a whole store in PostgreSQL, at 100,000 and 1,000,000 customers: reading what a fit needs, the
 * fit, writing everybody's predictions, counting what the Value page shows, and reading it for the page.
 *
 * The floor of the write, in the same run, is the bare INSERT of the same rows into an empty table of the same form; of
 * the read, one pass over the orders of the same people, added up a day. Each size is measured in a process of its own,
 * so that its peak of memory is its own. The last line of stdout is JSON; exit 1 when a bound is broken.
 *
 * usage: node bench/value-store.ts [customers ...]
 */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fixedClock, measureStore } from './value-store/measure.ts';
import { seedStore } from './value-store/seed.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../scripts/database.ts';
import { startEmbeddedPostgres } from '../scripts/postgres.ts';

/** Of the larger store. Memory follows the distinct rows that a fit is made of, not the customers: hence a fixed bound. */
const BOUNDS = { writeToFloor: 20, pageSeconds: 1, peakMegabytes: 640 };
const say = (words: string) => void process.stderr.write(`${words}\n`);

if (process.argv[2] === 'measure') {
  const [, , , url = '', shopId = ''] = process.argv;
  process.stdout.write(`${JSON.stringify(await measureStore(url, shopId, fixedClock()))}\n`);
} else {
  await main(process.argv.slice(2).map(Number));
}

async function main(given: number[]): Promise<void> {
  const sizes = given.length > 0 ? given : [100_000, 1_000_000];
  const server = await startEmbeddedPostgres({
    folder: path.join(tmpdir(), `regulars-bench-${process.pid}`, 'data'),
    throwaway: true,
  });
  const results: Awaited<ReturnType<typeof measureStore>>[] = [];
  try {
    for (const customers of sizes) {
      const admin = await ensureDatabase(server.superuserUrl(), `bench_${customers}`);
      await prepareDatabase(admin, { role: { name: APP_ROLE, password: 'bench-only' } });
      say(`Making a store of ${customers.toLocaleString('en')} customers ...`);
      const shopId = await seedStore(admin, customers);
      const url = new URL(admin);
      Object.assign(url, { username: APP_ROLE, password: 'bench-only' });
      say('Measuring ...');
      const child = spawnSync(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', import.meta.filename, 'measure', url.toString(), shopId],
        { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' },
      );
      if (child.status !== 0) throw new Error('the measurement failed');
      results.push(JSON.parse(child.stdout.trim().split('\n').at(-1) ?? '') as (typeof results)[number]);
    }
  } finally {
    await server.stop();
  }
  const [small, large] = [results[0], results.at(-1)];
  const memoryRatio = (large?.peakMegabytes ?? 0) / (small?.peakMegabytes ?? 1);
  const withinBounds =
    large !== undefined &&
    large.ratio.writeToFloor <= BOUNDS.writeToFloor &&
    large.seconds.page <= BOUNDS.pageSeconds &&
    large.peakMegabytes <= BOUNDS.peakMegabytes;
  process.stdout.write(
    `${JSON.stringify({ bench: 'value-store', stores: results, memoryRatio: Number(memoryRatio.toFixed(2)), bounds: BOUNDS, withinBounds })}\n`,
  );
  process.exitCode = withinBounds ? 0 : 1;
}
