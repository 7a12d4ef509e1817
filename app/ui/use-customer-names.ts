/**
 * Names are not in our database: they are asked from Shopify in a second request, after the page has its
 * numbers. Until they come, and when they are refused, a customer is known by their number.
 */
import { useFetcher } from '@remix-run/react';
import { createContext, useContext, useEffect } from 'react';

/** What /app/customer-names answers. */
export type CustomerNamesAnswer =
  { outcome: 'names'; names: Record<string, string> } | { outcome: 'refused' };

export type CustomerNames =
  | { state: 'loading' }
  | { state: 'ready'; names: Readonly<Record<string, string>> }
  /** Shopify does not give this app customers' names, or could not be reached. */
  | { state: 'refused' };

const NamesContext = createContext<CustomerNames>({ state: 'loading' });
export const CustomerNamesProvider = NamesContext.Provider;
export const useCustomerNamesContext = () => useContext(NamesContext);

/** Asks for the names of the customers on this page (at most 100), once per set of ids. */
export function useCustomerNames(ids: readonly string[]): CustomerNames {
  const wanted = ids.join(',');
  const fetcher = useFetcher<CustomerNamesAnswer>({ key: `names:${wanted}` });
  const { load } = fetcher;
  useEffect(() => {
    if (wanted !== '') load(`/app/customer-names?ids=${wanted}`);
  }, [wanted, load]);
  if (!fetcher.data) return { state: 'loading' };
  return fetcher.data.outcome === 'names'
    ? { state: 'ready', names: fetcher.data.names }
    : { state: 'refused' };
}
