/**
 * Acts as the pages' forms post them: text fields become the act's input, and what was done is told in one
 * sentence. With `Accept: application/json` the answer is JSON, otherwise the way back to the page.
 */
import { ActError } from '../acts/act.ts';
import { ACTS } from '../acts/act-routes.ts';
import { HttpError, jsonAnswer } from '../http/route.ts';
import type { SandboxAnswer, SandboxRequest } from '../http/route.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Store } from '../store/store.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { inputOf } from './form-input.ts';
import { storePath } from './layout.ts';
import { panelAct } from './panel-acts.ts';

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
  'update-customer': () => 'Customer saved.',
  'set-tags': () => 'Tags saved.',
  'fulfil-order': (order: Named) => `Order ${order.name} fulfilled.`,
  'edit-order-line': (order: Named) => `Order ${order.name} edited.`,
  'edit-order': (order: Named) => `Order ${order.name} saved.`,
  'delete-order': () => 'Order deleted.',
  'create-product': (product: { title: string }) => `${product.title} created.`,
  'update-product': (product: { title: string }) => `${product.title} saved.`,
  'delete-product': () => 'Product deleted.',
  'create-collection': (collection: { title: string }) => `${collection.title} created.`,
  'update-collection': (collection: { title: string }) => `${collection.title} saved.`,
  'delete-collection': () => 'Collection deleted.',
  'product-collections': () => 'Collections saved.',
  'create-segment': (segment: Named) => `Segment ${segment.name} created.`,
  'update-segment': () => 'Segment saved.',
  'delete-segment': () => 'Segment deleted.',
  'create-discount': (discount: { title: string }) => `${discount.title} created.`,
  'end-discount': (discount: { title: string }) => `${discount.title} ended.`,
  'begin-discount': (discount: { title: string }) => `${discount.title} began.`,
  'delete-discount': () => 'Discount deleted.',
  'merge-customers': () => 'Merged.',
  consent: () => 'Consent saved.',
  'request-data': () => 'The request was sent to the app.',
  'request-redaction': () => 'The request was sent to the app.',
  'delete-customer': () => 'Customer deleted.',
  'uninstall-app': () => 'The app is uninstalled.',
};

/** One sentence of what was done. @throws ActError; HttpError 404 */
async function carryOut(
  name: string,
  store: Store,
  form: URLSearchParams,
  sandbox: Sandbox,
  webhooks: Webhooks,
): Promise<string> {
  const input = inputOf(name, store, form);
  const turn = panelAct(name);
  if (turn) return turn(store, input, sandbox, webhooks);
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (!act) throw new HttpError(404, { error: `There is no act ${name}` });
  return SENTENCES[name]?.(act(store, input, sandbox) as never) ?? 'Done.';
}

/** Only a path of this store's pages is a way back. */
function wayBack(store: Store, back: string | null): string {
  const base = storePath(store);
  return back === base || back?.startsWith(`${base}/`) ? back : base;
}

export async function postAct(
  store: Store,
  request: SandboxRequest,
  sandbox: Sandbox,
  webhooks: Webhooks,
): Promise<SandboxAnswer> {
  const { origin, host, accept } = request.headers;
  if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host)) {
    throw new HttpError(403, { error: 'This form is of another site' });
  }
  const name = request.params['act'] ?? '';
  const form = new URLSearchParams(request.body.toString('utf8'));
  let said: { said: string } | { error: string };
  try {
    said = { said: await carryOut(name, store, form, sandbox, webhooks) };
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
