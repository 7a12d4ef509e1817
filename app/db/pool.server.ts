/**
 * The one place that opens connections. Integers of 64 bits arrive as text, dates (without time) as
 * "2026-11-22", so neither loses anything.
 */
import pg from 'pg';
import { AppError } from '../app-error.ts';

const { types } = pg;
const DATE_OID = 1082;

export function createPool(url: string, options: { max: number; applicationName: string }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    application_name: options.applicationName,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === DATE_OID
          ? (text: string) => text
          : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  });
  // A connection that dies while idle is replaced by the next query; it must not end the process.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * Row-level security does not hold for superusers and roles with BYPASSRLS: web and worker refuse to start as one.
 * @throws AppError 'config'
 */
export async function refusePowerfulRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ powerful: boolean; name: string }>(
    'SELECT rolsuper OR rolbypassrls AS powerful, rolname AS name FROM pg_roles WHERE rolname = current_user',
  );
  if (rows[0]?.powerful !== false) {
    throw new AppError(
      'config',
      'The database role is a superuser or has BYPASSRLS, so shops would not be kept apart. ' +
        'Give DATABASE_URL an ordinary role (docs/operations.md, "Roles").',
    );
  }
}
