/** Another time zone of the store: worked out, stopped and taken up, put back in Shopify, and met by what a person approved. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { startRun } from '../../../app/db/start-run.server.ts';
import {
  isUnderWay,
  pauseRun,
  readRuns,
  readShownRuns,
  resumeRuns,
} from '../../../app/pipeline/background-run.server.ts';
import { cancelRun } from '../../../app/pipeline/cancel-run.server.ts';
import { approvePolicy, lookAtPolicy, readPolicyDraft } from '../../../app/pipeline/change-policy.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { decideHeldChange, type Decision } from '../../../app/pipeline/decide-held-change.server.ts';
import { readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { recomputeShop, type RecomputeOptions } from '../../../app/pipeline/recompute-shop.server.ts';
import { orderPolicySchema } from '../../../app/history/order-policy.ts';
import { decisionHelp, heldTitle } from '../../../app/ui/value/held-words.ts';
import { cancelSays, runSays } from '../../../app/ui/value/run-words.ts';
import { createSegmentShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const PEOPLE = 150;
const QUIET = { v: 1, where: { field: 'days_since_last_activity', op: 'gte', value: 30 } };
const BUYERS = { v: 1, where: { field: 'orders', op: 'gte', value: 1 } };

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
beforeEach(async () => {
  const ids = Array.from({ length: PEOPLE }, (_, i) => String(i + 1));
  shop = await createSegmentShop(t, {
    now: new Date('2026-11-22T11:00:00Z'),
    timeZone: 'Europe/Berlin',
    store: {
      // The staff ordered long ago; all others 29 days ago in Berlin, 30 days ago in New York.
      customers: ids.map((id) => ({ id, tags: Number(id) > 130 ? ['staff'] : [] })),
      orders: ids.map((id) => ({
        id,
        customerId: id,
        processedAt: new Date(Number(id) > 130 ? '2026-08-01T10:00:00Z' : '2026-10-23T23:30:00Z'),
      })),
    },
  });
  await shop.in((tx) => putSegments(tx, { quiet: { rule: QUIET }, buyers: { rule: BUYERS } }));
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  await shop.in(async (tx) => {
    await tx.query(sql`UPDATE shop_settings SET first_imported_at = ${shop.clock.now()} WHERE shop_id = ${shop.shopId}`);
    // As if every tag had been written.
    await tx.query('DELETE FROM tag_outbox');
    await tx.query(sql`
      INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
      SELECT m.shop_id, m.customer_id, 'regulars-' || g.tag_name, 'regulars-' || g.tag_name, ${shop.clock.now()}
        FROM membership m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id`);
  });
  shop.clock.advance(60_000);
}); // prettier-ignore

/** As when Shopify says so. */
async function changeZone(zone: string): Promise<void> {
  await shop.in(async (tx) => {
    await tx.query(sql`UPDATE shop_settings SET iana_timezone = ${zone} WHERE shop_id = ${shop.shopId}`);
    await startRun(tx, { kind: 'timezone', total: 0, now: shop.clock.now() });
  });
}
async function work(
  cause: 'timezone' | 'policy',
  onProgress?: RecomputeOptions['onProgress'],
): Promise<void> {
  let ended;
  do {
    const publish = cause === 'policy' ? 'force' : 'never';
    ended = await recomputeShop(shop.ctx, shop.shopId, {
      cause,
      publish,
      chunk: 20,
      ...(onProgress ? { onProgress } : {}),
    });
  } while (!ended.paused && (await shop.in((tx) => isUnderWay(tx, [cause]))));
}
const outbox = () =>
  shop.in(async (tx) => {
    const { rows } = await tx.query<{ id: string; held: boolean }>(
      'SELECT customer_id AS id, held_by IS NOT NULL AS held FROM tag_outbox ORDER BY customer_id',
    );
    return rows;
  });
const held = async () => (await outbox()).filter((row) => row.held).length;
const size = async (key: string) =>
  (await shop.memberships()).filter((one) => one.endsWith(` ${key}`)).length;
const decide = async (decision: Decision) => {
  const [change] = await shop.in(readHeldChanges);
  const word = { id: change?.id ?? '', decision, actor: 'anna', now: shop.clock.now() };
  return decideHeldChange(shop.ctx, shop.shopId, word);
};
const who = () => ({ actor: 'anna', now: shop.clock.now() });

