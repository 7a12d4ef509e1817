import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isEmptyPlan,
  planTagChanges,
  READ_MARGIN_MS,
  type OwnedTag,
  type TagComparison,
  type TagPlan,
} from '../../../app/activation/tags/plan-tag-changes.ts';
import { tagKey } from '../../../app/intake/tag-key.ts';

const WRITTEN = new Date('2026-11-22T10:00:00Z');
const LATER = new Date(WRITTEN.getTime() + READ_MARGIN_MS + 1);

function customer(part: Partial<TagComparison>): TagComparison {
  return {
    desired: [],
    frozen: [],
    live: [],
    standing: [],
    actual: [],
    actualReadAt: LATER,
    owned: [],
    uncertain: false,
    ...part,
  };
}
function own(tag: string, part: Partial<OwnedTag> = {}): OwnedTag {
  return { key: tagKey(tag), tag, addedAt: WRITTEN, suppressed: false, lost: false, ...part };
}
const changes = ({ add, remove }: TagPlan) => ({ add, remove });

describe('what is planned', () => {
  test('adds what is missing and removes what is ours and no longer wanted', () => {
    const plan = planTagChanges(
      customer({ desired: ['r-new'], actual: ['r-old', 'VIP'], owned: [own('r-old')] }),
    );
    expect(changes(plan)).toEqual({ add: ['r-new'], remove: ['r-old'] });
  });

  test('a tag that somebody else put there is neither added again nor ever removed', () => {
    expect(changes(planTagChanges(customer({ desired: ['r-a'], actual: ['R-A'] })))).toEqual({
      add: [],
      remove: [],
    });
    expect(changes(planTagChanges(customer({ actual: ['r-a'] })))).toEqual({ add: [], remove: [] });
  });

  test('compares without case, and composed with decomposed letters', () => {
    const decomposed = 'r-cafe\u0301';
    const plan = planTagChanges(
      customer({ desired: ['R-CAF\u00c9'], actual: [decomposed], owned: [own(decomposed)] }),
    );
    expect(changes(plan)).toEqual({ add: [], remove: [] });
  });

  test('ours, gone, and read after our write: somebody removed it, so it is suppressed and not added', () => {
    const plan = planTagChanges(customer({ desired: ['r-a'], owned: [own('r-a')] }));
    expect(plan).toMatchObject({ add: [], suppress: ['r-a'] });
  });

  test('the same, read before or just after our write, proves nothing: neither suppressed nor put back before a younger read', () => {
    for (const actualReadAt of [
      null,
      new Date(WRITTEN.getTime() - 1),
      new Date(WRITTEN.getTime() + READ_MARGIN_MS),
    ]) {
      const plan = planTagChanges(customer({ desired: ['r-a'], owned: [own('r-a')], actualReadAt }));
      expect(plan).toMatchObject({ add: [], suppress: [], unclear: ['r-a'] });
    }
  });

  test('after a crash nothing is concluded from what is seen: the act is repeated', () => {
    const plan = planTagChanges(
      customer({ desired: ['r-a'], owned: [own('r-a'), own('r-b')], uncertain: true }),
    );
    expect(plan).toMatchObject({ add: ['r-a'], remove: ['r-b'], suppress: [], forget: [] });
  });

  test('after a crash a tag that is seen may be the one that was removed: wanted again, it is added again', () => {
    const seen = { desired: ['r-a'], actual: ['r-a'], owned: [own('r-a')] };
    expect(changes(planTagChanges(customer({ ...seen, uncertain: true })))).toEqual({
      add: ['r-a'],
      remove: [],
    });
    expect(changes(planTagChanges(customer(seen)))).toEqual({ add: [], remove: [] });
  });

  test('an intended add is confirmed by asking again, and taken back when no longer wanted', () => {
    const pending = own('r-a', { addedAt: null });
    expect(
      changes(planTagChanges(customer({ desired: ['r-a'], actual: ['r-a'], owned: [pending] }))),
    ).toEqual({
      add: ['r-a'],
      remove: [],
    });
    expect(changes(planTagChanges(customer({ owned: [pending] })))).toEqual({ add: [], remove: ['r-a'] });
  });

  test('suppressed stays away while wanted, is restored when put back, forgotten when the customer leaves', () => {
    const suppressed = own('r-a', { suppressed: true });
    expect(planTagChanges(customer({ desired: ['r-a'], owned: [suppressed] }))).toMatchObject({
      add: [],
      restore: [],
    });
    expect(
      planTagChanges(customer({ desired: ['r-a'], actual: ['r-a'], owned: [suppressed] })),
    ).toMatchObject({
      add: [],
      restore: ['r-a'],
    });
    expect(planTagChanges(customer({ owned: [suppressed] }))).toMatchObject({ remove: [], forget: ['r-a'] });
  });

  test('removed by hand and put back by hand: it goes when nothing of ours uses it any more, and stays where its segment is on', () => {
    const back = { actual: ['r-a'], owned: [own('r-a', { suppressed: true })] };
    expect(planTagChanges(customer(back))).toMatchObject({ remove: ['r-a'], forget: [] });
    expect(planTagChanges(customer({ ...back, live: ['r-a'] }))).toMatchObject({
      remove: [],
      forget: ['r-a'],
    });
  });

  test('tags of paused and failing segments stay as they are', () => {
    const plan = planTagChanges(customer({ frozen: ['r-a'], actual: ['r-a'], owned: [own('r-a')] }));
    expect(isEmptyPlan(plan)).toBe(true);
  });

  test('a tag that Shopify would split or refuse is never sent', () => {
    const plan = planTagChanges(customer({ desired: ['r-a,VIP', 'x'.repeat(256), '  '] }));
    expect(plan).toMatchObject({
      add: [],
      impossible: [{ reason: 'comma' }, { reason: 'too_long' }, { reason: 'blank' }],
    });
  });

  test('lost with many others: nothing is added or given up, restored when it is there again', () => {
    const lost = own('r-a', { lost: true });
    expect(planTagChanges(customer({ desired: ['r-a'], owned: [lost] }))).toMatchObject({
      add: [],
      suppress: [],
      restore: [],
    });
    expect(planTagChanges(customer({ desired: ['r-a'], actual: ['r-a'], owned: [lost] })).restore).toEqual([
      'r-a',
    ]);
    expect(planTagChanges(customer({ owned: [lost] }))).toMatchObject({ remove: [], forget: ['r-a'] });
    expect(planTagChanges(customer({ actual: ['r-a'], owned: [lost] })).remove).toEqual(['r-a']);
  });

  test('in a paused segment nothing is written, and a removal by hand is noticed', () => {
    const paused = { frozen: ['r-a'], standing: ['r-a'] };
    const plan = planTagChanges(customer({ ...paused, owned: [own('r-a')] }));
    expect(plan).toMatchObject({ add: [], remove: [], suppress: ['r-a'], forget: [] });
    const back = planTagChanges(
      customer({ ...paused, actual: ['r-a'], owned: [own('r-a', { suppressed: true })] }),
    );
    expect(back).toMatchObject({ add: [], remove: [], restore: ['r-a'] });
    expect(planTagChanges(customer({ ...paused, uncertain: true, owned: [own('r-a')] })).suppress).toEqual(
      [],
    );
  });

  test('with 250 tags the removes go first, otherwise the adds do', () => {
    const full = Array.from({ length: 249 }, (_, index) => `t${index}`);
    const part = { desired: ['r-a'], owned: [own('r-b')] };
    expect(planTagChanges(customer({ ...part, actual: [...full, 'r-b'] })).removeFirst).toBe(true);
    expect(planTagChanges(customer({ ...part, actual: ['r-b'] })).removeFirst).toBe(false);
  });
});

