/**
 * Messages that ask for an act instead of telling a fact: carried out in the transaction that marks them done,
 * so each happens once. What needs the network is wished in that transaction; what is too much for one
 * transaction is gone on with in the next, and marked done in the last.
 */
import { wakeForChangedPart } from '../activation/wake-changed-part.server.ts';
import { assertNever } from '../app-error.ts';
import type { Cipher } from '../cipher.server.ts';
import type { Clock } from '../clock.ts';
import { wake } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { WebhookAct } from '../intake/normalise/outcome.ts';
import { storeScopes } from '../intake/store-scopes.server.ts';
import { answerDataRequest } from '../privacy/answer-data-request.server.ts';
import { redactCustomer } from '../privacy/redact-customer.server.ts';
import { redactShop } from '../privacy/redact-shop.server.ts';
import { uninstallShop } from '../privacy/uninstall-shop.server.ts';
import { noteAvailability } from '../segments/note-availability.server.ts';
import type { Log } from '../log.server.ts';

export interface ActContext {
  clock: Clock;
  log: Log;
  cipher: Cipher;
  redactionKey: Buffer;
}

/**
 * @param message.causedAt when the message was caused, by Shopify's clock; message.inboxId: its row
 * @returns 'more' when the act is done in several transactions and this was not the last
 */
export async function carryOutAct(
  ctx: ActContext,
  tx: ShopTx,
  act: WebhookAct,
  message: { causedAt: Date; inboxId: string },
): Promise<'done' | 'more'> {
  if (act.act !== 'shop_redact') {
    await carryOutAtOnce(ctx, tx, act, message.causedAt);
    return 'done';
  }
  const { causedAt: receivedAt, inboxId } = message;
  const outcome = await redactShop(tx, {
    receivedAt,
    inboxId,
    cipher: ctx.cipher,
    now: ctx.clock.machineNow(),
  });
  if (outcome === 'more') return 'more';
  ctx.log.info({ shopId: tx.shopId, outcome }, 'shop erased');
  return 'done';
}

async function carryOutAtOnce(
  ctx: ActContext,
  tx: ShopTx,
  act: Exclude<WebhookAct, { act: 'shop_redact' }>,
  causedAt: Date,
): Promise<void> {
  const { shopId } = tx;
  const now = ctx.clock.machineNow();
  const request = { receivedAt: causedAt, now, redactionKey: ctx.redactionKey, cipher: ctx.cipher };
  switch (act.act) {
    case 'app_uninstalled':
      ctx.log.info({ shopId, outcome: await uninstallShop(tx, { at: causedAt, now }) }, 'app removed');
      return;
    case 'scopes_changed':
      await storeScopes(tx, act.scopes, now);
      await noteAvailability(tx, { now: ctx.clock.now(), release: 'wish' });
      return;
    case 'shop_changed':
      await wake(tx, shopId, 'settings', now);
      return;
    case 'bulk_finished':
      await wake(tx, shopId, 'bulk', now);
      return;
    case 'store_part_changed':
      await wakeForChangedPart(tx, act);
      return;
    case 'data_request':
      await answerDataRequest(tx, { ...request, customerId: act.customerId });
      return;
    case 'customer_redact':
      await redactCustomer(tx, { ...request, customerId: act.customerId });
      return;
    default:
      assertNever(act);
  }
}
