/** What besides the rule decides whether somebody is in a segment, in words. */
import { assertNever } from '../app-error.ts';
import { addDays, type LocalDate } from '../local-date.ts';
import { printDay } from './why.ts';

export type WhySetting =
  /** Named by hand: wins over the rule. `since` is the shop's local date. */
  | { what: 'always' | 'never'; since: LocalDate }
  /** One of a list's members; `lastDay` null: without end. */
  | { what: 'listed'; since: LocalDate; lastDay: LocalDate | null }
  /** The rule may say no: a hold runs to this day, included. */
  | { what: 'held'; until: LocalDate }
  /** The minimum stay runs to this day, included. */
  | { what: 'staying'; until: LocalDate }
  /** The softer rule of those who are in already. */
  | { what: 'kept' }
  /** Left not long ago: may come back on this day. */
  | { what: 'waiting'; from: LocalDate }
  /** Of a set only one: in this one, which comes first, or whose minimum stay runs. */
  | { what: 'instead'; name: string; comesFirst: boolean }
  /** On for chosen customers only, and this is none of them. */
  | { what: 'not_tried' };

/** "in by hand since 3 November", "kept until 31 December by the hold", "in Best instead, which comes first" */
export function printSetting(setting: WhySetting, today: LocalDate): string {
  const day = (date: LocalDate) => printDay(date, today);
  switch (setting.what) {
    case 'always':
      return `in by hand since ${day(setting.since)}`;
    case 'never':
      return `kept out by hand since ${day(setting.since)}`;
    case 'listed':
      return setting.lastDay === null
        ? `on the list since ${day(setting.since)}`
        : `on the list since ${day(setting.since)}, until ${day(setting.lastDay)}`;
    case 'held':
      return `kept until ${day(setting.until)} by the hold`;
    case 'staying':
      return `kept until ${day(setting.until)} by the minimum stay`;
    case 'kept':
      return 'kept by the softer rule for those who are in already';
    case 'waiting':
      return `left not long ago: may come back on ${day(setting.from)}`;
    case 'instead':
      return setting.comesFirst
        ? `in ${setting.name} instead, which comes first`
        : `in ${setting.name} instead, whose minimum stay runs`;
    case 'not_tried':
      return 'not one of the customers that it is tried on';
    default:
      return assertNever(setting);
  }
}

export interface Remembered {
  today: LocalDate;
  /** By hand, of a list and of a trial, with the local date. */
  named: { list: 'always' | 'never' | 'member' | 'trial'; since: LocalDate }[];
  /** The stored membership. */
  member: { since: LocalDate; heldUntil: LocalDate | null } | null;
  /** When it was left last; kept only where that matters. */
  leftOn: LocalDate | null;
  /** The other segment of the set that the customer is in. */
  instead: { name: string; rank: number } | null;
}

/** The segment as far as this asks. */
interface Asked {
  kind: 'rule' | 'list';
  trial: boolean;
  setRank: number | null;
  settings: {
    lastDay?: LocalDate;
    minimumStayDays?: number;
    rejoinAfterDays?: number;
    hold?: unknown;
    keep?: unknown;
  };
}

/**
 * What decides beside the rule, the strongest first; empty when the rule alone does.
 * @param holds what the rule says
 */
export function decidingSettings(segment: Asked, holds: boolean, about: Remembered): WhySetting[] {
  const { settings, kind } = segment;
  const { today, member, leftOn } = about;
  const named = (list: Remembered['named'][number]['list']) => about.named.find((one) => one.list === list);
  const [never, always, listed] = [named('never'), named('always'), named('member')];
  const found: WhySetting[] = [];
  if (never) found.push({ what: 'never', since: never.since });
  if (segment.trial && !named('trial')) found.push({ what: 'not_tried' });
  if (always) found.push({ what: 'always', since: always.since });
  if (kind === 'list' && listed && (settings.lastDay ?? today) >= today) {
    found.push({ what: 'listed', since: listed.since, lastDay: settings.lastDay ?? null });
  }
  if (member) {
    const { heldUntil } = member;
    if (settings.hold !== undefined && heldUntil !== null && heldUntil >= today) {
      found.push({ what: 'held', until: heldUntil });
    }
    const stays = settings.minimumStayDays;
    if (stays !== undefined && addDays(member.since, stays) > today) {
      found.push({ what: 'staying', until: addDays(member.since, stays - 1) });
    }
    if (found.length === 0 && !holds && settings.keep !== undefined && kind === 'rule') {
      found.push({ what: 'kept' });
    }
    return found;
  }
  const waits = settings.rejoinAfterDays;
  if (leftOn !== null && waits !== undefined && addDays(leftOn, waits) > today && !always) {
    found.push({ what: 'waiting', from: addDays(leftOn, waits) });
  }
  if (about.instead && (holds || always)) {
    const { name, rank } = about.instead;
    found.push({ what: 'instead', name, comesFirst: rank < (segment.setRank ?? 0) });
  }
  return found;
}
