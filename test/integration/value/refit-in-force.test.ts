/** What a fit that is put in force does to segments, and what keeps it from being put in force. */
import { describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { touchCustomersAfter } from '../../../app/history/touched-customers.server.ts';
import { atHour, addDays } from '../../../app/local-date.ts';
import { applyFit } from '../../../app/pipeline/apply-fit.server.ts';
import { readRuns } from '../../../app/pipeline/background-run.server.ts';
import { decideHeldChange } from '../../../app/pipeline/decide-held-change.server.ts';
import { holdPublication, readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { readBasis } from '../../../app/pipeline/measure-publication.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refreshTouched } from '../../../app/pipeline/refresh.server.ts';
import { refitShop } from '../../../app/pipeline/refit-shop.server.ts';
import { loadReadableSegments } from '../../../app/segments/load-segments.server.ts';
import { noteAvailability } from '../../../app/segments/note-availability.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { readFits } from '../../../app/value/read-fit.server.ts';
import { storeHoldPeriod } from '../../../app/value/hold-period.server.ts';
import { readPrediction } from '../../../app/value/read-prediction.server.ts';
import { readPredictionsInForce } from '../../../app/value/read-predictions-in-force.server.ts';
import { putSegments, storedMemberships } from '../../support/segment-shop.ts';
import { ZONE, TODAY, NOW, drawStore, refitStage } from './refit-stage.ts';

const stage = refitStage();
const { makeShop, context, predictions } = stage;

describe('segments that rest on predictions', () => {
  const LIKELY: Rule = { v: 1, where: { field: 'still_a_customer_chance', op: 'gte', value: 60 } };
  const BUYERS: Rule = { v: 1, where: { field: 'orders', op: 'gte', value: 1 } };
  const events = (tx: ShopTx) =>
    tx.query(sql`
      SELECT g.key, e.kind, e.cause, sum(n)::int AS n, min(at) AS at
        FROM (SELECT shop_id, segment_id, kind, cause, at, 1 AS n FROM membership_event
              UNION ALL SELECT shop_id, segment_id, kind, cause, at, members FROM mass_change) e
        JOIN segment g ON g.shop_id = e.shop_id AND g.id = e.segment_id
       GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`);

  /** As a person would who sees that it moves many. */
  async function refitAndRelease(shopId: ShopId, now: Date = NOW) {
    const ctx = context(now);
    const { publication } = await refitShop(ctx, shopId, { chunk: 150 });
    const [held] = await stage.t.db.inShop(shopId, readHeldChanges);
    if (held) {
      await decideHeldChange(ctx, shopId, { id: held.id, decision: 'release', actor: 'anna', now });
      await applyFit(ctx, shopId, { chunk: 150 });
    }
    return publication;
  }

  /** A store with a fit of a month ago, so that what asks for predictions can be on. */
  async function makeFittedShop(seed: number): Promise<ShopId> {
    const shopId = await makeShop(drawStore(seed));
    const before = context(atHour(addDays(TODAY, -31), 3, ZONE));
    expect((await refitShop(before, shopId)).publication).toMatchObject({ outcome: 'published', version: 1 });
    return shopId;
  }

  test('a fit that is put in force decides them anew for everybody, and no others', async () => {
    const shopId = await makeFittedShop(12);
    await stage.t.db.inShop(shopId, (tx) =>
      putSegments(tx, {
        likely: { rule: LIKELY },
        waiting: { rule: LIKELY, status: 'paused' },
        draft: { rule: LIKELY, status: 'draft' },
        buyers: { rule: BUYERS },
      }),
    );
    expect(await refitAndRelease(shopId)).toMatchObject({ outcome: 'held', version: 2 });
    await stage.t.db.inShop(shopId, async (tx) => {
      const likely = (await predictions(tx)).filter(({ alive }) => alive >= 0.6).map(({ id }) => id);
      expect(likely.length).toBeGreaterThan(50);
      expect((await storedMemberships(tx)).sort()).toEqual(
        likely.flatMap((id) => [`${id} likely`, `${id} waiting`]).sort(),
      );
      const entered = { kind: 'entered', cause: 'refit', n: likely.length, at: NOW };
      expect((await events(tx)).rows).toEqual([
        { key: 'likely', ...entered },
        { key: 'waiting', ...entered },
      ]);
      const { rows } = await tx.query('SELECT customer_id AS id FROM tag_outbox');
      expect(rows.map(({ id }) => id as string).sort()).toEqual(likely.sort());
      await tx.query('DELETE FROM tag_outbox');
    });

    // Kept: nothing is looked at. A month of silence later: chances are lower, and people leave.
    await refitShop(context(), shopId, { chunk: 150 });
    const month = atHour(addDays(TODAY, 60), 3, ZONE);
    await refitAndRelease(shopId, month);
    await stage.t.db.inShop(shopId, async (tx) => {
      const likely = (await predictions(tx)).filter(({ alive }) => alive >= 0.6).map(({ id }) => id);
      expect((await storedMemberships(tx)).filter((one) => one.endsWith('likely')).sort()).toEqual(
        likely.map((id) => `${id} likely`).sort(),
      );
      const left = (await events(tx)).rows.filter(({ kind }) => kind === 'left');
      expect(left).toMatchObject([
        { key: 'likely', cause: 'refit', at: month },
        { key: 'waiting', cause: 'refit', at: month },
      ]);
    });
  });

  test('the first fit moves nobody by itself: what stood still is evaluated by a run that waits for a person', async () => {
    const shopId = await makeShop(drawStore(14));
    const ctx = context();
    const inShop = <T>(work: (tx: ShopTx) => Promise<T>) => stage.t.db.inShop(shopId, work);
    await inShop(async (tx) => {
      await tx.query(sql`UPDATE shop_settings SET first_imported_at = ${NOW} WHERE shop_id = ${shopId}`);
      await putSegments(tx, { likely: { rule: LIKELY } });
      // On, and nothing to go by.
      await noteAvailability(tx, { now: NOW, release: 'later' });
    });
    const standsStill = async () =>
      (await inShop((tx) => loadReadableSegments(tx))).flatMap(({ key, unavailable }) => (unavailable ? [key] : []));
    expect(await standsStill()).toEqual(['likely']);
    await recomputeShop(ctx, shopId, { cause: 'rule', publish: 'never' });
    await inShop((tx) => tx.query('DELETE FROM tag_outbox'));

    // Measured, it would move nobody: whoever stands still is not moved by numbers. So it is in force at once.
    expect((await refitShop(ctx, shopId, { chunk: 150 })).publication).toMatchObject({ outcome: 'published', version: 1 });
    const likely = (await inShop(predictions)).filter(({ alive }) => alive >= 0.6).map(({ id }) => id);
    expect(likely.length).toBeGreaterThan(100);
    expect(await standsStill()).toEqual(['likely']);
    expect((await inShop(storedMemberships)).filter((one) => one.endsWith('likely'))).toEqual([]);
    expect(await inShop(readHeldChanges)).toEqual([]);

    // Only then they go on, as a run of its own that nobody has approved: their tags wait.
    await inShop((tx) => noteAvailability(tx, { now: NOW, release: 'wish' }));
    expect(await standsStill()).toEqual([]);
    expect(await inShop(readRuns)).toMatchObject([{ kind: 'refit' }]);
    const ended = await recomputeShop(ctx, shopId, { cause: 'refit', publish: 'never', chunk: 150 });
    expect(ended).toMatchObject({ entered: likely.length, held: likely.length });
    const [held] = await inShop(readHeldChanges);
    expect(held).toMatchObject({ cause: 'refit', subject: 'outbox', affected: likely.length, changes: [{ key: 'likely', gains: likely.length }] });
    const { rows } = await inShop((tx) => tx.query('SELECT 1 FROM tag_outbox WHERE held_by IS NULL'));
    expect(rows).toEqual([]);
  }); // prettier-ignore

  test('cut off between two chunks, the next run decides them for the rest', async () => {
    const shopId = await makeFittedShop(13);
    await stage.t.db.inShop(shopId, (tx) => putSegments(tx, { likely: { rule: LIKELY } }));
    await refitAndRelease(shopId);
    const whole = await stage.t.db.inShop(shopId, storedMemberships);
    expect(whole.length).toBeGreaterThan(50);
    await stage.t.db.inShop(shopId, async (tx) => {
      await tx.query('UPDATE ltv_fit SET applied_at = NULL WHERE version = 2');
      await tx.query('DELETE FROM prediction WHERE customer_id > 300');
      await tx.query('DELETE FROM membership WHERE customer_id > 300');
    });
    await refitShop(context(), shopId);
    expect(await stage.t.db.inShop(shopId, storedMemberships)).toEqual(whole);
  });
});

describe('a store whose predictions could be relied on', () => {
  test('and has too few customers now keeps that fit, its predictions and the members that rest on them', async () => {
    const shopId = await makeShop(drawStore(14));
    await refitShop(context(), shopId);
    const LIKELY: Rule = { v: 1, where: { field: 'still_a_customer_chance', op: 'gte', value: 60 } };
    await stage.t.db.inShop(shopId, async (tx) => {
      await putSegments(tx, { likely: { rule: LIKELY } });
      await touchCustomersAfter(tx, '0', 100_000, 'rule');
      await refreshTouched(tx, { now: NOW, from: 'memberships' });
    });
    const members = await stage.t.db.inShop(shopId, storedMemberships);
    const before = await stage.t.db.inShop(shopId, predictions);
    expect(members.length).toBeGreaterThan(50);
    // The merchant leaves most people out: 40 or so of those who came back are left.
    const month = atHour(addDays(TODAY, 31), 3, ZONE);
    await stage.t.db.inShop(shopId, (tx) =>
      tx.query(sql`UPDATE profile SET left_out = true WHERE shop_id = ${shopId} AND customer_id > 120`),
    );
    const { publication } = await refitShop(context(month), shopId);
    expect(publication).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/^Only 1\d\d customers/),
    });
    const { newest, inForce } = await stage.t.db.inShop(shopId, readFits);
    expect(newest).toMatchObject({ verdict: 'good', trusted: false, publishedAt: null });
    expect(newest?.report).not.toBeNull();
    expect(inForce).toMatchObject({ version: 1, trusted: true });
    expect(await stage.t.db.inShop(shopId, predictions)).toEqual(before);
    expect(await stage.t.db.inShop(shopId, storedMemberships)).toEqual(members);
  });

  test('in another currency they stand still, nobody sees them and nobody is moved', async () => {
    const shopId = await makeShop(drawStore(15));
    await refitShop(context(), shopId);
    const before = await stage.t.db.inShop(shopId, predictions);
    await stage.t.db.inShop(shopId, async (tx) => {
      await tx.query(sql`UPDATE shop_settings SET currency = 'CHF' WHERE shop_id = ${shopId}`);
      await touchCustomersAfter(tx, '0', 100_000, 'edit');
      await refreshTouched(tx, { now: NOW, from: 'scores' });
      expect(await readPrediction(tx, before[0]?.id ?? '')).toBeUndefined();
      expect(await readPredictionsInForce(tx, 'CHF')).toBeNull();
    });
    expect(await stage.t.db.inShop(shopId, predictions)).toEqual(before);
  });
});

