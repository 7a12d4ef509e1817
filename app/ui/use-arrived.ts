/**
 * Data that the server sends with the page, or later on the same connection. Without Suspense on purpose: a boundary
 * that the page's first effects reach before it has woken up is thrown away and drawn again, with an error in the
 * console.
 */
import { useEffect, useState } from 'react';

export type Arrived<T> = { state: 'here'; value: T } | { state: 'waiting' } | { state: 'failed' };

export function useArrived<T>(data: T | Promise<T>): Arrived<T> {
  const [late, setLate] = useState<{ of: unknown; arrived: Arrived<T> }>();
  const isLate = data instanceof Promise;
  useEffect(() => {
    if (!isLate) return undefined;
    let wanted = true;
    const set = (arrived: Arrived<T>) => wanted && setLate({ of: data, arrived });
    data.then(
      (value) => set({ state: 'here', value }),
      () => set({ state: 'failed' }),
    );
    return () => {
      wanted = false;
    };
  }, [data, isLate]);
  if (!isLate) return { state: 'here', value: data };
  return late?.of === data ? late.arrived : { state: 'waiting' };
}
