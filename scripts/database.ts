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

export interface AppRole {
  name: string;
  /** Without one, a role that is made gets a random password, and one that is there keeps its own. */
  password?: string;
}

/**
 * @param url any role; a role that may create roles gets an ordinary one made for it, an ordinary one is used as it is
 * @throws DatabaseSetupError with the statements to run when the role can do neither
 */
export async function prepareDatabase(
  url: string,
  options: { role?: AppRole; limits?: Record<string, string> } = {},
): Promise<PreparedDatabase> {
  const role = options.role ?? { name: APP_ROLE };
  const client = await connect(url);
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
    if (me.powerful && !me.creator) {
      const statements = [
        createRole(role, role.password ?? 'CHOOSE-ONE'),
        ...grants(role.name, me.database, me.version, options.limits ?? ROLE_LIMITS),
      ];
      throw new DatabaseSetupError(
        `the role ${me.name} bypasses row-level security and may not create another one. ` +
          `Run these statements as a superuser, then set DATABASE_URL to ${role.name}:\n${statements.join(';\n')};`,
      );
    }
    if (!me.powerful && !me.creator) {
      const { rowCount: made } = await client.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'pgboss'`);
      if (!made) await client.query('CREATE SCHEMA pgboss');
      return { appUrl: url, ownerUrl: url };
    }
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role.name]);
    let password = role.password;
    if (!rowCount) {
      password ??= randomBytes(18).toString('base64url');
      await client.query(createRole(role, password));
    } else if (password !== undefined) {
      await mayAlter(client, role);
      await client.query(
        `ALTER ROLE ${pg.escapeIdentifier(role.name)} PASSWORD ${pg.escapeLiteral(password)}`,
      );
    }
    for (const statement of grants(role.name, me.database, me.version, options.limits ?? ROLE_LIMITS)) {
      await client.query(statement);
    }
    const appUrl = new URL(url);
    appUrl.username = role.name;
    appUrl.password = password ?? '';
    return { appUrl: appUrl.toString(), ownerUrl: url };
  } finally {
    await client.end();
  }
}

/** A role that may create roles may alter only those that it was given: another's is not ours to change. */
async function mayAlter(client: pg.Client, role: AppRole): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    `SELECT rolsuper OR EXISTS (
       SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
        WHERE r.rolname = $1 AND m.member = me.oid AND m.admin_option) AS may
       FROM pg_roles me WHERE rolname = current_user`,
    [role.name],
  );
  if (rows[0]?.may) return;
  throw new DatabaseSetupError(
    `there is a role ${role.name} already, which this role may not alter. As a superuser run ` +
      `DROP ROLE ${pg.escapeIdentifier(role.name)}; or set DATABASE_URL to that role itself.`,
  );
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const at = new URL(url);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseSetupError(
      `the database in DATABASE_URL (${at.hostname}:${at.port || 5432}) cannot be reached: ${why}`,
      { cause },
    );
  }
}

function createRole(role: AppRole, password: string): string {
  return `CREATE ROLE ${pg.escapeIdentifier(role.name)} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD ${pg.escapeLiteral(password)}`;
}

/** What the ordinary role may do, and the limits it works under; run again after each migration. */
function grants(
  roleName: string,
  database: string,
  version: number,
  limits: Record<string, string>,
): string[] {
  const [name, role] = [pg.escapeIdentifier(database), pg.escapeIdentifier(roleName)];
  return [
    `GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${role}`,
    `GRANT USAGE ON SCHEMA public TO ${role}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
    // A big import asks for fresh statistics at once; before PostgreSQL 17 only owners may.
    ...(version >= 170_000 ? [`GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO ${role}`] : []),
    `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role}`,
    // Makes and drops the months of the history, which only owners may do by themselves.
    `GRANT EXECUTE ON FUNCTION public.keep_membership_history(date, int) TO ${role}`,
    `GRANT ${role} TO CURRENT_USER`,
    `CREATE SCHEMA IF NOT EXISTS pgboss AUTHORIZATION ${role}`,
    ...Object.entries(limits)
      .filter(([setting]) => setting !== 'transaction_timeout' || version >= 170_000)
      .map(
        ([setting, value]) =>
          `ALTER ROLE ${role} IN DATABASE ${name} SET ${setting} = ${pg.escapeLiteral(value)}`,
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
