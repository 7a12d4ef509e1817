/** What is done by hand between our own single write and its record, told of before the record, is not lost. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimBatch } from '../../../app/activation/tags/claim-batch.server.ts';
import { readTagSums } from '../../../app/activation/tags/read-tag-sums.server.ts';
import { recordWrites } from '../../../app/activation/tags/record-writes.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { tagSumWords } from '../../../app/ui/tags/tag-sum-words.ts';
import { ACTS } from '../../../sandbox/acts/act-routes.ts';
import { createReachWorld, type ReachWorld } from '../../support/reach-world.ts';

let reach: ReachWorld;
beforeEach(async () => {
  reach = await createReachWorld({ presets: true });
}, 120_000);
afterEach(() => reach.close());

/** Is a VIP, and last ordered 40 days ago. */
const BOTH = 20;
const tagsOf = (k: number) => [...(reach.world.store.customer(reach.idOf(k))?.tags ?? [])];
const setTags = (k: number, tags: readonly string[]) =>
  ACTS['set-tags']?.(reach.world.store, { customer: reach.idOf(k), tags: [...tags] }, reach.world.sandbox);
/** Messages, reads and tags, until nothing is left. */
async function settle(): Promise<void> {
  for (;;) {
    const webhooks = await reach.world.caught();
    await reach.world.deliver(reach.shopId, webhooks);
    await reach.world.drainAll(reach.shopId);
    await reach.world.push(reach.shopId);
    if (webhooks.length === 0) return;
  }
}

test('another tag of ours is taken off: respected, and counted as such', async () => {
  await settle();
  // Written long ago, so that a read of now is proof.
  await reach.rows(
    sql`UPDATE tag_owned SET added_at = added_at - interval '1 minute' WHERE shop_id = ${reach.shopId}`,
  );
  await reach.turnOn(['win-back-30-59']);
  const { clock } = reach.world.ctx;
  const times = () => ({ now: reach.now(), machineNow: clock.machineNow() });
  const { writes } = await reach.in((tx) =>
    claimBatch(tx, { writer: 'w', ...times(), leaseMs: 15_000, maxCustomers: 100, way: 'single' }),
  );
  expect(writes.map(({ customerId }) => customerId)).toContain(reach.idOf(BOTH));
  const sentAt = clock.machineNow();
  for (const { customerId, add } of writes) {
    const k = reach.numberOf(customerId);
    setTags(k, [...tagsOf(k), ...add]);
  }
  const answered = new Map(writes.map(({ customerId }) => [customerId, tagsOf(reach.numberOf(customerId))]));
  const date = clock.machineNow();
  setTags(BOTH, tagsOf(BOTH).filter((tag) => tag !== 'regulars-vip')); // prettier-ignore
  await reach.world.deliver(reach.shopId, await reach.world.caught());
  await reach.world.drainAll(reach.shopId);
  await reach.in((tx) =>
    recordWrites(
      tx,
      writes.map((write) => ({
        ...write,
        answer: { kind: 'answered' as const, tags: answered.get(write.customerId) ?? [], failure: null },
      })),
      { holder: { writer: 'w' }, ...times(), remote: { date, sentAt, confirmedAt: date } },
    ),
  );
  await settle();
  expect(tagsOf(BOTH)).toEqual(['regulars-win-back-30-59']);
  const [vip] = await reach.in((tx) => readTagSums(tx, ['vip']));
  expect(vip && tagSumWords(vip)).toBe('8 = 7 tagged + 1 removed by hand');
}, 60_000);
