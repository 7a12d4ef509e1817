import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CustomerFact } from '../../../app/intake/facts.ts';
import { foldFacts } from '../../../app/intake/fold-facts.ts';
import { consent, customerTags } from '../../../app/intake/normalise/customer-groups.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const times = (second: number) => ({ readAt: at(second), startedAt: at(second) });

test('of each group the latest counts, of removals the earliest, whatever the order', () => {
  const fact = fc.record<CustomerFact>(
    {
      kind: fc.constant('customer' as const),
      id: fc.constantFrom('1', '2'),
      emailConsent: fc
        .tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom('A', 'B'))
        .map(([s, c]) => consent(c, times(s))),
      tags: fc
        .tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom('a', 'b'))
        .map(([s, c]) => customerTags([c], times(s))),
      deletedAt: fc.integer({ min: 0, max: 5 }).map(at),
    },
    { requiredKeys: ['kind', 'id'] },
  );
  fc.assert(
    fc.property(
      fc
        .array(fact, { maxLength: 8 })
        .chain((facts) =>
          fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })),
        ),
      ([facts, shuffled]) => {
        const byId = (folded: ReturnType<typeof foldFacts>) =>
          Object.fromEntries(folded.customers.map((customer) => [customer.id, customer]));
        expect(byId(foldFacts(shuffled))).toEqual(byId(foldFacts(facts)));
      },
    ),
  );
});

test('two states of the same time are read again', () => {
  const folded = foldFacts([
    { kind: 'customer', id: '1', emailConsent: consent('A', times(1)) },
    { kind: 'customer', id: '1', emailConsent: consent('B', times(1)) },
    { kind: 'customer', id: '2', emailConsent: consent('B', times(1)) },
    { kind: 'customer', id: '2', emailConsent: consent('B', times(1)) },
  ]);
  expect(folded.rereads).toEqual([
    { kind: 'reread', object: 'customer', id: '1', reason: 'two states of the same time' },
  ]);
});
