/**
 * `npm test`: every fast suite on a fresh clone. Makes what the tests need, runs them, and ends with the
 * totals on a line of their own. Arguments are handed to vitest.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from './browser.ts';
import { DATA_FOLDER, prepareCode, ROOT, say } from './setup.ts';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
  testResults: { name: string; status: string; message: string }[];
}

const reportFile = path.join(DATA_FOLDER, 'test', `report-${process.pid}.json`);
let child: ReturnType<typeof spawn> | undefined;
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopped = true;
    // Vitest takes its PostgreSQL down on SIGINT; before it runs there is nothing to take down.
    if (child) child.kill('SIGINT');
    else process.exit(143);
  });
}

try {
  await prepareCode({ types: true, build: true });
  await findChromium(ROOT, say);
  say('Running the tests ...');
  mkdirSync(path.dirname(reportFile), { recursive: true });
  const environment: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: 'test' };
  delete environment['DATABASE_URL'];
  child = spawn(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
      ...process.argv.slice(2),
    ],
    { cwd: ROOT, stdio: 'inherit', env: environment },
  );
  const code = await new Promise<number>((resolve) => child?.once('exit', (exit) => resolve(exit ?? 1)));
  process.exitCode = stopped ? 143 : sayTotals(code);
} catch (error) {
  say(`The tests could not be run: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** The totals come last, whatever was printed before; no test at all is a failure. */
function sayTotals(code: number): number {
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  rmSync(reportFile, { force: true });
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.message).length;
  const failed = report.numFailedTests + broken;
  const skipped = report.numPendingTests + report.numTodoTests;
  process.stdout.write(`\n${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  return code === 0 && report.numPassedTests === 0 ? 1 : code;
}
