/** Which role web and worker get, by what the given role may do. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { beforeAll, expect, inject, test } from 'vitest';
import { ensureDatabase, prepareDatabase } from '../../scripts/database.ts';

const name = () => `setup_${randomBytes(5).toString('hex')}`;
let root: string;
beforeAll(() => {
  root = inject('superuserUrl');
});

async function run<R extends pg.QueryResultRow>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

function as(url: string, user: string, password: string): string {
  return Object.assign(new URL(url), { username: user, password }).toString();
}

const powers = (url: string) =>
  run<{ rolsuper: boolean; rolbypassrls: boolean }>(
    url,
    'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user',
  );

test('a role that may create roles gets an ordinary one made, with its limits', async () => {
  const url = await ensureDatabase(root, name());
  const { appUrl } = await prepareDatabase(url, { role: { name: name(), password: 'first' } });
  expect(await powers(appUrl)).toEqual([{ rolsuper: false, rolbypassrls: false }]);
  expect(await run(appUrl, 'SHOW idle_in_transaction_session_timeout')).toEqual([
    { idle_in_transaction_session_timeout: '15s' },
  ]);
  expect(await run(appUrl, 'SELECT count(*)::int AS n FROM shop')).toEqual([{ n: 0 }]);
});

test('migrating again leaves the password of the role alone, unless one is given', async () => {
  const url = await ensureDatabase(root, name());
  const role = name();
  const made = await prepareDatabase(url, { role: { name: role } });
  const again = await prepareDatabase(url, { role: { name: role } });
  expect(new URL(again.appUrl).password).toBe('');
  expect(await powers(made.appUrl)).toHaveLength(1);
  const given = await prepareDatabase(url, { role: { name: role, password: 'chosen' } });
  expect(await powers(given.appUrl)).toHaveLength(1);
  await expect(powers(made.appUrl)).rejects.toThrow(/password/);
});

test('an ordinary role is used as it is', async () => {
  const [database, role] = [name(), name()];
  await run(root, `CREATE ROLE ${role} LOGIN PASSWORD 'own'`);
  await run(root, `CREATE DATABASE ${database} OWNER ${role}`);
  const url = as(root.replace(/\/[^/]*$/, `/${database}`), role, 'own');
  expect(await prepareDatabase(url)).toEqual({ appUrl: url, ownerUrl: url });
  expect(await run(url, 'SELECT count(*)::int AS n FROM shop')).toEqual([{ n: 0 }]);
});

test('a role that bypasses the policy and may not create roles is told which statements to run', async () => {
  const [database, role] = [name(), name()];
  await run(root, `CREATE ROLE ${role} LOGIN BYPASSRLS PASSWORD 'own'`);
  await run(root, `CREATE DATABASE ${database} OWNER ${role}`);
  const url = as(root.replace(/\/[^/]*$/, `/${database}`), role, 'own');
  await expect(prepareDatabase(url)).rejects.toThrow(
    /CREATE ROLE "regulars_app" LOGIN NOSUPERUSER NOBYPASSRLS/,
  );
});

test('a database that cannot be reached is named', async () => {
  await expect(prepareDatabase('postgresql://x:y@127.0.0.1:1/z')).rejects.toThrow(
    /DATABASE_URL \(127\.0\.0\.1:1\) cannot be reached/,
  );
});
