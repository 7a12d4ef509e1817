/** What a merchant does in the demo, over HTTP as the admin would do it: install, wait, review, approve. */
import { z } from 'zod';
import { createPool } from '../app/db/pool.server.ts';
import { createDb, type Db, type ShopId } from '../app/db/tenancy.server.ts';
import { until } from './processes.ts';
import type { Say } from './setup.ts';
import type { Stack } from './stack.ts';

/** A tag push or an import that does not move at all for this long is given up. */
const STALLED_MS = 180_000;
const secondsSince = (moment: number) => Math.round((Date.now() - moment) / 100) / 10;

/** Opens the app for the first time, as the admin does, and follows the first import. */
export async function installAndImport(stack: Stack, say: Say): Promise<{ import: number; profile: number }> {
  const began = Date.now();
  const opened = await fetch(`${stack.sandboxUrl}/control/open-app`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ shop: stack.shop }),
  });
  const { status } = z.object({ status: z.number() }).parse(await opened.json());
  if (status !== 200) throw new Error(`the app answered ${status} when it was opened in the admin`);
  say('Installed. Importing the store ...');
  return withDb(stack, async (db, shopId) => {
    let computingSince: number | undefined;
    let said = '';
    const moved = progressWatch();
    for (;;) {
      const failure = stack.failure();
      if (failure) throw new Error(failure);
      const run = await readImport(db, shopId);
      if (run?.state === 'failed') throw new Error(`the import failed: ${run.message ?? 'see the logs'}`);
      if (run && !['reading', 'joining'].includes(run.step)) computingSince ??= Date.now();
      if (run?.state === 'done') break;
      const line = run ? `  ${run.step}: ${run.done}${run.total > 0 ? ` of ${run.total}` : ''}` : '';
      if (line && line !== said) say((said = line));
      if (moved(line) > STALLED_MS) throw new Error(`the import does not move: ${line}`);
      await pause(150);
    }
    computingSince ??= Date.now();
    const seconds = {
      import: Math.round((computingSince - began) / 100) / 10,
      profile: secondsSince(computingSince),
    };
    say(`  imported in ${seconds.import} s, profiles and scores in ${seconds.profile} s`);
    return seconds;
  });
}

const reviewSchema = z.object({
  segments: z.array(z.object({ key: z.string(), size: z.number(), gains: z.number() })),
  tagAdditions: z.number(),
  customersAffected: z.number(),
  fingerprint: z.string(),
});

/** Turns every draft on through the review and approval that a merchant goes through. @returns seconds */
export async function turnEverythingOn(stack: Stack, say: Say): Promise<number> {
  const began = Date.now();
  const post = async (body: unknown): Promise<unknown> => {
    const response = await fetch(`${stack.appUrl}/app/segments/turn-on?shop=${stack.shop}&embedded=1`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await sessionToken(stack)}`,
        'user-agent': 'Mozilla/5.0 (Regulars demo)',
      },
      body: JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(
        `the app answered ${response.status} to the review: ${(await response.text()).slice(0, 300)}`,
      );
    return response.json();
  };
  const progressSchema = z.object({ state: z.string(), done: z.number(), total: z.number() });
  /** In a large store it is worked out, and followed, in the background. */
  const until = async (intent: 'review' | 'progress', over: (state: string) => boolean) => {
    for (;;) {
      const answer = z
        .object({ review: reviewSchema.nullish(), progress: progressSchema.nullish() })
        .parse(await post({ intent, keys: 'all' }));
      const { review, progress } = answer;
      if (review) return review;
      if (!progress || over(progress.state)) return undefined;
      say(`  ${progress.state}: ${progress.done} of ${progress.total} customers`);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  };
  for (let tries = 0; tries < 5; tries++) {
    const review = await until('review', (state) => state === 'failed');
    if (!review) throw new Error('there is nothing to turn on');
    say(
      `Turning on all ${review.segments.length} segments through the app's own review: ` +
        `${review.customersAffected} customers, ${review.tagAdditions} tags to add.`,
    );
    const done = z.object({ outcome: z.string() }).parse(
      await post({
        intent: 'approve',
        keys: review.segments.map((segment) => segment.key),
        fingerprint: review.fingerprint,
      }),
    );
    if (done.outcome === 'done') return secondsSince(began);
    if (done.outcome === 'started') {
      await until('progress', (state) => !['approved', 'applying', 'working'].includes(state));
      return secondsSince(began);
    }
    if (done.outcome !== 'changed') throw new Error(`the approval was refused: ${done.outcome}`);
    say('  the store has changed since the review: reviewing again');
  }
  throw new Error('the store changes faster than it can be reviewed');
}

