/**
 * The sandbox with 1,000,000 customers and 5,000,000 orders as a process of its own: how soon it is ready, how much
 * memory it takes, how long answers take, how much a tag on every fifth customer adds, how fast it exports. Then the
 * app's import, against a smaller store so that it ends: the sandbox's export in the same run, with the fast switch,
 * must be the faster of the two. The last line of stdout is JSON; exit 1 when a bound is broken.
 *
 * usage: node bench/sandbox-scale.ts [customers] [customers to tag] [seconds of export] [customers to import]
 *   [seconds of import]
 */
import { loadavg } from 'node:os';
import { countStore, timeAnswers } from './sandbox/answers.ts';
import { exportOrders, tagMany } from './sandbox/bulk.ts';
import { importFor } from './sandbox/import.ts';
import { memoryOf, round, say, startSandbox, stopSandbox } from './sandbox/process.ts';

const BOUNDS = { readySeconds: 180, peakGigabytes: 4, answerSeconds: 10 };
const customers = Number(process.argv[2] ?? 1_000_000);
const tagged = Number(process.argv[3] ?? Math.round(customers / 5));
const exportSeconds = Number(process.argv[4] ?? 60);
const importCustomers = Number(process.argv[5] ?? 50_000);
const importSeconds = Number(process.argv[6] ?? 300);

say(`Starting a sandbox with ${customers.toLocaleString('en')} customers ...`);
const sandbox = await startSandbox(customers);
const { readySeconds } = sandbox;
say(`Ready in ${readySeconds} s, ${memoryOf(sandbox, 'VmRSS')} GB`);

const counted = await countStore(sandbox);
const { orders } = counted;
say(`${counted.customers} customers, ${orders} orders`);
say('Answers ...');
const answers = await timeAnswers(sandbox);

say(`Tagging ${tagged.toLocaleString('en')} customers in bulk ...`);
const tagging = tagged > 0 ? await tagMany(sandbox, tagged) : null;

say(`Exporting orders for at most ${exportSeconds} s ...`);
const exporting = exportSeconds > 0 ? await exportOrders(sandbox, exportSeconds) : null;
const peakGigabytes = memoryOf(sandbox, 'VmHWM') ?? 0;
const stopSeconds = await stopSandbox(sandbox);

// The app's import against it, on the same machine.
let importing: Awaited<ReturnType<typeof importFor>> | null = null;
if (importCustomers > 0) {
  say(
    `Importing a store of ${importCustomers.toLocaleString('en')} customers, for at most ${importSeconds} s ...`,
  );
  const smaller = await startSandbox(importCustomers);
  importing = await importFor(smaller, importSeconds);
  say(`  ${JSON.stringify(importing)}`);
  await stopSandbox(smaller);
}

const slowest = Math.max(...answers.map(({ middle }) => middle));
const { exportRowsPerSecond, importRowsPerSecond } = importing ?? {};
const broken = [
  ...(readySeconds > BOUNDS.readySeconds ? ['ready'] : []),
  ...(peakGigabytes > BOUNDS.peakGigabytes ? ['memory'] : []),
  ...(slowest > BOUNDS.answerSeconds ? ['answers'] : []),
  ...(importing && (exportRowsPerSecond ?? 0) <= (importRowsPerSecond ?? 0)
    ? ['the export bounds the import']
    : []),
];
const result = {
  customers,
  orders,
  readySeconds,
  peakGigabytes,
  answers,
  tagging,
  exporting,
  stopSeconds,
  importCustomers,
  importing,
  /** Of the last minute: other work on the machine slows all of it. */
  load: round(loadavg()[0] ?? 0),
  bounds: BOUNDS,
  broken,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(broken.length > 0 ? 1 : 0);
