/** `npm run ltv`: lifetime value from a Shopify order export, without a store or a database. */
import { runLtv } from './ltv-command.ts';

process.exitCode = await runLtv(process.argv.slice(2), {
  from: process.env['REGULARS_CALLED_FROM'] ?? process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
