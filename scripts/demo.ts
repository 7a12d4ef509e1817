/**
 * `npm run demo`: the whole way of a store's orders, from the local Shopify into the app and back as tags.
 *
 * With --headless it ends when every tag is pushed and confirmed: the last line of stdout is one JSON object;
 * exit 0, or 1 when a tag could not be confirmed, or 2 (and no JSON) for a wrong option or file.
 */
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { installAndImport, turnEverythingOn, waitForTags } from './demo-acts.ts';
import { OptionError, readDemoOptions, USAGE, type DemoOptions } from './demo-options.ts';
import { readDemoResult, type DemoSeconds } from './demo-result.ts';
import { DATA_FOLDER, prepareCode, say } from './setup.ts';
import { startStack, StoreOptionError, type Stack } from './stack.ts';

const started = Number(process.env['REGULARS_SETUP_STARTED'] ?? Date.now());
const since = (moment: number) => Math.round((Date.now() - moment) / 100) / 10;
let stack: Stack | undefined;
let stopStack: (() => Promise<void>) | undefined;
let stopping: Promise<void> | undefined;

/** Ctrl-C and SIGTERM: everything that was started is stopped, in order; a second signal changes nothing. */
function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!stopping) say('\nStopping ...');
      stopping ??= (stopStack?.() ?? Promise.resolve()).finally(() =>
        process.exit(signal === 'SIGINT' ? 130 : 143),
      );
    });
  }
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const options = readDemoOptions(args, process.env['REGULARS_CALLED_FROM'] ?? process.cwd());
  const folder = claimFolder(path.join(DATA_FOLDER, 'demo'));
  if (options.reset) rmSync(folder, { recursive: true, force: true });
  await prepareCode({ build: true });
  say(`Regulars demo: ${options.store}`);
  stack = await startStack({
    folder,
    sandboxArgs: options.sandboxArgs,
    port: options.port,
    databaseUrl: process.env['DATABASE_URL']?.trim() || undefined,
    say,
    onStarting: (stop) => (stopStack = stop),
  });
  const seconds: DemoSeconds = {
    setup: since(started),
    import: 0,
    profile: 0,
    segments: 0,
    tags: 0,
    total: 0,
  };
  say(`Set up in ${seconds.setup} s.`);
  const begun = Date.now();
  Object.assign(seconds, await installAndImport(stack, say));
  if (options.drafts) say('Drafts only: nothing is turned on, nothing is written to the store.');
  else {
    seconds.segments = await turnEverythingOn(stack, say);
    seconds.tags = await waitForTags(stack, say);
  }
  seconds.total = since(begun);
  if (options.headless) return finish(stack, options, seconds);
  say(
    `\nReady. Open ${stack.sandboxUrl} : the store's admin, with Regulars in its navigation. Ctrl-C stops everything.`,
  );
  return waitForEnd(stack);
}

/** Two demos of one clone at the same time have a folder each. */
function claimFolder(wanted: string): string {
  for (let n = 1; ; n++) {
    const folder = n === 1 ? wanted : `${wanted}-${n}`;
    const claim = `${folder}.pid`;
    if (existsSync(claim) && isAlive(Number(readFileSync(claim, 'utf8')))) continue;
    mkdirSync(path.dirname(claim), { recursive: true });
    writeFileSync(claim, String(process.pid));
    process.once('exit', () => rmSync(claim, { force: true }));
    return folder;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
}

async function finish(running: Stack, options: DemoOptions, seconds: DemoSeconds): Promise<number> {
  const result = await readDemoResult(running, seconds);
  if (options.dumpCustomers) await dumpCustomers(running, options.dumpCustomers);
  await running.stop();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return result.tags.failed === 0 ? 0 : 1;
}

async function dumpCustomers(running: Stack, file: string): Promise<void> {
  const response = await fetch(`${running.sandboxUrl}/control/customers.jsonl?shop=${running.shop}`);
  if (!response.ok || !response.body)
    throw new Error(`the sandbox did not list its customers (${response.status})`);
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(file));
}

async function waitForEnd(running: Stack): Promise<number> {
  for (;;) {
    const failure = running.failure();
    if (failure) throw new Error(failure);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

stopOnSignals();
try {
  process.exitCode = await main();
} catch (error) {
  // While stopping on a signal, whatever was under way may fail: that is not news.
  if (!stopping) {
    const wrongOption = error instanceof OptionError || error instanceof StoreOptionError;
    say(
      wrongOption
        ? error.message
        : `The demo stopped: ${error instanceof Error ? error.message : String(error)}`,
    );
    await stopStack?.();
    process.exitCode = wrongOption ? 2 : 1;
  }
}
if (stopping) await stopping;
