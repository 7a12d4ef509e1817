/** Values that are taken away, 25 a call: a customer whom Shopify refuses stands in the way of nobody else. */
import { expect, test } from 'vitest';
import { sendMetafields } from '../../../app/activation/metafields/send-metafields.server.ts';
import type { MetafieldPlan } from '../../../app/activation/metafields/plan-metafields.ts';
import type { AdminClient } from '../../../app/shopify/admin-client.ts';

/** Refuses every call that names one of these customers; keeps what it took. */
function shopify(refused: readonly string[]) {
  const calls: number[] = [];
  const removed = new Set<string>();
  const request = (_: unknown, { metafields }: { metafields: { ownerId: string }[] }) => {
    calls.push(metafields.length);
    const ids = metafields.map(({ ownerId }) => ownerId.replace(/^.*\//, ''));
    const taken = !ids.some((id) => refused.includes(id));
    if (taken) for (const id of ids) removed.add(id);
    const userErrors = taken ? [] : [{ message: 'Not this one' }];
    return Promise.resolve({ data: { metafieldsDelete: { userErrors } } });
  };
  return { admin: { request } as unknown as AdminClient, calls, removed };
}
const plan: MetafieldPlan = { set: [], remove: ['segments'] };
const plans = (count: number) => new Map(Array.from({ length: count }, (_, n) => [String(n + 1), plan]));

test('nobody is refused: 60 customers in three calls', async () => {
  const { admin, calls } = shopify([]);
  const sent = await sendMetafields(admin, plans(60));
  expect(calls).toEqual([25, 25, 10]);
  expect(sent.removed).toHaveLength(60);
  expect(sent.failed.size).toBe(0);
});

test('two of 60 are refused: the others are done, and the reason is theirs alone', async () => {
  const { admin, removed } = shopify(['7', '30']);
  const sent = await sendMetafields(admin, plans(60));
  expect(removed.size).toBe(58);
  expect(sent.removed).toHaveLength(58);
  expect([...sent.failed]).toEqual([
    ['7', 'Not this one'],
    ['30', 'Not this one'],
  ]);
});
