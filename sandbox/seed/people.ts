/** Customers of a generated store. Made-up names, example.com addresses, 555 numbers. */
import { sortTags } from '../acts/change-tags.ts';
import type { ConsentState, SandboxCustomer } from '../store/model.ts';
import type { Random } from './random.ts';

const FIRST = [
  'Anna', 'Ben', 'Carla', 'David', 'Elif', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Kaya', 'Liam', 'Mara', 'Noah', 'Olga', 'Paul',
  'Quinn', 'Rosa', 'Sami', 'Tessa', 'Umar', 'Vera', 'Wim', 'Xenia', 'Yara', 'Zoe', 'Björn', 'Chloé', 'Łukasz', 'Noël',
]; // prettier-ignore
const LAST = [
  'Adler', 'Brown', 'Costa', 'Dubois', 'Evans', 'Fischer', 'Garcia', 'Hansen', 'Ito', 'Jansen', 'Kowalski', 'Lopez', 'Meyer', 'Novak',
  "O'Brien", 'Petrov', 'Quist', 'Rossi', 'Smith', 'Tanaka', 'Ueda', 'Vogel', 'Walker', 'Xu', 'Young', 'Ziegler', 'Müller', 'Sørensen',
]; // prettier-ignore
const PLACES: readonly (readonly [{ country: string; province: string | null; city: string; zip: string; locale: string }, number])[] = [
  [{ country: 'US', province: 'NY', city: 'New York', zip: '10001', locale: 'en' }, 14],
  [{ country: 'US', province: 'CA', city: 'Los Angeles', zip: '90012', locale: 'en' }, 14],
  [{ country: 'US', province: 'TX', city: 'Austin', zip: '73301', locale: 'en' }, 9],
  [{ country: 'US', province: 'IL', city: 'Chicago', zip: '60601', locale: 'en' }, 8],
  [{ country: 'CA', province: 'ON', city: 'Toronto', zip: 'M5H 2N2', locale: 'en' }, 7],
  [{ country: 'CA', province: 'QC', city: 'Montréal', zip: 'H2Y 1C6', locale: 'fr' }, 4],
  [{ country: 'GB', province: 'ENG', city: 'London', zip: 'EC1A 1BB', locale: 'en' }, 8],
  [{ country: 'DE', province: null, city: 'Berlin', zip: '10115', locale: 'de' }, 7],
  [{ country: 'FR', province: null, city: 'Lyon', zip: '69001', locale: 'fr' }, 4],
  [{ country: 'AU', province: 'NSW', city: 'Sydney', zip: '2000', locale: 'en' }, 3],
]; // prettier-ignore
/** What other apps and the merchant put on customers. Some collide in case, as real ones do. */
const FOREIGN_TAGS: readonly (readonly [string, number])[] = [
  ['newsletter', 0.22], ['Loyalty: Gold', 0.05], ['loyalty-silver', 0.1], ['reviewer', 0.08], ['VIP', 0.02], ['password page', 0.04],
  ['referred', 0.06], ['Klub', 0.03], ['size:M', 0.05],
]; // prettier-ignore
const KIND_TAGS: Partial<Record<CustomerKind, string>> = {
  wholesale: 'wholesale',
  staff: 'staff',
  subscriber: 'Active Subscriber',
};
/** Every tag of generated customers, with a number of its own. */
export const KNOWN_TAGS: ReadonlyMap<string, number> = new Map(
  [...FOREIGN_TAGS.map(([tag]) => tag), ...Object.values(KIND_TAGS)].map((tag, index) => [tag, index]),
);

export type CustomerKind = 'contact' | 'buyer' | 'wholesale' | 'staff' | 'subscriber';

export function makeCustomer(
  random: Random,
  given: { id: string; index: number; kind: CustomerKind; createdAt: string; loadedAt: string; tags: string[] },
): SandboxCustomer {
  const [firstName, lastName] = drawName(random);
  const place = random.pickWeighted(PLACES);
  const hasPhone = random.chance(0.4);
  const state = emailState(random);
  return {
    id: given.id,
    firstName,
    lastName,
    email: emailOf([firstName, lastName], given.index),
    phone: hasPhone ? `+1${random.integer(201, 989)}555${String(given.index % 10_000).padStart(4, '0')}` : null,
    note: random.chance(0.02) ? 'Asked for gift wrapping' : null,
    state: random.pickWeighted([['ENABLED', 4], ['DISABLED', 5], ['INVITED', 1]] as const),
    verifiedEmail: random.chance(0.9),
    taxExempt: given.kind === 'wholesale',
    locale: place.locale,
    createdAt: given.createdAt,
    updatedAt: given.loadedAt,
    address: random.chance(given.kind === 'contact' ? 0.3 : 0.97)
      ? {
          address1: `${random.integer(1, 240)} ${random.pick(['Main St', 'High St', 'Mill Rd', 'Park Ave'])}`,
          city: place.city,
          provinceCode: place.province,
          countryCode: place.country,
          zip: place.zip,
        }
      : null,
    emailMarketing: {
      state,
      optInLevel: state === 'SUBSCRIBED' ? 'SINGLE_OPT_IN' : state === 'PENDING' ? 'CONFIRMED_OPT_IN' : null,
      updatedAt: given.loadedAt,
    },
    smsMarketing: hasPhone
      ? { state: random.chance(0.35) ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED', updatedAt: given.loadedAt }
      : null,
    tags: given.tags,
    mergedInto: null,
  };
} // prettier-ignore

/** Sorted. Drawn apart from the person, because a search for a tag asks for nothing else. */
export function drawTags(random: Random, kind: CustomerKind): string[] {
  const tags = FOREIGN_TAGS.filter(([, share]) => random.chance(share)).map(([tag]) => tag);
  const own = KIND_TAGS[kind];
  if (own !== undefined) tags.push(own);
  return tags.length > 1 ? sortTags(tags) : tags;
}

/** The first two draws of a person's stream. */
export function drawName(random: Random): [first: string, last: string] {
  return [random.pick(FIRST), random.pick(LAST)];
}

export function emailOf([first, last]: readonly [string, string], index: number): string {
  return `${PLAIN.get(first)}.${PLAIN.get(last)}.${index + 1}@example.com`;
}

/** The index in an address that `emailOf` can have made; undefined for any other. */
export function indexOfEmail(email: string): number | undefined {
  const digits = /^[a-z]+\.[a-z]+\.([1-9]\d{0,9})@example\.com$/.exec(email)?.[1];
  return digits === undefined ? undefined : Number(digits) - 1;
}

function emailState(random: Random): ConsentState {
  return random.pickWeighted([
    ['SUBSCRIBED', 58],
    ['NOT_SUBSCRIBED', 27],
    ['UNSUBSCRIBED', 12],
    ['PENDING', 3],
  ] as const);
}

const PLAIN = new Map([...FIRST, ...LAST].map((name) => [name, plain(name)]));

function plain(name: string): string {
  return (
    name
      .normalize('NFD')
      .replace(/[^a-zA-Z]/g, '')
      .toLowerCase() || 'x'
  );
}
