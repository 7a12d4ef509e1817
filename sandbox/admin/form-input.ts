/** Text fields of a form become the input of an act. An empty field was not filled in, unless emptying it means something. */
import { ActError } from '../acts/act.ts';
import type { Store } from '../store/store.ts';

const DAY_MS = 86_400_000;

type Input = Record<string, unknown>;

/** Fields that an empty text empties. */
const EMPTIED: Readonly<Record<string, readonly string[]>> = {
  'edit-order': ['note', 'customer'],
  'update-customer': ['firstName', 'lastName', 'email', 'phone', 'note'],
};
/** Fields that may be the empty text. */
const BLANK: Readonly<Record<string, readonly string[]>> = { 'update-product': ['vendor', 'productType'] };
const NUMBERS = new Set([
  'quantity',
  'count',
  'after',
  'share',
  'seconds',
  'drop',
  'duplicate',
  'reorder',
  'stale',
]);
const FLAGS = new Set(['test', 'company', 'refund']);

/** @throws ActError when a field cannot be what it must be */
export function inputOf(act: string, store: Store, form: URLSearchParams): Input {
  const input: Input = {};
  for (const [name, value] of form) {
    const text = value.trim();
    if (name.startsWith('_') || /^(line|return|address)-/.test(name)) continue;
    if (name === 'tags')
      input['tags'] = text
        .split(',')
        .map((tag) => tag.trim())
        .filter(Boolean);
    else if (text === '') {
      if (EMPTIED[act]?.includes(name)) input[name] = null;
      else if (BLANK[act]?.includes(name)) input[name] = '';
    } else if (name === 'daysAgo') input['processedAt'] = daysAgo(store, text);
    else if (NUMBERS.has(name)) input[name] = numberOf(name, text);
    else if (FLAGS.has(name)) input[name] = text === 'true';
    else input[name] = text;
  }
  if (['place-order', 'checkout', 'place-checkout'].includes(act)) addLines(input, form);
  if (act === 'refund-order') addReturns(input, form);
  if (act === 'update-customer') addAddress(input, form);
  if (act === 'product-collections') input['collections'] = form.getAll('collections');
  return input;
}

function numberOf(name: string, text: string): number {
  const value = Number(text.replace(',', '.'));
  if (!Number.isFinite(value)) throw new ActError(`${name} must be a number`);
  return value;
}

function daysAgo(store: Store, text: string): string {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 0) throw new ActError('Days ago must be a whole number');
  return new Date(store.clock.now().getTime() - days * DAY_MS).toISOString();
}

/** The n-th of each line field makes the n-th line; a line without a product, a title and a price is none. */
function addLines(input: Input, form: URLSearchParams): void {
  const column = (name: string) => form.getAll(`line-${name}`).map((text) => text.trim());
  const [products, titles, quantities, prices] = ['product', 'title', 'quantity', 'price'].map(column);
  const lines = (products ?? []).flatMap((product, index) => {
    const [title, price] = [titles?.[index], prices?.[index]];
    if (!product && !title && !price) return [];
    return [
      {
        ...(product ? { product } : {}),
        ...(title ? { title } : {}),
        ...(price ? { price } : {}),
        quantity: numberOf('quantity', quantities?.[index] || '1'),
      },
    ];
  });
  if (lines.length > 0) input['lines'] = lines;
}

function addReturns(input: Input, form: URLSearchParams): void {
  const lines = [...form].flatMap(([name, text]) => {
    const line = /^return-(.+)$/.exec(name)?.[1];
    if (line === undefined || text.trim() === '') return [];
    const quantity = numberOf('quantity', text);
    return quantity === 0 ? [] : [{ line, quantity }];
  });
  if (lines.length > 0) input['lines'] = lines;
}

/** A country makes an address; without one there is none. */
function addAddress(input: Input, form: URLSearchParams): void {
  if (!form.has('address-countryCode')) return;
  const part = (name: string) => form.get(`address-${name}`)?.trim() || null;
  const countryCode = part('countryCode')?.toUpperCase();
  input['address'] = countryCode
    ? {
        address1: part('address1'),
        city: part('city'),
        provinceCode: part('provinceCode'),
        zip: part('zip'),
        countryCode,
      }
    : null;
}
