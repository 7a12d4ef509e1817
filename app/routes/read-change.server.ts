/** The change of segments that an address or a form names; undefined when it names none. */
import type { SegmentChange } from '../segments/segment-change.ts';

export const keysOf = (values: readonly string[]) =>
  values.flatMap((value) => value.split(',')).filter(Boolean);

/** Changes that are named in full by an address: a set is arranged on its own page. */
export type NamedChange = Exclude<SegmentChange, { act: 'arrange_set' }>;

const ID = /^[1-9]\d{0,17}$/;

export function readChange(given: URLSearchParams, keys: readonly string[]): NamedChange | undefined {
  const key = given.get('key') ?? '';
  switch (given.get('act') ?? 'turn_on') {
    case 'turn_on':
      return { act: 'turn_on', keys };
    case 'turn_off':
      return { act: 'turn_off', keys };
    case 'resume':
      return key ? { act: 'resume', key } : undefined;
    case 'try':
      return key ? { act: 'try', key } : undefined;
    case 'change':
      return key ? { act: 'change', key } : undefined;
    case 'return': {
      const version = Number(given.get('version'));
      return key && Number.isInteger(version) && version > 0 && version < 1_000_000_000
        ? { act: 'return', key, version }
        : undefined;
    }
    case 'dissolve_set': {
      const setId = given.get('set') ?? '';
      return ID.test(setId) ? { act: 'dissolve_set', setId } : undefined;
    }
    case 'undo': {
      const approvalId = given.get('approval') ?? '';
      return ID.test(approvalId) ? { act: 'undo', approvalId } : undefined;
    }
    default:
      return undefined;
  }
}
