/** Offers with the app's own pages in front of them, over HTTP as the admin's frame asks. */
import { afterAll, beforeAll } from 'vitest';
import { sql } from '../../app/db/sql.ts';
import { createOfferWorld, type OfferWorld } from './offer-world.ts';
import { serveApp, type ServedApp } from './serve-app.ts';
import { WORLD_DOMAIN } from './worker-world.ts';

export interface OfferPages {
  one: OfferWorld;
  app: ServedApp;
}

/** Registers the hooks of the file that calls it. @param keys segments that are turned on */
export function offerPages(keys: readonly string[], hand: (made: OfferPages) => void): void {
  let one: OfferWorld | undefined;
  let app: ServedApp | undefined;
  beforeAll(async () => {
    one = await createOfferWorld();
    const { shopId, world } = one;
    await one.turnOn(keys);
    await world.testDb.db.outsideShops((tx) =>
      tx.query(sql`UPDATE shop SET domain = ${WORLD_DOMAIN} WHERE id = ${shopId}`),
    );
    app = await serveApp(world.sandbox, world.testDb);
    await app.open(WORLD_DOMAIN, '/app');
    hand({ one, app });
  }, 300_000);
  afterAll(async () => {
    await app?.close();
    await one?.close();
  });
}
