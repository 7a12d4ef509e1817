/** The routes of /control that turn the sandbox itself: stores, snapshots, switches, faults, storms. JSON. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { ExportFileError } from '../../app/intake/export/export-file-error.ts';
import { TEN_YEARS_MS } from '../clock.ts';
import { checkSwitches } from '../access/switches.ts';
import { storeNamed } from '../acts/act-routes.ts';
import { FAULT_NAMES } from '../faults/fault.ts';
import type { FaultName } from '../faults/fault.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { Route, SandboxAnswer, SandboxRequest } from '../http/route.ts';
import { SandboxOptionError } from '../option-error.ts';
import type { Sandbox } from '../sandbox.ts';
import { ControlError } from './control.ts';
import { MOST_MORE } from './more-customers.ts';

const MAX_CUSTOMERS = 1_000_000;
const MAX_CSV_BYTES = 256 * 1024 * 1024;

type Handle = (request: SandboxRequest, sandbox: Sandbox) => unknown;

function route(method: Route['method'], at: string, handle: Handle, more: Partial<Route> = {}): Route {
  return {
    method,
    path: `/control/${at}`,
    ...more,
    handle: async (request, sandbox): Promise<SandboxAnswer> => {
      try {
        return jsonAnswer((await handle(request, sandbox)) ?? { ok: true });
      } catch (error) {
        if (error instanceof ControlError) throw new HttpError(error.status, { error: error.message });
        if (error instanceof RangeError) throw new HttpError(400, { error: error.message });
        if (error instanceof SandboxOptionError || error instanceof ExportFileError) {
          throw new HttpError(422, { error: error.message });
        }
        throw error;
      }
    },
  };
}

function input<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HttpError(400, { error: z.prettifyError(parsed.error) });
}

const plan = z.enum(['standard', 'advanced', 'plus']);
const place = z.strictObject({
  shop: z.string().optional(),
  timeZone: z.string().optional(),
  currency: z.string().optional(),
  plan: plan.optional(),
});

const seedInput = place.extend({
  customers: z.number().int().min(0).max(MAX_CUSTOMERS),
  seed: z.number().int().min(0).default(1),
});

/** A store that is there gets more customers, another name makes a new store. */
function seed(request: SandboxRequest, sandbox: Sandbox): unknown {
  const { shop, customers, seed: number, ...rest } = input(seedInput, request.json());
  const known = shop === undefined || sandbox.stores.has(shop);
  if (!known) {
    const wanted = customers === 0 ? ({ empty: true } as const) : { customers, seed: number };
    return sandbox.control.addStore({ domain: shop, ...rest, seed: wanted });
  }
  if (customers > MOST_MORE) {
    throw new ControlError(`At most ${MOST_MORE} more customers at a time: make a new store.`);
  }
  if (Object.keys(rest).length > 0) {
    throw new ControlError('timeZone, currency and plan belong to a store from its beginning.');
  }
  const { domain } = storeNamed(sandbox, shop).shop;
  return sandbox.control.addCustomers(domain, { customers, seed: number });
}

const exportInput = place.extend({ asRecorded: z.enum(['true', 'false', '1', '0']).optional() });

