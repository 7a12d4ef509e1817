/** The control API: what demos and tests read and turn. JSON; the acts on orders and customers have routes of their own. */
import { Readable } from 'node:stream';
import { storeNamed } from '../acts/act-routes.ts';
import { appAddress } from '../access/app-address.ts';
import { ClockError, parseClockTime } from '../clock.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { Route, SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';

const LONG_POLL_MS = 25_000;
const APP_TIMEOUT_MS = 60_000;
/** The app's library turns away what looks like a robot. */
const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';

export const controlRoutes: readonly Route[] = [
  { method: 'GET', path: '/control/state', handle: state },
  { method: 'GET', path: '/control/customers.jsonl', handle: dumpCustomers },
  { method: 'GET', path: '/control/session-token', handle: sessionToken },
  { method: 'POST', path: '/control/open-app', handle: openApp },
  { method: 'GET', path: '/control/clock', handle: readClock },
  { method: 'POST', path: '/control/clock', handle: turnClock },
  { method: 'POST', path: '/control/app-url', handle: setAppUrl },
  { method: 'POST', path: '/control/expire-tokens', handle: expireTokens },
  { method: 'GET', path: '/control/api-calls', handle: apiCalls },
];

function state(request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  const store = storeOf(request, sandbox);
  const { domain } = store.shop;
  const plugins = Object.fromEntries(
    sandbox.plugins.flatMap((plugin) => (plugin.state ? [[plugin.name, plugin.state(domain)]] : [])),
  );
  return jsonAnswer({
    shop: domain,
    store: {
      customers: store.customerCount(),
      orders: store.orderCount(),
      products: store.productCount(),
      laterOrders: store.laterOrders,
    },
    customersByTag: customersByTag(store),
    api: sandbox.apiLog.counts(domain),
    webhooks: { pending: 0, delivered: 0, failed: 0 },
    installed: sandbox.access.isInstalled(domain),
    /** Bulk operations that failed, with the sandbox's own reason. */
    failures: [...store.bulkOperations()].flatMap(({ id, failure }) =>
      failure === null ? [] : [{ id, failure }],
    ),
    ...plugins,
  });
}

/** Every tag of the store, sorted, with the number of customers that carry it. */
export function customersByTag(store: Store): Record<string, number> {
  return Object.fromEntries([...store.tagCounts()].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function dumpCustomers(request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  const store = storeOf(request, sandbox);
  function* lines() {
    for (const { email, tags } of store.customers()) yield `${JSON.stringify({ email, tags })}\n`;
  }
  return { headers: { 'content-type': 'application/jsonl' }, body: Readable.from(lines()) };
}

function sessionToken(request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  return jsonAnswer({ idToken: sandbox.sessionTokenFor(storeOf(request, sandbox).shop.domain) });
}

/** Loads a page of the app as the admin frame would, redirects followed. */
async function openApp(request: SandboxRequest, sandbox: Sandbox): Promise<SandboxAnswer> {
  const { shop, path } = request.json();
  const store = storeNamed(sandbox, shop);
  if (!sandbox.appUrl)
    throw new HttpError(409, { error: 'The sandbox does not know the address of the app.' });
  const address = appAddress(sandbox, store.shop.domain, typeof path === 'string' ? path : '/');
  try {
    const response = await fetch(address, {
      headers: { 'user-agent': BROWSER, accept: 'text/html' },
      signal: AbortSignal.timeout(APP_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return jsonAnswer({ status: response.status });
  } catch (error) {
    const reason = error instanceof Error ? (error.cause ?? error) : error;
    throw new HttpError(502, { error: `The app did not answer: ${String(reason)}` });
  }
}

async function readClock(request: SandboxRequest, sandbox: Sandbox): Promise<SandboxAnswer> {
  const after = request.url.searchParams.get('after');
  if (after === null) return jsonAnswer(sandbox.clock.state());
  return jsonAnswer(await sandbox.clock.waitForChange(Number(after), LONG_POLL_MS, request.signal));
}

function turnClock(request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  const { shop, advanceDays, advanceMs, to, running } = request.json();
  const [first] = sandbox.stores.values();
  const zone = (shop === undefined ? first : storeNamed(sandbox, shop))?.shop.ianaTimezone ?? 'UTC';
  const { clock } = sandbox;
  const given = [advanceDays, advanceMs, to, running].filter((value) => value !== undefined);
  if (given.length === 0) {
    throw new HttpError(400, { error: 'Give advanceDays, advanceMs, to or running.' });
  }
  const refuse = (name: string, what: string): never => {
    throw new HttpError(400, { error: `${name} must be ${what}` });
  };
  let target: Date | undefined;
  if (to !== undefined) {
    target = typeof to === 'string' ? parseClockTime(to, zone) : undefined;
    if (!target) refuse('to', 'an ISO instant, or a date (12:00 shop time)');
  }
  if (advanceDays !== undefined && !Number.isInteger(advanceDays)) refuse('advanceDays', 'a whole number');
  if (advanceMs !== undefined && !Number.isFinite(advanceMs)) refuse('advanceMs', 'a number');
  if (running !== undefined && typeof running !== 'boolean') refuse('running', 'true or false');
  const before = clock.now();
  try {
    if (target) clock.set(target);
    if (typeof advanceDays === 'number') clock.advanceDays(advanceDays, zone);
    if (typeof advanceMs === 'number') clock.advance(advanceMs);
  } catch (error) {
    if (!(error instanceof ClockError)) throw error;
    if (target) clock.set(before);
    throw new HttpError(400, { error: error.message });
  }
  if (typeof running === 'boolean') clock.setRunning(running);
  return jsonAnswer(clock.state());
}

/** The launcher knows the app's address only after the sandbox is up. */
function setAppUrl(request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  const { url } = request.json();
  if (typeof url !== 'string' || !URL.canParse(url))
    throw new HttpError(400, { error: 'url must be an address' });
  sandbox.appUrl = url.replace(/\/+$/, '');
  return jsonAnswer({ appUrl: sandbox.appUrl });
}

function expireTokens(request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  const { shop, refreshToo } = request.json();
  const { domain } = storeNamed(sandbox, shop).shop;
  const expired = sandbox.access.expireTokens(domain, { refreshToo: refreshToo === true });
  return jsonAnswer({ ok: true, expired });
}

/** The last calls, oldest first, each with its cost, its status and the faults that struck it; and their totals. */
function apiCalls(request: SandboxRequest, sandbox: Sandbox): SandboxAnswer {
  const { domain } = storeOf(request, sandbox).shop;
  const limit = Number(request.url.searchParams.get('limit') ?? 200);
  if (!Number.isInteger(limit) || limit < 1) throw new HttpError(400, { error: 'limit must be 1 or more' });
  const calls = sandbox.apiLog.recent(domain).slice(-limit);
  return jsonAnswer({ counts: sandbox.apiLog.counts(domain), calls });
}

function storeOf(request: SandboxRequest, sandbox: Sandbox): Store {
  return storeNamed(sandbox, request.url.searchParams.get('shop') ?? undefined);
}