describe('another time zone', () => {
  test('is stopped and taken up; there is no way back but in Shopify, and the page says so', async () => {
    await changeZone('America/New_York');
    await work('timezone', async (step, done) => {
      if (step === 'memberships' && done === 40) await shop.in((tx) => pauseRun(tx, 'timezone', who()));
    });
    const [run] = await shop.in(readShownRuns);
    expect(run).toMatchObject({ kind: 'timezone', state: 'paused', way: 'none' });
    expect(await cancelRun(shop.ctx, shop.shopId, { id: run?.id ?? '', actor: 'anna' })).toBe('no_way_back');
    if (!run) throw new Error('there is a run');
    expect(cancelSays(run)).toBeNull();
    expect(runSays(run).join(' ')).toContain('Change it back in Shopify');
    // Nothing is written meanwhile.
    expect((await outbox()).length).toBe(await held());
    await shop.in((tx) => resumeRuns(tx, { kind: 'timezone', ...who() }));
    await work('timezone');
    expect(await size('quiet')).toBe(PEOPLE);
    expect(await shop.in(readHeldChanges)).toMatchObject([{ cause: 'timezone', affected: 130 }]);
    expect(await decide('discard')).toMatchObject({ outcome: 'done' });
    expect(await outbox()).toEqual([]);
  });

  test.each(['paused', 'killed'])('put back in Shopify while it is %s: as before, and nothing is written', async (how) => {
    const before = await shop.memberships();
    await changeZone('America/New_York');
    const stopped = work('timezone', async (step, done) => {
      if (step !== 'memberships' || done !== 60) return;
      if (how === 'killed') throw new Error('killed');
      await shop.in((tx) => pauseRun(tx, 'timezone', who()));
    });
    await (how === 'killed' ? expect(stopped).rejects.toThrow('killed') : stopped);
    expect(await shop.memberships()).not.toEqual(before);
    await changeZone('Europe/Berlin');
    await shop.in((tx) => resumeRuns(tx, { kind: 'timezone', ...who() }));
    await work('timezone');
    expect(await shop.memberships()).toEqual(before);
    expect(await shop.in(readHeldChanges)).toEqual([]);
    expect(await shop.in((tx) => tx.query('SELECT 1 FROM held_change'))).toMatchObject({ rowCount: 0 });
    expect(await held()).toBe(0);
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, memberships: 0 });
  }); // prettier-ignore

  test('that changes once more while it is worked out is worked out once more, as one run', async () => {
    let changed = false;
    await changeZone('America/New_York');
    await work('timezone', async (step, done) => {
      if (step !== 'profiles' || done < 100 || changed) return;
      changed = true;
      await changeZone('Asia/Tokyo');
    });
    expect(await shop.in(readRuns)).toEqual([]);
    expect(await size('quiet')).toBe(20);
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, memberships: 0 });
  });
});

describe('in the middle of an approved policy', () => {
  /** The staff is left out: who has been reached is written, who is reached after the change of the zone waits. */
  async function meet(): Promise<void> {
    const policy = orderPolicySchema.parse({ leaveOutCustomerTags: ['staff'] });
    await lookAtPolicy(shop.ctx, shop.shopId, { policy, actor: 'anna' });
    const draft = await shop.in(readPolicyDraft);
    const approved = { version: draft?.version ?? '', actor: 'anna' };
    expect(await approvePolicy(shop.ctx, shop.shopId, approved)).toMatchObject({ outcome: 'done' });
    let changed = false;
    await work('policy', async (step, done) => {
      if (step !== 'memberships' || done < 60 || changed) return;
      changed = true;
      await changeZone('America/New_York');
      const shown = await shop.in(readShownRuns);
      expect(shown).toMatchObject([{ kind: 'policy', waitsForZone: true }, { kind: 'timezone', waitsForZone: false }]);
      expect(shown.flatMap(runSays).join(' ')).toContain('the tags of those whom this moves wait');
    });
    // It is true: nobody whom it has moved since is let through.
    expect(await held()).toBe((await outbox()).length);
    expect(await held()).toBeGreaterThanOrEqual(20);
    await work('timezone');
    const [change] = await shop.in(readHeldChanges);
    expect(change).toMatchObject({ cause: 'timezone', affected: PEOPLE });
    if (!change) throw new Error('it is held');
    expect(heldTitle(change)).toBe('The new time zone would change the tags of 150 customers');
    expect(decisionHelp(change)).toContain('Whom a change that you approved has moved since is written in either case');
  } // prettier-ignore
  const staff = Array.from({ length: 20 }, (_, i) => String(131 + i));

  test('released, all of it is written', async () => {
    await meet();
    await decide('release');
    expect((await outbox()).filter(({ held: waits }) => !waits)).toHaveLength(PEOPLE);
  });

  test('discarded, what was approved is written all the same', async () => {
    await meet();
    await decide('discard');
    const written = await outbox();
    expect(written.every(({ held: waits }) => !waits)).toBe(true);
    expect(written.map(({ id }) => id)).toEqual(expect.arrayContaining(staff));
    // Of the others those whom only the time zone has moved are left alone: the policy's run had reached sixty of them.
    expect(written.map(({ id }) => id)).not.toEqual(expect.arrayContaining(['1']));
  });

  test('and cancelled: what goes back waits with the time zone too, and nothing of the policy is left', async () => {
    const policy = orderPolicySchema.parse({ leaveOutCustomerTags: ['staff'] });
    await lookAtPolicy(shop.ctx, shop.shopId, { policy, actor: 'anna' });
    const draft = await shop.in(readPolicyDraft);
    await approvePolicy(shop.ctx, shop.shopId, { version: draft?.version ?? '', actor: 'anna' });
    await changeZone('America/New_York');
    const [run] = await shop.in(readRuns);
    expect(await cancelRun(shop.ctx, shop.shopId, { id: run?.id ?? '', actor: 'anna' })).toBe('done');
    await work('timezone');
    await work('policy');
    expect(await size('buyers')).toBe(PEOPLE);
    expect(await size('quiet')).toBe(PEOPLE);
    expect(await held()).toBe((await outbox()).length);
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
  });
});
