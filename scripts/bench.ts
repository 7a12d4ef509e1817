/** `npm run bench`: every benchmark of bench/, one after the other; the last line of stdout is one JSON object of all. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { prepareCode, ROOT, say } from './setup.ts';

await prepareCode({});
const wanted = process.argv.slice(2);
const files = readdirSync(path.join(ROOT, 'bench')).filter((name) => name.endsWith('.ts'));
const names = files
  .map((name) => path.basename(name, '.ts'))
  .filter((name) => wanted.length === 0 || wanted.includes(name));
if (names.length === 0) {
  say(
    `There is no benchmark of that name. There are: ${files.map((name) => path.basename(name, '.ts')).join(', ')}`,
  );
  process.exit(2);
}
const results: Record<string, unknown> = {};
for (const name of names) {
  say(`- ${name}`);
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--expose-gc', `bench/${name}.ts`],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status !== 0) {
    say(`${name} failed`);
    process.exit(1);
  }
  results[name] = JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
}
process.stdout.write(`${JSON.stringify(results)}\n`);
