/**
 * Brings a database to the state that web and worker need: migrations as the owner, then the ordinary role
 * that they run as. Row-level security does not hold for superusers, so the two are never the same role
 * unless the given role is already an ordinary one that owns its tables (FORCE covers owners).
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export const APP_ROLE = 'regulars_app';

/** Limits of the server, so that a stopped worker or a lost host cannot hold a shop (docs/operations.md). */
export const ROLE_LIMITS = {
  idle_in_transaction_session_timeout: '15s',
  statement_timeout: '30s',
  transaction_timeout: '60s',
} as const;

export class DatabaseSetupError extends Error {}

export interface PreparedDatabase {
  /** For web and worker. */
  appUrl: string;
  /** For migrations. */
  ownerUrl: string;
}

/**
 * @param url any role; a role that may create roles gets an ordinary one made for it, an ordinary one is used as it is
 * @throws DatabaseSetupError with the statements to run when the role can do neither
 */
export async function prepareDatabase(
  url: string,
  options: { appPassword?: string; limits?: Record<string, string> } = {},
): Promise<PreparedDatabase> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect().catch((cause: unknown) => {
    const at = new URL(url);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseSetupError(
      `the database in DATABASE_URL (${at.hostname}:${at.port || 5432}) cannot be reached: ${why}`,
      { cause },
    );
  });
  try {
    const { rows } = await client.query<{
      powerful: boolean;
      creator: boolean;
      name: string;
      database: string;
      version: number;
    }>(
      `SELECT rolsuper OR rolbypassrls AS powerful, rolsuper OR rolcreaterole AS creator, rolname AS name,
              current_database() AS database, current_setting('server_version_num')::int AS version
         FROM pg_roles WHERE rolname = current_user`,
    );
    const me = rows[0];
    if (!me) throw new DatabaseSetupError('the database does not know its own role');
    if (me.version < 160_000) throw new DatabaseSetupError('PostgreSQL 16 or later is needed');
    await migrate(url);
    if (!me.powerful && !me.creator) {
      await client.query('CREATE SCHEMA IF NOT EXISTS pgboss');
      return { appUrl: url, ownerUrl: url };
    }
    const password = options.appPassword ?? randomBytes(18).toString('base64url');
    const statements = roleStatements(me.database, password, me.version, options.limits ?? ROLE_LIMITS);
    if (!me.creator) {
      throw new DatabaseSetupError(
        `the role ${me.name} bypasses row-level security and may not create another one. ` +
          `Run these statements as a superuser, then set DATABASE_URL to ${APP_ROLE}:\n${statements.join(';\n')};`,
      );
    }
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [APP_ROLE]);
    if (!rowCount) await client.query(`CREATE ROLE ${APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS`);
    for (const statement of statements.slice(1)) await client.query(statement);
    const appUrl = new URL(url);
    appUrl.username = APP_ROLE;
    appUrl.password = password;
    return { appUrl: appUrl.toString(), ownerUrl: url };
  } finally {
    await client.end();
  }
}

/** The statements that make the ordinary role, for `prepareDatabase` and for its message. */
function roleStatements(
  database: string,
  password: string,
  version: number,
  limits: Record<string, string>,
): string[] {
  const name = pg.escapeIdentifier(database);
  return [
    `CREATE ROLE ${APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS`,
    `ALTER ROLE ${APP_ROLE} PASSWORD ${pg.escapeLiteral(password)}`,
    `GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${APP_ROLE}`,
    `GRANT USAGE ON SCHEMA public TO ${APP_ROLE}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${APP_ROLE}`,
    // ANALYZE after an import; before PostgreSQL 17 autovacuum has to do.
    ...(version >= 170_000 ? [`GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO ${APP_ROLE}`] : []),
    `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${APP_ROLE}`,
    `GRANT ${APP_ROLE} TO CURRENT_USER`,
    `CREATE SCHEMA IF NOT EXISTS pgboss AUTHORIZATION ${APP_ROLE}`,
    ...Object.entries(limits)
      .filter(([setting]) => setting !== 'transaction_timeout' || version >= 170_000)
      .map(
        ([setting, value]) =>
          `ALTER ROLE ${APP_ROLE} IN DATABASE ${name} SET ${setting} = ${pg.escapeLiteral(value)}`,
      ),
  ];
}

/** `prisma migrate deploy`: applies what is not applied yet. */
async function migrate(url: string): Promise<void> {
  try {
    await run(process.execPath, ['node_modules/prisma/build/index.js', 'migrate', 'deploy'], {
      env: { ...process.env, DATABASE_URL: url, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new DatabaseSetupError(`the migrations could not be applied:\n${said.trim()}`, { cause: error });
  }
}

/** Makes an empty database, or leaves it when it is there. */
export async function ensureDatabase(superuserUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const url = new URL(superuserUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
