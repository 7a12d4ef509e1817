/**
 * The types of our GraphQL documents, from Shopify's Admin schema of our API version (offline: the schema comes
 * with a development package). A document that the schema does not allow ends this with the field's name.
 *
 * `--check`: makes them anew elsewhere and fails if the committed file is not the same.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ADMIN_API_VERSION } from '../app/shopify/api-version.ts';

const ROOT = path.dirname(import.meta.dirname);
const DATA = path.join(ROOT, '.data');
const COMMITTED = path.join(ROOT, 'app/shopify/types/admin.generated.d.ts');

function writeSchema(): void {
  const packed = path.join(
    ROOT,
    `node_modules/@shopify/dev-mcp/dist/data/admin_${ADMIN_API_VERSION}.json.gz`,
  );
  const { data } = JSON.parse(gunzipSync(readFileSync(packed)).toString('utf8')) as {
    data: { __schema: unknown };
  };
  mkdirSync(DATA, { recursive: true });
  writeFileSync(path.join(DATA, 'admin.schema.json'), JSON.stringify({ __schema: data.__schema }));
}

/** @throws Error with what the generator said */
function generate(folder: string): void {
  const cli = path.join(ROOT, 'node_modules/@graphql-codegen/cli/cjs/bin.js');
  try {
    execFileSync(process.execPath, [cli, '--project', 'default'], {
      cwd: ROOT,
      env: { ...process.env, REGULARS_TYPES_FOLDER: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    throw new Error(`the GraphQL types could not be made:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

function main(): number {
  writeSchema();
  if (!process.argv.includes('--check')) {
    generate('./app/shopify/types');
    return 0;
  }
  const folder = mkdtempSync(path.join(DATA, 'types-'));
  try {
    generate(`./${path.relative(ROOT, folder)}`);
    if (readFileSync(path.join(folder, 'admin.generated.d.ts'), 'utf8') === readFileSync(COMMITTED, 'utf8'))
      return 0;
    process.stderr.write(
      'app/shopify/types/admin.generated.d.ts is not what the documents give: run node scripts/generate-graphql.ts\n',
    );
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
