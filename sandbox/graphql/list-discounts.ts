/** Lists of discounts with Shopify's documented filters. A new one is found only when the search index has seen it. */
import { discountStatus } from '../discounts/discount-status.ts';
import type { SandboxDiscount } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { Listing } from './connection.ts';
import { byName } from './list-customers.ts';
import { sortedList } from './list-records.ts';
import type { ListArgs } from './list-records.ts';
import { NotImplemented } from './not-implemented.ts';
import { compileSearch } from './search.ts';
import type { FieldTest, SearchNotes } from './search.ts';
import {
  enumField,
  idField,
  keywordField,
  numberField,
  tagField,
  textField,
  textTest,
  timeField,
} from './search-fields.ts';
import { searchIndexOf } from './search-index.ts';

export function listDiscounts(
  store: Store,
  args: ListArgs,
  method?: SandboxDiscount['method'],
  notes?: SearchNotes,
): Listing<SandboxDiscount> {
  const search = compileSearch<SandboxDiscount>(
    args.query,
    byName(fieldsOf(store)),
    (word, quoted) => {
      const test = textTest(word, quoted);
      return ({ title, codes }) => test([title, ...codes.map(({ code }) => code)].join(' | '));
    },
    notes,
  );
  const sorts: Record<string, (discount: SandboxDiscount) => string | number> = {
    ID: () => 0,
    RELEVANCE: () => 0,
    CREATED_AT: (one) => one.createdAt,
    UPDATED_AT: (one) => one.updatedAt,
    STARTS_AT: (one) => one.startsAt,
    ENDS_AT: (one) => one.endsAt ?? '9999',
    TITLE: (one) => one.title.toLowerCase(),
  };
  const value = sorts[args.sortKey ?? 'ID'];
  if (!value) throw new NotImplemented(`Sorting discounts by ${args.sortKey}`);
  const index = searchIndexOf(store);
  const searched = Boolean(args.query?.trim());
  const found = [...store.discounts.all()].filter(
    (one) =>
      (!method || one.method === method) &&
      (!searched || (!index.hides(`discount ${one.id}`) && search.test(one))),
  );
  return sortedList(found, (one) => ({ value: value(one), id: one.id }), args.reverse ?? false);
}

const TYPES = ['app', 'bogo', 'fixed_amount', 'free_shipping', 'percentage'];

function typeOf({ kind, gets }: SandboxDiscount): string {
  if (kind === 'app' || kind === 'free_shipping') return kind;
  if (kind === 'bxgy') return 'bogo';
  return gets?.value.kind === 'amount' ? 'fixed_amount' : 'percentage';
}

function fieldsOf(store: Store): Record<string, FieldTest<SandboxDiscount>> {
  const zone = store.shop.ianaTimezone;
  const now = () => store.clock.now();
  const time = (get: (one: SandboxDiscount) => string | null) => timeField<SandboxDiscount>(get, zone, now);
  return {
    id: idField((one) => one.id),
    title: textField((one) => one.title),
    code: keywordField((one) => one.codes.map(({ code }) => code)),
    method: enumField((one) => one.method, ['automatic', 'code']),
    status: enumField((one) => discountStatus(one, now()), ['active', 'expired', 'scheduled']),
    discount_type: enumField(typeOf, TYPES),
    type: (term) => {
      if (term.value === 'all' || term.value === 'all_with_app') return () => true;
      const wanted = term.value === 'bxgy' ? 'bogo' : term.value;
      return enumField<SandboxDiscount>(typeOf, TYPES)({ ...term, value: wanted });
    },
    discount_class: keywordField((one) => one.classes.map((name) => name.toLowerCase())),
    combines_with: keywordField(({ combinesWith }) => [
      ...(combinesWith.orderDiscounts ? ['order_discounts'] : []),
      ...(combinesWith.productDiscounts ? ['product_discounts'] : []),
      ...(combinesWith.shippingDiscounts ? ['shipping_discounts'] : []),
    ]),
    context: enumField(
      ({ context }) => ({ all: 'all', segments: 'segment', customers: 'customer' })[context.kind],
      ['all', 'customer', 'segment', 'market'],
    ),
    segment_ids: keywordField(({ context }) => (context.kind === 'segments' ? context.ids : [])),
    customer_ids: keywordField(({ context }) => (context.kind === 'customers' ? context.ids : [])),
    starts_at: time((one) => one.startsAt),
    ends_at: time((one) => one.endsAt),
    created_at: time((one) => one.createdAt),
    updated_at: timeField(
      (one) => one.updatedAt,
      zone,
      () => store.clock.machineNow(),
    ),
    times_used: numberField((one) => one.usageCount),
    tag: tagField((one) => one.tags),
  };
}
