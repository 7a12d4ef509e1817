/**
 * Writes the webhook subscriptions of shopify.app.toml from what the normalisers read.
 * `--check`: writes nothing, exit 1 when the file is not what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { WEBHOOK_FIELDS } from '../app/intake/normalise/webhook-fields.ts';
import { rewriteSubscriptions } from './subscription-blocks.ts';

const FILE = new URL('../shopify.app.toml', import.meta.url);
const before = readFileSync(FILE, 'utf8');
const after = rewriteSubscriptions(before, WEBHOOK_FIELDS);

if (process.argv.includes('--check')) {
  if (before !== after) {
    process.stderr.write('shopify.app.toml is not up to date: run node scripts/generate-toml-fields.ts\n');
    process.exitCode = 1;
  }
} else if (before !== after) {
  writeFileSync(FILE, after);
  process.stdout.write('shopify.app.toml written\n');
}
