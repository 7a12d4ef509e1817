/** What stands around every page, errors included: Polaris, and the app's navigation in Shopify's menu. */
import { AppProvider } from '@shopify/shopify-app-remix/react';
import { useNavigation } from '@remix-run/react';
import { useEffect, type ReactNode } from 'react';

export interface AppBridgeConfig {
  apiKey: string;
  /** Another App Bridge than Shopify's: the sandbox's. */
  appBridgeUrl?: string;
}

/** The admin shows its own loading bar while the next page comes. */
export function AppShell({ config, children }: { config: AppBridgeConfig | undefined; children: ReactNode }) {
  const busy = useNavigation().state !== 'idle';
  useEffect(() => window.shopify?.loading?.(busy), [busy]);
  return (
    <AppProvider apiKey={config?.apiKey ?? ''} __APP_BRIDGE_URL={config?.appBridgeUrl}>
      <ui-nav-menu>
        <a href="/app" rel="home">
          Home
        </a>
        <a href="/app/segments">Segments</a>
        <a href="/app/ideas">Ideas</a>
        <a href="/app/customers">Customers</a>
        <a href="/app/value">Value</a>
        <a href="/app/use">Use it</a>
        <a href="/app/activity">Activity</a>
        <a href="/app/settings">Settings</a>
      </ui-nav-menu>
      <main>{children}</main>
    </AppProvider>
  );
}
