/**
 * The merchant and another app edit tags while ours are being written, and every message of it all, our own echoes too,
 * comes in: foreign tags are untouched, hand edits respected and shown, and nothing goes round in a circle.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTagSums } from '../../app/activation/tags/read-tag-sums.server.ts';
import { sql } from '../../app/db/sql.ts';
import { editSegment } from '../../app/segments/edit-segment.server.ts';
import { tagSumWords } from '../../app/ui/tags/tag-sum-words.ts';
import { ACTS } from '../../sandbox/acts/act-routes.ts';
import { createReachWorld, vipRule, type ReachWorld } from '../support/reach-world.ts';

const TAG = 'regulars-vip';
const OTHERS = 'another-app';
let reach: ReachWorld;
beforeEach(async () => {
  reach = await createReachWorld();
}, 120_000);
afterEach(() => reach.close());

const tagsOf = (customer: number) => [...(reach.world.store.customer(reach.idOf(customer))?.tags ?? [])];
const setTags = (customer: number, tags: readonly string[]) =>
  ACTS['set-tags']?.(
    reach.world.store,
    { customer: reach.idOf(customer), tags: [...tags] },
    reach.world.sandbox,
  );
const writes = () =>
  reach.world.sandbox.apiLog
    .recent(reach.world.store.shop.domain)
    .filter(({ fields }) => fields.includes('tagsAdd') || fields.includes('tagsRemove')).length;
const sum = async () => {
  const [one] = await reach.in((tx) => readTagSums(tx, ['vip']));
  return one && tagSumWords(one);
};
/** Messages in, what follows out, until nothing comes any more. @returns rounds */
async function settle(most: number): Promise<number> {
  for (let round = 1; round <= most; round++) {
    const webhooks = await reach.world.caught();
    if (webhooks.length === 0) return round;
    await reach.world.deliver(reach.shopId, webhooks);
    await reach.world.drainAll(reach.shopId);
    await reach.world.push(reach.shopId);
  }
  return Infinity;
}

test('foreign tags untouched, hand edits respected and shown, echoes end', async () => {
  await settle(10);
  // As if the first eight had been written a while ago: a removal right after a write proves nothing.
  await reach.rows(sql`
    UPDATE tag_owned SET added_at = added_at - interval '1 minute' WHERE shop_id = ${reach.shopId}`);
  const edits: (() => void)[] = [
    // Another app, on customers whose tag is just being written.
    ...[5, 10, 15].map((k) => () => void setTags(k, [...tagsOf(k), OTHERS])),
    // The merchant takes ours off two earlier members, puts it on somebody, and retags a third.
    ...[20, 40].map((k) => () => void setTags(k, [])),
    () => void setTags(4, [TAG]),
    () => void setTags(60, [TAG, 'Wholesale', OTHERS]),
  ];
  let edited = 0;
  let ours = 0;
  const stop = reach.world.store.subscribe(({ kind }) => {
    if (kind !== 'customer_tags_added') return;
    ours += 1;
    // One edit after each of the first of our writes: between two aliases of one request.
    if (ours <= edits.length) queueMicrotask(() => (edits[edited++] ?? (() => undefined))());
  });
  await reach.in((tx) =>
    editSegment(tx, { key: 'vip', rule: vipRule(10_000), actor: '42', now: reach.now() }),
  );
  await reach.approve({ act: 'change', key: 'vip' });
  await reach.world.push(reach.shopId);
  stop();
  expect(edited, 'every edit fell into the writing').toBe(edits.length);
  expect(await settle(10), 'it comes to an end').toBeLessThan(5);
  const after = writes();
  expect(await settle(3)).toBe(1);
  expect(writes(), 'and nothing is written any more').toBe(after);

  for (const k of [5, 10, 15]) expect(tagsOf(k).sort()).toEqual([OTHERS, TAG]);
  for (const k of [20, 40]) expect(tagsOf(k)).toEqual([]);
  expect(tagsOf(4)).toEqual([TAG]);
  expect(tagsOf(60).sort()).toEqual(['Wholesale', OTHERS, TAG].sort());
  expect(await sum()).toBe('71 = 69 tagged + 2 removed by hand');
  const kinds = await reach.rows<{ customer: string; kind: string }>(sql`
    SELECT customer_id AS customer, kind FROM tag_edit WHERE shop_id = ${reach.shopId} ORDER BY kind, customer_id`);
  expect(kinds.map(({ customer, kind }) => `${kind} ${reach.numberOf(customer)}`).sort()).toEqual(
    ['added 4', 'removed 20', 'removed 40'].sort(),
  );
});
