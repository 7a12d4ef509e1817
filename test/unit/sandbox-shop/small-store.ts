/** A store of three customers and one product, and what it emitted. */
import { manualClock } from '../../../app/clock.ts';
import { createCustomer } from '../../../sandbox/acts/create-customer.ts';
import { createProduct } from '../../../sandbox/acts/change-product.ts';
import type { Change } from '../../../sandbox/store/model.ts';
import { Store } from '../../../sandbox/store/store.ts';

export function smallStore(currency = 'EUR', timeZone = 'Europe/Berlin') {
  const clock = manualClock('2026-11-22T11:00:00.000Z');
  const store = new Store(
    {
      domain: 'small.myshopify.com',
      id: '70000000001',
      name: 'Small',
      email: 'owner@example.com',
      currency,
      ianaTimezone: timeZone,
      countryCode: 'DE',
      plan: 'standard',
    },
    clock,
  );
  const anna = createCustomer(store, {
    firstName: 'Anna',
    lastName: 'Adler',
    email: 'anna@example.com',
    phone: '+4930123456',
    note: 'likes tea',
    address: { address1: 'Am Markt 1', city: 'Berlin', provinceCode: 'BE', countryCode: 'DE', zip: '10115' },
  });
  const ben = createCustomer(store, { firstName: 'Ben', email: 'ben@example.com', tags: ['vip', 'Tea'] });
  const nobody = createCustomer(store, { lastName: 'Anonym' });
  const tea = createProduct(store, { title: 'Green Tea', price: '12.50', vendor: 'Leaf', tags: ['tea'] });
  const changes: Change[] = [];
  store.subscribe((change) => changes.push(change));
  const kinds = () => changes.splice(0).map((change) => change.kind);
  return { store, clock, anna, ben, nobody, tea, changes, kinds };
}