describe('whatever the state', () => {
  const name = fc.constantFrom('r-a', 'R-A', 'r-b', 'r-é', 'r-e\u0301', 'VIP', 'vip', 'r-c', 'r-d', 'x, y');
  const date = fc.option(
    fc.integer({ min: -5_000, max: 5_000 }).map((ms) => new Date(WRITTEN.getTime() + ms)),
    { nil: null },
  );
  const owned = fc
    .uniqueArray(
      fc
        .record({ tag: name, addedAt: date, suppressed: fc.boolean(), lost: fc.boolean() })
        .map((part) => own(part.tag, { ...part, lost: part.lost && !part.suppressed })),
      { selector: (tag) => tag.key },
    )
    // Only a confirmed tag can have been removed by somebody, and a tag with a comma is never ours.
    .map((tags) =>
      tags.filter((tag) => !tag.tag.includes(',') && !((tag.suppressed || tag.lost) && tag.addedAt === null)),
    );
  const parts = fc.record({
    desired: fc.array(name),
    frozen: fc.array(name, { maxLength: 2 }),
    live: fc.array(name, { maxLength: 3 }),
    standing: fc.boolean(),
    actual: fc.uniqueArray(
      name.filter((tag) => !tag.includes(',')),
      { selector: tagKey },
    ),
    actualReadAt: date,
    owned,
    uncertain: fc.boolean(),
  });
  /** A member of the paused ones, or not. */
  const state: fc.Arbitrary<TagComparison> = parts.map((part) => ({
    ...part,
    standing: part.standing ? part.frozen : [],
  }));

  test('a tag that is not ours is never touched', () => {
    fc.assert(
      fc.property(state, (customer) => {
        const plan = planTagChanges(customer);
        const ours = new Set(customer.owned.map((tag) => tag.key));
        const wanted = new Set(customer.desired.map(tagKey));
        for (const tag of plan.remove) {
          expect(ours.has(tagKey(tag))).toBe(true);
          expect(wanted.has(tagKey(tag))).toBe(false);
        }
        const foreign = customer.actual.filter((tag) => !ours.has(tagKey(tag)));
        const after = afterwards(customer, plan).actual.map(tagKey);
        for (const tag of foreign) expect(after).toContain(tagKey(tag));
        for (const tag of plan.add) {
          expect(wanted.has(tagKey(tag))).toBe(true);
          expect(tag).not.toContain(',');
        }
      }),
    );
  });

  test('removed by somebody else: suppressed only by a read younger than our write, and never added while it is', () => {
    fc.assert(
      fc.property(state, (customer) => {
        const plan = planTagChanges(customer);
        const present = new Set(customer.actual.map(tagKey));
        const added = new Set(plan.add.map(tagKey));
        for (const { key, addedAt, suppressed } of customer.owned) {
          if (plan.suppress.includes(key)) {
            expect(present.has(key) || customer.uncertain || addedAt === null).toBe(false);
            const margin = (customer.actualReadAt?.getTime() ?? 0) - (addedAt?.getTime() ?? 0);
            expect(margin).toBeGreaterThan(READ_MARGIN_MS);
          }
          if (suppressed || plan.suppress.includes(key)) expect(added.has(key)).toBe(false);
        }
      }),
    );
  });

  test('lost with many others: neither added nor given up as long as it is wanted', () => {
    fc.assert(
      fc.property(state, (customer) => {
        const plan = planTagChanges(customer);
        const wanted = new Set(customer.desired.map(tagKey));
        for (const { key } of customer.owned.filter(({ lost }) => lost)) {
          expect(plan.add.map(tagKey)).not.toContain(key);
          expect(plan.suppress).not.toContain(key);
          if (wanted.has(key)) expect(plan.forget).not.toContain(key);
        }
      }),
    );
  });

  test('removed and put back: ours again where it is wanted, left where its segment is on, gone where nothing uses it', () => {
    fc.assert(
      fc.property(state, (customer) => {
        const plan = planTagChanges(customer);
        const keys = (tags: readonly string[]) => new Set(tags.map(tagKey));
        const [present, wanted, live] = [keys(customer.actual), keys(customer.desired), keys(customer.live)];
        const kept = keys([...customer.frozen, ...customer.standing]);
        for (const { key, suppressed } of customer.owned) {
          if (!suppressed || !present.has(key)) continue;
          const done = { restored: plan.restore.includes(key), removed: keys(plan.remove).has(key), forgotten: plan.forget.includes(key) }; // prettier-ignore
          if (wanted.has(key)) expect(done).toEqual({ restored: true, removed: false, forgotten: false });
          else if (!kept.has(key)) expect(done).toEqual({ restored: false, removed: !live.has(key), forgotten: live.has(key) }); // prettier-ignore
        }
      }),
    );
  });

  test('carrying out the plan leaves nothing to plan', () => {
    fc.assert(
      fc.property(state, (customer) => {
        const plan = planTagChanges(customer);
        const again = planTagChanges(afterwards(customer, plan));
        expect(again).toMatchObject({ add: [], remove: [], restore: [], forget: [] });
        // What the first read did not prove, the younger one may.
        const unproved = new Set([...plan.unclear, ...customer.standing.map(tagKey)]);
        expect(again.suppress.filter((key) => !unproved.has(key))).toEqual([]);
      }),
    );
  });
});

/** What Shopify and our log hold once a plan has been carried out and confirmed. */
function afterwards(customer: TagComparison, plan: TagPlan): TagComparison {
  const removed = new Set(plan.remove.map(tagKey));
  const added = new Set(plan.add.map(tagKey));
  const gone = new Set([...removed, ...plan.forget]);
  const present = new Set(customer.actual.map(tagKey));
  return {
    ...customer,
    uncertain: false,
    actual: [
      ...customer.actual.filter((tag) => !removed.has(tagKey(tag))),
      ...plan.add.filter((tag) => !present.has(tagKey(tag))),
    ],
    actualReadAt: WRITTEN,
    owned: [
      ...customer.owned
        .filter((tag) => !gone.has(tag.key) && !added.has(tag.key))
        .map((tag) => ({
          ...tag,
          suppressed: (tag.suppressed && !plan.restore.includes(tag.key)) || plan.suppress.includes(tag.key),
          lost: tag.lost && !plan.restore.includes(tag.key),
        })),
      ...plan.add.map((tag) => own(tag)),
    ],
  };
}
