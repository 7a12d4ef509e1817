/**
 * What every page does first: Shopify's library says who asks, our database says which shop that is. Faults
 * with words for the merchant (AppError) become the page's answer; the rest goes to the error boundary.
 */
import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { isAppError } from '../app-error.ts';
import type { AppContext } from '../context.server.ts';
import type { ShopId } from '../db/tenancy.server.ts';
import { readShopByDomain } from '../intake/read-shop-by-domain.server.ts';
import { readShopSettings, type ShopSettings } from '../intake/read-shop-settings.server.ts';
import { localDateOf, type LocalDate } from '../local-date.ts';
import { afterAuth } from '../server/after-auth.server.ts';
import type { PageProblem } from '../ui/page-problem.ts';

export interface PageShop {
  app: AppContext;
  shopId: ShopId;
  settings: ShopSettings;
  /** Business time. */
  now: Date;
  /** The shop's local date of `now`. */
  today: LocalDate;
  /** The Shopify user id of the person who asks. */
  actor: string;
  /** For answers to extensions, which ask from an address of Shopify's. */
  cors: (answer: Response) => Response;
}

type PageArgs = LoaderFunctionArgs | ActionFunctionArgs;

/** Authenticates, finds the shop, and runs `work` for it. */
export async function pageRequest<T>(
  { request, context }: PageArgs,
  work: (shop: PageShop) => Promise<T>,
): Promise<T> {
  const app = context.regulars;
  refuseForeignToken(request);
  const { session, sessionToken, cors } = await app.shopify.authenticate.admin(request);
  try {
    const { shopId, settings } = await openShop(app, { domain: session.shop, scope: session.scope ?? '' });
    const now = app.clock.now();
    const today = localDateOf(now, settings.timeZone);
    return await work({ app, shopId, settings, now, today, actor: sessionToken?.sub ?? '', cors });
  } catch (error) {
    throw problemOf(error, app, request) ?? error;
  }
}

/**
 * A token names its shop twice, as issuer and as destination; the library checks neither against the other.
 * Read without its signature, which the library checks next: this can only refuse.
 */
function refuseForeignToken(request: Request): void {
  const token =
    request.headers.get('authorization')?.replace(/^Bearer /i, '') ??
    new URL(request.url).searchParams.get('id_token');
  if (!token) return;
  let claims: { iss?: string; dest?: string };
  let shop: string;
  try {
    claims = JSON.parse(
      atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')),
    ) as typeof claims;
    shop = new URL(String(claims.dest)).hostname;
  } catch {
    return; // not a token: the library says so, and how to come back with one
  }
  const isShop = /^[a-z0-9][a-z0-9-]*[.]myshopify[.]com$/.test(shop);
  if (isShop && URL.canParse(String(claims.iss)) && new URL(String(claims.iss)).hostname === shop) return;
  throw new Response(undefined, { status: 401, statusText: 'Unauthorized' });
}

/** Throw it: "there is no such ..." with words of the page. Another shop's id looks the same as no id at all. */
export function notFound(title: string, message: string) {
  const problem: PageProblem = { pageProblem: true, title, message, retryable: false };
  return data(problem, { status: 404 });
}

/**
 * A valid session without a shop of ours happens when the set-up after installation was interrupted, or the
 * shop's data was erased while the app stayed installed: the set-up is run again.
 */
async function openShop(app: AppContext, shop: { domain: string; scope: string }) {
  for (const attempt of ['first', 'after set-up'] as const) {
    const known = await readShopByDomain(app.db, shop.domain);
    const settings = known && (await app.db.inShop(known.shopId, readShopSettings));
    if (known?.state === 'installed' && settings) return { shopId: known.shopId, settings };
    if (attempt === 'first') await afterAuth(app, shop);
  }
  throw new TypeError('the set-up of a shop left no shop');
}

/** What PostgreSQL says of text with a NUL, as text and within JSON. */
const NOT_TEXT = ['22021', '22P05'];

function problemOf(error: unknown, app: AppContext, request: Request) {
  if (error instanceof Error && 'code' in error && NOT_TEXT.includes(String(error.code))) {
    const problem: PageProblem = {
      pageProblem: true,
      title: 'This was not saved',
      message: 'A text holds a character that cannot be stored. Go back and type it anew.',
      retryable: false,
    };
    return data(problem, { status: 422 });
  }
  if (!isAppError(error)) return undefined;
  app.log.error({ err: error, path: new URL(request.url).pathname }, 'page refused');
  const problem: PageProblem = {
    pageProblem: true,
    title: error.code === 'not_found' ? 'This is not here' : 'This page could not be shown',
    message: error.userMessage,
    retryable: error.retryable,
  };
  return data(problem, { status: error.code === 'not_found' ? 404 : error.retryable ? 503 : 500 });
}