/** Waits until nothing is left to write, to read or to answer. @returns seconds */
export async function waitForTags(stack: Stack, say: Say): Promise<number> {
  const began = Date.now();
  say('Writing tags ...');
  await withDb(stack, async (db, shopId) => {
    const moved = progressWatch();
    let saidAt = 0;
    for (;;) {
      const failure = stack.failure();
      if (failure) throw new Error(failure);
      const left = { ...(await readLeft(db, shopId)), deliveries: await pendingDeliveries(stack) };
      if (Object.values(left).every((count) => count === 0)) return;
      const line = Object.entries(left)
        .filter(([, count]) => count > 0)
        .map(([what, count]) => `${count} ${what}`)
        .join(', ');
      if (Date.now() - saidAt > 2_000) {
        say(`  left: ${line}`);
        saidAt = Date.now();
      }
      if (moved(line) > STALLED_MS) {
        say(`  nothing moves any more: ${line}`);
        return;
      }
      await pause(150);
    }
  });
  const seconds = secondsSince(began);
  say(`  all tags written and confirmed in ${seconds} s`);
  return seconds;
}

async function pendingDeliveries(stack: Stack): Promise<number> {
  const response = await fetch(`${stack.sandboxUrl}/control/state?shop=${stack.shop}`);
  const state = z.object({ webhooks: z.object({ pending: z.number() }) }).parse(await response.json());
  return state.webhooks.pending;
}

async function sessionToken(stack: Stack): Promise<string> {
  const response = await fetch(`${stack.sandboxUrl}/control/session-token?shop=${stack.shop}`);
  return z.object({ idToken: z.string() }).parse(await response.json()).idToken;
}

async function readImport(db: Db, shopId: ShopId) {
  return db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{
      state: string;
      step: string;
      done: number;
      total: number;
      message: string | null;
    }>({
      text: `SELECT r.state, r.step, r.message,
                    CASE WHEN r.step = 'reading' THEN coalesce(sum(p.lines_done), 0) ELSE r.step_done END::int AS done,
                    CASE WHEN r.step = 'reading' THEN coalesce(sum(p.object_count), 0) ELSE r.step_total END::int AS total
               FROM import_run r LEFT JOIN import_part p ON p.shop_id = r.shop_id AND p.run_id = r.id
              WHERE r.shop_id = $1 GROUP BY r.shop_id, r.id ORDER BY r.id DESC LIMIT 1`,
      values: [shopId],
    });
    return rows[0];
  });
}

async function readLeft(db: Db, shopId: ShopId): Promise<Record<string, number>> {
  return db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<Record<string, number>>({
      text: `SELECT (SELECT count(*) FROM tag_outbox WHERE shop_id = $1)::int AS customers,
                    (SELECT count(*) FROM tag_bulk WHERE shop_id = $1 AND state NOT IN ('done', 'failed'))::int AS "bulk operations",
                    (SELECT count(*) FROM inbox WHERE shop_id = $1 AND state = 'waiting')::int AS messages,
                    (SELECT count(*) FROM reread WHERE shop_id = $1)::int AS "objects to read again"`,
      values: [shopId],
    });
    return rows[0] ?? {};
  });
}

/** Connects as the app does, and waits for the shop's row. */
export async function withDb<T>(stack: Stack, work: (db: Db, shopId: ShopId) => Promise<T>): Promise<T> {
  const pool = createPool(stack.databaseUrl, { max: 2, applicationName: 'regulars-demo' });
  try {
    const db = createDb(pool);
    const shopId = await until(
      'the installation',
      () =>
        db.outsideShops(async (tx) => {
          const { rows } = await tx.query<{ id: ShopId }>({
            text: 'SELECT id FROM shop WHERE domain = $1',
            values: [stack.shop],
          });
          return rows[0]?.id;
        }),
      { withinMs: 30_000, failed: stack.failure },
    );
    return await work(db, shopId);
  } finally {
    await pool.end();
  }
}

/** Says for how long the given text has not changed. */
function progressWatch(): (text: string) => number {
  let last = '';
  let at = Date.now();
  return (text) => {
    if (text !== last) [last, at] = [text, Date.now()];
    return Date.now() - at;
  };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
