/** What stands around every page, errors included: Polaris, and the app's navigation in Shopify's menu. */
import { AppProvider } from '@shopify/shopify-app-remix/react';
import type { ReactNode } from 'react';

/** App Bridge is loaded by the document's head (root.tsx), so the provider does not add it a second time. */
export function AppShell({ apiKey, children }: { apiKey: string; children: ReactNode }) {
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
