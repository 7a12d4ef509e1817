/**
 * What a segment's key and tag may be. The tag is seen by other apps, by staff and sometimes by the customer, so it is
 * plain, and no word that nobody wants to read about themselves.
 */
import { tagKey } from '../intake/tag-key.ts';

export const NAME_LIMITS = { key: 60, name: 100, tag: 255 } as const;

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const UNKIND = new Set([
  'bad', 'cheap', 'cheapskate', 'cheater', 'fraud', 'fraudster', 'idiot', 'loser', 'stupid', 'terrible',
  'trash', 'ugly', 'unprofitable', 'unwanted', 'useless', 'worst', 'worthless',
]); // prettier-ignore

/** What is taken: keys and whole tags of the shop's other segments. */
export interface TakenNames {
  keys: readonly string[];
  /** With the prefix. */
  tags: readonly string[];
  /** Tags that other segments had before a rename, with the prefix of then. */
  former?: readonly string[];
  /** Whole tags of offers: who has one gets the discount. */
  offers?: readonly string[];
}

export interface NameFault {
  path: 'key' | 'name' | 'tag';
  message: string;
}

/** "Buyers from Köln & Bonn" -> "buyers-from-koln-bonn"; empty when nothing is left. */
export function keyFromName(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').toLowerCase();
  const words = plain.split(/[^a-z0-9]+/).filter((word) => word !== '');
  return words.join('-').slice(0, NAME_LIMITS.key).replace(/-+$/, '');
}

/** Characters that nobody can see; the database takes no NUL. */
export const holdsControl = (text: string): boolean => /\p{Cc}/u.test(text);

/** @param given.tag without the shop's prefix */
export function checkNames(
  given: { key: string; name: string; tag: string },
  { prefix, taken }: { prefix: string; taken: TakenNames },
): NameFault[] {
  const faults: NameFault[] = [];
  const fault = (path: NameFault['path'], message: string) => faults.push({ path, message });
  const { key, name, tag } = given;
  if (!KEBAB.test(key)) fault('key', 'must be small letters and digits, with single hyphens between words');
  else if (key.length > NAME_LIMITS.key)
    fault('key', `must not be longer than ${NAME_LIMITS.key} characters`);
  else if (taken.keys.some((other) => other.toLowerCase() === key.toLowerCase())) {
    fault('key', 'is the key of another segment');
  }
  if (name.trim() === '') fault('name', 'must not be empty');
  else if (holdsControl(name)) fault('name', 'holds a character that cannot be shown: type it anew');
  else if ([...name].length > NAME_LIMITS.name) {
    fault('name', `must not be longer than ${NAME_LIMITS.name} characters`);
  }
  const whole = prefix + tag;
  if (tag.includes(',')) fault('tag', 'must not hold a comma, which Shopify would read as two tags');
  else if (!KEBAB.test(tag))
    fault('tag', 'must be small letters and digits, with single hyphens between words');
  else if ([...whole].length > NAME_LIMITS.tag) {
    fault('tag', `must not be longer than ${NAME_LIMITS.tag} characters with the prefix ${prefix}`);
  } else if (taken.tags.some((other) => tagKey(other) === tagKey(whole))) {
    fault('tag', 'is the tag of another segment');
  } else if (taken.former?.some((other) => tagKey(other) === tagKey(whole))) {
    fault(
      'tag',
      'was the tag of another segment: whoever still waits for that tag would take one for the other',
    );
  } else if (taken.offers?.some((other) => tagKey(other) === tagKey(whole))) {
    fault('tag', 'is the tag of an offer: everybody in the segment would get its discount');
  } else if (tag.split('-').some((word) => UNKIND.has(word))) {
    fault('tag', 'is seen by other apps and sometimes by the customer: choose a neutral word');
  }
  return faults;
}
