/**
 * The document. Nothing here asks who the shop is: the pages below do, and App Bridge comes with them. Its script
 * is not in the head, because it adds to the head while the browser still reads it, and then the document would
 * not be what React expects to find.
 */
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Links, Meta, Outlet, Scripts, ScrollRestoration } from '@remix-run/react';
import polarisStyles from '@shopify/polaris/build/esm/styles.css?url';
import type { ReactNode } from 'react';
import { PlainError } from './ui/plain-error.tsx';
import uiStyles from './ui/styles.css?url';

/** What App Bridge is loaded with; also there when a page below fails. The sandbox brings its own App Bridge. */
export function loader({ context }: LoaderFunctionArgs) {
  const { apiKey, appBridgeUrl } = context.regulars.config;
  return { apiKey, appBridgeUrl };
}

/** Neither the key nor the address changes while the page is open. */
export const shouldRevalidate = () => false;

/** Pages name themselves; what cannot be shown has at least the app's name. */
export const meta: MetaFunction = () => [{ title: 'Regulars' }];

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: polarisStyles },
  { rel: 'stylesheet', href: uiStyles },
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
];

export function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

/** Outside the app's own pages: no Polaris here. */
export function ErrorBoundary() {
  return <PlainError />;
}
