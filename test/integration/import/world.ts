/** A sandbox store, a database, and what an import needs: over real HTTP, with real PostgreSQL. */
import type { FetchResult } from '../../../app/shopify/fetch-bulk-result.server.ts';
import { createFetchResult } from '../../../app/shopify/fetch-bulk-result.server.ts';
import { systemClock } from '../../../app/clock.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { runImport, type ImportContext } from '../../../app/intake/import/run-import.server.ts';
import { createLog } from '../../../app/log.server.ts';
import type { AdminClient } from '../../../app/shopify/admin-client.ts';
import { createAdminClient } from '../../../app/shopify/admin-clients.server.ts';
import { createShopifyFetch, type Fetch } from '../../../app/shopify/sandbox-hook.server.ts';
import { startSandbox, type Sandbox, type StoreOptions } from '../../../sandbox/server.ts';
import type { Store } from '../../../sandbox/store/store.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

export interface ImportWorld {
  sandbox: Sandbox;
  store: Store;
  testDb: TestDb;
  /** A new shop in the database for the one store; the sandbox does not mind how many. */
  newShop(): Promise<ShopId>;
  admin: AdminClient;
  context(changes?: Partial<ImportContext>): ImportContext;
  import(shopId: ShopId, changes?: Partial<ImportContext>): ReturnType<typeof runImport>;
  facts(shopId: ShopId): Promise<Facts>;
  /** What Shopify holds now, as the same rows. */
  expected(): Facts;
  run(shopId: ShopId): Promise<Record<string, unknown>>;
  parts(shopId: ShopId): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export interface Facts {
  customers: Record<string, unknown>[];
  orders: Record<string, unknown>[];
  lines: Record<string, unknown>[];
  refunds: Record<string, unknown>[];
  products: Record<string, unknown>[];
}

export async function createImportWorld(
  seed: StoreOptions['seed'],
  options: { fetch?: Fetch; currency?: string } = {},
): Promise<ImportWorld> {
  const domain = 'import-test.myshopify.com';
  const { currency = 'EUR' } = options;
  const sandbox = await startSandbox({
    apiKey: 'key',
    apiSecret: 'a-secret-for-tests-only',
    fast: true,
    clock: { now: '2026-11-22', frozen: true },
    stores: [{ domain, currency, timeZone: 'Europe/Berlin', plan: 'plus', seed }],
  });
  const store = sandbox.stores.get(domain) as Store;
  const testDb = await createTestDb();
  const where = { sandboxUrl: sandbox.url, production: false };
  const log = createLog({ level: 'silent', process: 'test' });
  const admin = createAdminClient(
    {
      clock: systemClock,
      log,
      tokens: { accessToken: async () => sandbox.accessTokenFor(domain) },
      fetch: createShopifyFetch(where, options.fetch),
    },
    domain,
  );
  const fetchResult: FetchResult = createFetchResult(where);
  const context = (changes: Partial<ImportContext> = {}): ImportContext => ({
    db: testDb.db,
    admin,
    clock: systemClock,
    log,
    fetchResult,
    redactionKey: Buffer.alloc(32, 7),
    afterLoad: async () => undefined,
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, 20))),
    ...changes,
  });
  return {
    sandbox,
    store,
    testDb,
    admin,
    newShop: () => testDb.createShop({ currency: 'USD', timeZone: 'UTC' }),
    context,
    import: (shopId, changes) => runImport(context(changes), shopId),
    facts: (shopId) => readFacts(testDb, shopId),
    expected: () => expectedFacts(store),
    run: async (shopId) =>
      testDb.db.inShop(shopId, async (tx) => {
        const { rows } = await tx.query(
          sql`SELECT state, step, message FROM import_run WHERE shop_id = ${shopId} ORDER BY id DESC LIMIT 1`,
        );
        return rows[0] ?? {};
      }),
    parts: async (shopId) =>
      testDb.db.inShop(shopId, async (tx) => {
        const { rows } = await tx.query(sql`
          SELECT kind, state, lines_done::int AS lines, object_count::int AS objects, byte_offset AS "byteOffset",
                 file_size AS "fileSize", message
            FROM import_part WHERE shop_id = ${shopId}
             AND run_id = (SELECT max(id) FROM import_run WHERE shop_id = ${shopId}) ORDER BY kind`);
        return rows;
      }),
    async close() {
      await sandbox.close();
      await testDb.close();
    },
  };
}