test('a fit that waited is not put in force in another currency', async () => {
  const shopId = await makeShop(drawStore(17));
  await refitShop(context(), shopId);
  const later = atHour(addDays(TODAY, 31), 3, ZONE);
  const id = await stage.t.db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      INSERT INTO ltv_fit (shop_id, version, as_of, computed_at, verdict, model, currency, customers, repeat_customers,
                           trusted, params, log_likelihood, amounts, mean_amount, warnings, report)
      SELECT shop_id, 2, as_of, computed_at, verdict, model, currency, customers, repeat_customers, trusted, params,
             log_likelihood, amounts, mean_amount, warnings, report FROM ltv_fit WHERE shop_id = ${shopId}`);
    const measured = { buyers: 300, affected: 200, changes: [], basis: await readBasis(tx, 'fit') };
    return holdPublication(tx, { subject: 'fit', version: 2, measured, now: later });
  });
  const currency = (code: string) =>
    stage.t.db.inShop(shopId, (tx) =>
      tx.query(sql`UPDATE shop_settings SET currency = ${code} WHERE shop_id = ${shopId}`),
    );
  await currency('CHF');
  const word = { id, decision: 'release', actor: 'anna', now: later } as const;
  expect(await decideHeldChange(context(), shopId, word)).toEqual({ outcome: 'gone' });
  const { inForce } = await stage.t.db.inShop(shopId, readFits);
  expect(inForce).toMatchObject({ version: 1 });
  expect(await stage.t.db.inShop(shopId, readHeldChanges)).toEqual([]);
});

describe('the sale season', () => {
  test('a fit that is due waits until the hold is over; a store without one gets its first', async () => {
    const shopId = await makeShop(drawStore(16));
    const month = addDays(TODAY, 31);
    await stage.t.db.inShop(shopId, (tx) => storeHoldPeriod(tx, { from: TODAY, to: month }));
    expect((await refitShop(context(), shopId)).publication).toMatchObject({ outcome: 'published' });
    const during = await refitShop(context(atHour(month, 3, ZONE)), shopId);
    expect(during).toEqual({ publication: { outcome: 'on_hold' }, predictions: 0 });
    const after = await refitShop(context(atHour(addDays(month, 1), 3, ZONE)), shopId);
    expect(after.publication).toMatchObject({ outcome: 'published' });
  });
});
