/** Ideas about what customers bought: the store's own products and collections. */
import { addDays } from '../local-date.ts';
import { all, bought, named, type Take } from './presets-idea-parts.ts';
import type { PresetNumbers } from './presets-ideas.ts';

export function products({ products: top, collections, newest, activeDays }: PresetNumbers): Take[] {
  const [first, second] = top;
  const [collection] = collections;
  const none = 'No product has been bought yet.';
  return [
    {
      ...named(
        'bought',
        first && second ? `Bought ${first.title}, not ${second.title}` : 'Bought this, not that',
      ),
      family: 'products',
      advice: 'The two products that most people bought: show the second to those who have the first.',
      rule:
        first && second
          ? all(bought({ product: [first.id] }), bought({ product: [second.id] }, false))
          : 'Fewer than two products have been bought.',
    },
    {
      ...named('again', first ? `Buys ${first.title} again` : 'Buys the best-seller again'),
      family: 'products',
      advice: 'Offer them a subscription, a larger pack, or a reminder when it runs out.',
      rule: first
        ? all({ field: 'bought_quantity', with: { what: { product: [first.id] } }, op: 'gte', value: 2 })
        : none,
    },
    {
      ...named('fans', collection ? `Fans of ${collection.title}` : 'Fans of a collection'),
      family: 'products',
      advice: 'Tell them first when something new comes into this collection.',
      rule: collection
        ? all({
            field: 'bought_quantity',
            with: { what: { collection: [collection.id] } },
            op: 'gte',
            value: Math.max(2, collection.pieces),
          })
        : 'Nothing of a collection has been bought yet, or collections have not been read.',
    },
    {
      ...named('early', newest ? `Early buyers of ${newest.title}` : 'Early buyers of the newest product'),
      family: 'products',
      advice: 'They like to be first: give them early access next time, and ask for reviews.',
      rule: newest
        ? all({
            field: 'bought',
            with: {
              what: { product: [newest.id] },
              from: newest.since,
              to: addDays(newest.since, Math.floor(activeDays)),
            },
            op: 'eq',
            value: true,
          })
        : none,
    },
  ];
}
