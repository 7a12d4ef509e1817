/**
 * Writes docs/segments.md from the declarations of the rule language.
 * `--check`: writes nothing, exit 1 when the file is not what would be written.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import prettier from 'prettier';
import { printDocs } from '../app/segments/print-docs.ts';

const FILE = new URL('../docs/segments.md', import.meta.url);
const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
const options = await prettier.resolveConfig(FILE);
const after = await prettier.format(printDocs(), { ...options, parser: 'markdown' });

if (process.argv.includes('--check')) {
  if (before !== after) {
    process.stderr.write('docs/segments.md is not up to date: run node scripts/generate-segment-docs.ts\n');
    process.exitCode = 1;
  }
} else if (before !== after) {
  writeFileSync(FILE, after);
  process.stdout.write('docs/segments.md written\n');
}
