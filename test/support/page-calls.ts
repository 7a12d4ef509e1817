/** Pages as the admin's frame asks for them, and what a reader sees. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import type { AppContext } from '../../app/context.server.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { prepareCode, ROOT } from '../../scripts/setup.ts';

/** The pages as they are built, for the web process's own HTTP. */
export async function builtPages(context: AppContext) {
  await prepareCode({ build: true });
  const folder = path.join(ROOT, 'build');
  const build = (await import(pathToFileURL(path.join(folder, 'server/index.js')).href)) as ServerBuild;
  return { build, clientFolder: path.join(folder, 'client'), context };
}

export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/147.0 Safari/537.36';

export interface PageCalls {
  /** A document, as the admin frame asks for it: shop, host and a fresh session token in the address. */
  open(domain: string, path: string): Promise<Response>;
  /** A request of a page's script: the session token in the header. */
  call(domain: string, path: string, init?: RequestInit): Promise<Response>;
}

export function pageCalls(sandbox: Pick<Sandbox, 'sessionTokenFor'>, appUrl: string): PageCalls {
  return {
    open(domain, page) {
      const url = new URL(page, appUrl);
      const name = domain.replace('.myshopify.com', '');
      for (const [key, value] of Object.entries({
        embedded: '1',
        shop: domain,
        host: Buffer.from(`admin.shopify.com/store/${name}`).toString('base64'),
        id_token: sandbox.sessionTokenFor(domain),
      })) {
        url.searchParams.set(key, value);
      }
      return fetch(url, { headers: { 'user-agent': BROWSER }, redirect: 'manual' });
    },
    call: (domain, page, init = {}) =>
      fetch(new URL(page, appUrl), {
        redirect: 'manual',
        ...init,
        headers: {
          'user-agent': BROWSER,
          authorization: `Bearer ${sandbox.sessionTokenFor(domain)}`,
          ...(init.headers as Record<string, string> | undefined),
        },
      }),
  };
}

/** The answer of a page's form, as its script sends it. */
export const formInit = (form: Record<string, string>): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
  body: new URLSearchParams(form).toString(),
});

/** JSON, as scripts send it. */
export const jsonInit = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Segments are turned on over HTTP: reviewed, then approved as they were shown. @returns the last answer */
export async function turnOnByCall(
  calls: PageCalls,
  domain: string,
  keys: readonly string[],
): Promise<unknown> {
  const ask = async (body: Record<string, unknown>) =>
    (await (await calls.call(domain, '/app/segments/turn-on', jsonInit({ keys, ...body }))).json()) as {
      review?: { fingerprint: string };
    };
  const { review } = await ask({ intent: 'review' });
  return ask({ intent: 'approve', fingerprint: review?.fingerprint ?? '' });
}

/** What a reader of the page sees: the text of its HTML, without scripts and styles, blanks folded. */
export function textOf(html: string): string {
  return html
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/&#x27;/g, '’')
    .replace(/\s+/g, ' ')
    .trim();
}
