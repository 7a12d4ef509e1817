/**
 * The sandbox as a process:
 *   node sandbox/start.ts [--port P] [--orders FILE | --customers N --seed S] [--as-recorded] [--as-of DATE]
 *     [--time-zone TZ] [--plan standard|advanced|plus] [--fast] [--freeze] [--app-url URL]
 *     [--app-config shopify.app.toml] [--domain NAME.myshopify.com] [--host-name localhost] [--json]
 * When it is ready the last line of stdout is JSON: {"address","shop","accessToken","apiKey","apiSecret"}; the token
 * has every scope and does not expire.
 * A bad option or file: one sentence on stderr and exit 2. SIGTERM and SIGINT end it at once.
 */
import { ExportFileError } from '../app/intake/export/export-file-error.ts';
import { startSandbox } from './server.ts';
import { SandboxOptionError } from './option-error.ts';
import { readOptions } from './start-options.ts';

/** The sentence for a fault that a person made; undefined for a fault of ours. */
function explain(error: unknown, orders: string | undefined): string | undefined {
  if (error instanceof ExportFileError) return `${orders ?? 'The file'}: ${error.message}`;
  if (error instanceof SandboxOptionError) return error.message;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EADDRINUSE') return '--port: this port is in use.';
  if (code === 'EACCES') return '--port: this port may not be used.';
  return undefined;
}

async function main(): Promise<void> {
  let orders: string | undefined;
  try {
    const options = readOptions(process.argv.slice(2));
    orders = options.orders;
    const sandbox = await startSandbox(options);
    const stop = () => {
      // Whatever hangs: four seconds are enough.
      setTimeout(() => process.exit(0), 4000).unref();
      void sandbox.close().then(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    process.once('disconnect', stop); // the launcher is gone
    const [store] = sandbox.stores.values();
    const shop = store?.shop.domain ?? '';
    if (!options.json && store) {
      process.stderr.write(
        `Sandbox ${sandbox.url}: ${shop}, ${store.customerCount()} customers, ${store.orderCount()} orders\n`,
      );
    }
    process.stdout.write(
      `${JSON.stringify({
        address: sandbox.url,
        shop,
        // For scripts; the app is installed when somebody opens it.
        accessToken: sandbox.control.accessToken(shop, { allScopes: true, install: false }).access_token,
        apiKey: sandbox.apiKey,
        apiSecret: sandbox.apiSecret,
      })}\n`,
    );
  } catch (error) {
    const sentence = explain(error, orders);
    process.stderr.write(`${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
    process.exit(sentence === undefined ? 1 : 2);
  }
}

await main();
