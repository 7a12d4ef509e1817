import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTags, removeTags, sortTags, splitTags } from '../../../sandbox/acts/change-tags.ts';
import type { Change } from '../../../sandbox/store/model.ts';
import { addCustomer, makeStore } from './make-store.ts';

function setUp(tags: string[] = []) {
  const store = makeStore();
  const customer = addCustomer(store, { tags });
  const changes: Change[] = [];
  store.subscribe((change) => changes.push(change));
  return { store, customer, changes };
}

describe('adding tags', () => {
  it('splits at commas, trims, ignores case with the first spelling winning, and sorts', () => {
    const { store, customer } = setUp(['Red']);
    addTags(store, customer.id, ['VIP, vip ,  red', '', ' , ', 'apple']);
    expect(customer.tags).toEqual(['apple', 'Red', 'VIP']);
  });

  it('announces what was added, then the customer, with a later time', () => {
    const { store, customer, changes } = setUp(['a']);
    const before = customer.updatedAt;
    addTags(store, customer.id, ['b', 'A', 'c']);
    expect(changes).toEqual([
      { kind: 'customer_tags_added', customerId: customer.id, tags: ['b', 'c'] },
      { kind: 'customer_updated', customerId: customer.id },
    ]);
    expect(customer.updatedAt > before).toBe(true);
  });

  it('does nothing and says nothing when all are there already', () => {
    const { store, customer, changes } = setUp(['a']);
    const before = customer.updatedAt;
    expect(addTags(store, customer.id, ['A', 'a']).outcome).toBe('done');
    expect(changes).toEqual([]);
    expect(customer.updatedAt).toBe(before);
  });

  it('refuses the 251st tag and changes nothing', () => {
    const { store, customer, changes } = setUp(Array.from({ length: 249 }, (_, n) => `tag-${n}`));
    expect(addTags(store, customer.id, ['one']).outcome).toBe('done');
    expect(addTags(store, customer.id, ['TAG-3']).outcome).toBe('done');
    changes.length = 0;
    expect(addTags(store, customer.id, ['two'])).toEqual({
      outcome: 'refused',
      userErrors: [{ field: ['tags'], message: 'Tags cannot be more than 250' }],
    });
    expect(customer.tags).toHaveLength(250);
    expect(changes).toEqual([]);
  });

  it('takes 255 characters, also wide ones, and refuses 256', () => {
    const { store, customer } = setUp();
    expect(addTags(store, customer.id, ['😀'.repeat(255)]).outcome).toBe('done');
    expect(addTags(store, customer.id, ['x'.repeat(256)])).toEqual({
      outcome: 'refused',
      userErrors: [{ field: ['tags'], message: 'Tags is too long (maximum is 255 characters)' }],
    });
  });

  it('knows no customer that is not there', () => {
    const { store } = setUp();
    for (const change of [addTags(store, '1', ['a']), removeTags(store, '1', ['a'])]) {
      expect(change).toEqual({
        outcome: 'refused',
        userErrors: [{ field: ['id'], message: 'Customer does not exist' }],
      });
    }
  });
});

describe('removing tags', () => {
  it('ignores case and announces the spelling that was there', () => {
    const { store, customer, changes } = setUp(['Red', 'blue']);
    removeTags(store, customer.id, ['RED, missing']);
    expect(customer.tags).toEqual(['blue']);
    expect(changes[0]).toEqual({ kind: 'customer_tags_removed', customerId: customer.id, tags: ['Red'] });
    removeTags(store, customer.id, ['red']);
    expect(changes).toHaveLength(2);
  });
});

describe('any tags', () => {
  const anyTags = fc.array(fc.string({ maxLength: 12 }), { maxLength: 8 });

  it('end sorted, unique without case, trimmed and without commas', () => {
    fc.assert(
      fc.property(anyTags, anyTags, (first, second) => {
        const { store, customer } = setUp();
        addTags(store, customer.id, first);
        addTags(store, customer.id, second);
        const { tags } = customer;
        expect(tags).toEqual(sortTags(tags));
        expect(new Set(tags.map((tag) => tag.toLowerCase())).size).toBe(tags.length);
        expect(tags.every((tag) => tag === tag.trim() && tag !== '' && !tag.includes(','))).toBe(true);
        removeTags(store, customer.id, [...first, ...second]);
        expect(customer.tags).toEqual([]);
      }),
    );
  });

  it('split the same way twice', () => {
    fc.assert(
      fc.property(anyTags, (tags) => {
        expect(splitTags(splitTags(tags))).toEqual(splitTags(tags));
      }),
    );
  });
});
