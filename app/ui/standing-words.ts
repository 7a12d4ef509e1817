/** What Shopify refuses this app, in words: what it means here, and what to do. */
import type { Standings } from '../shopify/standing.ts';

export interface Notice {
  tone: 'critical' | 'warning' | 'info';
  title: string;
  text: string;
}

export interface ShownOfStore {
  standings: Standings;
  /** The newest import: page by page, and how far ("N of M"); null when it is not reading. */
  paged: { done: number; total: number } | null;
  /** The newest import saw the orders of the last 60 days only. */
  recentOrdersOnly: boolean;
  /** Why the import waits, while it does. */
  waiting: string | null;
}

const BULK_REMEDY =
  'Enable bulk operations for the app (Partner Dashboard, API access requests) and set its IP allowlist (Dev Dashboard, ' +
  'Settings). It is tried again once a week and with every import.';

export function noticesOf({ standings, paged, recentOrdersOnly, waiting }: ShownOfStore): Notice[] {
  const notices: Notice[] = [];
  if (standings.calls?.state === 'refused' || waiting !== null) {
    notices.push({
      tone: 'critical',
      title: 'Shopify refuses the calls of this app',
      text:
        standings.calls?.why === 'access'
          ? 'The app has no access to the store at present. Open it once in Shopify’s admin. What waits is tried again every 15 minutes and goes on by itself.'
          : 'They come from an address that is not on the app’s IP allowlist (Dev Dashboard, Settings). What waits is tried again every 15 minutes and goes on by itself.',
    });
  }
  if (standings.customer_data?.state === 'refused') {
    notices.push({
      tone: 'warning',
      title: 'Shopify shows this app no customers and no orders',
      text: 'The app needs approval for protected customer data (Partner Dashboard, API access requests). What was read before stays as it is.',
    });
  } else if (standings.personal_data?.state === 'refused') {
    notices.push({
      tone: 'info',
      title: 'Names and postal codes are not shown',
      text: 'The app has no approval for them, so customers appear by their number and postal codes are not known. Everything else works.',
    });
  }
  if (standings.bulk_queries?.state === 'refused') {
    const far = paged
      ? ` ${paged.done.toLocaleString('en-GB')} of ${paged.total.toLocaleString('en-GB')} are read.`
      : '';
    notices.push({
      tone: paged ? 'warning' : 'info',
      title: 'Shopify does not let this app use bulk operations',
      text: `${paged ? 'The store is being read page by page, which takes longer.' : 'The store is read page by page, which takes longer.'}${far} ${BULK_REMEDY}`,
    });
  } else if (standings.bulk_mutations?.state === 'refused') {
    notices.push({
      tone: 'info',
      title: 'Shopify does not let this app use bulk operations for tags',
      text: `Tags are written one by one, which takes longer for many customers. ${BULK_REMEDY}`,
    });
  }
  if (recentOrdersOnly) {
    notices.push({
      tone: 'info',
      title: 'Shopify shows this app the orders of the last 60 days',
      text: 'What needs more history says “not available”. With the permission “read all orders” everything is read by itself.',
    });
  }
  return notices;
}
