/** The frame of all embedded pages. Each page authenticates for itself: loaders run side by side. */
import type { HeadersFunction, LoaderFunctionArgs } from '@remix-run/node';
import { Outlet, useRouteLoaderData } from '@remix-run/react';
import type { loader as rootLoader } from '../root.tsx';
import { AppShell } from '../ui/app-shell.tsx';
import { PageError } from '../ui/page-error.tsx';

export async function loader({ request, context }: LoaderFunctionArgs) {
  await context.regulars.shopify.authenticate.admin(request);
  return null;
}

/**
 * Shopify's library speaks to App Bridge through headers of what it throws. What a page shows is the shop's alone
 * and changes by the second: nobody keeps it.
 */
export const headers: HeadersFunction = ({ errorHeaders, loaderHeaders }) => {
  const answer = new Headers(errorHeaders ?? loaderHeaders);
  answer.set('Cache-Control', 'private, no-store');
  return answer;
};

export default function App() {
  const root = useRouteLoaderData<typeof rootLoader>('root');
  return (
    <AppShell config={root}>
      <Outlet />
    </AppShell>
  );
}

export function ErrorBoundary() {
  const root = useRouteLoaderData<typeof rootLoader>('root');
  return (
    <AppShell config={root}>
      <PageError />
    </AppShell>
  );
}
