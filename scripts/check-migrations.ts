/**
 * The migrations, applied to an empty database, must give what prisma/schema.prisma says: the same columns, and
 * every index of the schema (a migration may add partial indexes and policies, which the schema cannot express).
 */
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { ensureDatabase, prepareDatabase } from './database.ts';
import { startEmbeddedPostgres } from './postgres.ts';
import { ROOT, say } from './setup.ts';

/** The schema knows the whole table only; its parts come and go. */
const PARTITION = (table: 'table_name' | 'tablename') =>
  `EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ${table} AND c.relispartition)`;

const server = await startEmbeddedPostgres({
  folder: path.join(tmpdir(), `regulars-migrations-${process.pid}`, 'data'),
  throwaway: true,
});
try {
  const migrated = await ensureDatabase(server.superuserUrl(), 'migrated');
  await prepareDatabase(migrated);
  const wanted = await ensureDatabase(server.superuserUrl(), 'wanted');
  await asClient(wanted, (client) => client.query(scriptOfSchema(wanted)));
  const [has, needs] = [await describe(migrated), await describe(wanted)];
  const faults = [
    ...needs.filter((line) => !has.includes(line)).map((line) => `missing in the migrations: ${line}`),
    ...has
      .filter((line) => line.startsWith('column') && !needs.includes(line))
      .map((line) => `missing in prisma/schema.prisma: ${line}`),
  ];
  if (faults.length > 0) {
    say(`The migrations do not give what prisma/schema.prisma says:\n${faults.join('\n')}`);
    process.exitCode = 1;
  }
} finally {
  await server.stop();
}

function scriptOfSchema(url: string): string {
  return execFileSync(
    process.execPath,
    [
      'node_modules/prisma/build/index.js',
      'migrate',
      'diff',
      '--from-empty',
      '--to-schema-datamodel',
      'prisma/schema.prisma',
      '--script',
    ],
    {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: url },
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    },
  );
}

async function describe(url: string): Promise<string[]> {
  return asClient(url, async (client) => {
    const columns = await client.query<{ line: string }>(
      `SELECT format('column %s.%s %s %s %s', table_name, column_name, udt_name, is_nullable, column_default) AS line
         FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' AND NOT ${PARTITION('table_name')}`,
    );
    const indexes = await client.query<{ line: string }>(
      `SELECT 'index ' || replace(indexdef, ' ON ONLY ', ' ON ') AS line FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' AND NOT ${PARTITION('tablename')}`,
    );
    return [...columns.rows, ...indexes.rows].map((row) => row.line).sort();
  });
}

async function asClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
