/** What stands around every page, errors included: Polaris, and the app's navigation in Shopify's menu. */
import { AppProvider } from '@shopify/shopify-app-remix/react';
import { useNavigation } from '@remix-run/react';
import { useEffect, type ReactNode } from 'react';

/**
 * App Bridge is loaded by the document's head (root.tsx), so the provider does not add it a second time.
 * The admin shows its own loading bar while the next page comes.
 */
export function AppShell({ apiKey, children }: { apiKey: string; children: ReactNode }) {
  const busy = useNavigation().state !== 'idle';
  useEffect(() => window.shopify?.loading?.(busy), [busy]);
  return (
    <AppProvider apiKey={apiKey} isEmbeddedApp={false}>
      <ui-nav-menu>
        <a href="/app" rel="home">
          Home
        </a>
        <a href="/app/segments">Segments</a>
        <a href="/app/customers">Customers</a>
      </ui-nav-menu>
      {children}
    </AppProvider>
  );
}
