/** `npm run validate`: what must hold before a change lands. Each step says its name; the first failure ends it. */
import { spawnSync } from 'node:child_process';
import { prepareCode, ROOT, say } from './setup.ts';

const STEPS: [name: string, command: string[]][] = [
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ['lint', ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.']],
  [
    'rooms',
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      'app',
      'sandbox',
      '--config',
      '.dependency-cruiser.cjs',
    ],
  ],
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  [
    'types of the admin extensions',
    ['node_modules/typescript/bin/tsc', '--noEmit', '--project', 'extensions/tsconfig.json'],
  ],
  ['generated GraphQL types', ['scripts/generate-graphql.ts', '--check']],
  ['generated webhook fields', ['scripts/generate-toml-fields.ts', '--check']],
  ['generated docs of rules', ['scripts/generate-segment-docs.ts', '--check']],
  ['schema and migrations agree', ['scripts/check-migrations.ts']],
  ['fast tests', ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--project', 'integration']],
  ['build', ['node_modules/@remix-run/dev/dist/cli.js', 'vite:build', '--logLevel', 'error']],
];

await prepareCode({ types: true });
const only = process.argv.slice(2);
for (const [name, command] of STEPS) {
  if (only.length > 0 && !only.includes(name)) continue;
  say(`- ${name}`);
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...command], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DATABASE_URL: 'postgresql://unused@127.0.0.1:1/unused' },
  });
  if (status !== 0) {
    say(`validate stopped at: ${name}`);
    process.exit(1);
  }
}
say('All good.');
