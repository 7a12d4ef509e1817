/** When a discount is in force, for whom, and beside which others. */
import { takesOnly } from '../graphql/arguments.ts';
import type { DiscountContext } from '../store/model.ts';
import { LONGEST, type Reading, type Refs } from './discount-input.ts';
import { changed, missing } from './read-items.ts';

const MOST_TAGS = 5;

export function readDates(reading: Reading): void {
  const { before, discount, input, kind, refuse } = reading;
  if (input.startsAt) discount.startsAt = new Date(input.startsAt).toISOString();
  else if (!before) {
    if (kind === 'app') refuse(['startsAt'], "Starts at can't be blank.", 'INVALID');
    // Assumption: as the others.
    else refuse(['startsAt'], "Starts at can't be blank", 'BLANK');
  }
  if (input.endsAt !== undefined) {
    discount.endsAt = input.endsAt === null ? null : new Date(input.endsAt).toISOString();
  }
  if (discount.endsAt !== null && discount.endsAt <= discount.startsAt) {
    refuse(['endsAt'], 'Ends at needs to be after starts_at', 'INVALID');
  }
}

/** Texts: assumptions, after the schema's description of the codes. */
export function readTags(reading: Reading): void {
  const { discount, input, refuse } = reading;
  if (!input.tags) return;
  const seen = new Map(input.tags.map((tag) => [tag.trim().toLowerCase(), tag.trim()]));
  discount.tags = [...seen.values()].filter(Boolean).sort();
  if (discount.tags.length > MOST_TAGS) {
    refuse(['tags'], `The number of tags exceeds the maximum of ${MOST_TAGS}.`, 'TOO_MANY_TAGS');
  }
  if (discount.tags.some((tag) => [...tag].length > LONGEST)) {
    refuse(['tags'], 'The tag title exceeds the maximum length of 255 characters.', 'INVALID_TAG_LENGTH');
  }
}

export function readCombinations(reading: Reading): void {
  const { argument, discount, input, kind, refuse } = reading;
  const { combinesWith } = input;
  if (!combinesWith) return;
  const names = ['orderDiscounts', 'productDiscounts', 'shippingDiscounts'] as const;
  takesOnly(combinesWith, names, `${argument}.combinesWith`);
  for (const name of names) discount.combinesWith[name] = combinesWith[name] ?? discount.combinesWith[name];
  if (kind === 'free_shipping' && discount.combinesWith.shippingDiscounts) {
    const message = 'The combinesWith settings are not valid for the discount class.';
    refuse(['combinesWith'], message, 'INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS');
  }
}

export function readContext(reading: Reading): void {
  const { discount, input, refuse } = reading;
  const { context, customerSelection } = input;
  if (context && customerSelection) {
    refuse(['context'], 'Only one of context or customerSelection can be provided.', 'INVALID');
    return;
  }
  if (context?.markets) {
    refuse(['context', 'markets'], 'Discounts by market is not supported for this shop', 'INVALID');
  }
  const wanted = context ?? customerSelection;
  if (!wanted) return;
  const name = context ? 'context' : 'customerSelection';
  if (wanted.all) discount.context = { kind: 'all' };
  if (wanted.customerSegments) discount.context = people(reading, 'segments', wanted.customerSegments, name);
  if (wanted.customers) discount.context = people(reading, 'customers', wanted.customers, name);
}

function people(
  reading: Reading,
  group: 'segments' | 'customers',
  refs: NonNullable<Refs>,
  name: string,
): DiscountContext {
  const { discount, refuse, store } = reading;
  const field = group === 'segments' ? 'customerSegments' : 'customers';
  const exists = (id: string) =>
    group === 'segments' ? store.segments.get(id) !== undefined : store.customer(id) !== undefined;
  // Texts for ids that are not there: assumptions, after those of products.
  for (const id of missing(refs.add, exists)) {
    const what = group === 'segments' ? 'Customer segment' : 'Customer';
    refuse([name, field, 'add'], `${what} with id: ${id} is invalid`, 'INVALID');
  }
  const known = discount.context.kind === group ? discount.context.ids : [];
  const ids = changed(known, refs.add, refs.remove);
  if (ids.length === 0) {
    const message = 'a minimum of one prerequisite segment or prerequisite customer must be provided';
    refuse([name], message, 'INVALID');
  }
  return { kind: group, ids };
}
