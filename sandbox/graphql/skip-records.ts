/**
 * What a search can tell of generated records without making them: their times, their tags as bits, the one that an
 * address or a name can be. A search of millions then makes only those that may match. Sound for records that are as
 * the base has them; what was written since is always looked at.
 */
import type { BaseRecords } from '../store/base-records.ts';
import { normalEmail } from '../store/email-index.ts';
import type { Store } from '../store/store.ts';
import type { Search, SearchTerm } from './search.ts';
import { earliestOf, endOf } from './search-fields.ts';

type Skip = (baseIndex: number) => boolean;

export function skipCustomers(store: Store, search: Search<never>): Skip | undefined {
  const base = store.base();
  if (!base) return undefined;
  const skips = timeSkips(store, base.customers, search, ['customer_date', 'created_at']);
  for (const { field, term } of search.musts) {
    if (field === 'tag' && isPlain(term)) {
      const wanted = new Set(term.value.split(',').map((tag) => tag.trim().toLowerCase()));
      let mask = 0;
      for (const [tag, bit] of base.customers.tags) if (wanted.has(tag.toLowerCase())) mask |= 1 << bit;
      const bits = base.customers.tagBits();
      skips.push((index) => ((bits[index] as number) & mask) === 0);
    }
    if (field === 'email' && isAddress(term)) {
      const only = base.customerByEmail(normalEmail(term.value));
      skips.push((index) => index !== only);
    }
  }
  return any(skips);
}

export function skipOrders(store: Store, search: Search<never>): Skip | undefined {
  const base = store.base();
  if (!base) return undefined;
  const skips = timeSkips(store, base.orders, search, ['created_at', 'processed_at']);
  for (const { field, term } of search.musts) {
    const number = field === 'name' && isPlain(term) ? /^#?(\d+)$/.exec(term.value)?.[1] : undefined;
    if (number !== undefined) {
      const only = Number(number) - base.firstOrderNumber;
      skips.push((index) => index !== only);
    }
  }
  return any(skips);
}

function timeSkips(
  store: Store,
  base: BaseRecords<unknown>,
  search: Search<never>,
  created: readonly string[],
): Skip[] {
  const skips: Skip[] = [];
  const zone = store.shop.ianaTimezone;
  const now = () => store.clock.now();
  const { createdSeconds } = base;
  const updatedAt = Date.parse(base.updatedAt);
  for (const { field, term } of search.musts) {
    const isCreated = created.includes(field);
    if (!isCreated && field !== 'updated_at') continue;
    const from = earliestOf(term, zone, now) ?? -Infinity;
    const until = endOf(term, zone, now) ?? Infinity;
    const outside = (at: number) => at < from || at >= until;
    if (isCreated) skips.push((index) => outside((createdSeconds[index] as number) * 1000));
    else if (outside(updatedAt)) skips.push(() => true);
  }
  return skips;
}

function any(skips: readonly Skip[]): Skip | undefined {
  const [first, ...others] = skips;
  if (!first || others.length === 0) return first;
  return (index) => skips.some((skip) => skip(index));
}

function isPlain(term: SearchTerm): boolean {
  return term.comparator === '=' && !term.value.includes('*');
}

/** A whole address: words of others cannot make it up, since generated addresses differ in their first word. */
function isAddress(term: SearchTerm): boolean {
  return isPlain(term) && /^[^\s@]+@[^\s@]+$/.test(term.value);
}
