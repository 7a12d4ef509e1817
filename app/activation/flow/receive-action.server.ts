/**
 * The Flow action "Check customer's segments": reads one customer again and brings segments and tags up to date. Flow
 * asks until it is done: the first time 202, because the work is a worker's, and 200 once it has been carried out.
 * Each run is carried out once, however often it is asked for; only what the body says is believed, because only the
 * body is signed.
 */
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { signatureOf, type Headers } from '../../intake/inbox/webhook-headers.ts';
import type { ShopFinder } from '../../intake/inbox/shop-finder.server.ts';
import { verifyHmac } from '../../intake/inbox/verify-hmac.server.ts';
import { redactionDigest } from '../../intake/redaction-digest.server.ts';
import { GIVEN_UP } from '../../intake/reread.server.ts';
import { queueRereads } from '../../intake/store/queue-rereads.server.ts';
import type { Log } from '../../log.server.ts';

const ACTION_HANDLE = 'check-segments';

export type ActionOutcome =
  | 'queued' // 202: asked for, or under way
  | 'done' // 200
  | 'given_up' // 422: Shopify does not show this customer
  | 'bad_signature' // 401: missing or wrong
  | 'unknown_shop' // 401: never installed, removed or erased
  | 'malformed' // 400: signed, but not what the action says
  | 'wrong_method' // 405
  | 'too_slow' // 408
  | 'too_large' // 413
  | 'not_stored'; // 503: try again

export const ACTION_STATUS: Readonly<Record<ActionOutcome, number>> = {
  queued: 202,
  done: 200,
  given_up: 422,
  bad_signature: 401,
  unknown_shop: 401,
  malformed: 400,
  wrong_method: 405,
  too_slow: 408,
  too_large: 413,
  not_stored: 503,
};

export interface ActionContext {
  secrets: readonly [string, ...string[]];
  shops: ShopFinder;
  db: Db;
  clock: Clock;
  log: Log;
  redactionKey: Buffer;
}

const id = z.union([
  z
    .number()
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER)
    .transform((number) => String(number)),
  z
    .string()
    .regex(/^(gid:\/\/shopify\/Customer\/)?[1-9]\d{0,17}$/)
    .transform((text) => text.slice(text.lastIndexOf('/') + 1)),
]);
const bodySchema = z.object({
  shopify_domain: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/i),
  action_run_id: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^[\x21-\x7e]{1,200}$/)),
  handle: z.literal(ACTION_HANDLE),
  properties: z.object({ customer_id: id }),
});

/** Never throws: what goes wrong on our side is 'not_stored'. */
export async function receiveAction(
  ctx: ActionContext,
  request: { headers: Headers; rawBody: Buffer },
): Promise<ActionOutcome> {
  if (!verifyHmac(request.rawBody, signatureOf(request.headers), ctx.secrets)) return 'bad_signature';
  const body = parse(request.rawBody);
  if (!body) return 'malformed';
  try {
    const shopId = await ctx.shops.find(body.shopify_domain.toLowerCase());
    if (shopId === undefined) return 'unknown_shop';
    return await ctx.db.inShop(shopId, (tx) =>
      askOrLook(ctx, tx, { runId: body.action_run_id, customerId: body.properties.customer_id }),
    );
  } catch (error) {
    ctx.log.error({ err: error }, 'an action of Flow could not be stored');
    return 'not_stored';
  }
}

function parse(rawBody: Buffer): z.infer<typeof bodySchema> | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(rawBody.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

async function askOrLook(
  ctx: ActionContext,
  tx: ShopTx,
  { runId, customerId }: { runId: string; customerId: ShopifyId },
): Promise<ActionOutcome> {
  const { rowCount: installed } = await tx.query(
    sql`SELECT 1 FROM shop WHERE id = ${tx.shopId} AND state = 'installed'`,
  );
  if (!installed) return 'unknown_shop';
  // Of somebody who was erased nothing is kept, not even that Flow asked.
  const digest = redactionDigest(ctx.redactionKey, tx.shopId as ShopId, customerId);
  const { rowCount: erased } = await tx.query(
    sql`SELECT 1 FROM redacted_customer WHERE shop_id = ${tx.shopId} AND digest = ${digest}`,
  );
  if (erased) return 'done';
  const now = ctx.clock.machineNow();
  const { rowCount: isNew } = await tx.query(sql`
    INSERT INTO flow_action_run (shop_id, run_id, customer_id, received_at)
    VALUES (${tx.shopId}, ${runId}, ${customerId}::bigint, ${now}) ON CONFLICT DO NOTHING`);
  if (isNew) {
    await queueRereads(
      tx,
      [{ object: 'customer', id: customerId, notBefore: now, reason: 'asked for by Flow' }],
      now,
    );
    return 'queued';
  }
  const { rows } = await tx.query<{ done: boolean; givenUp: boolean }>(sql`
    SELECT a.done_at IS NOT NULL AS done,
           EXISTS (SELECT FROM reread r WHERE r.shop_id = a.shop_id AND r.kind = 'customer'
                      AND r.object_id = a.customer_id AND r.attempts >= ${GIVEN_UP}) AS "givenUp"
      FROM flow_action_run a WHERE a.shop_id = ${tx.shopId} AND a.run_id = ${runId}`);
  if (rows[0]?.done) return 'done';
  return rows[0]?.givenUp ? 'given_up' : 'queued';
}
