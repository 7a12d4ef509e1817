/** What Shopify or the merchant has granted, approved or closed for the app, per store; turned by tests and the panel. */
import type { ProtectedDataLevel } from './permissions.ts';

export interface Switches {
  /** Approval for protected customer data. 2 unless told. */
  protectedData: ProtectedDataLevel;
  /**
   * `ok`; `blocked`: calls come from an address that is not on the list (403 for every call of the Admin API);
   * `missing`: the app has no list, so bulk operations are refused and all else works.
   */
  ipAllowlist: 'ok' | 'blocked' | 'missing';
  /** Bulk queries are enabled for the app. */
  bulkQueries: boolean;
  /** Bulk mutations are enabled for the app. */
  bulkMutations: boolean;
  /** `frozen`: 402, `locked`: 423. */
  shopStatus: 'open' | 'frozen' | 'locked';
}

export const DEFAULT_SWITCHES: Switches = {
  protectedData: 2,
  ipAllowlist: 'ok',
  bulkQueries: true,
  bulkMutations: true,
  shopStatus: 'open',
};

const ALLOWED: { [Name in keyof Switches]: readonly Switches[Name][] } = {
  protectedData: [0, 1, 2],
  ipAllowlist: ['ok', 'blocked', 'missing'],
  bulkQueries: [true, false],
  bulkMutations: [true, false],
  shopStatus: ['open', 'frozen', 'locked'],
};

/** @throws RangeError in a sentence for whoever asked */
export function checkSwitches(input: Record<string, unknown>): Partial<Switches> {
  for (const [name, value] of Object.entries(input)) {
    const allowed: readonly unknown[] | undefined = Object.hasOwn(ALLOWED, name)
      ? ALLOWED[name as keyof Switches]
      : undefined;
    if (!allowed) throw new RangeError(`There is no switch ${name}: ${Object.keys(ALLOWED).join(', ')}.`);
    if (!allowed.includes(value)) {
      throw new RangeError(`${name} must be one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}.`);
    }
  }
  return input as Partial<Switches>;
}
