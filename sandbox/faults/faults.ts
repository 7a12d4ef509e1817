/**
 * The faults that are armed, and how often each has happened. A part of the sandbox where something may go
 * wrong asks `strike` at every chance; what strikes is counted, so a test can tell that its fault occurred.
 *
 * Deterministic: with the same chances in the same order, the same ones are struck (each fault draws from a
 * seeded sequence of its own).
 */
import { seededRandom } from '../webhooks/faults.ts';
import { checkFault } from './fault.ts';
import type { FaultInput, FaultName, FaultSettings } from './fault.ts';

/** Where a chance stands. */
export interface Chance {
  shop: string;
  /** Root fields there. */
  fields?: readonly string[];
  /** Told the names of what struck. */
  struck?: string[] | undefined;
}

export interface ArmedFault<Name extends FaultName = FaultName> {
  readonly id: number;
  readonly name: Name;
  readonly settings: FaultSettings<Name>;
  /** How often it struck. */
  happened: number;
  /** How many chances it had. */
  chances: number;
  /** Whether it can still strike. */
  active: boolean;
}

export interface FaultStrike {
  /** Machine time, ISO 8601. */
  at: string;
  id: number;
  name: FaultName;
  shop: string;
  fields: readonly string[];
}

interface Armed extends ArmedFault {
  random: () => number;
  endsAt: number;
  most: number;
}

const KEPT = 500;

export class Faults {
  #armed: Armed[] = [];
  #happened = new Map<string, number>();
  #strikes: FaultStrike[] = [];
  #last = 0;

  /** @throws RangeError when there is no such fault or its settings are wrong */
  arm<Name extends FaultName>(
    name: Name,
    input: FaultInput<Name> | Record<string, unknown> = {},
  ): ArmedFault<Name> {
    const settings = checkFault(name, input);
    const { count, share, seconds } = settings;
    const lines = 'lines' in settings && settings.lines !== undefined;
    const endless = share !== undefined || seconds !== undefined || lines;
    const armed: Armed = {
      id: ++this.#last,
      name,
      settings,
      happened: 0,
      chances: 0,
      active: true,
      random: seededRandom(settings.seed),
      endsAt: seconds === undefined ? Infinity : Date.now() + seconds * 1000,
      most: count ?? (endless ? Infinity : 1),
    };
    this.#armed.push(armed);
    return armed as unknown as ArmedFault<Name>;
  }

  /**
   * A chance for the faults of this name. @returns the first armed one that strikes, already counted
   * @param also a condition of the place, for example the type of a bulk operation
   */
  strike<Name extends FaultName>(
    name: Name,
    chance: Chance,
    also: (settings: FaultSettings<Name>) => boolean = () => true,
  ): ArmedFault<Name> | undefined {
    for (const armed of this.#armed) {
      if (armed.name !== name || !this.#isActive(armed)) continue;
      const { shop, field, after, share } = armed.settings;
      if (shop !== undefined && shop !== chance.shop) continue;
      if (field !== undefined && !chance.fields?.includes(field)) continue;
      if (!also(armed.settings as FaultSettings<Name>)) continue;
      armed.chances += 1;
      if (armed.chances <= after) continue;
      if (share !== undefined && armed.random() >= share) continue;
      this.#count(armed, chance);
      return armed as unknown as ArmedFault<Name>;
    }
    return undefined;
  }

  /** How often a fault of this name happened since the start, also of those that were disarmed. */
  happened(name: FaultName, shop?: string): number {
    return this.#happened.get(shop === undefined ? name : `${name} ${shop}`) ?? 0;
  }

  /** Counts by name, of those that happened. */
  counts(): Partial<Record<FaultName, number>> {
    return Object.fromEntries([...this.#happened].filter(([key]) => !key.includes(' ')));
  }

  armed(): ArmedFault[] {
    return this.#armed.map((armed) => {
      const { id, name, settings, happened, chances } = armed;
      return { id, name, settings, happened, chances, active: this.#isActive(armed) };
    });
  }

  /** Newest last, at most 500. */
  strikes(): readonly FaultStrike[] {
    return this.#strikes;
  }

  /** @returns false when there is no such fault */
  disarm(id: number): boolean {
    const before = this.#armed.length;
    this.#armed = this.#armed.filter((armed) => armed.id !== id);
    return this.#armed.length < before;
  }

  /** Nothing is armed any more; what happened is still known. */
  disarmAll(): void {
    this.#armed = [];
  }

  /** As at the start. */
  reset(): void {
    this.disarmAll();
    this.#happened.clear();
    this.#strikes = [];
  }

  #isActive(armed: Armed): boolean {
    if (armed.active && (armed.happened >= armed.most || Date.now() >= armed.endsAt)) armed.active = false;
    return armed.active;
  }

  #count(armed: Armed, { shop, fields = [], struck }: Chance): void {
    armed.happened += 1;
    struck?.push(armed.name);
    for (const key of [armed.name, `${armed.name} ${shop}`]) {
      this.#happened.set(key, (this.#happened.get(key) ?? 0) + 1);
    }
    const { id, name } = armed;
    this.#strikes.push({ at: new Date().toISOString(), id, name, shop, fields });
    if (this.#strikes.length > KEPT) this.#strikes.shift();
  }
}