async function readFacts(testDb: TestDb, shopId: ShopId): Promise<Facts> {
  return testDb.db.inShop(shopId, async (tx) => {
    const customers = await tx.query(sql`
      SELECT id, created_at AS "createdAt", updated_at AS "updatedAt", state, verified_email AS "verifiedEmail", locale,
             country_code AS country, province_code AS province, city, email_consent AS "emailConsent",
             sms_consent AS "smsConsent", tags
        FROM customer WHERE shop_id = ${shopId} AND deleted_at IS NULL ORDER BY id`);
    const orders = await tx.query(sql`
      SELECT id, name, customer_id AS "customerId", created_at AS "createdAt", processed_at AS "processedAt",
             updated_at AS "updatedAt", cancelled_at AS "cancelledAt", test, financial_status AS status, currency,
             presentment_currency AS presentment, total_minor AS total, current_total_minor AS "currentTotal",
             net_payment_minor AS net, refunded_minor AS refunded, gift_card_minor AS "giftCards",
             company_order AS company, tags, discount_codes AS codes
        FROM orders WHERE shop_id = ${shopId} AND deleted_at IS NULL ORDER BY id`);
    const lines = await tx.query(sql`
      SELECT order_id AS "orderId", id, product_id AS "productId", variant_id AS "variantId", title, sku, vendor, quantity,
             current_quantity AS "currentQuantity", total_minor AS total, discounted_minor AS discounted, gift_card AS "giftCard"
        FROM order_line WHERE shop_id = ${shopId} ORDER BY order_id, id`);
    const refunds = await tx.query(sql`
      SELECT order_id AS "orderId", id, created_at AS "createdAt", refunded_minor AS refunded
        FROM order_refund WHERE shop_id = ${shopId} ORDER BY order_id, id`);
    const products = await tx.query(sql`
      SELECT id, title, vendor, product_type AS "productType", status, tags, updated_at AS "updatedAt"
        FROM product WHERE shop_id = ${shopId} AND deleted_at IS NULL ORDER BY id`);
    return {
      customers: customers.rows,
      orders: orders.rows,
      lines: lines.rows,
      refunds: refunds.rows,
      products: products.rows,
    };
  });
}

const byId = <T extends { id?: unknown; orderId?: unknown }>(a: T, b: T): number => {
  const compare = (x: unknown, y: unknown) => Number(BigInt(String(x ?? 0)) - BigInt(String(y ?? 0)));
  return compare(a.orderId, b.orderId) || compare(a.id, b.id);
};

/** Straight from the sandbox's own records, not through its API. */
function expectedFacts(store: Store): Facts {
  const orders = [...store.orders()];
  return {
    customers: [...store.customers()]
      .map((customer) => ({
        id: customer.id,
        createdAt: new Date(customer.createdAt),
        updatedAt: new Date(customer.updatedAt),
        state: customer.state,
        verifiedEmail: customer.verifiedEmail,
        locale: customer.locale,
        country: customer.address?.countryCode ?? null,
        province: customer.address?.provinceCode ?? null,
        city: customer.address?.city ?? null,
        emailConsent: customer.email === null ? null : (customer.emailMarketing?.state ?? 'NOT_SUBSCRIBED'),
        smsConsent: customer.phone === null ? null : (customer.smsMarketing?.state ?? 'NOT_SUBSCRIBED'),
        tags: [...customer.tags].sort(),
      }))
      .sort(byId),
    orders: orders
      .map((order) => ({
        id: order.id,
        name: order.name,
        customerId: order.customerId,
        createdAt: new Date(order.createdAt),
        processedAt: new Date(order.processedAt),
        updatedAt: new Date(order.updatedAt),
        cancelledAt: order.cancelledAt === null ? null : new Date(order.cancelledAt),
        test: order.test,
        status: order.financialStatus,
        currency: order.currency,
        presentment: order.presentmentCurrency,
        total: String(order.totalMinor),
        currentTotal: String(order.currentTotalMinor),
        net: String(order.receivedMinor - order.refundedMinor),
        refunded: String(order.refundedMinor),
        giftCards: String(
          order.lines
            .filter((line) => line.giftCard && line.quantity > 0)
            .reduce(
              (sum, line) =>
                sum +
                Math.round(
                  ((line.priceMinor * line.quantity - line.discountMinor) * line.currentQuantity) /
                    line.quantity,
                ),
              0,
            ),
        ),
        company: order.company,
        tags: [...order.tags].sort(),
        codes: order.discountCodes,
      }))
      .sort(byId),
    lines: orders
      .flatMap((order) =>
        order.lines.map((line) => ({
          orderId: order.id,
          id: line.id,
          productId: line.productId,
          variantId: line.variantId,
          title: line.title,
          sku: line.sku,
          vendor: line.vendor,
          quantity: line.quantity,
          currentQuantity: line.currentQuantity,
          total: String(line.priceMinor * line.quantity),
          discounted: String(line.priceMinor * line.quantity - line.discountMinor),
          giftCard: line.giftCard,
        })),
      )
      .sort(byId),
    refunds: orders
      .flatMap((order) =>
        order.refunds.map((refund) => ({
          orderId: order.id,
          id: refund.id,
          createdAt: new Date(refund.createdAt),
          refunded: String(refund.totalMinor),
        })),
      )
      .sort(byId),
    products: [...store.products()]
      .map((product) => ({
        id: product.id,
        title: product.title,
        vendor: product.vendor,
        productType: product.productType,
        status: product.status,
        tags: [...product.tags].sort(),
        updatedAt: new Date(product.updatedAt),
      }))
      .sort(byId),
  };
}
