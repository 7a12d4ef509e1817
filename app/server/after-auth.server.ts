/**
 * After a token exchange: the shop has its rows, its presets (all drafts) and, until one has succeeded, an
 * import. Runs repeatedly and in parallel for one shop, so every step may be repeated.
 */
import type { AppContext } from '../context.server.ts';
import { wakeUnlessDue } from '../db/shop-due.server.ts';
import { ensureShop } from '../intake/ensure-shop.server.ts';
import { readShopSettings } from '../intake/read-shop-settings.server.ts';
import { storeScopes } from '../intake/store-scopes.server.ts';
import { syncShopSettings } from '../intake/sync-shop-settings.server.ts';
import { installPresets } from '../segments/install-presets.server.ts';
import { noteAvailability } from '../segments/note-availability.server.ts';

/** @param shop.scope comma-separated scopes that the merchant granted */
export async function afterAuth(
  context: Pick<AppContext, 'db' | 'clock' | 'log' | 'adminFor'>,
  shop: { domain: string; scope: string },
): Promise<void> {
  const { db, clock, log } = context;
  const { shopId, isNew } = await ensureShop(db, { domain: shop.domain, now: clock.machineNow() });
  const asked = await db.inShop(shopId, async (tx) => {
    await storeScopes(
      tx,
      shop.scope
        .split(',')
        .map((scope) => scope.trim())
        .filter(Boolean),
      clock.machineNow(),
    );
    await installPresets(tx, clock.now());
    await noteAvailability(tx, { now: clock.now(), release: 'wish' });
    if ((await readShopSettings(tx))?.firstImportedAt) return false;
    await wakeUnlessDue(tx, shopId, 'leftovers', clock.machineNow());
    return wakeUnlessDue(tx, shopId, 'import', clock.machineNow());
  });
  if (asked) log.info({ shopId, isNew }, 'import asked for');
  try {
    await syncShopSettings({ db, clock, log, admin: await context.adminFor(shopId) }, shopId);
  } catch (error) {
    // The page opens all the same; the import reads the settings before anything else.
    log.warn({ err: error, shopId }, 'the shop could not be read after it was opened');
  }
}
