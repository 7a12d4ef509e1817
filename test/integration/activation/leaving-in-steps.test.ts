/** Leaving begins in a store of any size: one small transaction, then people in steps that can be killed anywhere. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyForLeaving } from '../../../app/activation/leaving/empty-for-leaving.server.ts';
import { isLeaving } from '../../../app/activation/leaving/is-leaving.server.ts';
import { startLeaving } from '../../../app/activation/leaving/start-leaving.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopTx } from '../../../app/db/tenancy.server.ts';
import { readChangeRun } from '../../../app/segments/change-run.server.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';

const PEOPLE = 25;
let reach: ReachWorld;
beforeAll(async () => {
  reach = await createReachWorld();
}, 120_000);
afterAll(() => reach.close());

const number = async (what: ReturnType<typeof sql>) =>
  (await reach.rows<{ n: number }>(sql`SELECT count(*)::int AS n FROM ${what}`))[0]?.n;

test('it begins without touching people, who follow some at a time; a change on its way ends', async () => {
  const { shopId } = reach;
  const before = await number(sql`membership`);
  await reach.in(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      sql`SELECT id FROM segment WHERE shop_id = ${shopId} AND key = 'vip'`,
    );
    const segment = rows[0]?.id ?? '';
    await addPeople(tx, segment);
    await tx.query(sql`
      INSERT INTO segment_change (shop_id, state, change, actor, note, started_at, ask, start_automations, total)
      VALUES (${shopId}, 'applying', '{"act":"turn_on","keys":["vip"]}'::jsonb, '42', '', ${reach.now()}, false, false, 1)`);
    await tx.query(sql`
      INSERT INTO segment_person (shop_id, segment_id, customer_id, list, at, actor)
      VALUES (${shopId}, ${segment}::bigint, 900000001, 'trial', ${reach.now()}, '42')`);
  });
  const members = (before ?? 0) + PEOPLE;
  expect(await number(sql`membership`)).toBe(members);

  await startLeaving(reach.world.ctx, shopId, { actor: '42', now: reach.now() });
  expect(await reach.in(isLeaving)).toBe(true);
  expect(await number(sql`membership`), 'they follow').toBe(members);
  expect(await number(sql`segment_person WHERE list = 'trial'`)).toBe(0);
  expect(await reach.in(readChangeRun)).toMatchObject({
    state: 'failed',
    message: 'The store is being left.',
  });

  // Each call is a worker that is killed after its first step.
  let steps = 0;
  while (!(await emptyForLeaving(reach.world.ctx, shopId, { chunk: 10, turnMs: 0 }))) steps += 1;
  expect(steps).toBeGreaterThanOrEqual(3);
  expect(await number(sql`membership`)).toBe(0);
  expect(await number(sql`segment_move`)).toBe(0);
  const headers = await reach.rows<{ members: number; named: number }>(sql`
    SELECT c.members, (SELECT count(*)::int FROM mass_member m WHERE m.change_id = c.id) AS named
      FROM mass_change c, leaving l WHERE c.kind = 'left' AND c.at = l.started_at`);
  expect(headers, 'one change of the history').toEqual([{ members, named: members }]);
  expect(
    await number(sql`tag_outbox WHERE customer_id BETWEEN 900000001 AND 900000025 AND held_by IS NULL`),
  ).toBe(PEOPLE);
  expect(await emptyForLeaving(reach.world.ctx, shopId), 'there is nothing left to do').toBe(true);
}, 120_000);

async function addPeople(tx: ShopTx, segment: string): Promise<void> {
  const ids = sql`generate_series(900000001, ${900000000 + PEOPLE}::bigint) AS id`;
  await tx.query(sql`
    INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
    SELECT ${tx.shopId}::bigint, ${segment}::bigint, id, ${reach.now()}, 'activation', 1, 1, '{}'::jsonb FROM ${ids}`);
  await tx.query(sql`
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
    SELECT ${tx.shopId}::bigint, id, 'regulars-vip', 'regulars-vip', ${reach.now()}::timestamptz FROM ${ids}`);
  // Some of them wait for a person's decision.
  await tx.query(sql`
    INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before, held_by)
    SELECT ${tx.shopId}::bigint, id, ${reach.now()}, ${reach.now()}, 5 FROM ${ids} WHERE id % 2 = 0`);
  await tx.query(sql`
    INSERT INTO segment_move (shop_id, customer_id, segment_id, kind, evidence)
    SELECT ${tx.shopId}::bigint, id, ${segment}::bigint, 'left', '{}'::jsonb FROM ${ids}`);
}
