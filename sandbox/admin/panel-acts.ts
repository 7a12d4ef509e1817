/**
 * What the panel turns: clock, switches, faults, storms, snapshots, tokens, retries. Each takes the fields of its
 * form and answers with a sentence. What the control API refuses is refused here with the same words.
 */
import { z } from 'zod';
import { addDays, localDateOf, startOfDay } from '../../app/local-date.ts';
import { checkSwitches } from '../access/switches.ts';
import { ActError, checkInput } from '../acts/act.ts';
import { changeScopes } from '../acts/change-installation.ts';
import { checkOut } from '../checkout/checkout.ts';
import { parseClockTime } from '../clock.ts';
import { ControlError } from '../control/control.ts';
import type { FaultName } from '../faults/fault.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { dateTime, plural } from './words.ts';

type Input = Record<string, unknown>;
export type PanelAct = (
  store: Store,
  input: Input,
  sandbox: Sandbox,
  webhooks: Webhooks,
) => string | Promise<string>;

const LONGEST_WAIT_MS = 4 * 3_600_000;
const ALL_ORDERS = 'read_all_orders';
const days = z.object({ days: z.coerce.number().int().min(1).max(3_650) });
const target = z.object({ to: z.string().min(1, 'names no date') });
const storm = z.object({
  orders: z.coerce.number().int().min(1),
  seconds: z.coerce.number().min(0).max(3_600),
  seed: z.coerce.number().int().default(1),
});
const named = z.object({ name: z.string().trim().min(1, 'names no snapshot').max(60) });
const numbered = z.object({ id: z.coerce.number().int() });
const setting = z.object({ name: z.string(), settings: z.string().optional() });

const acts: Record<string, PanelAct> = {
  'advance-clock': (store, input, { clock }) => {
    clock.advanceDays(checkInput(days, input).days, store.shop.ianaTimezone);
    return itIs(store);
  },
  'clock-to-midnight': (store, _input, { clock }) => {
    const zone = store.shop.ianaTimezone;
    clock.set(startOfDay(addDays(localDateOf(clock.now(), zone), 1), zone));
    return itIs(store);
  },
  'clock-to-date': (store, input, { clock }) => {
    const { to } = checkInput(target, input);
    const instant = parseClockTime(to, store.shop.ianaTimezone);
    if (!instant) throw new ActError('The date must be like 2026-11-22, or an instant with its offset');
    clock.set(instant);
    return itIs(store);
  },
  'clock-run': (store, _input, { clock }) => {
    const { running } = clock.state();
    clock.setRunning(!running);
    return `${itIs(store)} The clock ${running ? 'stands still' : 'runs'}.`;
  },
  'retry-now': (_store, _input, _sandbox, { queue }) => {
    queue.age(LONGEST_WAIT_MS);
    return 'What waited is on its way.';
  },
  'set-switches': (store, input, sandbox) => {
    const { readAllOrders, protectedData, ipAllowlist, shopStatus, bulkQueries, bulkMutations } = input;
    const { domain } = store.shop;
    sandbox.control.switches(
      domain,
      checkSwitches({
        protectedData: Number(protectedData),
        ipAllowlist,
        shopStatus,
        bulkQueries: bulkQueries === 'on',
        bulkMutations: bulkMutations === 'on',
      }),
    );
    const scopes = sandbox.access.scopesOf(domain);
    const wanted = readAllOrders === 'on';
    if (sandbox.access.isInstalled(domain) && scopes.includes(ALL_ORDERS) !== wanted) {
      const others = scopes.filter((scope) => scope !== ALL_ORDERS);
      changeScopes(store, { scopes: wanted ? [...others, ALL_ORDERS] : others }, sandbox);
    }
    return 'Switches saved.';
  },
  'expire-tokens': (store, _input, { access }) => {
    access.expireTokens(store.shop.domain);
    return 'The access tokens have expired; refresh tokens still work.';
  },
  'revoke-tokens': (store, _input, { access }) => {
    access.expireTokens(store.shop.domain, { refreshToo: true });
    return 'Access and refresh tokens are revoked.';
  },
  'webhook-faults': (_store, input, _sandbox, { queue }) => {
    const { delaySeconds, topics, dropDay, ...shares } = input;
    queue.setFaults({
      ...(shares as Record<string, number>),
      seed: 1,
      delayMs: Number(delaySeconds ?? 0) * 1000,
      dropDay: typeof dropDay === 'string' ? dropDay : null,
      topics: typeof topics === 'string' ? topics.split(/[\s,]+/).filter(Boolean) : null,
    });
    return 'From now on webhooks go wrong like this.';
  },
  'webhook-faults-end': (_store, _input, _sandbox, { queue }) => {
    queue.setFaults({});
    return 'Webhooks go right again.';
  },
  'arm-fault': (store, input, { faults }) => {
    const { name, settings, ...rest } = { ...input, ...checkInput(setting, input) } as Input;
    const armed = faults.arm(name as FaultName, {
      ...rest,
      ...readSettings(settings),
      shop: store.shop.domain,
    });
    return `${armed.name} is armed.`;
  },
  'disarm-fault': (_store, input, { faults }) => {
    if (!faults.disarm(checkInput(numbered, input).id)) throw new ActError('That fault is gone already');
    return 'Disarmed.';
  },
  'disarm-all': (_store, _input, { faults }) => {
    faults.disarmAll();
    return 'No fault is armed.';
  },
  storm: (store, input, { control }) => {
    const wanted = checkInput(storm, input);
    control.startStorm(store.shop.domain, wanted);
    return `${plural(wanted.orders, 'order')} in ${plural(wanted.seconds, 'second')}: it has begun.`;
  },
  'take-snapshot': (store, input, { control }) => {
    const { name } = control.snapshot(checkInput(named, input).name, store.shop.domain);
    return `Snapshot ${name} taken.`;
  },
  'restore-snapshot': async (_store, input, { control }) => {
    const { name } = await control.restore(checkInput(named, input).name);
    return `Back at ${name}.`;
  },
  'delete-snapshot': (_store, input, { control }) => {
    const { name } = checkInput(named, input);
    if (!control.deleteSnapshot(name)) throw new ActError(`There is no snapshot ${name}`);
    return `Snapshot ${name} deleted.`;
  },
  'place-checkout': async (store, input, sandbox) => {
    const { order, total, currency } = await checkOut(sandbox, store, { ...input, place: true });
    return `Order ${order?.name ?? ''} placed for ${total} ${currency}.`;
  },
  'reset-store': async (store, _input, { control }) => {
    await control.reset(store.shop.domain);
    return 'The store is as it was at the start.';
  },
};

/** Undefined: not one of the panel's. */
export function panelAct(name: string): PanelAct | undefined {
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (!act) return undefined;
  return async (...given) => {
    try {
      return await act(...given);
    } catch (error) {
      // Refusals of the control API and of checks, in their own words.
      const refused = error instanceof ControlError || error instanceof RangeError;
      if (refused || (name === 'webhook-faults' && error instanceof Error)) throw new ActError(error.message);
      throw error;
    }
  };
}

function itIs(store: Store): string {
  return `It is ${dateTime(store.clock.now().toISOString(), store)}.`;
}

/** JSON, for the settings that only some faults have. */
function readSettings(text: unknown): Input {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Input;
  } catch {
    // falls through to the refusal
  }
  throw new ActError('Settings must be a JSON object such as {"status": 502}');
}
