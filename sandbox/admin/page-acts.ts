/**
 * Acts as the pages' forms post them: text fields become the act's input, and what was done is told in one
 * sentence. With `Accept: application/json` the answer is JSON, otherwise the way back to the page.
 */
import { ActError, checkInput } from '../acts/act.ts';
import { ACTS } from '../acts/act-routes.ts';
import type { Act } from '../acts/act-routes.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import type { DeliveryQueue } from '../webhooks/delivery-queue.ts';
import { z } from 'zod';
import { storePath } from './layout.ts';
import { dateTime } from './words.ts';

const DAY_MS = 86_400_000;
const LONGEST_WAIT_MS = 4 * 3_600_000;
const advanceInput = z.object({ days: z.coerce.number().int().min(1).max(3_650) });

interface Named {
  name?: string;
}

/** What a form's sentence is, by act. */
const SENTENCES: Readonly<Record<string, (result: never) => string>> = {
  'place-order': (order: Named) => `Order ${order.name} placed.`,
  'pay-order': (order: Named) => `Order ${order.name} paid.`,
  'refund-order': (order: Named) => `Order ${order.name} refunded.`,
  'cancel-order': (order: Named) => `Order ${order.name} cancelled.`,
  'create-customer': (customer: { email?: string | null; id: string }) =>
    `Customer ${customer.email ?? customer.id} created.`,
  'merge-customers': () => 'Merged.',
  consent: () => 'Consent saved.',
  'request-data': () => 'The request was sent to the app.',
  'request-redaction': () => 'The request was sent to the app.',
  'delete-customer': () => 'Customer deleted.',
  'uninstall-app': () => 'The app is uninstalled.',
};

/** Empty fields are fields that were not filled in. */
function inputOf(store: Store, form: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of form) {
    const text = value.trim();
    if (name.startsWith('_') || text === '') continue;
    if (name === 'daysAgo') {
      const days = Number(text);
      if (!Number.isInteger(days) || days < 0) throw new ActError('Days ago must be a whole number');
      input['processedAt'] = new Date(store.clock.now().getTime() - days * DAY_MS).toISOString();
    } else input[name] = text;
  }
  return input;
}

/** The admin's own acts beside those of the store. */
function actNamed(name: string, queue: DeliveryQueue): Act | undefined {
  if (name === 'advance-clock') {
    return (store, input, sandbox) => {
      const { days } = checkInput(advanceInput, input);
      sandbox.clock.advanceDays(days, store.shop.ianaTimezone);
      return undefined;
    };
  }
  if (name === 'retry-now') return () => queue.age(LONGEST_WAIT_MS);
  return Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
}

function sentenceOf(name: string, result: unknown, store: Store): string {
  if (name === 'advance-clock') return `It is ${dateTime(store.clock.now().toISOString(), store)}.`;
  return SENTENCES[name]?.(result as never) ?? 'Done.';
}

/** Only a path of this store's pages is a way back. */
function wayBack(store: Store, back: string | null): string {
  const base = storePath(store);
  return back === base || back?.startsWith(`${base}/`) ? back : base;
}

export function postAct(
  store: Store,
  request: SandboxRequest,
  sandbox: Sandbox,
  queue: DeliveryQueue,
): SandboxAnswer {
  const { origin, host, accept } = request.headers;
  if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host)) {
    throw new HttpError(403, { error: 'This form is of another site' });
  }
  const name = request.params['act'] ?? '';
  const act = actNamed(name, queue);
  if (!act) throw new HttpError(404, { error: `There is no act ${name}` });
  const form = new URLSearchParams(request.body.toString('utf8'));
  let said: { said: string } | { error: string };
  try {
    said = { said: sentenceOf(name, act(store, inputOf(store, form), sandbox), store) };
  } catch (error) {
    if (!(error instanceof ActError)) throw error;
    said = { error: error.message };
  }
  const back = wayBack(store, form.get('_back'));
  if (accept?.includes('application/json')) {
    return jsonAnswer({ ...said, back });
  }
  const query = new URLSearchParams({ form: form.get('_form') ?? '', ...said });
  return { status: 303, headers: { location: `${back}?${query.toString()}` } };
}
