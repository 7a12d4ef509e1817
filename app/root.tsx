/**
 * The document. App Bridge is the first script of the head, as Shopify asks; the sandbox brings its own.
 * Nothing here asks who the shop is: the pages below do.
 */
import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/node';
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteLoaderData } from '@remix-run/react';
import polarisStyles from '@shopify/polaris/build/esm/styles.css?url';
import type { ReactNode } from 'react';
import { PlainError } from './ui/plain-error.tsx';
import uiStyles from './ui/styles.css?url';

const APP_BRIDGE_URL = 'https://cdn.shopify.com/shopifycloud/app-bridge.js';

export function loader({ context }: LoaderFunctionArgs) {
  const { apiKey, appBridgeUrl } = context.regulars.config;
  return { apiKey, appBridgeUrl: appBridgeUrl ?? APP_BRIDGE_URL };
}

/** Neither the key nor the address changes while the page is open. */
export const shouldRevalidate = () => false;

export const links: LinksFunction = () => [
  { rel: 'stylesheet', href: polarisStyles },
  { rel: 'stylesheet', href: uiStyles },
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
];

export function Layout({ children }: { children: ReactNode }) {
  const data = useRouteLoaderData<typeof loader>('root');
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {data ? (
          <>
            <meta name="shopify-api-key" content={data.apiKey} />
            <script src={data.appBridgeUrl} data-api-key={data.apiKey} />
          </>
        ) : null}
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