/** A new store out of an order export, which is the body (CSV). */
async function seedOrders(request: SandboxRequest, sandbox: Sandbox): Promise<unknown> {
  const { shop, asRecorded, ...rest } = input(exportInput, Object.fromEntries(request.url.searchParams));
  if (shop === undefined) throw new HttpError(400, { error: 'Name the new store: ?shop=NAME.myshopify.com' });
  const folder = await mkdtemp(path.join(tmpdir(), 'regulars-sandbox-export-'));
  const orders = path.join(folder, `${randomUUID()}.csv`);
  try {
    await pipeline(Readable.from(request.stream ?? []), createWriteStream(orders));
    const recorded = asRecorded === 'true' || asRecorded === '1';
    return await sandbox.control.addStore({ domain: shop, ...rest, seed: { orders, asRecorded: recorded } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const nameInput = z.strictObject({ name: z.string().min(1).max(100), shop: z.string().optional() });
const shopInput = z.strictObject({ shop: z.string().optional() });

const tokenInput = z.strictObject({
  shop: z.string().optional(),
  allScopes: z.boolean().default(true),
  expiring: z.boolean().default(false),
});

const ageInput = z.strictObject({
  ms: z.number().min(0).max(TEN_YEARS_MS).default(0),
  hours: z.number().min(0).max(87_672).default(0),
  days: z.number().min(0).max(3_653).default(0),
});

const stormInput = z.strictObject({
  shop: z.string().optional(),
  orders: z.number().int().min(1).default(500),
  seconds: z.number().min(0).max(3600).default(10),
  seed: z.number().int().default(1),
});

function switches(request: SandboxRequest, sandbox: Sandbox): unknown {
  const { shop, ...change } = request.json();
  const { domain } = storeNamed(sandbox, shop).shop;
  return { shop: domain, switches: sandbox.control.switches(domain, checkSwitches(change)) };
}

function revokeToken(request: SandboxRequest, sandbox: Sandbox): unknown {
  const { token, shop } = input(
    z.strictObject({ token: z.string().optional(), shop: z.string().optional() }),
    request.json(),
  );
  if (token !== undefined) return { revoked: sandbox.access.revoke(token) ? 1 : 0 };
  const { domain } = storeNamed(sandbox, shop).shop;
  return { revoked: sandbox.access.expireTokens(domain, { refreshToo: true }) };
}

function armFault(request: SandboxRequest, sandbox: Sandbox): unknown {
  const { fault, ...settings } = request.json();
  if (settings['shop'] !== undefined) storeNamed(sandbox, settings['shop']);
  const { id, name, settings: armed } = sandbox.faults.arm(String(fault) as FaultName, settings);
  return { id, fault: name, settings: armed };
}

function listFaults(_request: SandboxRequest, { faults }: Sandbox): unknown {
  return {
    armed: faults.armed().map(({ name, ...rest }) => ({ ...rest, fault: name })),
    happened: faults.counts(),
    strikes: faults.strikes(),
    known: FAULT_NAMES,
  };
}

function disarm(request: SandboxRequest, { faults }: Sandbox): unknown {
  const id = request.url.searchParams.get('id');
  if (id === null) faults.disarmAll();
  else if (!faults.disarm(Number(id))) throw new ControlError(`There is no fault ${id}.`, 404);
  return { armed: faults.armed().length };
}

function storm(request: SandboxRequest, sandbox: Sandbox): unknown {
  const { shop, ...options } = input(stormInput, request.json());
  return { ...sandbox.control.startStorm(storeNamed(sandbox, shop).shop.domain, options) };
}

function storms(request: SandboxRequest, sandbox: Sandbox): unknown {
  const shop = request.url.searchParams.get('shop');
  const all = sandbox.control.storms().filter((one) => shop === null || one.shop === shop);
  return { storms: all };
}

export const worldRoutes: readonly Route[] = [
  route('GET', 'stores', (_request, sandbox) => ({
    stores: [...sandbox.stores.values()].map((store) => ({
      shop: store.shop.domain,
      plan: store.shop.plan,
      currency: store.shop.currency,
      timeZone: store.shop.ianaTimezone,
      customers: store.customerCount(),
      orders: store.orderCount(),
      installed: sandbox.access.isInstalled(store.shop.domain),
    })),
  })),
  route('POST', 'seed', seed),
  route('POST', 'seed-orders', seedOrders, { streamed: true, maxBody: MAX_CSV_BYTES }),
  route('POST', 'reset', async (request, sandbox) => {
    await sandbox.control.reset(input(shopInput, request.json()).shop);
  }),
  route('POST', 'snapshot', (request, sandbox) => {
    const { name, shop } = input(nameInput, request.json());
    return sandbox.control.snapshot(name, shop);
  }),
  route('POST', 'restore', (request, sandbox) =>
    sandbox.control.restore(input(z.strictObject({ name: z.string() }), request.json()).name),
  ),
  route('GET', 'snapshots', (_request, sandbox) => ({ snapshots: sandbox.control.snapshots() })),
  route('DELETE', 'snapshots', (request, sandbox) => {
    const name = request.url.searchParams.get('name') ?? '';
    if (!sandbox.control.deleteSnapshot(name)) throw new ControlError(`There is no snapshot ${name}.`, 404);
  }),
  route('POST', 'access-token', (request, sandbox) => {
    const { shop, ...options } = input(tokenInput, request.json());
    const { domain } = storeNamed(sandbox, shop).shop;
    return { shop: domain, ...sandbox.control.accessToken(domain, { ...options, install: false }) };
  }),
  route('POST', 'revoke-token', revokeToken),
  route('GET', 'switches', (request, sandbox) => {
    const { domain } = storeNamed(sandbox, request.url.searchParams.get('shop') ?? undefined).shop;
    return { shop: domain, switches: sandbox.access.switchesOf(domain) };
  }),
  route('POST', 'switches', switches),
  route('POST', 'age-bulk', (request, sandbox) => {
    const { ms, hours, days } = input(ageInput, request.json());
    sandbox.control.ageBulk(ms + hours * 3_600_000 + days * 86_400_000);
  }),
  route('GET', 'faults', listFaults),
  route('POST', 'faults', armFault),
  route('DELETE', 'faults', disarm),
  route('GET', 'storm', storms),
  route('POST', 'storm', storm),
];
