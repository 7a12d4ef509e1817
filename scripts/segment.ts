/** `npm run segment`: a rule on a Shopify order export, without a store. */
import { runSegment } from './segment-command.ts';
import { prepareCode } from './setup.ts';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
}
await prepareCode({});
process.exitCode = await runSegment(process.argv.slice(2), {
  from: process.env['REGULARS_CALLED_FROM'] ?? process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
