/** A database of its own for a test file, copied from the migrated template, used as the ordinary role. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createPool } from '../../app/db/pool.server.ts';
import { createDb, type Db, type ShopId } from '../../app/db/tenancy.server.ts';
import { APP_ROLE, ROLE_LIMITS } from '../../scripts/database.ts';
import { APP_PASSWORD, TEMPLATE } from './postgres-for-tests.ts';

export interface TestDb {
  db: Db;
  /** URL of the ordinary role. */
  url: string;
  /** URL of the superuser, for what only an operator may do. */
  superuserUrl: string;
  /** A new installed shop with settings and a lock row. */
  createShop(settings?: { domain?: string; currency?: string; timeZone?: string }): Promise<ShopId>;
  close(): Promise<void>;
}

export async function createTestDb(options: { limits?: Record<string, string> } = {}): Promise<TestDb> {
  const { name, url: superuserUrl, drop } = await createDatabase(TEMPLATE);
  await asSuperuser(superuserUrl, async (client) => {
    for (const [setting, value] of Object.entries({ ...ROLE_LIMITS, ...options.limits })) {
      await client.query(`ALTER ROLE ${APP_ROLE} IN DATABASE ${name} SET ${setting} = '${value}'`);
    }
  });
  const asApp = new URL(superuserUrl);
  Object.assign(asApp, { username: APP_ROLE, password: APP_PASSWORD });
  const url = asApp.toString();
  const pool = createPool(url, { max: 12, applicationName: 'test' });
  const db = createDb(pool);
  return {
    db,
    url,
    superuserUrl,
    async createShop({ domain, currency = 'EUR', timeZone = 'UTC' } = {}) {
      const shopDomain = domain ?? `shop-${randomBytes(5).toString('hex')}.myshopify.com`;
      const shopId = await db.outsideShops(async (tx) => {
        const { rows } = await tx.query<{ id: ShopId }>({
          text: 'INSERT INTO shop (domain) VALUES ($1) RETURNING id',
          values: [shopDomain],
        });
        const id = rows[0]?.id as ShopId;
        await tx.query({ text: 'INSERT INTO shop_lock (shop_id) VALUES ($1)', values: [id] });
        return id;
      });
      await db.inShop(shopId, (tx) =>
        tx.query({
          text: 'INSERT INTO shop_settings (shop_id, currency, iana_timezone, salt) VALUES ($1, $2, $3, $4)',
          values: [shopId, currency, timeZone, 'salt'],
        }),
      );
      return shopId;
    },
    async close() {
      await pool.end();
      await drop();
    },
  };
}

/** A database without tables, for what migrates by itself. @returns the superuser's URL of it */
export function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return createDatabase('template1');
}

async function createDatabase(
  template: string,
): Promise<{ name: string; url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const root = inject('superuserUrl');
  await asSuperuser(root, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const url = new URL(root);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.toString(),
    drop: () =>
      asSuperuser(root, async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  };
}

async function asSuperuser<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
