/** Ideas about who customers are: where they live, whether they can be written to, and what is missing of them. */
import { all, atLeast, BEST, is, named, type Take } from './presets-idea-parts.ts';
import type { PresetNumbers } from './presets-ideas.ts';

export function places({ countries }: PresetNumbers): Take[] {
  const [home, ...others] = countries;
  const none = 'No customer has a country.';
  const country = (code: string | undefined, i: number): Take => ({
    ...(code === undefined
      ? { key: `country-${i + 1}`, name: `Country number ${i + 1}` }
      : named('country', `Customers in ${countryName(code)}`)),
    family: 'places',
    advice: 'Write in their language, with their holidays, prices and delivery times.',
    rule: code === undefined ? none : all(is('country', code)),
  });
  return [
    country(home, 0),
    ...others.slice(0, 2).map((code, i) => country(code, i + 1)),
    {
      key: 'abroad',
      name: home === undefined ? 'Abroad' : `Outside ${countryName(home)}`,
      family: 'places',
      advice: 'Say what delivery costs and how long it takes; leave them out of local events.',
      rule:
        home === undefined
          ? none
          : all({ field: 'country', op: 'is_set' }, { field: 'country', op: 'neq', value: home }),
    },
  ];
}

export function consent(): Take[] {
  const subscribed = (field: 'email_consent' | 'sms_consent') => is(field, 'SUBSCRIBED');
  return [
    {
      key: 'reachable-by-email',
      name: 'Reachable by e-mail',
      family: 'consent',
      advice: 'Everybody who may get your newsletter. Use it inside other segments.',
      rule: all(subscribed('email_consent')),
    },
    {
      key: 'reachable-by-sms',
      name: 'Reachable by SMS',
      family: 'consent',
      advice: 'For what cannot wait: few words, few times.',
      rule: all(subscribed('sms_consent')),
    },
    {
      key: 'best-not-reachable',
      name: 'Best, but not reachable',
      family: 'consent',
      advice: 'A letter, a card in the parcel, or a question at the checkout: ask for their consent.',
      rule: all(BEST, { none: [subscribed('email_consent'), subscribed('sms_consent')] }),
    },
    {
      key: 'unsubscribed-buyers',
      name: 'Unsubscribed buyers',
      family: 'consent',
      advice: 'Never write to them; use it as an exclusion in advertising and for parcels.',
      rule: all(atLeast('orders', 1), is('email_consent', 'UNSUBSCRIBED')),
    },
  ];
}

export function data({ loneTags }: PresetNumbers): Take[] {
  return [
    {
      key: 'no-country',
      name: 'No country',
      family: 'data',
      advice: 'Ask for an address, or leave them out of campaigns by country.',
      rule: all({ field: 'country', op: 'is_not_set' }),
    },
    {
      key: 'no-email-address',
      name: 'No e-mail address',
      family: 'data',
      advice: 'Staff at the till can ask for one; without it no campaign reaches them.',
      rule: all({ field: 'email_consent', op: 'is_not_set' }),
    },
    {
      key: 'invalid-email-address',
      name: 'E-mail address invalid',
      family: 'data',
      advice: 'Correct what is clearly a slip; the rest only hurts the delivery of your mail.',
      rule: all(is('email_consent', 'INVALID')),
    },
    {
      key: 'no-language',
      name: 'No language',
      family: 'data',
      advice: 'They get your default language: check whether that is right.',
      rule: all({ field: 'language', op: 'is_not_set' }),
    },
    {
      key: 'lone-tags',
      name: 'Tags that nobody else has',
      family: 'data',
      advice: 'A tag on a single customer groups nobody: tidy up, or turn it into a note.',
      rule:
        loneTags.length === 0
          ? 'No customer has a tag that nobody else has.'
          : all({ field: 'customer_tags', op: 'has_any', value: [...loneTags] }),
    },
  ];
}

const REGIONS = new Intl.DisplayNames('en', { type: 'region' });

function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (REGIONS.of(code) ?? code) : code;
}
