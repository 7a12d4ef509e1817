/**
 * `npm run test:long`: the suites that are too slow for every change: new random cases in every property test, more of
 * them (test/support/rounds.ts), and the fault suites in their long form, over and over. Arguments: --rounds N (default 5).
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { findChromium } from './browser.ts';
import { prepareCode, ROOT, say } from './setup.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  say('--rounds: a whole number from 1');
  process.exit(2);
}

await prepareCode({ types: true, build: true });
await findChromium(ROOT, say);
let failed = 0;
for (let round = 1; round <= rounds; round++) {
  say(`Round ${round} of ${rounds}`);
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run'], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      PROPERTY_SEED: 'random',
      // How often each work on memberships is killed (test/faults/killed-membership-work.test.ts).
      KILLS: '25',
      LONG_TESTS: '1',
      DATABASE_URL: undefined,
    } as NodeJS.ProcessEnv,
  });
  if (status !== 0) failed += 1;
}
process.stdout.write(`\n${rounds - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
